#!/bin/sh
# update.sh [--check] [CURB_TEXTS]
# Brings every zh-CN.po up to the texts that stand in templates and sources now, and prints what is not
# translated. With --check nothing is written, and a text without translation is a failure. CURB_TEXTS is the
# program of that name in a build folder; without it the newest one under build/ is used.
#
# An owner is a folder with lang/zh-CN.po: core/ (its texts are also those of content/ and plugins/shared/), accessibility/ and each
# plugin. In C, texts stand in curb_fail, curb_tr, curb_job_progress, CURB_TEXT, FINDING and MEANS; in templates in
# {{_ …}} and key="_…".
#
# lang/en.po holds texts in easy words, for the simple layout: msgctxt "easy", msgid the text as it stands, msgstr the same
# in short plain sentences; {name} parts may be left out. Each has its translation in zh-CN.po, with the same msgctxt.
set -eu
cd "$(dirname "$0")/../.."
check=no
[ "${1-}" != --check ] || { check=yes; shift; }
texts=${1-$(find build -name curb_texts -type f -perm -u+x -exec ls -t {} + 2>/dev/null | head -n 1)}
[ -n "$texts" ] || { echo "update.sh: build curb_texts first (ninja curb_texts)" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

extract() { # folders…: the .pot of their texts in $work/all.pot
	find "$@" -name '*.html' -path '*/templates/*' | LC_ALL=C sort >"$work/html"
	find "$@" \( -name '*.c' -o -name '*.h' -o -name '*.inc' \) | LC_ALL=C sort >"$work/c"
	xargs -r "$texts" <"$work/html" >"$work/html.pot"
	[ -s "$work/html.pot" ] || "$texts" >"$work/html.pot"
	# Texts of CURB_EINTERNAL and CURB_EABI go to the log only.
	rm -rf "$work/src"
	while read -r file; do
		mkdir -p "$work/src/${file%/*}"
		sed 's/curb_fail(CURB_E\(INTERNAL\|ABI\),/curb_logged(/' "$file" >"$work/src/$file"
	done <"$work/c"
	set -- --language=C --from-code=UTF-8 --no-wrap --force-po --add-comments=Translators: \
		--directory="$work/src" --files-from="$work/c" --output="$work/c.pot"
	xgettext -k -kcurb_fail:2 -kcurb_tr:2 -kcurb_job_progress:3 -kCURB_TEXT:1 -kFINDING:3 -kMEANS:2 \
		--flag=curb_fail:2:c-format "$@"
	xgettext -k -kFINDING:4 --join-existing "$@" # a second text of the same call
	sed -i 's/charset=CHARSET/charset=UTF-8/' "$work/c.pot"
	cat "$work/html.pot" >"$work/both.pot"
	sed '1,/^$/d' "$work/c.pot" >>"$work/both.pot"
	msguniq --no-wrap --use-first --add-location=file "$work/both.pot" >"$work/all.pot"
}

easy() { # en.po: adds its texts to all.pot; lists those that have no words yet, or whose text is gone
	msgattrib --no-wrap --untranslated "$1" | sed '1,/^$/d; /^msgid /!d; s/^msgid/  without easy words:/'
	sed '/^msgctxt "easy"$/d' "$1" >"$work/bare.po"
	msgmerge --quiet --no-fuzzy-matching --no-wrap "$work/bare.po" "$work/all.pot" |
		sed '/^#~ msgid "..*"/!d; s/^#~ msgid/  easy words of a text that is gone:/'
	msgfilter --no-wrap --input="$1" sh -c "cat >/dev/null" >"$work/easy.pot"
	sed '1,/^$/d' "$work/easy.pot" >>"$work/all.pot"
}

header() {
	cat <<-'END'
	msgid ""
	msgstr ""
	"Project-Id-Version: curbcut\n"
	"PO-Revision-Date: 2026-11-21 00:00+0000\n"
	"Last-Translator: Curbcut\n"
	"Language-Team: Curbcut\n"
	"Language: zh_CN\n"
	"MIME-Version: 1.0\n"
	"Content-Type: text/plain; charset=UTF-8\n"
	"Content-Transfer-Encoding: 8bit\n"
	"Plural-Forms: nplurals=1; plural=0;\n"

	END
}

missing=0
update() { # owner folder, folders with texts…
	po=$1/lang/zh-CN.po
	owner=$1
	extract "$@"
	: >"$work/easy"
	[ ! -f "$1/lang/en.po" ] || easy "$1/lang/en.po" >"$work/easy"
	missing=$((missing + $(wc -l <"$work/easy")))
	cat "$work/easy"
	if [ -f "$po" ]; then cp "$po" "$work/old.po"; else header >"$work/old.po"; fi
	msgmerge --quiet --no-fuzzy-matching --no-wrap --add-location=file "$work/old.po" "$work/all.pot" |
		msgattrib --no-wrap --no-obsolete | sed '/^"POT-Creation-Date:/d' >"$work/new.po"
	msgfmt --check --output-file=/dev/null "$work/new.po" || missing=$((missing + 1))
	{ msgattrib --no-wrap --untranslated "$work/new.po"; msgattrib --no-wrap --only-fuzzy "$work/new.po"; } |
		grep '^msgid "..*"\|^msgid ""$' | sed '/^msgid ""$/d; s/^msgid /  /' >"$work/todo" || true
	count=$(wc -l <"$work/todo")
	missing=$((missing + count))
	all=$(grep -c '^msgid' "$work/new.po" || true)
	echo "$owner: $((all - 1)) texts, $count without translation"
	cat "$work/todo"
	if [ $check = no ] && [ "$all" -gt 1 ]; then
		mkdir -p "$owner/lang"
		cmp -s "$work/new.po" "$po" || cp "$work/new.po" "$po"
	fi
}

update core content plugins/shared
update accessibility
for plugin in plugins/*/; do
	plugin=${plugin%/}
	[ ! -f "$plugin/${plugin##*/}.c" ] || update "$plugin"
done
[ $check = no ] || [ $missing -eq 0 ]
