#!/bin/sh
# Pages get their looks, and what they say to a screen reader, from the components of accessibility/. All other templates
# hold plain elements, words, and data for scripts: no class, style, role, aria-… or tabindex, no element that a component
# makes, and no style sheets.
set -eu
root=$1
cd "$root"
there() { git ls-files -- "$@" | while read -r file; do [ -f "$file" ] && echo "$file"; done; }

there 'plugins/*.css' 'core/*.css' 'content/*.css' | sed 's|$|    <- style sheets stand in accessibility/assets|' >"$TMP_LINT/found"
there 'plugins/*/templates/*.html' 'core/*/templates/*.html' 'content/*/templates/*.html' >"$TMP_LINT/list"
[ ! -s "$TMP_LINT/list" ] || xargs awk -f "${0%/*}/markup.awk" <"$TMP_LINT/list" >>"$TMP_LINT/found"
cat "$TMP_LINT/found"
[ ! -s "$TMP_LINT/found" ]
