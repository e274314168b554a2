#!/bin/sh
# Makes what docker-compose.yml reads from secrets/: fresh random passwords and keys, one file each. What is there
# stays as it is, so it can be run again at any time; remove a file (and what is derived from it) to make it again.
#
#   infra/make-secrets.sh [--demo] [FOLDER]
#
#   ANTHROPIC_API_KEY   key for the model's API; asked for by chat-worker
#   --demo              no key needed (the model is the simulator); passwords for the demo users
#
# The folder is closed to others (0700). The files in it are not (0444): compose mounts them as they are, and the
# processes in the containers, each under a user of its own, have to read them.
set -eu

demo=false
folder=$(dirname "$0")/../secrets
for argument in "$@"; do
  case "$argument" in
  --demo) demo=true ;;
  --help | -h)
    sed -n '2,12s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  -*)
    echo "make-secrets: unknown option $argument; see --help" >&2
    exit 2
    ;;
  *) folder=$argument ;;
  esac
done

command -v openssl > /dev/null || {
  echo 'make-secrets: needs openssl' >&2
  exit 1
}
umask 077
mkdir -p "$folder"
chmod 700 "$folder"

# Hexadecimal digits need no quoting in URLs, configurations or shells.
random() { openssl rand -hex "$1"; }
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# keep NAME: writes standard input to a file unless it is there; the last step is a rename, so none is ever half.
keep() {
  if [ -e "$folder/$1" ]; then
    cat > /dev/null
    return
  fi
  cat > "$folder/$1.part"
  chmod 444 "$folder/$1.part"
  mv "$folder/$1.part" "$folder/$1"
  echo "made $1"
}

# An Ed25519 key as a JWK: both halves are the last 32 bytes of their DER forms.
signing_key() {
  key=$(openssl genpkey -algorithm ed25519)
  d=$(printf '%s\n' "$key" | openssl pkey -outform DER | tail -c 32 | base64url)
  x=$(printf '%s\n' "$key" | openssl pkey -pubout -outform DER | tail -c 32 | base64url)
  printf '{"kty":"OKP","crv":"Ed25519","d":"%s","x":"%s"}\n' "$d" "$x"
}

nats_users='auth ws-edge chat-worker flow-recorder console migrate'

nats_passwords() {
  for user in $nats_users; do
    printf 'NATS_PASSWORD_%s: "%s"\n' "$(printf %s "$user" | tr 'a-z-' 'A-Z_')" "$(random 24)"
  done
}

nats_password_of() {
  sed -n "s/^NATS_PASSWORD_$(printf %s "$1" | tr 'a-z-' 'A-Z_'): \"\(.*\)\"$/\1/p" "$folder/nats-passwords.conf"
}

demo_passwords() {
  separator='{'
  for user in admin developer viewer blocked inactive; do
    printf '%s"%s":"%s"' "$separator" "$user" "$(random 12)"
    separator=','
  done
  printf '}\n'
}

random 24 | keep postgres-password
echo "postgres://omni2:$(cat "$folder/postgres-password")@postgres:5432/omni2" | keep database-owner-url
echo "postgres://omni2_service:$(random 24)@postgres:5432/omni2" | keep database-url
echo "requirepass $(random 24)" | keep redis.conf
echo "redis://:$(sed -n 's/^requirepass //p' "$folder/redis.conf")@redis:6379/0" | keep redis-url
nats_passwords | keep nats-passwords.conf
for user in $nats_users; do
  echo "nats://$user:$(nats_password_of "$user")@nats:4222" | keep "nats-url-$user"
done
random 48 | keep jwt-secret
signing_key | keep signing-key
random 48 | keep resume-token-secret
random 16 | keep grafana-password

if [ -n "${ANTHROPIC_API_KEY:-}" ]; then
  printf '%s\n' "$ANTHROPIC_API_KEY" | keep anthropic-api-key
elif $demo; then
  echo 'the-simulator-asks-for-none' | keep anthropic-api-key
fi
if $demo; then demo_passwords | keep demo-passwords; fi

if [ ! -e "$folder/anthropic-api-key" ]; then
  echo "make-secrets: no anthropic-api-key yet; run it again with ANTHROPIC_API_KEY set, or with --demo" >&2
  exit 1
fi
