# Sourced by Tests/Outside/run: a collector that was written for the Office 365 Management Activity
# API, against lockbox-export. Needs `venv`, `home`, `fail`, `say`, and the services running.
# shellcheck shell=bash disable=SC2154

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# collect UNTIL: one run of the collector.
collect() {
  "$venv/bin/python" Tests/Outside/collector.py --root "https://127.0.0.1:$https_port" \
    --token-url "http://127.0.0.1:$token_port/token" --tenant acme --client-id siem \
    --client-secret secret --publisher 46b472a7-c68e-4adf-8ade-3db49497518e \
    --ca "$home/ca/ca.pem" --state "$home/collector" --webhook "https://localhost:$webhook_port/o365" \
    --until "$1"
}

# log_ids FILE: the ids of all entries of acme's log, by audit's own word.
log_ids() {
  lockboxctl audit list --tenant acme --as alma --events --limit 0 2>/dev/null |
    sed -n 's/.*"eventId": *"\([^"]*\)".*/\1/p' | sort -u >"$1"
}

stop_activity() {
  [ -z "${activity_pid:-}" ] || { kill "$activity_pid" 2>/dev/null && wait "$activity_pid" 2>/dev/null; } || true
  activity_pid=
}

# some_requests COUNT: asked for, approved, and denied.
some_requests() {
  local count=$1 id number
  for number in $(seq "$count"); do
    id=$(lockboxctl submit --as erin --tenant acme --workload exchange \
      --reason customer-initiated-support --justification "Mail loops, part $number" \
      --resource mailboxes/alice --action read --duration 1h 2>/dev/null)
    for person in max mia ana; do lockboxctl approve "$id" --as "$person" --yes >/dev/null; done
  done
}

check_activity() {
  token_port=$(free_port)
  webhook_port=$(free_port)
  "$venv/bin/python" Tests/Outside/activity.py serve "$home" "$token_port" "$webhook_port" alma \
    >"$home/logs/activity.log" 2>&1 &
  activity_pid=$!
  "$venv/bin/python" Tests/Outside/activity.py doors "$home" "https://127.0.0.1:$https_port" ||
    fail "activity API: see above"

  # The first run ends in the middle, with its service killed twice under it.
  collect "$home/half" >"$home/logs/collector-1.log" 2>&1 &
  local collector=$!
  some_requests 4
  kill_service export
  some_requests 2
  launch_service export
  some_requests 2
  kill_service export
  launch_service export
  touch "$home/half"
  wait "$collector" || fail "collector: $(tail -n 1 "$home/logs/collector-1.log")"
  some_requests 3
  touch "$home/whole"
  # Whatever was asked for stands in the log, and in export, a moment later.
  sleep 1
  collect "$home/whole" >"$home/logs/collector-2.log" 2>&1 ||
    fail "collector: $(tail -n 1 "$home/logs/collector-2.log")"
  log_ids "$home/after.ids"
  ! grep -qh ' on 0 more pages' "$home/logs/collector-1.log" || fail "collector: no second page"
  local answer _
  for _ in $(seq 50); do
    answer=$("$venv/bin/python" Tests/Outside/activity.py check "$home" "$home/collector" acme \
      "$home/after.ids" 2>&1) && break
    case $answer in *"webhook was not told"*) sleep 0.3 ;; *) break ;; esac
  done
  case $answer in *" records in "*) ;; *) fail "collector: $answer" ;; esac
  stop_activity
  say "collector: $answer, over two kills of lockbox-export and a restart of its own"
}
