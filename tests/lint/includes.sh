#!/bin/sh
# Who met which header of others, by the dependencies that the compiler wrote down. Each library has the few
# files that may know it; tests may know all.
set -eu
root=$1 build=$2
root=$(cd "$root" && pwd -P)
ninja -C "$build" -t deps >"$TMP_LINT/deps"
awk -v root="$root/" -v build="$build" '
	BEGIN {
		may["civetweb.h"] = "^core/http/(server|send)\\.c$"
		may["sqlite3.h"] = "^core/store/"
		may["archive.h"] = may["archive_entry.h"] = "^content/read/archive\\.c$"
		may["jansson.h"] = "^core/base/json_read\\.c$"
		may["expat.h"] = "^content/read/"
		may["uchardet.h"] = "^content/read/"
		may["seccomp.h"] = "^content/read/"
		may["ini.h"] = "^core/config\\.c$"
		may["fido.h"] = "^core/people/webauthn\\.c$"
		may["curl.h"] = "^core/fetch/"
		may["qrencode.h"] = "^core/signin/qr\\.c$"
		may["sodium.h"] = "^core/(store/|witness/|people/|ledger/(base64|grow|merkle|note|publish)\\.c$|keys\\.c$|http/|page/pages\\.c$)|^plugins/(certificate/sign|credit/paper_photo|exchange/bundle)\\.c$"
		libav = "^content/read/"
	}
	function judge(header, allowed) {
		if (source !~ allowed) { print source ": may not include " header; failed = 1 }
	}
	/^[^ \t].*#deps/ { source = ""; next }
	/^ / {
		path = $1
		if (path !~ /^\//) path = build "/" path
		while (sub(/\/[^\/]+\/\.\.\//, "/", path)) ;
		if (source == "") {
			source = "-"
			if (index(path, root) == 1) source = substr(path, length(root) + 1)
			if (source !~ /^(core|content|accessibility|plugins)\// || (getline line < path) < 0) source = "-"
			else { seen++; close(path) }
			next
		}
		if (source == "-" || index(path, root) == 1) next
		n = split(path, part, "/"); header = part[n]
		if (header in may) judge(header, may[header])
		else if (path ~ /\/lib(av|sw)[a-z]+\/[^\/]*$/) judge(part[n - 1] "/" header, libav)
	}
	END {
		if (!seen) { print "no dependencies are known: build first, with ninja"; failed = 1 }
		exit failed
	}' "$TMP_LINT/deps" | sort -u >"$TMP_LINT/out" || true
cat "$TMP_LINT/out"
[ ! -s "$TMP_LINT/out" ]
