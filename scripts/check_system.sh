#!/usr/bin/env bash
# check_system.sh demo|test: is everything here that does not come from Python's package index?
# As root on Debian it installs what is missing; otherwise it says the one line that does.
set -euo pipefail
. "$(dirname "$0")/common.sh"

kind="${1:-demo}"
system="$(uname -s)"
packages=()
missing=()

need() { # need WHAT PACKAGE...: note down what is missing and what would bring it
    missing+=("$1")
    shift
    packages+=("$@")
}

look() {
    packages=()
    missing=()
    local python
    if ! python="$(find_python)"; then
        need "Python 3.11 or newer" "$([ "$system" = Darwin ] && echo python@3.11 || echo python3)"
        [ "$system" = Darwin ] || need "Python's venv module" python3-venv
        python=""
    elif ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        need "Python's venv module" python3-venv
    fi
    if [ "$system" = Darwin ]; then
        look_darwin
    else
        look_linux "$python"
    fi
}

look_darwin() {
    local libraries
    libraries="$(brew --prefix 2>/dev/null || echo /opt/homebrew)/lib"
    [ -e "$libraries/libpango-1.0.dylib" ] || need "Pango, which draws the certificates" pango
    if [ "$kind" = test ]; then
        command -v initdb >/dev/null 2>&1 || need "a PostgreSQL server" postgresql@16
        command -v pdftotext >/dev/null 2>&1 || need "poppler's PDF tools" poppler
        if ! command -v chromium >/dev/null 2>&1 && [ ! -d /Applications/Chromium.app ] &&
            [ ! -d "/Applications/Google Chrome.app" ]; then
            need "Chromium" chromium
        fi
    fi
}

has_library() { # has_library PYTHON NAME: can the loader find it?
    "$1" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$2" >/dev/null 2>&1
}

look_linux() {
    local python="$1"
    if [ -z "$python" ] || ! has_library "$python" libpango-1.0.so.0 ||
        ! has_library "$python" libpangoft2-1.0.so.0; then
        need "Pango, which draws the certificates" libpango-1.0-0 libpangoft2-1.0-0
    fi
    if [ -z "$python" ] || ! has_library "$python" libharfbuzz-subset.so.0; then
        need "HarfBuzz's font subsetter" libharfbuzz-subset0
    fi
    if ! command -v fc-list >/dev/null 2>&1 || [ -z "$(fc-list 2>/dev/null | head -n 1)" ]; then
        need "a font" fontconfig fonts-dejavu-core
    fi
    [ "$kind" = test ] || return 0
    if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null &&
        ! command -v initdb >/dev/null 2>&1; then
        need "a PostgreSQL server" postgresql
    fi
    if [ -z "${LMS_TEST_CHROMIUM:-}" ] && ! command -v chromium >/dev/null 2>&1 &&
        ! command -v chromium-browser >/dev/null 2>&1 &&
        ! command -v google-chrome >/dev/null 2>&1; then
        need "Chromium" chromium
    fi
    # Playwright drives Chromium through a Node.js of its own, which is linked against it.
    if [ -z "$python" ] || ! has_library "$python" libatomic.so.1; then
        need "libatomic, which Playwright's driver needs" libatomic1
    fi
    [ -n "$(fc-list Inter 2>/dev/null | head -n 1)" ] || need "the Inter typeface" fonts-inter
    command -v pdftotext >/dev/null 2>&1 || need "poppler's PDF tools" poppler-utils
    command -v openssl >/dev/null 2>&1 || need "openssl" openssl
    command -v git >/dev/null 2>&1 || need "git" git
    command -v strace >/dev/null 2>&1 || need "strace" strace
    command -v ps >/dev/null 2>&1 || need "ps" procps
}

install_debian() {
    say "Installing with apt: ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    local wait=(-o DPkg::Lock::Timeout=600)
    apt-get "${wait[@]}" update -qq >/dev/null
    apt-get "${wait[@]}" install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

list() { # its arguments, joined with commas
    local text="$1"
    shift
    while [ $# -gt 0 ]; do
        text="$text, $1"
        shift
    done
    printf '%s' "$text"
}

look
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$system" = Linux ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    install_debian || fail "apt could not install: ${packages[*]}"
    look
    [ ${#missing[@]} -gt 0 ] || exit 0
    fail "Still missing after apt-get install: $(list "${missing[@]}")."
fi

say "This machine lacks: $(list "${missing[@]}")." >&2
if [ "$system" = Darwin ]; then
    fail "Install it with:  brew install ${packages[*]}"
elif command -v apt-get >/dev/null 2>&1; then
    fail "Install it with:  sudo apt-get install --no-install-recommends ${packages[*]}"
else
    fail "Install it with your system's package manager (Debian calls it: ${packages[*]})."
fi
