# Sourced by Tests/Outside/run: what lockbox-export sends, judged by parsers of others, while receivers
# fail and lockbox-export is killed. Needs the services of `start_services` with export among them.
# shellcheck shell=bash
# shellcheck disable=SC2154  # home, venv, people_port: of whoever sources it.

start_receivers() {
  local attempt
  mkdir "$home/feeds"
  "$venv/bin/python" Tests/Outside/feed_receiver.py "$home/certificates/export.pem" \
    "$home/certificates/export.key" "$home/feeds" 0.2 2>"$home/logs/receiver.log" &
  receiver_pid=$!
  for attempt in $(seq 100); do
    [ -e "$home/feeds/ports" ] && break
    [ "$attempt" -lt 100 ] || return 1
    sleep 0.1
  done
  read -r webhook_port syslog_port <"$home/feeds/ports"
}

stop_receivers() {
  [ -z "${receiver_pid:-}" ] || kill "$receiver_pid" 2>/dev/null || true
}

# destination NAME OPTION... : prints the id and the secret.
destination() {
  local name=$1
  shift
  lockboxctl destination create --as adam --tenant acme --name "$name" --history "$@"
}

check_feeds() {
  local shared signing bare round request report attempt hook
  start_receivers || fail "the receivers did not start: $(tail -n 1 "$home/logs/receiver.log")"
  hook="https://localhost:$webhook_port"
  mapfile -t shared < <(destination shared --webhook "$hook/shared" --format cloudevents)
  mapfile -t signing < <(
    destination signing --webhook "$hook/signing" --format ocsf --scheme ed25519 --texts)
  mapfile -t bare < <(destination bare --webhook "$hook/bare" --format standard)
  destination syslog --syslog "localhost:$syslog_port" --format cef >/dev/null
  [ ${#shared[@]} -eq 2 ] && [ ${#signing[@]} -eq 2 ] && [ ${#bare[@]} -eq 2 ] ||
    fail "lockboxctl destination create failed"

  # Requests go on while lockbox-export dies again and again.
  for round in 1 2 3 4 5; do
    for _ in $(seq 6); do
      request=$(lockboxctl submit --as erin --tenant acme --workload exchange \
        --reason customer-initiated-support --justification $'=HYPERLINK("x") | two\nlines \\' \
        --resource mailboxes/alice --action read --duration 1h 2>/dev/null)
      lockboxctl withdraw --as erin "$request" >/dev/null
    done
    kill_service export
    launch_service export
  done

  # Export learns of entries after audit has them: done is when all that audit has was sent.
  for attempt in $(seq 300); do
    lockboxctl audit list --as adam --tenant acme --limit 0 --format jsonl >"$home/feeds/events"
    lockboxctl destination list --as adam --tenant acme --output json 2>/dev/null |
      "$venv/bin/python" -c 'import json, sys
count = int(sys.argv[1])
states = json.load(sys.stdin)["destinations"]
sys.exit(any(int(one.get("nextIndex", 0)) != count for one in states))' \
        "$(wc -l <"$home/feeds/events")" 2>/dev/null && break
    [ "$attempt" -lt 300 ] || fail "entries still wait: $(
      lockboxctl destination list --as adam --tenant acme)"
    sleep 0.2
  done
  report=$("$venv/bin/python" Tests/Outside/feeds.py "$home/feeds" "$home/feeds/events" \
    "/shared=${shared[1]}" "/signing=${signing[1]}" "/bare=${bare[1]}") || fail "feeds: see above"
  stop_receivers
  say "standardwebhooks, cryptography, ocsf-json-schema, syslog-rfc5424-parser, pycef: $report"
  say "lockbox-export was killed 5 times meanwhile, and a fifth of the webhooks failed"
}
