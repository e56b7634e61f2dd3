#!/bin/sh
# The executable exports every function of the public headers, and no function of ours that is not in them.
# Arguments: the executable, the source folder, the compiler (gcc: it can list declarations).
set -eu
program=$1 source=$2 compiler=$3
work=$(mktemp -d "${TMPDIR:-/tmp}/curbcut-exports.XXXXXX")
trap 'rm -rf "$work"' EXIT
for header in "$source"/core/include/curb/*.h "$source"/core/base/include/curb/*.h; do
	echo "#include \"$header\""
done >"$work/all.c"
"$compiler" -std=c17 -D_GNU_SOURCE -I"$source/core/include" -I"$source/core/base/include" -fsyntax-only \
	-aux-info "$work/declared.txt" "$work/all.c"
# "/* FILE:LINE:NC */ extern TYPE NAME (…);" – N: a prototype, C: only declared; inline functions are NF
sed -n 's|^/\* .*/curb/[a-z]*\.h:[0-9]*:NC \*/ extern .*[ *]\(curb_[a-z0-9_]*\) (.*|\1|p' "$work/declared.txt" |
	sort -u >"$work/headers"
nm -D --defined-only "$program" | sed -n 's/.* T \(curb_[a-z0-9_]*\)$/\1/p' | sort -u >"$work/exported"
test -s "$work/headers"
if ! diff "$work/headers" "$work/exported" >"$work/diff"; then
	echo "< in a public header, but not exported (core/curb.syms); > exported, but in no public header" >&2
	cat "$work/diff" >&2
	exit 1
fi
nm -D --defined-only "$program" | grep -q ' T pthread_attr_setstacksize$' ||
	{ echo "the size of stacks is not ours to set" >&2; exit 1; }
