#!/bin/sh
# Known holes in the packages used, by what the two package indexes say of them. What can't be
# looked up counts as a failure.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python -m uv tool run pip-audit==2.10.1 \
    --strict --disable-pip --require-hashes --requirement requirements.txt
if command -v npm >/dev/null; then
    npm audit --package-lock-only
else
    echo "There is no npm here: what comes from npm is not looked at" >&2
    exit 1
fi
