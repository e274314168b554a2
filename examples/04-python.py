# Shows: a login and a turn over server-sent events with Python's standard library alone: no pip.
# Needs: Python 3.8 or newer; `npm start` in another shell, which prints the developer's password.
# Run:   OMNI2_PASSWORD=… python3 examples/04-python.py "Hello!"

import json
import os
import sys
import urllib.error
import urllib.request

url = os.environ.get("OMNI2_URL", "http://127.0.0.1:8080")


def post(path, body, token=None):
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = "Bearer " + token
    request = urllib.request.Request(url + path, json.dumps(body).encode(), headers)
    # The server writes a comment every 15 seconds: a longer silence is a lost connection.
    return urllib.request.urlopen(request, timeout=45)


def read_events(stream):
    """Yields (event, frame) for each server-sent event; lines that begin with a colon are comments."""
    event, data = "", []
    for raw in stream:
        line = raw.decode().rstrip("\r\n")
        if line.startswith("event:"):
            event = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].lstrip())
        elif line == "" and data:
            yield event, json.loads("\n".join(data))
            event, data = "", []


def ask(message, token):
    """Prints the pieces of the reply; returns the whole of it and what it cost."""
    with post("/ask/stream", {"message": message}, token) as stream:
        for event, frame in read_events(stream):
            if event == "token":
                print(frame["text"], end="", flush=True)
            elif event in ("restart", "snapshot"):
                # What was printed is replaced; a terminal cannot take it back, so it begins a new line.
                print("\n" + frame.get("text", ""), end="", flush=True)
            elif event == "done":
                print()
                return frame["result"]
            elif event in ("error", "blocked", "cancelled"):
                sys.exit("\n%s: %s" % (event, frame.get("error") or frame.get("message") or "stopped"))
    sys.exit("the stream broke off: resume it with Last-Event-ID, as 01-curl.sh does")


try:
    credentials = {"username": os.environ.get("OMNI2_USER", "developer"), "password": os.environ["OMNI2_PASSWORD"]}
    with post("/auth/login", credentials) as response:
        access_token = json.load(response)["access_token"]
    result = ask(sys.argv[1] if len(sys.argv) > 1 else "Hello!", access_token)
    print("%d tokens out, $%.8f" % (result["tokens_output"], result["cost_usd"]))
except urllib.error.HTTPError as refusal:
    # Refusals before the stream begins are HTTP statuses; the body says why: {"error", "code", …}.
    sys.exit("%d: %s" % (refusal.code, refusal.read().decode()))
