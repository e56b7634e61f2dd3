#!/bin/sh
# run.sh NAME ROOT BUILD: one lint with a scratch folder of its own.
set -eu
TMP_LINT=$(mktemp -d)
export TMP_LINT
trap 'rm -rf "$TMP_LINT"' EXIT
trap 'exit 1' INT TERM
"${0%/*}/$1.sh" "$2" "$3"
