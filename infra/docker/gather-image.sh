#!/bin/sh
# Installs what one process of OMNI2 Chat needs at run time and puts it, laid out as in the workspace, into a folder:
#   infra/docker/gather-image.sh SERVICE FOLDER
# The layout stays because Node strips types only from files outside of node_modules. Run it in a copy of the
# repository (the Dockerfile does): it installs there.
set -eu

service=$1
out=$2

case "$service" in
auth | ws-edge | chat-worker | flow-recorder | console) folder=services/$service ;;
model-simulator) folder=packages/model-simulator ;;
migrations) folder=migrations ;;
bootstrap) folder=packages/cli ;;
seed | streams) folder=infra/local ;;
*)
  echo "gather-image: no such SERVICE: '$service'" >&2
  exit 2
  ;;
esac
main=$folder/src/main.ts
case "$service" in seed | streams | bootstrap) main=$folder/src/$service/main.ts ;; esac

# The pages are built here, by packages that the image has no use for and that go again.
if [ "$service" = console ]; then
  pnpm --filter '@omni2/pages...' install --frozen-lockfile --ignore-scripts
  node packages/pages/build/main.ts
  rm -rf packages/pages/src packages/pages/dist/assets/*.map*
  find . -name node_modules -prune -exec rm -rf {} +
fi

# npm start brings its own Postgres as optional packages; an image has no use for one.
pnpm --filter-prod "{./$folder}..." install --prod --no-optional --frozen-lockfile --ignore-scripts

mkdir -p "$out"
# node_modules of the root holds the packages; each folder's own has links into it.
cp -a --parents package.json node_modules/.pnpm "$out"
rm -rf "$out"/node_modules/.pnpm/lock.yaml "$out"/node_modules/.pnpm/node_modules/.bin
# Maps and declarations are for people who debug and compile.
find "$out"/node_modules/.pnpm -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) \
  -delete

pnpm --filter-prod "{./$folder}..." list --prod --depth -1 --parseable | while read -r path; do
  one=${path#"$PWD"/}
  mkdir -p "$out/$one"
  # Of migrations, the steps lie beside src.
  find "$one" -maxdepth 1 \( -name package.json -o -name '[0-9]*.ts' \) -exec cp -a --parents {} "$out" \;
  for part in src build dist; do
    [ ! -d "$one/$part" ] || cp -a --parents "$one/$part" "$out"
  done
  [ ! -d "$one/node_modules" ] || cp -a --parents "$one/node_modules" "$out"
done
find "$out" -path "$out/node_modules" -prune -o -type f -name '*.test.ts' -exec rm {} +

ln -s "$main" "$out/main.ts"
