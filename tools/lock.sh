#!/bin/sh
# Make requirements.lock anew: every dependency and its dependencies, pinned with hashes, for all platforms.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python -m pip install -q uv
.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --custom-compile-command "sh tools/lock.sh" --group dev pyproject.toml -o requirements.lock "$@"
