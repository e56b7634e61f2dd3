#!/bin/sh
# Each public header alone, as C11 and as C++17, with every warning an error: check.sh ROOT CC CXX
set -eu
root=$1 cc=$2 cxx=$3
cd "$root"
failed=0
checked=0
folders="-Icore/include -Icore/base/include -Icontent/include -Iaccessibility/include"
for api in plugins/*/api; do folders="$folders -I$api"; done
warnings="-Wall -Wextra -Wpedantic -pedantic-errors -Wundef -Werror -D_GNU_SOURCE -fsyntax-only"
for header in core/include/*/*.h core/base/include/*/*.h content/include/*/*.h accessibility/include/*/*.h plugins/*/api/*/*.h; do
	[ -f "$header" ] || continue
	checked=$((checked + 1))
	# shellcheck disable=SC2086
	printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
		"$cc" -std=c11 $warnings -Wshadow -Wstrict-prototypes $folders -I. -x c - || { echo "$header: not C11"; failed=1; }
	# shellcheck disable=SC2086
	printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
		"$cxx" -std=c++17 $warnings $folders -I. -x c++ - || { echo "$header: not C++17"; failed=1; }
done
echo "$checked headers"
[ $checked -gt 0 ] && [ $failed = 0 ]
