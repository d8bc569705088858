# Sourced by Tests/Outside/run: mails of lockbox-notify to a mail server that we did not write, read by a
# parser that we did not write, while that server is down, slow and unwilling and lockbox-notify is
# killed. `prepare_mail`, then `start_services` with notify among them; `start_mail_server` needs the
# certificates of `lockboxctl dev init`.
# shellcheck shell=bash
# shellcheck disable=SC2154  # home, venv, people_port, …: of whoever sources it.

mail_port=0
mail_workloads=1
# As many as the machine has time for; a machine for itself drains 10,000.
mail_notices=${MAIL_NOTICES:-512}

# Before `start_services`: where notify finds the mail server.
prepare_mail() {
  mkdir -p "$home/mail"
  echo 'contacts: []' >"$home/mail/contacts.yaml"
  mail_port=$(python3 -c 'import socket
with socket.socket() as one:
    one.bind(("127.0.0.1", 0))
    print(one.getsockname()[1])')
  notify_settings=(
    --set "mail.server=localhost:$mail_port" --set mail.timeout=10s
    --set notices.mails_per_minute=1000000 --set notices.tell_engineers=false
    --set "notices.provider_contacts=$home/mail/contacts.yaml")
}

start_mail_server() {
  local attempt
  mkdir -p "$home/logs"
  rm -f "$home/mail/port"
  "$venv/bin/python" Tests/Outside/mail_server.py "$mail_port" "$home/certificates/mail.pem" \
    "$home/certificates/mail.key" "$home/mail" 2>>"$home/logs/mail-server.log" &
  mail_server_pid=$!
  for attempt in $(seq 100); do
    [ -e "$home/mail/port" ] && return
    sleep 0.1
  done
  fail "aiosmtpd did not start: $(tail -n 1 "$home/logs/mail-server.log")"
}

stop_mail_server() {
  [ -z "${mail_server_pid:-}" ] && return
  kill -KILL "$mail_server_pid" 2>/dev/null || true
  wait "$mail_server_pid" 2>/dev/null || true
  mail_server_pid=
}

# acme with so many people to tell, each of one workload or, with one workload, of all; the workloads
# have one stage.
apply_mail_settings() {
  local people=$1 number
  mail_workloads=$2
  {
    sed '/^kind: Tenant/,/^---/!d' deploy/config/dev/tenants.yaml |
      sed '/^---/,$d; /^contacts:/d; /^break_glass:/,$d'
    printf 'contacts: []\nnotifications:\n  detail: full\n  recipients:\n'
    for number in $(seq "$people"); do
      printf -- '    - address: person-%d@acme.test\n' "$number"
      [ "$mail_workloads" -eq 1 ] || printf '      workloads: [helpdesk-%d]\n' "$number"
    done
  } >"$home/mail/tenant.yaml"
  for number in $(seq "$mail_workloads"); do
    printf -- '---\nkind: Policy\nworkload: helpdesk-%d\nstages:\n' "$number"
    printf '  - {name: managers, lifetime: 12h, approvers: {groups: [managers], quorum: 1}}\n'
  done >"$home/mail/policies.yaml"
  lockboxctl apply --as adam -f "$home/mail/tenant.yaml" >/dev/null ||
    fail "the people to tell are refused"
  lockboxctl apply --as olga -f "$home/mail/policies.yaml" >/dev/null ||
    fail "the workloads are refused"
}

# make_requests COUNT RATE
make_requests() {
  PYTHONPATH="$home/stubs" PYTHONDONTWRITEBYTECODE=1 \
    "$venv/bin/python" Tests/Outside/mail_requests.py "$home" "$1" "$2" "$mail_workloads" \
    "intake=127.0.0.1:${people_port[intake]}" "approvals=127.0.0.1:${people_port[approvals]}" ||
    fail "grpcio: the requests failed"
}

# Waits until so many different mails have come to those people, and says how long it took.
await_mails() {
  local wanted=$1 attempt found began=$SECONDS
  for attempt in $(seq 600); do
    found=$(grep ' person-' "$home/mail/ids" 2>/dev/null | sort -u | wc -l)
    [ "$found" -lt "$wanted" ] || { waited=$((SECONDS - began)); return 0; }
    sleep 0.2
  done
  fail "$found of $wanted mails have come: $(tail -n 1 "$home/logs/notify.log")"
}

check_mail() {
  local told=16 wanted=0 waited hostile request report attempt round count began
  # What a mail or a page would obey if it were let.
  hostile='<script>alert(1)</script> =?UTF-8?Q?x?= {{lead}} .'
  apply_mail_settings "$told" 1
  began=$(date -u +%FT%TZ)

  # A request's whole life.
  request=$(lockboxctl submit --as erin --tenant acme --workload helpdesk-1 \
    --reason customer-initiated-support --justification "$hostile"$'\n.\nBcc: all@acme.test' \
    --resource desks/1 --action read --duration 1h 2>/dev/null)
  lockboxctl approve "$request" --as max --yes >/dev/null || fail "max cannot approve"
  await_mails $((wanted += told))
  lockboxctl approve "$request" --as ana --yes >/dev/null || fail "ana cannot approve"
  await_mails $((wanted += told))

  # A server that is slow, unwilling, gone, or vanishes behind a mail; and notify is killed meanwhile.
  for round in slow refuse down vanish; do
    if [ "$round" = down ]; then stop_mail_server; else echo "$round" >"$home/mail/mode"; fi
    make_requests 4 0 >/dev/null
    wanted=$((wanted + 4 * told))
    case $round in
      # In the middle of the mails.
      slow) await_mails $((wanted - 3 * told)); kill_service notify; launch_service notify ;;
      refuse | down) sleep 2; kill_service notify; launch_service notify; sleep 1 ;;
    esac
    echo accept >"$home/mail/mode.new"
    if [ "$round" = down ]; then start_mail_server; fi
    [ "$round" != vanish ] || await_mails "$wanted"
    mv "$home/mail/mode.new" "$home/mail/mode"
    await_mails "$wanted"
  done

  # Many, once the server is there.
  stop_mail_server
  count=$((mail_notices / told))
  make_requests "$count" 0 >/dev/null
  start_mail_server
  await_mails $((wanted += count * told))
  say "aiosmtpd: $((count * told)) notices drained within $waited s"

  # Audit hears of the last deliveries after they were made.
  for attempt in $(seq 10); do
    lockboxctl audit list --as adam --tenant acme --after "$began" --limit 0 --format jsonl \
      >"$home/mail/events"
    report=$("$venv/bin/python" Tests/Outside/mail.py "$home/mail" "$home/mail/events" \
      "$hostile" 2>"$home/mail/complaint") && break
    [ "$attempt" -lt 10 ] || fail "$(cat "$home/mail/complaint")"
    sleep 0.3
  done
  stop_mail_server
  say "email (Python): $report; the server was slow, refused, vanished and was gone, and" \
    "lockbox-notify was killed 3 times"
}
