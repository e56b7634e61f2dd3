#!/bin/sh
# Fills an empty data folder as a school would: through commands and HTTP, as the persons who do it in life.
# Usage: fill.sh CURBCUT DATA [ORIGIN]; ORIGIN: where a server runs on DATA, with an origin in its configuration for the
# certificate; without one it runs its own for a moment, and the certificate names DEMO_ORIGIN (http://127.0.0.1:8080).
# DATA/accounts.txt says at the end who there is; a folder that has it is left as it is.
set -eu
curbcut=$1 data=$2 origin=${3-}
here=$(cd "$(dirname "$0")" && pwd -P)
if [ -s "$data/accounts.txt" ]; then
	echo "$data is filled already; nothing was changed."
	exit 0
fi
work=$(mktemp -d)
server=
# shellcheck disable=SC2329
finish() {
	[ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; } || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
mkdir -p "$data"
umask 077

die() { echo "fill.sh: $*" >&2; exit 1; }
# The text of a member of flat JSON on standard input.
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# ---- the server ----

answers() { curl -fsS -o /dev/null "$origin/healthz" 2>/dev/null; }

if [ -z "$origin" ]; then
	[ -z "$(ls -A "$data")" ] || die "$data is neither empty nor filled by this script"
	: >"$work/log"
	"$curbcut" serve --data "$data" --listen 127.0.0.1:0 --content-listen 127.0.0.1:0 --second-factor no \
		--origin "${DEMO_ORIGIN:-http://127.0.0.1:8080}" >"$work/log" 2>&1 &
	server=$!
	tries=0
	until origin=$(sed -n 's/.*listening on \(http:[^ ]*\).*/\1/p' "$work/log" | head -n 1) && [ -n "$origin" ]; do
		kill -0 "$server" 2>/dev/null || die "the server did not start: $(cat "$work/log")"
		tries=$((tries + 1))
		[ $tries -lt 300 ] || die "the server gave no address: $(cat "$work/log")"
		sleep 0.1
	done
fi
answers || die "no server answers at $origin"

# ---- people ----

# Eight digits in two groups: easy to hear and to type.
password() { od -An -N8 -tu4 /dev/urandom | awk '{ printf "%04d-%04d\n", $1 % 10000, $2 % 10000 }'; }

# person NAME ROLE WHAT-NEXT [OPTION…]: an account, its password, and the line about it
person() {
	name=$1 role=$2 next=$3
	shift 3
	word=$(password)
	id=$(printf '%s\n' "$word" | "$curbcut" user add --data "$data" --name "$name" --role "$role" "$@" | member id)
	printf '%s\n' "$word" >"$work/$name.password"
	printf '%-10s %-10s %s\n    %s\n' "$name" "$role" "$word" "$next" >>"$work/accounts.txt"
}

institution=$("$curbcut" institution add --data "$data" --name "路缘培训基地" --region 370100 --region-name "济南市" | member id)
[ -n "$institution" ] || die "the institution could not be added"
person learner1 learner "Begin with the big link of the first page, or find 读屏; watch the lesson with captions, see your hours under 我的学时 (My class hours)." --institution "$institution"
learner1=$id
person learner2 learner "Listen to the handbook 新学员手册, then watch the lesson: after 7 min 12 s the online share is full, and the page says why." --institution "$institution"
person learner3 learner "Is in no class yet: may watch all, it adds no hours. The staff can put learner3 on the roster. To see easy texts and pinyin, choose them under 怎样学更方便 (What helps you)." --institution "$institution"
person learner4 learner "Has finished a class: the certificate is on the first page and under 我的证书 (My certificates); anybody checks its code under 核验证书 (Check a certificate), signed in or not." --institution "$institution"
learner4=$id
person author author "Look at your draft under 我的课程 (My courses), send it to a reviewer; hand in a package of your own." --institution "$institution"
person teacher teacher "Open the class under 培训班 (Classes): its plan, and who has learned how much." --institution "$institution"
person staff staff "Open the class under 培训班 (Classes) and add learner3 to its roster; plan a class of your own. Under 人员 (People): add trainees, one or many." --institution "$institution"
person reviewer reviewer "Open the draft under 待审课程 (Courses to review), look at it, publish it." --region 370100
person auditor auditor "Reads and never writes: people, classes and hours of the region, and who changed what, under 人员 (People), 培训班 (Classes) and 改动记录 (Who changed what); for programs /api/v1/cohorts and /api/v1/trainees/$learner1/record." --region 370100
person evaluator evaluator "May find and watch courses; pages of its own come later." --region 370100
person helper helper "Helps a trainee who allows it under 我的账号 (My account) on her own page; finds and watches courses."
person captioner captioner "May find and watch courses; a page for captioning comes later."
person admin admin "Look after the machine under 管理服务器 (Running the machine): health, jobs, storage, log; under 人员 (People): roles; for programs /healthz and /metrics. Holds no role that moves hours."

# ---- HTTP as one of them ----

# sign_in NAME: its token, in $work/NAME.headers
sign_in() {
	reply=$(printf '{"name":"%s","password":"%s"}' "$1" "$(cat "$work/$1.password")" |
		curl -fsS -H 'Content-Type: application/json' --data-binary @- "$origin/api/v1/session") || die "$1 could not sign in"
	printf 'Authorization: Bearer %s\n' "$(printf '%s' "$reply" | member token)" >"$work/$1.headers"
}

# as NAME CURL-ARGS…
as() {
	who=$1
	shift
	curl -sS --fail-with-body -H "@$work/$who.headers" "$@" || die "as $who: $* failed"
}

# ---- courses ----

pack() { (cd "$1" && zip -q -0 -X -r "$work/$2" .) || die "$1 could not be packed"; }

cp -r "$here/handbook" "$work/handbook"
pack "$here/handbook/book" handbook/handbook.lpf
rm -r "$work/handbook/book"
"$curbcut" import --data "$data" --publish "$here/keyboard" "$work/handbook" >"$work/imported" || die "$(cat "$work/imported")"
versions=$(member version <"$work/imported" | sed 's/.*/"&"/' | paste -s -d , -)

# The author sends a package and leaves it a draft.
pack "$here/hours" hours.zip
sign_in author
size=$(($(wc -c <"$work/hours.zip")))
upload=$(as author -D - -o /dev/null -X POST -H 'Tus-Resumable: 1.0.0' -H "Upload-Length: $size" \
	-H "Upload-Metadata: filename $(printf hours.zip | base64)" "$origin/files" | tr -d '\r' | sed -n 's/^[Ll]ocation: .*\/files\///p')
as author -o /dev/null -X PATCH -H 'Tus-Resumable: 1.0.0' -H 'Upload-Offset: 0' \
	-H 'Content-Type: application/offset+octet-stream' --data-binary "@$work/hours.zip" "$origin/files/$upload"
job=$(as author -H 'Content-Type: application/json' -d "{\"upload\":\"$upload\"}" "$origin/api/v1/imports" | member job)
tries=0
until as author "$origin/api/v1/jobs/$job" >"$work/job"; grep -Eq '"state":"(done|failed|dead|cancelled)"' "$work/job"; do
	tries=$((tries + 1))
	[ $tries -lt 300 ] || die "the author's import did not end: $(cat "$work/job")"
	sleep 0.2
done
grep -q '"state":"done"' "$work/job" || die "the author's import failed: $(cat "$work/job")"

# ---- the class: a hundredth of one of 40 class hours with 24 of them offline ----

sign_in staff
starts=$(($(date +%s) * 1000 - 86400000)) # so that a lesson of today lies within it
cohort=$(as staff -H 'Content-Type: application/json' -d "{\"programme\":\"读屏入门小班\",\"courses\":[$versions],
	\"total\":0.4,\"offline\":[{\"name\":\"到培训基地，面对面练习键盘和读屏\",\"hours\":0.24}],
	\"institution\":\"$institution\",\"starts\":$starts,\"ends\":$((starts + 31536000000))}" "$origin/api/v1/cohorts" | member id)
for trainee in learner1 learner2; do
	as staff -o /dev/null -H 'Content-Type: application/json' -d "{\"trainee\":\"$trainee\"}" "$origin/api/v1/cohorts/$cohort/trainees"
done

# ---- a class that somebody has finished: taught in person, assessed, certified ----

finished=$(as staff -H 'Content-Type: application/json' -d "{\"programme\":\"读屏入门面授班\",\"courses\":[$versions],
	\"total\":0.2,\"offline\":[{\"name\":\"面授：键盘和读屏\",\"hours\":0.2}],
	\"institution\":\"$institution\",\"starts\":$((starts - 172800000)),\"ends\":$((starts + 31536000000))}" "$origin/api/v1/cohorts" | member id)
as staff -o /dev/null -H 'Content-Type: application/json' -d '{"trainee":"learner4"}' "$origin/api/v1/cohorts/$finished/trainees"
sheet=$(as staff -H 'Content-Type: application/json' -d "{\"unit\":1,\"mode\":\"onsite\",\"from\":$((starts - 3600000)),\"to\":$((starts - 3060000)),
	\"place\":\"路缘培训基地\",\"teacher\":\"teacher\",\"present\":[{\"trainee\":\"learner4\",\"seconds\":540}],\"key\":\"demo\"}" \
	"$origin/api/v1/cohorts/$finished/attendance" | member id)
sign_in teacher
as teacher -o /dev/null -H 'Content-Type: application/json' -d '{}' "$origin/api/v1/attendance/$sheet/countersign"
if curl -fsS "$origin/healthz" | grep -q '"certificate"'; then
	results=$origin/assessments/$finished/$learner4
	as staff -o /dev/null -d theory=passed -d practice=passed -d "day-year=$(date -u +%Y)" -d "day-month=$(date -u +%m)" \
		-d "day-day=$(date -u +%d)" -d examiner=reviewer "$results"
	countersign=$(as teacher -H 'Accept: text/html' "$results" | sed -n 's/.*action="\([^"]*countersign\)".*/\1/p')
	as teacher -o /dev/null -X POST -d '' "$origin$countersign"
	as staff -o /dev/null -H 'Content-Type: application/json' -d "{\"trainee\":\"$learner4\",\"cohort\":\"$finished\"}" "$origin/api/v1/certificates"
fi

{
	echo "Class 读屏入门小班: 0.4 class hours, a hundredth of a class of 40; 0.24 in person, at most 0.16 online (7 min 12 s)."
	echo "Name, role, password, and below them what to do next:"
	cat "$work/accounts.txt"
} >"$work/all.txt"
mv "$work/all.txt" "$data/accounts.txt"
cat "$data/accounts.txt"
[ -n "$server" ] || echo "The courses are at $origin/"
