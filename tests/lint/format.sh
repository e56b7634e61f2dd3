#!/bin/sh
# Every tracked .c and .h is as clang-format writes it.
set -eu
cd "$1"
command -v clang-format-14 >/dev/null || { echo "clang-format-14 is missing: apt-get install clang-format-14" >&2; exit 1; }
git ls-files '*.c' '*.h' | while read -r file; do [ -f "$file" ] && echo "$file"; done >"$TMP_LINT/list"
[ ! -s "$TMP_LINT/list" ] || xargs clang-format-14 --dry-run -Werror --style=file <"$TMP_LINT/list" 2>"$TMP_LINT/out" || {
	grep -E ': (error|warning):' "$TMP_LINT/out" | cut -d: -f1 | sort | uniq -c |
		awk '{ print $2 ": " $1 " places; run clang-format-14 -i " $2 }'
	exit 1
}
