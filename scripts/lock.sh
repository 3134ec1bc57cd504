#!/usr/bin/env bash
# Write both lock files anew from pyproject.toml: names, versions and hashes, and no addresses.
# UPGRADE=1 takes the newest versions allowed; otherwise what is locked stays as it is.
set -euo pipefail
. "$(dirname "$0")/common.sh"

ensure_venv dev
cd "$root"
options=(--universal --python-version 3.11 --generate-hashes --no-header --quiet
    --no-emit-index-url --no-emit-find-links)
[ "${UPGRADE:-}" = 1 ] && options+=(--upgrade)
"$venv/bin/uv" pip compile pyproject.toml --extra build "${options[@]}" -o requirements.lock.txt
# The larger set takes the smaller one's versions, so that one environment serves for both.
"$venv/bin/uv" pip compile pyproject.toml --extra build --extra dev "${options[@]}" \
    --constraint requirements.lock.txt -o requirements-dev.lock.txt
if grep -nE '://|^--(extra-)?index|^--find-links' requirements.lock.txt requirements-dev.lock.txt; then
    fail "A lock file holds an address; it must not."
fi
