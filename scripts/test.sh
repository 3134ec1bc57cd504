#!/usr/bin/env bash
# make test and make prove: every check, one after the other, with the seconds each took.
# All stages run even when one fails; the exit code is 1 when any did.
set -euo pipefail
. "$(dirname "$0")/common.sh"

# One more than the cores of the smallest machine we know: tests also wait, for a server, a lock or
# a moment.
workers="${PYTEST_WORKERS:-3}"
limit_minutes=20
names=()
seconds=()
results=()
failed=0
begun=$SECONDS

stage() { # stage NAME COMMAND...
    local name="$1" from=$SECONDS result=ok
    shift
    printf '\n== %s\n' "$name"
    "$@" || { result=FAILED; failed=1; }
    names+=("$name")
    seconds+=($((SECONDS - from)))
    results+=("$result")
    printf -- '-- %s: %s s, %s\n' "$name" "$((SECONDS - from))" "$result"
}

suite() { # suite sqlite|postgresql ARGUMENTS...: the suite without the browser
    local database="$1"
    shift
    # tests/conftest.py says which files come first.
    LMS_TEST_DATABASE="$database" python -m pytest -q -n "$workers" --dist loadfile \
        --no-loadscope-reorder --durations=12 --ignore=tests/journeys "$@"
}

on_postgres() { python -m tests.harness.postgres -- "$root/scripts/test.sh" --inside "$@"; }

journeys() { # the browser's: they say themselves which databases they take; each worker has a site
    python -m pytest -q -n 2 --dist loadfile --durations=6 tests/journeys
}

burst() { # burst sqlite|postgresql: many want the seats of one run
    LMS_TEST_DATABASE="$1" python -m benchmarks.enrolment_burst --append docs/figures.md
}

if [ "${1:-}" = --inside ]; then
    # Called again beside the throw-away PostgreSQL server.
    shift
    "$@"
    exit
fi

"$root/scripts/check_system.sh" test
ensure_venv dev
cd "$root"
export PATH="$venv/bin:$PATH"
# Compiled once, not by each of some three hundred processes.
unset PYTHONDONTWRITEBYTECODE
# What the person at the keyboard has configured must not decide a test.
for variable in $(compgen -e LMS_ || true); do
    case "$variable" in
        LMS_TEST_CHROMIUM | LMS_PROVE) ;;
        *) unset "$variable" ;;
    esac
done
if [ "$(uname -s)" = Darwin ]; then
    export DYLD_FALLBACK_LIBRARY_PATH="$(brew --prefix)/lib:${DYLD_FALLBACK_LIBRARY_PATH:-/usr/lib}"
fi

stage "translations" python scripts/compile_translations.py
stage "ruff check" ruff check .
stage "ruff format" ruff format --check .
stage "mypy" mypy
stage "import contracts" lint-imports
stage "suite on SQLite" suite sqlite
stage "suite on PostgreSQL" on_postgres suite postgresql -m "not once"
stage "journeys" on_postgres journeys
if [ "${LMS_PROVE:-}" = 1 ]; then
    stage "benchmarks" python benchmarks/run.py --write docs/figures.md
    stage "burst on SQLite" burst sqlite
    stage "burst on PostgreSQL" burst postgresql
fi

printf '\n'
for index in "${!names[@]}"; do
    printf '%6s s  %-7s %s\n' "${seconds[$index]}" "${results[$index]}" "${names[$index]}"
done
total=$((SECONDS - begun))
printf '%6s s  in all\n' "$total"
if [ "${LMS_PROVE:-}" != 1 ] && [ "$total" -gt $((limit_minutes * 60)) ]; then
    # Told, not failed: a busy machine is no fault of the code.
    say "This took longer than the $limit_minutes minutes make test should take."
fi
exit "$failed"
