/* W3C Publication Manifest, with the rules of W3C Audiobooks on top. */
#include <inttypes.h>

#include "curb/err.h"
#include "lpf.h"

static const struct curb_str none = { NULL, 0 };

struct parse {
	struct curb_arena *arena;
	const struct lpf_report *report;
	struct lpf_book book;
};

static void found(struct parse *p, const char *code, struct curb_str a, struct curb_str b)
{
	p->report->found(p->report->arg, code, a, b);
}

/* A text is a string, {"value": …}, or a list whose first item counts. */
static struct curb_str text_of(const struct curb_value *value)
{
	if (curb_value_type(value) == CURB_ARRAY)
		value = curb_value_at(value, 0);
	if (curb_value_type(value) == CURB_OBJECT)
		return curb_get_str(value, curb_value_get(value, "value") ? "value" : "name");
	return curb_value_str(value);
}

/* A list, or one item that stands for a list of one. */
static size_t many(const struct curb_value *value)
{
	if (curb_value_type(value) == CURB_ARRAY)
		return curb_value_count(value);
	return curb_value_type(value) == CURB_NULL ? 0 : 1;
}

static const struct curb_value *item(const struct curb_value *value, size_t i)
{
	return curb_value_type(value) == CURB_ARRAY ? curb_value_at(value, i) : value;
}

static bool has_text(const struct curb_value *value, const char *text)
{
	for (size_t i = 0; i < many(value); i++)
		if (curb_str_is_nocase(curb_value_str(item(value, i)), text))
			return true;
	return false;
}

static struct curb_str url_of(const struct curb_value *value)
{
	if (curb_value_type(value) == CURB_OBJECT)
		return curb_str_trim(curb_get_str(value, "url"));
	return curb_value_str(value);
}

static bool is_audio(const struct curb_value *value, struct curb_str url)
{
	static const char *const endings[] = { ".mp3", ".m4a", ".m4b",  ".mp4",  ".aac",
		                               ".ogg", ".oga", ".opus", ".flac", ".wav" };
	struct curb_str format = curb_get_str(value, "encodingFormat"), rest = url, path;
	if (curb_value_type(value) == CURB_OBJECT && format.ptr)
		return curb_str_starts(format, "audio/");
	(void)curb_str_cut(&rest, '#', &path);
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t n = strlen(endings[i]);
		if (path.len > n && curb_str_is_nocase(curb_str_from(path, path.len - n), endings[i]))
			return true;
	}
	return false;
}

static void read_chapter(struct parse *p, const struct curb_value *value)
{
	struct curb_str url = url_of(value);
	if (!url.ptr || !is_audio(value, url)) {
		found(p, "lpf.not_audio", url, none);
		if (url.ptr) /* it must be there all the same */
			p->book.resources[p->book.resource_count++] = url;
		return;
	}
	struct lpf_chapter *chapter = &p->book.chapters[p->book.count++];
	bool object = curb_value_type(value) == CURB_OBJECT;
	chapter->url = url;
	chapter->name = object ? text_of(curb_value_get(value, "name")) : none;
	chapter->duration_ms = object ? lpf_duration_ms(curb_get_str(value, "duration")) : -1;
	if (chapter->duration_ms < 0)
		found(p, "lpf.duration", url, none);
}

static bool read_order(struct parse *p, const struct curb_value *order)
{
	size_t count = many(order);
	if (count > LPF_CHAPTERS_MAX) {
		found(p, "package.large", curb_str("readingOrder"), curb_str("2000"));
		return false;
	}
	p->book.chapters = curb_alloc_n(p->arena, count + 1, sizeof *p->book.chapters);
	for (size_t i = 0; i < count; i++)
		read_chapter(p, item(order, i));
	if (p->book.count == 0)
		found(p, "lpf.no_audio", none, none);
	return true;
}

static bool read_resources(struct parse *p, const struct curb_value *resources)
{
	size_t count = many(resources);
	if (count > LPF_LINKS_MAX) {
		found(p, "package.large", curb_str("resources"), curb_str("4000"));
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct curb_value *value = item(resources, i), *rel = NULL;
		struct curb_str url = url_of(value);
		if (!url.ptr)
			continue;
		p->book.resources[p->book.resource_count++] = url;
		if (curb_value_type(value) == CURB_OBJECT)
			rel = curb_value_get(value, "rel");
		if (!p->book.cover.ptr && has_text(rel, "cover"))
			p->book.cover = url;
		if (!p->book.contents.ptr && has_text(rel, "contents"))
			p->book.contents = url;
	}
	return true;
}

static void check_recommended(struct parse *p, const struct curb_value *manifest)
{
	static const char *const names[] = {
		"abridged",
		"accessMode",
		"accessModeSufficient",
		"accessibilityFeature",
		"accessibilityHazard",
		"accessibilitySummary",
		"author",
		"dateModified",
		"datePublished",
		"id",
		"inLanguage",
		"readBy",
		"readingProgression",
		"duration",
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!curb_value_get(manifest, names[i]))
			found(p, "lpf.recommended", curb_str(names[i]), none);
	if (!has_text(curb_value_get(manifest, "type"), "Audiobook"))
		found(p, "lpf.type", none, none);
	if (!p->book.cover.ptr)
		found(p, "lpf.cover", none, none);
}

static void check_sum(struct parse *p, const struct curb_value *manifest)
{
	int64_t said = lpf_duration_ms(curb_get_str(manifest, "duration")), sum = 0;
	for (size_t i = 0; i < p->book.count; i++) {
		if (p->book.chapters[i].duration_ms < 0)
			return;
		sum += p->book.chapters[i].duration_ms;
	}
	if (said >= 0 && said / 1000 != sum / 1000)
		found(p, "lpf.duration_sum", curb_str(curb_printf(p->arena, "%" PRId64, said / 1000)),
		      curb_str(curb_printf(p->arena, "%" PRId64, sum / 1000)));
}

static void read_facts(struct parse *p, const struct curb_value *manifest)
{
	struct lpf_book *book = &p->book;
	book->name = text_of(curb_value_get(manifest, "name"));
	book->lang = text_of(curb_value_get(manifest, "inLanguage"));
	book->description = text_of(curb_value_get(manifest, "description"));
	book->publisher = text_of(curb_value_get(manifest, "publisher"));
	if (!book->name.ptr)
		found(p, "lpf.recommended", curb_str("name"), none);
}

bool lpf_parse_manifest(struct curb_arena *arena, struct curb_str json, const struct lpf_report *report,
                        struct lpf_book *ret_book)
{
	struct parse p = { .arena = arena, .report = report };
	struct curb_value *manifest = NULL;
	if (curb_str_starts(json, "\xEF\xBB\xBF"))
		json = curb_str_from(json, 3);
	if (curb_json_parse(arena, json, &manifest) || curb_value_type(manifest) != CURB_OBJECT) {
		found(&p, "lpf.manifest",
		      manifest ? curb_str("it is no object") : curb_dup(arena, curb_str(curb_error_text())),
		      none);
		return false;
	}
	p.book.resources = curb_alloc_n(arena, LPF_CHAPTERS_MAX + LPF_LINKS_MAX, sizeof *p.book.resources);
	if (!read_order(&p, curb_value_get(manifest, "readingOrder")) ||
	    !read_resources(&p, curb_value_get(manifest, "resources")))
		return false;
	read_facts(&p, manifest);
	check_recommended(&p, manifest);
	check_sum(&p, manifest);
	*ret_book = p.book;
	return true;
}
