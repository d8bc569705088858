# Sourced by scripts that need services of their own: on free ports and in a directory of their own,
# beside whatever else runs on this machine. Needs `lockboxctl` and the services in PATH, python3, and
# to be called from the top of the package.
#
#   start_services DIRECTORY SERVICE... [-- --set KEY=VALUE...]
#   kill_service SERVICE       as a power cut would
#   launch_service SERVICE     again, where it was
#   stop_services

declare -A people_port service_port metrics_port service_pid
# More settings of single services, from their callers.
approvals_settings=()
export_settings=()
notify_settings=()

start_services() {
  local service ports index=0
  service_home=$1
  shift
  local services=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do services+=("$1"); shift; done
  [ $# -eq 0 ] || shift
  service_settings=("$@")

  # All bound at once, so that they differ; free again when python3 ends.
  read -r -a ports < <(python3 -c '
import socket
sockets = [socket.socket() for _ in range(19)]
for one in sockets: one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in sockets))')
  service_peers=()
  for service in intake approvals expiry audit export notify; do
    people_port[$service]=${ports[index]}
    service_port[$service]=${ports[index + 1]}
    metrics_port[$service]=${ports[index + 2]}
    service_peers+=(--set "peers.$service=127.0.0.1:${ports[index + 1]}")
    index=$((index + 3))
  done
  https_port=${ports[index]}

  # Callers write `start_services … || fail`, which switches `set -e` off in here.
  local home=$service_home
  lockboxctl dev init --directory "$home" >/dev/null || return
  for service in intake approvals expiry audit export notify; do
    sed -i "s/^  $service: 127.0.0.1:.*/  $service: 127.0.0.1:${people_port[$service]}/" "$home/ctl.yaml"
  done
  export LOCKBOXCTL_CONFIG="$home/ctl.yaml"

  mkdir -p "$home/logs" "$home/data"
  for service in "${services[@]}"; do launch_service "$service"; done

  for _ in $(seq 300); do
    if lockboxctl health "${services[@]}" >/dev/null 2>&1; then return 0; fi
    for service in "${services[@]}"; do
      kill -0 "${service_pid[$service]}" 2>/dev/null && continue
      echo "lockbox-$service did not start: $(tail -n 1 "$home/logs/$service.log")" >&2
      return 1
    done
    sleep 0.1
  done
  echo "the services were not ready within 30 s" >&2
  return 1
}

launch_service() {
  local service=$1 home=$service_home
  # What deploy/config/dev says of .lockbox holds for this directory.
  local own=(
    --set "data_directory=$home/data/$service" --set "issuers=$home/issuers.yaml"
    --set "tls.certificate=$home/certificates/$service.pem"
    --set "tls.key=$home/certificates/$service.key"
    --set "tls.authorities=$home/ca/ca.pem"
    --set "people_listener.address=127.0.0.1:${people_port[$service]}"
    --set "service_listener.address=127.0.0.1:${service_port[$service]}"
    --set "metrics.address=127.0.0.1:${metrics_port[$service]}")
  case $service in
    approvals)
      own+=(--set "token.signing_key=$home/keys/access-token.key" "${approvals_settings[@]}")
      ;;
    audit) own+=(--set "audit.signing_key=$home/keys/audit-log.key") ;;
    export)
      own+=(--set "https_listener.address=127.0.0.1:$https_port"
        --set "webhooks.authorities=$home/ca/ca.pem" "${export_settings[@]}")
      ;;
    notify)
      own+=(--set "mail.authorities=$home/ca/ca.pem" --set "channels.authorities=$home/ca/ca.pem"
        "${notify_settings[@]}")
      ;;
  esac
  "lockbox-$service" --config "deploy/config/dev/$service.yaml" "${own[@]}" \
    "${service_peers[@]}" "${service_settings[@]}" 2>>"$home/logs/$service.log" &
  service_pid[$service]=$!
}

kill_service() {
  kill -KILL "${service_pid[$1]}"
  wait "${service_pid[$1]}" 2>/dev/null || true
}

stop_services() {
  local pid
  for pid in "${service_pid[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${service_pid[@]}"; do wait "$pid" 2>/dev/null || true; done
  service_pid=()
}

# Calls of a method that a service has counted, by status: `OK 20`.
counted_calls() {
  local service=$1 method=$2
  python3 - "http://127.0.0.1:${metrics_port[$service]}/metrics" "$method" <<'PYTHON'
import re, sys, urllib.request
text = urllib.request.urlopen(sys.argv[1], timeout=10).read().decode()
calls = {}
for labels, value in re.findall(r"^lockbox_rpc_finished_total\{(.*)\} (\d+)$", text, re.M):
    if f'method="{sys.argv[2]}"' in labels:
        code = re.search(r'code="(\w+)"', labels).group(1)
        calls[code] = calls.get(code, 0) + int(value)
for code, count in sorted(calls.items()):
    print(code, count)
PYTHON
}
