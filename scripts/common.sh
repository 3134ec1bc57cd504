# Read by the other scripts: one place for the virtual environment and for plain sentences.
# shellcheck shell=bash

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
venv="$root/.venv"

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# The newest Python the locked versions are tried with comes first.
find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

# Fingerprint of what an installation depends on; a moved checkout is a new installation.
fingerprint() {
    cat "$1" "$root/pyproject.toml" | cksum
    printf '%s\n' "$root"
}

# ensure_venv demo|dev: a virtual environment with the locked versions, quickly when it is there.
# The development set holds every version of the smaller one, so it serves for both.
ensure_venv() {
    local kind="$1" lock="requirements.lock.txt" python
    [ "$kind" = dev ] && lock="requirements-dev.lock.txt"
    cd "$root"
    if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c '' 2>/dev/null; then
        if [ "$(cat "$venv/.samspil-dev" 2>/dev/null)" = "$(fingerprint requirements-dev.lock.txt)" ]; then
            return 0
        fi
        if [ "$kind" = demo ] &&
            [ "$(cat "$venv/.samspil-demo" 2>/dev/null)" = "$(fingerprint requirements.lock.txt)" ]; then
            return 0
        fi
    else
        python="$(find_python)" || fail "Python 3.11 or newer was not found. See README.md."
        say "Making a virtual environment in .venv with $("$python" --version) ..."
        rm -rf "$venv"
        "$python" -m venv "$venv"
    fi
    rm -f "$venv/.samspil-dev" "$venv/.samspil-demo"
    say "Installing the locked versions of $lock ..."
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --require-hashes -r "$lock"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --no-deps --no-build-isolation -e .
    fingerprint "$lock" >"$venv/.samspil-$kind"
}
