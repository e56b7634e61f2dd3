#!/bin/sh
# A plugin has no static variable that can change: its state is what init made. Read from the objects.
set -eu
build=$2
failed=0
find "$build/plugins" -name '*.o' >"$TMP_LINT/list" 2>/dev/null || true
while read -r object; do
	# a section named .data or .bss (not .data.rel.ro), a symbol that is an object
	objdump -t "$object" | awk -v o="${object#"$build"/}" '
		$0 ~ / O \.(data|bss|tdata|tbss)(\.[^r][^ ]*)?\t/ && $NF !~ /^(__|\.L)/ { print o ": static variable " $NF; bad = 1 }
		END { exit bad }' || failed=1
done <"$TMP_LINT/list"
exit $failed
