#!/bin/sh
# Without one plugin the rest builds, passes its tests, and serves.
# Arguments: the plugin, the source folder, a build folder to use, the compiler, its launcher (may be empty), the kind of build,
# what Go has compiled, and which tests: "whole", or "quick" for those in which plugins work together: every route as everybody, what
# goes through the socket with several of them, and the first pages in a browser.
set -eu
plugin=$1 source=$2 build=$3 compiler=$4 launcher=$5 kind=$6 gocache=$7 which=$8
work=$(mktemp -d "${TMPDIR:-/tmp}/curbcut-without.XXXXXX")
server=
finish() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT

quietly() { # shows what was said only when it failed
	"$@" >"$work/said" 2>&1 || { tail -n 60 "$work/said" >&2; exit 1; }
}

# Unit tests link the parts that they test and load no plugin: in the whole tree they are the same programs.
kinds=.
[ "$which" = whole ] || kinds=http
quietly cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE="$kind" -DCMAKE_C_COMPILER="$compiler" \
	-DCMAKE_C_COMPILER_LAUNCHER="$launcher" -DCURB_WITHOUT="$plugin" -DCURB_GOCACHE="$gocache" -DCURB_TEST_KINDS="$kinds"
quietly cmake --build "$build" -j 2
[ -z "$(find "$build/lib" -name "$plugin.so")" ] || { echo "$plugin was built all the same" >&2; exit 1; }
if [ "$which" = whole ]; then
	quietly ctest --test-dir "$build" -j 2 -LE 'unit|lint|long|matrix|access' --output-on-failure
else
	quietly ctest --test-dir "$build" -j 2 -R '^(guard_matrix|scenes|hours|certificates|bank|exchange|erasure|lang|third_party|browser_smoke$)' \
		-LE 'long|matrix|access' --output-on-failure
fi
grep -E 'tests passed' "$work/said"

"$build/bin/curbcut" serve --data "$work/data" --listen 127.0.0.1:0 >"$work/log" 2>&1 &
server=$!
tries=300
until grep -q 'listening on' "$work/log"; do
	tries=$((tries - 1))
	if [ $tries -eq 0 ] || ! kill -0 "$server" 2>/dev/null; then
		cat "$work/log" >&2
		exit 1
	fi
	sleep 0.1
done
origin=$(sed -n 's/.*listening on \(http:[^ ]*\).*/\1/p' "$work/log" | head -n 1)
curl -fsS --max-time 10 "$origin/healthz" >"$work/health"
if grep -q "\"$plugin\"" "$work/health"; then
	echo "the server speaks of $plugin:" >&2
	cat "$work/health" >&2
	exit 1
fi
for other in catalog credit video audiobook document certificate bank exchange; do
	[ "$other" = "$plugin" ] || grep -q "\"$other\"" "$work/health" || {
		echo "without $plugin there is no $other:" >&2
		cat "$work/health" >&2
		exit 1
	}
done
echo "without $plugin: ok"
