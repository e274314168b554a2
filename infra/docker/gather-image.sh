#!/bin/sh
# Bundles one program of OMNI2 Chat and puts what it needs at run time, laid out as in the workspace, into a folder:
#   infra/docker/gather-image.sh SERVICE FOLDER
# Run it in a copy of the repository (the Dockerfile does): it installs there.
set -eu

service=$1
out=$2

case "$service" in
auth | ws-edge | chat-worker | flow-recorder | console) folder=services/$service bundle=dist ;;
model-simulator) folder=packages/model-simulator bundle=dist ;;
migrations) folder=migrations bundle=dist ;;
bootstrap) folder=packages/cli bundle=dist/$service ;;
seed | streams) folder=infra/local bundle=dist/$service ;;
*)
  echo "gather-image: no such SERVICE: '$service'" >&2
  exit 2
  ;;
esac

# What the program imports becomes a part of its bundle: no package goes into the image.
pnpm --filter-prod "{./$folder}..." --filter '@omni2/bundles...' install --prod --frozen-lockfile --ignore-scripts
node packages/bundles/src/main.ts "$service"
mkdir -p "$out"
cp -a --parents package.json "$folder/$bundle" "$out"
ln -s "$folder/$bundle/main.js" "$out/main.js"

if [ "$service" = console ]; then
  pnpm --filter '@omni2/pages...' install --frozen-lockfile --ignore-scripts
  node packages/pages/build/main.ts
  rm -f packages/pages/dist/assets/*.map*
  cp -a --parents packages/pages/dist "$out"
fi
