#!/usr/bin/env bash
# in_venv.sh COMMAND...: run it with the development tools installed and first on PATH.
set -euo pipefail
. "$(dirname "$0")/common.sh"

ensure_venv dev
cd "$root"
PATH="$venv/bin:$PATH" exec "$@"
