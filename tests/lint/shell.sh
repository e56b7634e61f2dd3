#!/bin/sh
# Shell scripts parse with their shell; shellcheck looks at them where it is installed.
set -eu
cd "$1"
failed=0
git ls-files >"$TMP_LINT/all"
while read -r file; do
	[ -f "$file" ] || continue
	case $(head -c 64 "$file" | tr -d '\0' | head -n 1) in
	'#!/bin/sh'*) dash -n "$file" || failed=1 ;;
	'#!/bin/bash'* | '#!/usr/bin/env bash'*) bash -n "$file" || failed=1 ;;
	*) continue ;;
	esac
	[ -x "$file" ] || case $file in *.sh) ;; *) echo "$file: has #! but is not executable"; failed=1 ;; esac
	if command -v shellcheck >/dev/null; then
		shellcheck -S warning "$file" || failed=1
	fi
done <"$TMP_LINT/all"
exit $failed
