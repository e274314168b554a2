#!/bin/sh
# Shows: a login, a question over server-sent events, a stream that breaks off in mid-reply and is resumed.
# Needs: curl 7.55 or newer; `npm start` in another shell, which prints the developer's password.
# Run:   OMNI2_PASSWORD=… sh examples/01-curl.sh
set -eu
url=${OMNI2_URL:-http://127.0.0.1:8080}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 1. Log in. Secrets go through files and stdin: other users of the machine can read a command line.
printf '{"username":"%s","password":"%s"}' "${OMNI2_USER:-developer}" "$OMNI2_PASSWORD" |
  curl -sS --fail-with-body -H 'content-type: application/json' -d @- "$url/auth/login" >"$work/login"
token=$(sed 's/.*"access_token":"\([^"]*\)".*/\1/' "$work/login")
printf 'authorization: Bearer %s\n' "$token" >"$work/proof"

# 2. Ask. `head` closes the stream after a few events, as a lost connection would.
echo '--- the beginning of the stream'
curl -sSN -H @"$work/proof" -H 'content-type: application/json' -d '{"message":"Hello!"}' "$url/ask/stream" 2>"$work/errors" |
  head -n 12 | tee "$work/events"

# 3. Resume. The id of the last event that came whole (an empty line ends an event) says which turn it is and what has
# arrived: session_id:attempt:seq.
cursor=$(awk '/^id:/ { id = $2 } /^$/ { whole = id } END { print whole }' "$work/events")
[ -n "$cursor" ] || { cat "$work/errors" "$work/events" >&2; exit 1; }
echo "--- resumed after $cursor"
curl -sSN --fail-with-body -H @"$work/proof" -H "last-event-id: $cursor" "$url/ask/stream/${cursor%%:*}"
