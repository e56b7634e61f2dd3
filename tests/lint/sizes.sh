#!/bin/sh
# Ceilings: a file 400 lines (hard 600), a function 50 (hard 80), a public header 150. What passes a soft
# ceiling stands in exceptions.txt with its reason; nothing passes a hard one.
set -eu
root=$1
exceptions=$root/tests/lint/exceptions.txt
cd "$root"
tags=$(command -v ctags) || { echo "ctags is missing: apt-get install universal-ctags" >&2; exit 1; }

excepted() { # kind name
	[ -f "$exceptions" ] && awk -v kind="$1" -v name="$2" \
		'$1 == kind && $2 == name && NF > 2 { found = 1 } END { exit !found }' "$exceptions"
}

failed=0
judge() { # kind name lines soft hard
	if [ "$3" -gt "$5" ]; then
		echo "$2: $3 lines, and no $1 may pass $5"
	elif [ "$3" -gt "$4" ] && ! excepted "$1" "$2"; then
		echo "$2: $3 lines; split it at $4, or give a reason in tests/lint/exceptions.txt"
	else
		return 0
	fi
	failed=1
}

git ls-files '*.c' '*.h' '*.mjs' '*.js' '*.sh' dev >"$TMP_LINT/files"
while read -r file; do
	[ -f "$file" ] || continue
	lines=$(wc -l <"$file")
	[ "$lines" -le 150 ] && continue
	case $file in
	*/include/*.h) judge header "$file" "$lines" 150 400 ;;
	*) judge file "$file" "$lines" 400 600 ;;
	esac
done <"$TMP_LINT/files"

grep '\.[ch]$' "$TMP_LINT/files" | while read -r file; do [ -f "$file" ] && echo "$file"; done >"$TMP_LINT/c"
"$tags" -x --languages=C,C++ --map-C=+.h --kinds-C=f --_xformat='%{line} %{end} %F:%N' -L "$TMP_LINT/c" |
	awk '$2 - $1 + 1 > 50 { print $3, $2 - $1 + 1 }' >"$TMP_LINT/long"
while read -r name lines; do
	judge function "$name" "$lines" 50 80
done <"$TMP_LINT/long"
exit $failed
