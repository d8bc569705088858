# Sourced by Tests/Portal/run, after deploy/lib/services.bash: the portal and the issuers that people
# sign in at, on free ports. Needs `service_home`, `people_port` and what start_services has set.
# shellcheck shell=bash disable=SC2154

# choose_portal: sets portal_url, which services must know to take what passkeys sign.
choose_portal() {
  local ports
  read -r -a ports < <(python3 -c '
import socket
sockets = [socket.socket() for _ in range(3)]
for one in sockets: one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in sockets))')
  portal_port=${ports[0]} issuer_port=${ports[1]} portal_metrics=${ports[2]}
  portal_url="https://localhost:$portal_port"
}

# start_portal: after choose_portal and start_services. $service_home/portal.pid names the portal's
# process; one that is killed (kill -9) is started again, as systemd does.
start_portal() {
  sed -e "s|localhost:7711|localhost:$issuer_port|" -e "s|authorities: .*|authorities: ca/ca.pem|" \
    deploy/config/dev/portal-clients.yaml >"$service_home/portal-clients.yaml"
  launch_issuer
  launch_portal
  await_portal
}

launch_issuer() {
  lockbox-dev issuer --set "directory=$service_home" \
    --set "issuer.address=127.0.0.1:$issuer_port" \
    --set "issuer.redirect_uris=$portal_url/sign-in/{issuer}/callback" \
    2>>"$service_home/logs/issuer.log" &
  issuer_pid=$!
}

launch_portal() {
  local home=$service_home service
  local own=(
    --set "public_url=$portal_url" --set "data_directory=$home/data/portal"
    --set "issuers=$home/issuers.yaml" --set "clients=$home/portal-clients.yaml"
    --set "https_listener.address=127.0.0.1:$portal_port"
    --set "https_listener.certificate=$home/certificates/portal.pem"
    --set "https_listener.key=$home/certificates/portal.key"
    --set "metrics.address=127.0.0.1:$portal_metrics"
    --set "services.authorities=$home/ca/ca.pem" --set "history.log_keys=$home/log-keys.txt"
    # All of the test's people come from one address.
    --set "sign_in.per_minute=1000")
  for service in intake approvals audit export notify; do
    [ -z "${people_port[$service]:-}" ] ||
      own+=(--set "services.$service=127.0.0.1:${people_port[$service]}")
  done
  supervise_portal "${own[@]}" &
  portal_supervisor=$!
}

supervise_portal() {
  local status=137 pid
  while [ "$status" -eq 137 ]; do
    lockbox-portal --config deploy/config/dev/portal.yaml "$@" 2>>"$service_home/logs/portal.log" &
    pid=$!
    echo "$pid" >"$service_home/portal.pid"
    status=0
    wait "$pid" 2>/dev/null || status=$?
  done
}

# Until both answer.
await_portal() {
  local _
  for _ in $(seq 300); do
    if python3 - "$service_home/ca/ca.pem" "$portal_url/health" \
      "https://localhost:$issuer_port/acme/keys" 2>/dev/null <<'PYTHON'
import ssl, sys, urllib.request
trust = ssl.create_default_context(cafile=sys.argv[1])
for url in sys.argv[2:]:
    urllib.request.urlopen(url, timeout=10, context=trust).read()
PYTHON
    then return 0; fi
    if ! kill -0 "$portal_supervisor" 2>/dev/null || ! kill -0 "$issuer_pid" 2>/dev/null; then
      tail -n 1 "$service_home/logs/portal.log" "$service_home/logs/issuer.log" >&2
      return 1
    fi
    sleep 0.1
  done
  echo "the portal was not ready within 30 s" >&2
  return 1
}

stop_portal() {
  if [ -n "${portal_supervisor:-}" ]; then
    kill -TERM "$(cat "$service_home/portal.pid")" 2>/dev/null || true
    wait "$portal_supervisor" 2>/dev/null || true
  fi
  if [ -n "${issuer_pid:-}" ]; then
    kill -TERM "$issuer_pid" 2>/dev/null || true
    wait "$issuer_pid" 2>/dev/null || true
  fi
  portal_supervisor='' issuer_pid=''
}
