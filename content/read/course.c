/* Packages of our own: course.json in a zip. The format is described by course.schema.json. */
#include <inttypes.h>
#include <unistd.h>

#include "course_fields.h"
#include "curb/err.h"
#include "curb/ruby.h"

enum {
	COURSE_JSON_MAX = 1024 * 1024,
	UNITS_MAX = 500,
	TRACKS_MAX = 64,
	OFFLINE_MAX = 100,
	QUESTIONS_MAX = 1000
};

static const struct course_field course_fields[] = {
	{ "$schema", COURSE_IGNORED, false, NULL },
	{ "name", COURSE_TEXT, true, "name" },
	{ "inLanguage", COURSE_TEXT, true, "lang" },
	{ "namePinyin", COURSE_TEXT, false, "name_pinyin" },
	{ "description", COURSE_TEXT, false, "description" },
	{ "descriptionPinyin", COURSE_TEXT, false, "description_pinyin" },
	{ "easy", COURSE_TEXT, false, "easy" },
	{ "easyPinyin", COURSE_TEXT, false, "easy_pinyin" },
	{ "provider", COURSE_TEXT, false, "provider" },
	{ "occupation", COURSE_TEXT, false, "occupation" },
	{ "keywords", COURSE_TEXTS, false, "keywords" },
	{ "accessMode", COURSE_TEXTS, false, "accessMode" },
	{ "accessibilityFeature", COURSE_TEXTS, false, "accessibilityFeature" },
	{ "accessibilityHazard", COURSE_TEXTS, false, "accessibilityHazard" },
	{ "units", COURSE_LIST, true, NULL },
	{ "programme", COURSE_OBJECT, false, NULL },
	{ NULL, COURSE_IGNORED, false, NULL },
};
static const struct course_field unit_fields[] = {
	{ "id", COURSE_TEXT, true, "key" },        { "name", COURSE_TEXT, true, "name" },
	{ "kind", COURSE_TEXT, true, "kind" },     { "src", COURSE_TEXT, true, NULL },
	{ "hours", COURSE_HOURS, true, "hours" },  { "tracks", COURSE_LIST, false, NULL },
	{ "questions", COURSE_LIST, false, NULL }, { "namePinyin", COURSE_TEXT, false, "name_pinyin" },
	{ "easy", COURSE_TEXT, false, "easy" },    { "easyPinyin", COURSE_TEXT, false, "easy_pinyin" },
	{ NULL, COURSE_IGNORED, false, NULL },
};
static const struct course_field question_fields[] = {
	{ "chapter", COURSE_NUMBER, true, "chapter" }, { "text", COURSE_TEXT, true, "text" },
	{ "answers", COURSE_TEXTS, true, "answers" },  { "right", COURSE_NUMBER, true, "right" },
	{ NULL, COURSE_IGNORED, false, NULL },
};
static const struct course_field track_fields[] = {
	{ "kind", COURSE_TEXT, true, NULL },   { "src", COURSE_TEXT, true, NULL },
	{ "lang", COURSE_TEXT, false, NULL },  { "label", COURSE_TEXT, false, NULL },
	{ NULL, COURSE_IGNORED, false, NULL },
};
static const struct course_field programme_fields[] = {
	{ "name", COURSE_TEXT, false, "name" },
	{ "total", COURSE_HOURS, true, "total" },
	{ "offline", COURSE_LIST, false, NULL },
	{ NULL, COURSE_IGNORED, false, NULL },
};
static const struct course_field offline_fields[] = {
	{ "name", COURSE_TEXT, true, "name" },
	{ "hours", COURSE_HOURS, true, "hours" },
	{ NULL, COURSE_IGNORED, false, NULL },
};

static const struct curb_str none = { NULL, 0 };

static void refuse(struct reader_job *job, const char *code, struct curb_str a, struct curb_str b)
{
	wire_finding(job->wire, code, curb_str("course.json"), a, b);
}

static struct curb_str hours_text(struct reader_job *job, int64_t hundredths)
{
	return curb_str(
		curb_printf(job->arena, "%" PRId64 ".%02" PRId64, hundredths / 100, hundredths % 100));
}

static bool lang_ok(struct reader_job *job, struct curb_str lang)
{
	if (!lang.ptr || name_is_lang(lang))
		return true;
	refuse(job, "course.lang", lang, none);
	return false;
}

/* Pinyin that does not fit its text would stand over the wrong characters: it is told, and left out. */
static void check_pinyin(struct reader_job *job, const char *where, struct curb_value *of)
{
	static const struct {
		const char *text, *pinyin, *field;
	} pairs[] = {
		{ "name", "name_pinyin", "namePinyin" },
		{ "description", "description_pinyin", "descriptionPinyin" },
		{ "easy", "easy_pinyin", "easyPinyin" },
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct curb_str pinyin = curb_get_str(of, pairs[i].pinyin);
		size_t characters = curb_ruby_characters(curb_get_str(of, pairs[i].text));
		if (!pinyin.ptr || (pinyin.len && curb_ruby_syllables(pinyin) == characters))
			continue;
		refuse(job, "course.pinyin",
		       curb_str(
			       curb_printf(job->arena, "%s%s%s", where, where[0] ? "." : "", pairs[i].field)),
		       curb_str(curb_printf(job->arena, "%zu", characters)));
		curb_put(of, pairs[i].pinyin, curb_string(job->arena, curb_str("")));
	}
}

static struct zip_entry *entry_of(struct reader_job *job, const struct curb_value *from)
{
	struct curb_str src = curb_get_str(from, "src");
	struct zip_entry *entry = reader_find(job, src);
	if (!entry)
		refuse(job, "course.missing", src, none);
	return entry;
}

static void read_track(struct reader_job *job, const struct curb_value *from, const char *where,
                       struct curb_value *unit)
{
	static const char *const texts[] = { "captions", "subtitles", "descriptions", "chapters" };
	static const char *const media[] = { "sign", "audio-description" };
	struct curb_value *unused = curb_object(job->arena);
	struct curb_str kind = curb_get_str(from, "kind"), lang = curb_get_str(from, "lang");
	struct media_source source;
	if (!course_take(job, from, track_fields, where, unused) || !lang_ok(job, lang))
		return;
	struct zip_entry *entry = entry_of(job, from);
	if (!entry)
		return;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (curb_str_is(kind, texts[i])) {
			tracks_add_text(job, unit,
			                &(struct text_track){ .entry = entry,
			                                      .kind = texts[i],
			                                      .lang = lang,
			                                      .label = curb_get_str(from, "label") });
			return;
		}
	for (size_t i = 0; i < sizeof media / sizeof *media; i++)
		if (curb_str_is(kind, media[i])) {
			if (reader_source(job, entry, &source))
				(void)media_ingest_as(job->wire, &source, unit, media[i], lang);
			return;
		}
	refuse(job, "course.track_kind", kind, none);
}

static bool read_book(struct reader_job *job, const struct media_source *source, struct curb_value *unit)
{
	struct reader_job inner = *job;
	if (!reader_open_zip(&inner, source) || !book_read_unit(&inner, unit))
		return false;
	reader_check_rest(&inner);
	return true;
}

static bool read_main_file(struct reader_job *job, const struct curb_value *from, struct curb_value *unit)
{
	char first[16];
	struct media_source source;
	struct zip_entry *entry = entry_of(job, from);
	if (!entry || !reader_source(job, entry, &source))
		return false;
	ssize_t n = pread(source.fd, first, sizeof first, (off_t)source.offset);
	if (n > 0 && zip_looks_like(curb_str_n(first, (size_t)n)) &&
	    !curb_str_is(curb_get_str(unit, "kind"), "video"))
		return read_book(job, &source, unit);
	if (curb_str_is(curb_get_str(unit, "kind"), "document")) {
		refuse(job, "course.document", curb_get_str(unit, "name"), none);
		return false;
	}
	return media_ingest(job->wire, &source, unit);
}

static int64_t chapters_of(const struct curb_value *unit)
{
	const struct curb_value *nav = curb_value_get(unit, "nav");
	int64_t top = INT64_MAX, n = 0;
	for (size_t i = 0; i < curb_value_count(nav); i++) {
		int64_t level = curb_get_int(curb_value_at(nav, i), "level", 1);
		n = level < top ? 1 : n + (level == top);
		top = level < top ? level : top;
	}
	return n ? n : 1;
}

/* What would never be asked, or could not be answered, is told and left out. */
static bool question_ok(const struct curb_value *question, int64_t last, int64_t chapters)
{
	enum { LEAST = 2, MOST = 6 };
	const struct curb_value *answers = curb_value_get(question, "answers");
	size_t n = curb_value_count(answers);
	bool ok = n >= LEAST && n <= MOST && (size_t)curb_get_int(question, "right", 0) <= n;
	for (size_t i = 0; i < n; i++)
		ok = ok && curb_value_str(curb_value_at(answers, i)).len > 0;
	int64_t chapter = curb_get_int(question, "chapter", 0);
	return ok && chapter > last && chapter <= chapters;
}

static void read_questions(struct reader_job *job, const struct curb_value *from, const char *where,
                           struct curb_value *unit)
{
	const struct curb_value *list = curb_value_get(from, "questions");
	struct curb_value *questions = curb_array(job->arena);
	int64_t last = 0;
	for (size_t i = 0; i < curb_value_count(list) && i < QUESTIONS_MAX; i++) {
		struct curb_value *question = curb_object(job->arena);
		const char *here = curb_printf(job->arena, "%s.questions[%zu]", where, i);
		if (!course_take(job, curb_value_at(list, i), question_fields, here, question))
			continue;
		if (!question_ok(question, last, chapters_of(unit))) {
			refuse(job, "course.question", curb_str(here), none);
			continue;
		}
		last = curb_get_int(question, "chapter", 0);
		curb_push(questions, question);
	}
	if (curb_value_count(questions))
		curb_put(unit, "questions", questions);
}

/* A claim may be rounded up to the next hundredth of a class hour, no further. */
static void check_hours(struct reader_job *job, const struct curb_value *unit)
{
	int64_t duration = curb_get_int(unit, "duration_ms", 0), claimed = curb_get_int(unit, "hours", 0);
	if (claimed > hours_of_media(duration) + 1 || (duration == 0 && claimed > 0))
		refuse(job, "course.hours_long", curb_get_str(unit, "name"),
		       hours_text(job, hours_of_media(duration)));
}

static bool key_taken(const struct curb_value *units, struct curb_str key)
{
	for (size_t i = 0; i < curb_value_count(units); i++)
		if (curb_str_eq(curb_get_str(curb_value_at(units, i), "key"), key))
			return true;
	return false;
}

static void read_unit(struct reader_job *job, const struct curb_value *from, const char *where,
                      struct curb_value *units)
{
	struct curb_value *unit = curb_object(job->arena);
	if (!course_take(job, from, unit_fields, where, unit))
		return;
	check_pinyin(job, where, unit);
	struct curb_str kind = curb_get_str(unit, "kind"), key = curb_get_str(unit, "key");
	if (!curb_str_is(kind, "video") && !curb_str_is(kind, "audiobook") &&
	    !curb_str_is(kind, "document")) {
		refuse(job, "course.kind", kind, none);
		return;
	}
	if (key_taken(units, key))
		refuse(job, "course.same_key", key, none);
	bool read = read_main_file(job, from, unit);
	const struct curb_value *tracks = curb_value_get(from, "tracks");
	if (curb_value_count(tracks) > TRACKS_MAX) {
		refuse(job, "package.large", curb_str(where), curb_str("64"));
		return;
	}
	for (size_t i = 0; i < curb_value_count(tracks); i++)
		read_track(job, curb_value_at(tracks, i), curb_printf(job->arena, "%s.tracks[%zu]", where, i),
		           unit);
	read_questions(job, from, where, unit);
	if (read)
		check_hours(job, unit);
	curb_push(units, unit);
}

static int64_t sum_of(const struct curb_value *list)
{
	int64_t sum = 0;
	for (size_t i = 0; i < curb_value_count(list); i++)
		sum += curb_get_int(curb_value_at(list, i), "hours", 0);
	return sum;
}

static void read_programme(struct reader_job *job, const struct curb_value *from)
{
	if (!from)
		return;
	struct curb_value *programme = curb_object(job->arena), *offline = curb_array(job->arena);
	bool ok = course_take(job, from, programme_fields, "programme", programme);
	const struct curb_value *list = curb_value_get(from, "offline");
	if (curb_value_count(list) > OFFLINE_MAX) {
		refuse(job, "package.large", curb_str("programme.offline"), curb_str("100"));
		return;
	}
	for (size_t i = 0; i < curb_value_count(list); i++) {
		struct curb_value *part = curb_object(job->arena);
		const char *where = curb_printf(job->arena, "programme.offline[%zu]", i);
		ok = course_take(job, curb_value_at(list, i), offline_fields, where, part) && ok;
		curb_push(offline, part);
	}
	curb_put(programme, "offline", offline);
	curb_put(job->package, "programme", programme);
	int64_t total = curb_get_int(programme, "total", 0);
	int64_t parts = sum_of(offline) + sum_of(curb_value_get(job->package, "units"));
	if (ok && total != parts)
		refuse(job, "course.sums", hours_text(job, total), hours_text(job, parts));
}

static void tell_unused(struct reader_job *job)
{
	for (size_t i = 0; i < job->zip->count; i++) {
		const struct zip_entry *entry = &job->zip->entries[i];
		if (!entry->used && !entry->folder && !name_is_litter(entry->name))
			wire_finding(job->wire, "course.unused", none, entry->name, none);
	}
}

static struct curb_value *parse(struct reader_job *job)
{
	struct curb_str text;
	struct curb_value *course = NULL;
	if (!reader_bytes(job, reader_find(job, curb_str("course.json")), COURSE_JSON_MAX, &text))
		return NULL;
	if (curb_str_starts(text, "\xEF\xBB\xBF")) /* editors put it there */
		text = curb_str_from(text, 3);
	if (curb_json_parse(job->arena, text, &course) == 0)
		return course;
	refuse(job, "course.json", curb_dup(job->arena, curb_str(curb_error_text())), none);
	return NULL;
}

static void read_course(struct reader_job *job)
{
	const struct curb_value *course = parse(job);
	if (!course)
		return;
	bool ok = course_take(job, course, course_fields, "", job->package);
	check_pinyin(job, "", job->package);
	ok = lang_ok(job, curb_get_str(job->package, "lang")) && ok;
	const struct curb_value *list = curb_value_get(course, "units");
	size_t count = curb_value_count(list);
	if (count > UNITS_MAX)
		refuse(job, "package.large", curb_str("units"), curb_str("500"));
	else if (ok && count == 0)
		refuse(job, "course.missing_field", curb_str("units"), none);
	struct curb_value *units = curb_array(job->arena);
	curb_put(job->package, "units", units);
	for (size_t i = 0; i < count && count <= UNITS_MAX; i++) {
		wire_part_begin(job->wire, i, count);
		read_unit(job, curb_value_at(list, i), curb_printf(job->arena, "units[%zu]", i), units);
		wire_part_end(job->wire);
	}
	read_programme(job, curb_value_get(course, "programme"));
	tell_unused(job);
}

static int bid(const struct reader_job *job)
{
	enum { BID = 100 };
	return job->zip && reader_find(job, curb_str("course.json")) ? BID : 0;
}

const struct content_reader course_reader = { .name = "course", .bid = bid, .read = read_course };
