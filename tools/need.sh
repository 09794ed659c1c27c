#!/bin/sh
# Install missing Debian packages, when this machine lets us: sh tools/need.sh COMMAND_OR_FILE PACKAGE...
# Prints one line and goes on when it cannot: whoever needs the package says so itself.
set -u
probe=$1
shift
command -v "$probe" >/dev/null 2>&1 && exit 0
[ -e "$probe" ] && exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "need.sh: please install: $*" >&2
    exit 0
fi
as_root=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 && as_root="sudo -n" || { echo "need.sh: please install: $*" >&2; exit 0; }
fi
$as_root apt-get update -qq >/dev/null 2>&1
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
    echo "need.sh: could not install: $*" >&2
exit 0
