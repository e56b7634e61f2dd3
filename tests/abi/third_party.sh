#!/bin/sh
# A plugin outside of the tree: written by "curbcut plugin new", built against an installation, loaded and called.
# Arguments: the build folder, the C compiler.
set -eu
build=$1 compiler=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/curbcut-third.XXXXXX")
server=
trap 'test -z "$server" || kill "$server" 2>/dev/null || :; wait; rm -rf "$work"' EXIT

fail()
{
	echo "$*" >&2
	cat "$work"/*.log >&2
	exit 1
}

cmake --install "$build" --prefix "$work/prefix" >"$work/install.log"
PKG_CONFIG_PATH=$work/prefix/share/pkgconfig
export PKG_CONFIG_PATH
curbcut=$work/prefix/bin/curbcut

"$curbcut" plugin new guestbook --dir "$work" >"$work/new.log" 2>&1 || fail "plugin new"
"$curbcut" plugin new guestbook --dir "$work" >>"$work/new.log" 2>&1 && fail "it wrote over what was there"
"$curbcut" plugin new Guest-Book --dir "$work" >>"$work/new.log" 2>&1 && fail "it took a bad name"
# An asset that gzip makes smaller, and a page that loads it.
mkdir -p "$work/guestbook/assets"
i=0
while [ "$i" -lt 40 ]; do
	i=$((i + 1))
	echo "document.documentElement.dataset.guests = $i;"
done >"$work/guestbook/assets/guestbook.js"
echo '<script type="module" src="{{asset guestbook.js}}"></script>' >"$work/guestbook/templates/guestbook.head.html"
cmake -S "$work/guestbook" -B "$work/guestbook/build" -G Ninja -DCMAKE_C_COMPILER="$compiler" \
	-DCMAKE_C_FLAGS="-Wall -Wextra -Wpedantic -Werror" >"$work/configure.log" 2>&1 || fail "configure"
cmake --build "$work/guestbook/build" -j 2 >"$work/build.log" 2>&1 || fail "build"
cmake --install "$work/guestbook/build" >>"$work/build.log" 2>&1 || fail "install"

printf '[curbcut]\nthreads = 32\nplugins = guestbook\nessential =\n' >"$work/config"
mkfifo "$work/says"
"$curbcut" serve --config "$work/config" --data "$work/data" --listen 127.0.0.1:0 >"$work/says" 2>"$work/serve.log" &
server=$!
read -r line <"$work/says" || fail "it did not come up"
address=${line#listening on }

body=$(curl -sS -m 10 "$address/api/v1/guestbook") || fail "no answer"
case $body in
*'"text":"Hello from guestbook."'*) ;;
*) fail "the route said: $body" ;;
esac
page=$(curl -sS -m 10 -H 'Accept: text/html' -H 'Accept-Language: zh-CN' "$address/guestbook") || fail "no page"
case $page in
*'<p>Hello from guestbook.</p>'*) ;;
*) fail "the page said: $page" ;;
esac
case $page in
*'<h1>笔记</h1>'*) ;;
*) fail "the page is not in the reader's language: $page" ;;
esac
script=${page#*src=\"/assets/guestbook/}
script=$address/assets/guestbook/${script%%\"*}
curl -sS -f -m 10 -o "$work/plain" "$script" || fail "no script at $script"
cmp "$work/plain" "$work/guestbook/assets/guestbook.js" || fail "the script is not the one that was built in"
curl -sS -f -m 10 -H 'Accept-Encoding: gzip' -o "$work/packed" "$script" || fail "no packed script"
gzip -dc <"$work/packed" 2>>"$work/serve.log" | cmp - "$work/plain" || fail "its script does not travel packed"
echo "a third party's plugin works"
