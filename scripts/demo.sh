#!/usr/bin/env bash
# make demo: from a bare checkout to a running site with the demo programme in it.
# PORT= (8000), DATA= (./data), RESET=1 (start over) are honoured.
set -euo pipefail
. "$(dirname "$0")/common.sh"

started_in="$PWD"
port="${PORT:-8000}"
data="${DATA:-$root/data}"
marker="samspil-data"

case "$port" in
    '' | *[!0-9]*) fail "PORT=$port is not a number." ;;
esac
case "$data" in
    /*) ;;
    *) data="$started_in/$data" ;;
esac

if [ "${RESET:-}" = 1 ] && [ -e "$data" ]; then
    # Only a folder we made ourselves is ever removed, and never through a link.
    if [ -L "$data" ] || [ ! -f "$data/$marker" ] || [ -e "$data/.git" ]; then
        fail "RESET=1 leaves $data alone: it carries no $marker file, so it is not ours to remove."
    fi
    say "Removing $data ..."
    rm -rf -- "$data"
fi

"$root/scripts/check_system.sh" demo
ensure_venv demo
cd "$root"
"$venv/bin/python" scripts/compile_translations.py

if [ ! -e "$data" ]; then
    mkdir -p "$data"
    say "Samspil keeps its database and files in this folder." >"$data/$marker"
elif [ ! -d "$data" ]; then
    fail "DATA=$data is not a folder."
fi
data="$(cd "$data" && pwd -P)"

# An empty port is cheaper to find out about now than after the demo is loaded.
"$venv/bin/python" - "$port" <<'PYTHON' || fail "Port $port is taken. Try:  make demo PORT=$((port + 1))"
import socket
import sys

with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("", int(sys.argv[1])))
    except (OSError, OverflowError):
        sys.exit(1)
PYTHON

export LMS_DATA_DIR="$data"
export LMS_PUBLIC_URL="${LMS_PUBLIC_URL:-http://localhost:$port}"
if [ "$(uname -s)" = Darwin ]; then
    # Homebrew's libraries are not where Python's loader looks by itself.
    export DYLD_FALLBACK_LIBRARY_PATH="$(brew --prefix)/lib:${DYLD_FALLBACK_LIBRARY_PATH:-/usr/lib}"
fi

"$venv/bin/lms" upgrade
"$venv/bin/lms" demo load
# In our place, so that Ctrl-C and SIGTERM reach the server itself.
exec "$venv/bin/lms" serve --port "$port"
