#!/bin/sh
# embed_again.sh CMAKE EMBED_SCRIPT: what is edited while it is built in is built in as it is then. Otherwise it would be older than
# what was made of it, and no build but a clean one would read it again.
set -eu
cmake=$1 script=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'p { color: red }\n' >page.css
cat >gzip.sh <<'END'
#!/bin/sh
# Somebody edits the sheet just now, once.
[ -e edited ] || { : >edited; printf 'p { color: blue }\n' >page.css; }
exec gzip "$@"
END
chmod +x gzip.sh
"$cmake" "-DOUT=$work/made" -DPREFIX=made -DMIGRATIONS= -DTEMPLATES= "-DASSETS=$work/page.css" -DMESSAGES= \
	"-DGZIP=$work/gzip.sh" -P "$script"
[ -e edited ]
bytes=$(printf 'p{color:blue}' | od -An -v -tx1 | tr -d ' \n' | sed 's/../0x&,/g')
grep -q "{${bytes}0x00}" made.c
