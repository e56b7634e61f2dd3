#!/bin/sh
# Words that may not stand in tracked files: banned functions, notes to oneself, names of plugins in core/,
# paths of the machine it was written on, identifiers that are not ASCII.
set -eu
root=$1
cd "$root"
: >"$TMP_LINT/found"
found() { sed "s|\$|    <- $1|" >>"$TMP_LINT/found"; } # what; the lines come on standard input
there() { git ls-files -- "$@" | while read -r file; do [ -f "$file" ] && echo "$file"; done; }
in_files() { # pattern, files in $TMP_LINT/list
	[ ! -s "$TMP_LINT/list" ] || xargs grep -HnIE -e "$1" <"$TMP_LINT/list" || true
}

# code without comments and strings, every line as file:number:text
there '*.c' '*.h' >"$TMP_LINT/list"
[ ! -s "$TMP_LINT/list" ] || xargs awk -f "${0%/*}/strip.awk" <"$TMP_LINT/list" >"$TMP_LINT/code"

in_code() { grep -E -e "$1" "$TMP_LINT/code" || true; }
not_word='(^|[^A-Za-z0-9_])'
in_code "$not_word(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atoll|atof|gets|gmtime|localtime|ctime|asctime|strerror|alloca|tmpnam|mktemp|mg_handle_form_request)[[:space:]]*\(" |
	found "banned; see house style 3.8, 3.12 and curb/str.h"
in_code "$not_word(rand|random|system|popen)[[:space:]]*\(" | { grep -v '^tests/' || true; } |
	found "banned outside of tests"
in_code "$not_word(sleep|usleep|nanosleep)[[:space:]]*\(" | { grep '^tests/' | grep -Ev '^tests/(harness/|bench/slow_sync.c)' || true; } |
	found "a test waits for what happens, not for time"
in_code 'sqlite3_exec[[:space:]]*\([^,]*,[[:space:]]*[^"[:space:]]' | found "sqlite3_exec takes a literal only"
in_code "$not_word(malloc|calloc|realloc|free)[[:space:]]*\(" |
	{ grep -E '^plugins/[a-z0-9]+/(routes|service|store)\.c:' || true; } |
	found "requests use the arena"
LC_ALL=C grep -n "$(printf '[\200-\377]')" "$TMP_LINT/code" | cut -d: -f2- | found "names are ASCII"

there | { grep -v '^tests/lint/' || true; } >"$TMP_LINT/list"
in_files '\b(TODO|FIXME|XXX)\b' | found "do it, or write an issue"
in_files "(^|[^A-Za-z0-9_.])(/home/[a-z]|/work/|/root/)" | found "a path of one machine"

# people are told of videos and certificates, also in comments and in every language file; code is not
there core | { grep -v '\.po$' || true; } >"$TMP_LINT/list"
if [ -s "$TMP_LINT/list" ]; then
	# "video/mp4" is a media type
	xargs grep -HnIwE 'catalog|video|audiobook|credit' <"$TMP_LINT/list" |
		sed -E '/\b(catalog|audiobook|credit)\b/!{s|video/[a-z0-9]||;/\bvideo\b/!d}' |
		found "core knows no plugin"
	plugins=$(there 'plugins/*/CMakeLists.txt' | sed -n 's|^plugins/\([a-z0-9]*\)/CMakeLists.txt|\1|p' | grep -vx shared | paste -sd '|' -)
	[ -z "$plugins" ] || in_files "\"($plugins)\"|plugins?[_/]($plugins)\b|\b($plugins)(_service|\.so)\b" | found "core knows no plugin"
fi
cat "$TMP_LINT/found"
[ ! -s "$TMP_LINT/found" ]
