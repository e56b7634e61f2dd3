# From the list of "KIND TEST" and ctest's JUnit file: one line a kind, "BUILD KIND PASSED FAILED SKIPPED".
# Cases are counted where a program says how many it ran (cmocka, node --test), otherwise the program is one.
# A program that failed has one failure at least, whatever it says.
function finish() {
	kind = name in of ? of[name] : "other"
	if (status == "disabled" || skip) { skipped[kind]++ }
	else if (status == "run") { passed[kind] += p + 0 > 0 || s + 0 > 0 ? p : 1; failed[kind] += f; skipped[kind] += s }
	else { passed[kind] += p; failed[kind] += f > 0 ? f : 1; skipped[kind] += s }
	kinds[kind] = 1
}
function attribute(key,   text) {
	text = $0
	sub(".* " key "=\"", "", text)
	sub(/".*/, "", text)
	return text
}
# of several labels the one that says the kind, not when or how it runs
FNR == NR { if (!($2 in of) || of[$2] ~ /^(long|longest|tsan|writer)$/) of[$2] = $1; next }
/<testcase / { name = attribute("name"); status = attribute("status"); p = f = s = skip = 0 }
/<skipped message="SKIP_/ { skip = 1 } # a program that is missing is "notrun" too, but a failure
match($0, /\[  PASSED  \] [0-9]+ test/) { p += substr($0, RSTART + 13) }
match($0, /\[  FAILED  \] [0-9]+ test/) { f += substr($0, RSTART + 13) }
match($0, /\[  SKIPPED \] [0-9]+ test/) { s += substr($0, RSTART + 13) }
/^# pass [0-9]/ { p += $3 }
/^# fail [0-9]/ { f += $3 }
/^# (skipped|todo|cancelled) [0-9]/ { if ($2 == "cancelled") f += $3; else s += $3 }
/<\/testcase>/ { finish() }
END { for (k in kinds) print build, k, passed[k] + 0, failed[k] + 0, skipped[k] + 0 }
