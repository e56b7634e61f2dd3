#!/bin/sh
# The lints find what they are for: each is run over a small tree with one fault in it, and over it without.
set -eu
here=$1
tree=$TMP_LINT/tree
failed=0
fresh() {
	rm -rf "$tree"
	mkdir -p "$tree/core" "$tree/tests/lint" "$tree/plugins/a"
	cp "$here/.clang-format" "$tree"
	printf 'int good(void);\n' >"$tree/core/good.h"
	git -C "$tree" init -q
	git -C "$tree" add -A
}
check() { # script, what its output must have (nothing: it must be content)
	git -C "$tree" add -A
	if out=$(TMP_LINT=$TMP_LINT/inner "$here/tests/lint/$1.sh" "$tree" "$tree" 2>&1); then status=0; else status=1; fi
	if [ -z "${2-}" ]; then
		[ $status = 0 ] || { echo "$1: refuses a clean tree: $out"; failed=1; }
	elif [ $status = 0 ] || ! printf '%s' "$out" | grep -qF -- "$2"; then
		echo "$1: does not see: $2 ($out)"
		failed=1
	fi
}
file() { mkdir -p "$(dirname "$tree/$1")"; cat >"$tree/$1"; }
mkdir -p "$TMP_LINT/inner"

fresh
for script in sizes words format shell markup; do check $script; done

fresh; awk 'BEGIN { for (i = 0; i < 401; i++) print "int a" i ";" }' | file core/long.c; check sizes core/long.c
echo 'file core/long.c one table that is read from top to bottom' >"$tree/tests/lint/exceptions.txt"; check sizes
echo 'file core/long.c' >"$tree/tests/lint/exceptions.txt"; check sizes core/long.c
awk 'BEGIN { for (i = 0; i < 601; i++) print "int a" i ";" }' | file core/long.c
echo 'file core/long.c a reason' >"$tree/tests/lint/exceptions.txt"; check sizes "may pass 600"
fresh; awk 'BEGIN { print "int f(void)\n{"; for (i = 0; i < 48; i++) print "\tg();"; print "}" }' | file core/f.c
check sizes core/f.c:f
fresh; awk 'BEGIN { for (i = 0; i < 151; i++) print "int a" i ";" }' | file core/include/curb/x.h; check sizes x.h

fresh; echo 'void f(void) { char b[9]; strcpy(b, "a"); }' | file core/f.c; check words "core/f.c:1"
fresh; echo '/* strcpy( is banned */ const char *a = "strcpy(x)"; int my_strcpy(int);' | file core/f.c; check words
fresh; echo 'void f(void) { usleep(5); }' | file tests/f.c; check words "not for time"
fresh; echo 'void f(void) { sqlite3_exec(db, text, 0, 0, 0); }' | file core/f.c; check words "literal only"
fresh; echo 'void f(void) { free(0); }' | file plugins/a/routes.c; check words arena
fresh; echo 'int f(void) { return system("x"); }' | file core/f.c; check words "outside of tests"
fresh; echo 'int f(void) { return system("x"); }' | file tests/f.c; check words
fresh; echo 'int größe;' | file core/f.c; check words ASCII
fresh; echo 'const char *a = "größe"; /* größe */' | file core/f.c; check words
word=TO; fresh; echo "/* ${word}DO later */" | file core/f.c; check words issue
fresh; echo 'see /home/me/x' | file README; check words machine
fresh; echo '/* the video plugin */' | file core/f.c; check words "knows no plugin"
fresh; echo 'const char *a = "video/mp4"; int videos;' | file core/f.c; check words
fresh; mkdir -p "$tree/plugins/bank"; echo 'x()' | file plugins/bank/CMakeLists.txt; echo 'const char *a = "bank";' | file core/f.c; check words "knows no plugin"
echo 'const char *a = "a bank of words"; /* the bank */' | file core/f.c; check words

fresh; echo 'int  a  ;' | file core/f.c; check format core/f.c
fresh; printf '#!/bin/sh\nif\n' | file a.sh; check shell a.sh

fresh; mkdir -p "$tree/plugins/a/assets"
template() { fresh; printf '%s\n' "$1" | file "plugins/a/templates/${3-page}.html"; check markup "${2-}"; }
template '<p>{{_ One}} <a href="{{href}}"{{#here}} data-here{{/here}}>{{name}}</a></p>{{>field id="q" label="_Class of <b>2026</b>"}}' "not one of the plain"
template '<p>{{_ One}} <a href="{{href}}"{{#here}} data-here{{/here}}>{{name}}</a></p>
<form method="post"><input type="hidden" name="a" value="class=b"></form><h2 lang="{{lang}}" id="style">class=x</h2>'
template '<p
 class="lead">' "page.html:1: <p  class=\"lead\"    <- the components give class"
template '<p>one</p>
<p{{#on}} class="on"{{/on}}>' "page.html:2"
template '<p style="color:red">' "give style"
template '<div role="status">' "give role"
template '<a href="/" aria-label="x">' "give aria-label"
template '<div tabindex="0">' "give tabindex"
template '<p onclick="x()">' "give onclick"
template '<button>Go</button>' "use a component"
template '<input type="text" name="q">' "use a component"
template '<table></table>' "use a component"
template '<video aria-label="{{title}}" src="{{src}}"></video><form method="get" role="search"></form>'
template '<link rel="stylesheet" href="{{asset a11y/curb.css}}">' "" page.head
template '<p>one</p>' "use a component" page.head
fresh; echo '<p class="lead">' | file core/a/templates/page.html; check markup "core/a/templates/page.html:1"
fresh; echo 'p { color: red }' | file plugins/a/assets/a.css; check markup "style sheets stand in"
fresh; echo 'p { color: red }' | file core/a/assets/a.css; check markup "style sheets stand in"

# a compiler's dependencies, as ninja tells them
fresh
echo 'int a;' | file core/page/page.c
mkdir -p "$tree/bin"
deps() { # source, header
	printf '#!/bin/sh\nprintf "x.o: #deps 2, deps mtime 1 (VALID)\\n    %s\\n    %s\\n\\n"\n' "$tree/$1" "$2" >"$tree/bin/ninja"
	chmod +x "$tree/bin/ninja"
	PATH=$tree/bin:$PATH check includes "${3-}"
}
deps core/page/page.c /usr/include/string.h
deps core/page/page.c /usr/include/sqlite3.h "may not include sqlite3.h"
deps core/page/page.c /usr/include/x86_64-linux-gnu/libavformat/avformat.h "may not include libavformat"
mkdir -p "$tree/core/store"; echo 'int a;' | file core/store/stmt.c
deps core/store/stmt.c /usr/include/sqlite3.h
deps core/gone.c /usr/include/string.h "build first"
exit $failed
