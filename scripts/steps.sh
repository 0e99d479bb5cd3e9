#!/bin/sh
# Does the parts named as arguments, in that order: says what each does, how far it is, and at
# the end how long each took. The Makefile has one list of parts per target.
# What is already there is left alone: a second run takes a second.
set -eu
cd "$(dirname "$0")/.."
# Somebody's own pip or Python settings must not put packages elsewhere, nor let each process
# compile everything anew.
unset PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
unset PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 npm_config_update_notifier=false

python=.venv/bin/python
total=$#
number=0
times=''
began=''

title() { # the line of a part, once it knows what there is to do
    printf '[%s/%s] %s\n' "$number" "$total" "$1" >&2
    name=$1
}

stop() { # what is wrong, and the one line to type
    printf '\n%s\n' "$1" >&2
    [ $# -lt 2 ] || printf 'Type this, then try again:\n\n    %s\n\n' "$2" >&2
    exit 1
}

took() { # closes the part that runs
    [ -n "$began" ] || return 0
    seconds=$(($(date +%s) - began))
    times="$times$(printf '  %4d:%02d  %s' $((seconds / 60)) $((seconds % 60)) "${name%% (*}")
"
    began=''
}

report() {
    took
    [ "$number" -lt 2 ] || [ -z "$times" ] || printf '\nTime per part (minutes:seconds)\n%s' "$times" >&2
    times=''
}
trap report EXIT

# --- the machine -----------------------------------------------------------------------------

find_python() { # prints the first Python >= 3.11 that passes the test given
    # shellcheck disable=SC2086  # PYTHON or the names are a list
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c "import sys; $1; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

missing_python() { # Debian's names of what lacks for making .venv
    [ -z "$(find_python 'import venv, ensurepip')" ] || return 0
    bare=$(find_python 'pass')
    case $bare in
        '') echo python3 python3-venv ;;
        python3) echo python3-venv ;;
        *) echo "${bare##*/}-venv" ;;
    esac
}

missing_services() { # Debian's names of what the tests need beside Python
    command -v chromium >/dev/null || echo chromium
    command -v chromium-headless-shell >/dev/null || echo chromium-headless-shell
    set -- /usr/lib/postgresql/*/bin/initdb
    [ -x "$1" ] || echo postgresql
    command -v redis-server >/dev/null || echo redis-server
    command -v curl >/dev/null || echo curl # the manual's examples
    command -v openssl >/dev/null || echo openssl
}

missing_browsers() { # and what the long tests need: Firefox, WebKit and a screen for it
    command -v firefox-esr >/dev/null || echo firefox-esr
    command -v WebKitWebDriver >/dev/null || echo webkit2gtk-driver
    command -v Xvfb >/dev/null || echo xvfb
}

install_debian() { # root gets the packages, anybody else the line to type
    line="apt-get update && apt-get install -y --no-install-recommends $*"
    command -v apt-get >/dev/null || stop "This machine lacks: $* (Debian's names)."
    [ "$(id -u)" = 0 ] || stop "This machine lacks: $*." "sudo sh -c '$line'"
    title "Installing Debian's packages $* (about 2 minutes)"
    apt-get -qq update >/dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
            -o Dpkg::Use-Pty=0 "$@" >/dev/null || stop "Installing $* failed." "$line"
}

look() {
    # shellcheck disable=SC2046  # a list of packages
    set -- $(for what in "$@"; do "missing_$what"; done)
    [ $# = 0 ] || install_debian "$@"
    base=$(find_python 'import venv, ensurepip')
    [ -n "$base" ] || stop "No Python 3.11 or newer was found (with venv). Name one: PYTHON=/path/to/python3 make …"
}

part_machine() { # what `make run` needs of the machine
    title "Looking at this machine"
    look python
}

part_test_machine() { # and what the tests need of it
    title "Looking at this machine"
    look python services
}

part_long_test_machine() { # and the long ones
    title "Looking at this machine"
    look python services browsers
}

# --- Python and its packages -------------------------------------------------------------------

part_venv() {
    if $python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        title "Python environment in .venv: is there"
        return
    fi
    title "Making a Python environment in .venv (about 5 s)"
    rm -rf .venv
    "$base" -m venv .venv
}

installed() { # is this lock file installed as it stands?
    [ "$(cat ".venv/$1.sha256" 2>/dev/null)" = "$(sha256sum "$1")" ]
}

quickly() { # pip needs a minute for what takes uv some seconds
    $python -m pip install -qq --require-hashes --requirement requirements-uv.txt &&
        UV_HTTP_TIMEOUT=10 UV_HTTP_RETRIES=0 $python -m uv pip install --quiet --python $python --require-hashes --requirement "$1"
}

install() {
    # uv knows no settings of pip's: an index that only pip was told of is asked by pip.
    # Compiled where it is imported: of most packages the greater part never is.
    quickly "$1" >/dev/null 2>&1 ||
        $python -m pip install -qq --no-compile --require-hashes --requirement "$1" >&2 ||
        stop "Installing the packages of $1 failed: is the package index within reach?"
    sha256sum "$1" >".venv/$1.sha256"
}

packages() {
    if installed "$1"; then
        title "Python packages of $1: are there"
    else
        title "Installing the Python packages of $1 (about $2)"
        install "$1"
    fi
}

part_packages() { packages requirements.txt '10 s to a minute'; }
part_test_packages() { packages requirements-dev.txt '10 s to a minute'; }

part_assets() {
    title "Building styles, scripts and translations (about 15 s; 1 s when nothing changed)"
    if ! npm --version >/dev/null 2>&1 && ! installed requirements-node.txt; then
        echo "      No npm here: taking Node as a Python package" >&2
        install requirements-node.txt
    fi
    $python -m app.assets.build >&2
}

# --- running -----------------------------------------------------------------------------------

part_database() {
    title "Bringing the database up to date"
    $python -m flask --app wsgi migrate >&2
}

part_catalogue() {
    title "Loading the test schools and their catalogue (about 5 s)"
    $python -m flask --app wsgi testdoor schools >&2
    $python -m flask --app wsgi catalogue sync >&2
    $python -m flask --app wsgi testdoor screens >&2
    $python -m flask --app wsgi testdoor applications --number 12 --once >&2
}

part_serve() {
    title "Starting the portal and its worker"
    report
    exec $python scripts/serve.py
}

# --- checking ----------------------------------------------------------------------------------

part_lint() {
    title "Style (ruff)"
    $python -m ruff check --quiet --output-format concise .
    $python -m ruff format --quiet --check . ||
        stop "Some files are not formatted." "$python -m ruff format ."
}

part_types() {
    title "Types (mypy; about 20 s, less the second time)"
    $python -m mypy
}

part_words() {
    title "How readable the Dutch texts are (2 s)"
    $python -m scripts.readability
}

workers() { # as many as there are processors, at least two: they wait for browsers and databases
    found=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
    [ "$found" -ge 2 ] || found=2
    [ "$found" -le 4 ] || found=4 # each has a portal, a browser and connections of its own
    echo "$found"
}

part_unit_tests() {
    title "Import contracts, house rules and unit tests, on SQLite"
    # shellcheck disable=SC2086  # ARGS is a list
    $python -m pytest -n "$(workers)" -m 'not long and not postgresql and not redis and not browser' \
        tests/unit tests/test_house_rules.py ${ARGS:-}
}

part_tests() {
    title "All tests (about 13 minutes on two cores)"
    # shellcheck disable=SC2086
    $python -m pytest -n "$(workers)" --durations=15 ${ARGS:-}
}

part_long_tests() {
    title "All tests, the long ones too"
    # shellcheck disable=SC2086
    $python -m pytest -n "$(workers)" --durations=15 -m '' --timeout=3600 ${ARGS:-}
}

for part in "$@"; do
    number=$((number + 1))
    name=$part
    began=$(date +%s)
    "part_$part"
    took
done
