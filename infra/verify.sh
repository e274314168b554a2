#!/usr/bin/env bash
# Proves the deployment on a machine with Docker Engine 25 and Compose 2.24 or newer, under a project name, a port and
# secrets of its own: builds the images, starts the demo, talks through Traefik over the socket and over SSE, scales,
# kills a worker and an edge in mid-reply, runs the tests that need containers, and removes everything it made.
#
#   infra/verify.sh [--keep] [--no-tests]
#
#   --keep       leave the deployment running at the end
#   --no-tests   leave out the tests on containers; they need npm and Node 20 or newer on this machine
#
# Prints a line for each step; the last line is `N passed, N failed`, and the exit code 0 when none failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

keep=false
tests=true
for argument in "$@"; do
  case "$argument" in
  --keep) keep=true ;;
  --no-tests) tests=false ;;
  --help | -h)
    sed -n '2,12s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  *)
    echo "verify: unknown option $argument; see --help" >&2
    exit 2
    ;;
  esac
done

work=$(mktemp -d)
project=omni2-verify
export COMPOSE_PROJECT_NAME=$project
export OMNI2_SECRETS=$work/secrets
export OMNI2_VERSION=verify
export OMNI2_PORT=${OMNI2_PORT:-18080}
export OMNI2_FRONT_SUBNET=${OMNI2_FRONT_SUBNET:-172.30.239.0/24}
export ANTHROPIC_BASE_URL=http://model-simulator:8090

passed=0
failed=0

# The ports of the servers would meet those of a deployment that runs here already; nothing below needs them.
cat > "$work/no-ports.yml" <<'OVERRIDE'
services:
  postgres: { ports: !reset [] }
  nats: { ports: !reset [] }
  redis: { ports: !reset [] }
OVERRIDE

compose() { docker compose --file docker-compose.yml --file "$work/no-ports.yml" --profile demo "$@"; }

finish() {
  local status=$?
  if [ "$failed" -gt 0 ] || [ "$status" -ne 0 ]; then
    echo '── last lines of the logs'
    compose logs --no-color --tail 15 2> /dev/null || true
  fi
  if $keep; then
    echo "left running: COMPOSE_PROJECT_NAME=$project OMNI2_SECRETS=$OMNI2_SECRETS"
  else
    compose down --volumes --timeout 35 > "$work/down.log" 2>&1 || cat "$work/down.log"
    rm -rf "$work"
  fi
  [ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] || exit 1
}
trap finish EXIT

# step DESCRIPTION COMMAND…: its output is shown only where it fails.
step() {
  local description=$1
  shift
  if "$@" > "$work/step.log" 2>&1; then
    passed=$((passed + 1))
    echo "PASS  $description"
  else
    failed=$((failed + 1))
    echo "FAIL  $description"
    sed 's/^/      /' "$work/step.log" | tail -n 40
  fi
}

# must DESCRIPTION COMMAND…: a step without which the others mean nothing.
must() {
  step "$@"
  [ "$failed" -eq 0 ] || exit 1
}

password() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$OMNI2_SECRETS/demo-passwords"; }

# ask CHECK: one of infra/deploy/src/verify/checks.ts, in a container beside Traefik.
ask() {
  docker run --rm --network "${project}_front" \
    --volume "$PWD/infra/deploy/src/verify:/verify:ro" \
    --env OMNI2_URL=http://traefik:8080 --env OMNI2_USER=developer --env "OMNI2_PASSWORD=$(password developer)" \
    --entrypoint node "omni2-chat/ws-edge:$OMNI2_VERSION" /verify/main.ts "$1"
}

sql() { compose exec -T postgres psql --username omni2 --dbname omni2 --tuples-only --no-align --command "$1"; }

# eventually SECONDS COMMAND…: tries again until it succeeds.
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 1
  done
}

smaller_than_250_mb() {
  local image size
  for image in auth ws-edge chat-worker flow-recorder console migrations streams bootstrap model-simulator seed; do
    size=$(docker image inspect --format '{{.Size}}' "omni2-chat/$image:$OMNI2_VERSION")
    echo "$image $size"
    [ "$size" -lt 250000000 ] || return 1
  done
}

# A container can do only what compose allows.
confined() {
  # shellcheck disable=SC2016  # for the shell in the container
  compose exec -T ws-edge sh -c '[ "$(id -u)" -ne 0 ] && ! touch /app/x 2> /dev/null && ! command -v npm && ! command -v apt-get'
}

only_its_own_network() {
  compose exec -T ws-edge node -e "
    require('node:dns').lookup('postgres', (error) => process.exit(error ? 0 : 1))"
}

refuses_demo_secrets() {
  local said
  said=$(docker run --rm --env RESUME_TOKEN_SECRET=demo-secret-demo-secret-demo-secret \
    --env NATS_URL=nats://nats:4222 --env AUTH_JWKS_URL=http://auth:8081/.well-known/jwks.json \
    "omni2-chat/ws-edge:$OMNI2_VERSION" 2>&1) && return 1
  echo "$said"
  grep -q 'RESUME_TOKEN_SECRET: is a demo value' <<< "$said"
}

migrated_twice() { compose run --rm --no-deps migrate up | grep -q 'already up to date'; }

has_administrator() {
  local said
  said=$(compose run --rm --no-deps -T bootstrap ada 2>&1) && return 1
  echo "$said"
  grep -q 'has an administrator: admin' <<< "$said"
}

survives() {
  local victim turns
  ask survives > "$work/survives.log" 2>&1 &
  local asking=$!
  eventually 60 grep -q '^streaming' "$work/survives.log" || {
    cat "$work/survives.log"
    return 1
  }
  for service in chat-worker ws-edge; do
    victim=$(compose ps --quiet "$service" | head -n 1)
    docker kill --signal KILL "$victim"
  done
  wait "$asking" || {
    cat "$work/survives.log"
    return 1
  }
  turns=$(sed -n "s/^turn \(.*\)$/'\1'/p" "$work/survives.log" | paste -sd, -)
  # Recorded once and billed once: one row of each kind for each turn.
  eventually 30 recorded_once "$turns"
}

recorded_once() {
  local counts
  counts=$(sql "select
    (select count(*) from omni2.turns where session_id in ($1) and status = 'done'),
    (select count(*) from omni2.audit_logs where session_id in ($1)),
    (select count(*) from omni2.interaction_flows where session_id in ($1) and completed_at is not null)")
  echo "$counts"
  [ "$counts" = '8|8|8' ]
}

drained() {
  local edge start
  edge=$(compose ps --quiet ws-edge | tail -n 1)
  start=$SECONDS
  docker stop "$edge"
  [ $((SECONDS - start)) -lt 30 ] && [ "$(docker inspect --format '{{.State.ExitCode}}' "$edge")" = 0 ]
}

tests_on_containers() {
  command -v npm || {
    echo 'npm is not here; --no-tests leaves this out'
    return 1
  }
  # These check the database itself and what testkit starts.
  TEST_SERVERS=containers npm test --silent -- --no-check packages/testkit packages/bus packages/db
}

must 'Docker and compose answer' docker compose version
must 'secrets are made' infra/make-secrets.sh --demo "$OMNI2_SECRETS"
must 'docker-compose.yml is understood' compose --profile observability config --quiet
must 'images are built' compose --profile bootstrap build
step 'each image is smaller than 250 MB' smaller_than_250_mb
step 'a service refuses demo secrets' refuses_demo_secrets
must 'everything starts and is healthy' compose up --detach --wait --wait-timeout 240
step 'migrations run again and change nothing' migrated_twice
step 'the database has its first administrator, and gets no second one by itself' has_administrator
step 'a turn over the socket' ask socket
step 'a turn over SSE' ask sse
step 'identities of a client'"'"'s own making are refused' ask identity
step 'edges run without root, cannot write, have no package manager' confined
step 'edges do not reach the database' only_its_own_network
must 'it scales' compose up --detach --wait --wait-timeout 240 --no-recreate \
  --scale ws-edge=3 --scale chat-worker=4 --scale flow-recorder=2
step 'connections are spread over the edges' ask spread
step 'turns survive the deaths of a worker and an edge, and end once' survives
step 'an edge that is stopped drains and ends by itself' drained
step 'a turn over the socket, afterwards' ask socket
if $tests; then step 'tests on containers' tests_on_containers; fi
