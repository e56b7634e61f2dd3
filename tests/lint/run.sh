#!/bin/sh
# run.sh NAME ROOT BUILD: one lint with a scratch folder of its own.
set -eu
TMP_LINT=$(mktemp -d)
export TMP_LINT
trap 'rm -rf "$TMP_LINT"' EXIT
trap 'exit 1' INT TERM
here=$(cd "${0%/*}" && pwd -P)
root=$(cd "$2" && pwd -P)
build=$(cd "$3" && pwd -P)
"$here/$1.sh" "$root" "$build"
