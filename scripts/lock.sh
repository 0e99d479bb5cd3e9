#!/bin/sh
# The lock files anew: for every system and Python >= 3.11, with hashes, without the address of
# an index. UPGRADE=1 takes newer versions; without it what is locked stays as far as it can.
set -eu
cd "$(dirname "$0")/.."

lock() { # name of the .in and .txt, then more arguments
    name=$1
    shift
    .venv/bin/python -m uv pip compile --quiet --universal --generate-hashes \
        --no-emit-index-url --python-version 3.11 \
        --custom-compile-command "make lock" ${UPGRADE:+--upgrade} "$@" \
        "$name.in" --output-file "$name.txt"
    echo "$name.txt"
}

lock requirements
lock requirements-dev --constraints requirements.txt
lock requirements-uv --constraints requirements-dev.txt
lock requirements-node --constraints requirements-dev.txt
if command -v npm >/dev/null; then
    for folder in . bench/lighthouse; do
        (cd "$folder" && npm install --package-lock-only --ignore-scripts --no-audit --no-fund)
        echo "$folder/package-lock.json"
    done
else
    echo "package-lock.json files stay as they are: there is no npm here" >&2
fi
