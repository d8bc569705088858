# Sourced by Tests/Outside/run: people who sign in at an OpenID provider of somebody else's. Needs
# `venv`, `home`, `fail` and `say`.
# shellcheck shell=bash disable=SC2154

# prepare_provider: beside the development issuers, a second one of the provider's side, whose keys
# are discovered; before the services start.
prepare_provider() {
  oidc_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  lockboxctl dev init --directory "$home" >/dev/null || return
  cat >>"$home/issuers.yaml" <<YAML
  - issuer: https://127.0.0.1:$oidc_port
    audience: lockbox
    authorities: ca/ca.pem
    allow_missing_key_id: true
    prefix: "sso:"
    roles_claim: entitlements
    roles: {engineer: [support], manager: [leads]}
YAML
}

# start_provider: with a new key each time; `oidc_pid` is its process.
start_provider() {
  "$venv/bin/python" Tests/Outside/oidc.py serve "$home" "$oidc_port" >"$home/logs/oidc.log" 2>&1 &
  oidc_pid=$!
  local _
  for _ in $(seq 300); do
    if "$venv/bin/python" Tests/Outside/oidc.py token "$home" "$oidc_port" probe '{}' \
      >/dev/null 2>&1; then return 0; fi
    kill -0 "$oidc_pid" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

stop_provider() {
  [ -z "${oidc_pid:-}" ] || { kill "$oidc_pid" 2>/dev/null && wait "$oidc_pid" 2>/dev/null; } || true
  oidc_pid=
}

# sign_in FILE SUBJECT CLAIMS
sign_in() {
  "$venv/bin/python" Tests/Outside/oidc.py token "$home" "$oidc_port" "$2" "$3" >"$1"
}

# patiently COMMAND...: until it succeeds. Each service asks an issuer for unknown keys by itself, once
# in ten seconds at most.
patiently() {
  local _
  for _ in $(seq 150); do
    if "$@" 2>/dev/null; then return 0; fi
    sleep 0.1
  done
  return 1
}

check_provider() {
  local old="$home/sso-old.token" new="$home/sso-new.token" lead="$home/sso-lead.token" id
  start_provider || fail "oidc-provider-mock does not start: $(tail -n 1 "$home/logs/oidc.log")"
  sign_in "$old" sonja '{"name": "Sonja", "entitlements": ["support"]}' || fail "oidc: no ID token"
  id=$(patiently lockboxctl submit --token-file "$old" --tenant acme --workload exchange \
    --reason customer-initiated-support --justification 'Mail loops' \
    --resource mailboxes/alice --action read --duration 1h) ||
    fail "oidc: intake refuses the provider's ID token"
  # A lead by the provider's word, and in a group of the same name, but not of the first issuer.
  sign_in "$lead" lena '{"entitlements": ["leads"], "groups": ["managers"]}'
  patiently lockboxctl show "$id" --token-file "$lead" >/dev/null || fail "oidc: a manager may not look"
  ! lockboxctl approve "$id" --token-file "$lead" --yes >/dev/null 2>&1 ||
    fail "oidc: a second issuer's group counts as the first one's"

  stop_provider
  lockboxctl list --token-file "$old" >/dev/null || fail "oidc: known keys do not outlive the provider"
  start_provider || fail "oidc-provider-mock does not start again"
  sign_in "$new" sonja '{"name": "Sonja", "entitlements": ["support"]}'
  patiently lockboxctl list --token-file "$new" >/dev/null || fail "oidc: the rotated key is not learnt"
  ! lockboxctl list --token-file "$old" >/dev/null 2>&1 ||
    fail "oidc: a token of the key that was rotated away is accepted"
  stop_provider
  say "oidc-provider-mock: keys discovered, people signed in, a key rotated without a restart"
}
