# For scripts that run Python programs of others: `venv` is where the packages of requirements.txt are.
# shellcheck shell=bash
venv=.build-outside
prepare_python() {
  cmp -s Tests/Outside/requirements.txt "$venv/requirements.txt" && return
  python3 -m venv "$venv" &&
    "$venv/bin/pip" install -q --disable-pip-version-check -r Tests/Outside/requirements.txt &&
    cp Tests/Outside/requirements.txt "$venv/requirements.txt"
}
