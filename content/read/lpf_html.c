/* A scanner for the few things of HTML that an audio-book needs: the link to its manifest and the table of contents. It
 * builds no tree, runs once over the bytes, and every buffer has a limit. */
#include <ctype.h>

#include "captions_inside.h"
#include "curb/cleanup.h"
#include "html.h"
#include "lpf.h"
#include "reader.h"

/* Moves past the next tag; text before it goes to *ret_text. False at the end. */
static bool next_tag(struct curb_str html, size_t *at, struct curb_str *ret_text, struct html_tag *ret_tag)
{
	size_t start = *at, end = 0;
	for (size_t i = *at; i < html.len; i++) {
		if (html.ptr[i] != '<')
			continue;
		if (curb_str_starts(curb_str_from(html, i), "<!--")) {
			const char *close = memmem(html.ptr + i, html.len - i, "-->", 3);
			if (!close)
				return false;
			i = (size_t)(close - html.ptr) + 2;
			start = i + 1;
		} else if (html_tag(html, i, ret_tag, &end)) {
			if (end ==
			    html.len) /* as in HTML: nothing comes behind it; and no byte is looked at twice */
				return false;
			*ret_text = curb_str_n(html.ptr + start, i - start);
			*at = end + 1;
			return true;
		}
	}
	return false;
}

/* The value of an attribute as it is written; absent when it is not there. */
static struct curb_str attribute(const struct html_tag *tag, const char *wanted)
{
	struct curb_str name, value;
	for (size_t at = 0; html_attribute(tag, &at, &name, &value);)
		if (curb_str_is_nocase(name, wanted))
			return value;
	return curb_str(NULL);
}

/* What stands between & and ;; 0 when it is not known. */
static uint32_t reference(struct curb_str name)
{
	static const struct {
		const char *name;
		uint32_t c;
	} known[] = { { "amp", '&' },  { "lt", '<' },    { "gt", '>' },
		      { "quot", '"' }, { "apos", '\'' }, { "nbsp", ' ' } };
	uint32_t value = 0;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (curb_str_is(name, known[i].name))
			return known[i].c;
	if (!curb_str_starts(name, "#"))
		return 0;
	bool hex = name.len > 1 && (name.ptr[1] == 'x' || name.ptr[1] == 'X');
	for (size_t i = hex ? 2 : 1; i < name.len; i++) {
		char c = name.ptr[i];
		if (!(hex ? isxdigit((unsigned char)c) : isdigit((unsigned char)c)))
			return 0;
		uint32_t digit = isdigit((unsigned char)c) ? (uint32_t)(c - '0') :
		                                             (uint32_t)(tolower((unsigned char)c) - 'a' + 10);
		value = value * (hex ? 16 : 10) + digit;
		if (value > 0x10FFFF)
			return 0;
	}
	return value >= 0xD800 && value < 0xE000 ? 0 : value;
}

/* Text with references resolved and blanks run together, added to what is there. */
static void add_text(struct curb_buf *out, struct curb_str text)
{
	enum { LONGEST = 10 };
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (html_is_space(c)) {
			if (out->len && out->data[out->len - 1] != ' ')
				curb_buf_char(out, ' ');
			continue;
		}
		size_t near = text.len - i < LONGEST ? text.len - i : LONGEST;
		const char *end = c == '&' ? memchr(text.ptr + i, ';', near) : NULL;
		uint32_t known = 0;
		if (end)
			known = reference(curb_str_n(text.ptr + i + 1, (size_t)(end - text.ptr) - i - 1));
		if (known >= ' ') {
			captions_put_point(out, known);
			i = (size_t)(end - text.ptr);
		} else {
			curb_buf_char(out, c);
		}
	}
}

static struct curb_str resolved(struct curb_arena *arena, struct curb_str text)
{
	enum { LONGEST = 4096 };
	CURB_AUTO(buf) struct curb_buf out = curb_buf(LONGEST);
	add_text(&out, text);
	return curb_dup(arena, curb_str_trim(curb_buf_view(&out)));
}

enum { TOC_DEEPEST = 30 };

struct toc {
	struct curb_arena *arena;
	struct lpf_link *links;
	size_t count, room;
	int level;                      /* open lists */
	bool had_list[TOC_DEEPEST + 2]; /* at this level in this item: only the first counts */
	struct curb_str skipped;        /* name of the element that is passed over; absent: none */
	int skipped_depth;
	bool in_link, done;
	struct curb_buf text;
};

static void end_link(struct toc *toc)
{
	if (!toc->in_link)
		return;
	toc->links[toc->count - 1].text = curb_dup(toc->arena, curb_str_trim(curb_buf_view(&toc->text)));
	toc->in_link = false;
}

static void begin_link(struct toc *toc, const struct html_tag *tag)
{
	struct curb_str href = attribute(tag, "href");
	if (!toc->level || !href.ptr || toc->count == toc->room)
		return;
	toc->links[toc->count++] = (struct lpf_link){ resolved(toc->arena, href), { "", 0 }, toc->level };
	toc->in_link = true;
	curb_buf_clear(&toc->text);
}

static void skip(struct toc *toc, const struct html_tag *tag)
{
	toc->skipped = tag->name;
	toc->skipped_depth = 1;
}

static void toc_list(struct toc *toc, const struct html_tag *tag)
{
	if (tag->closing && toc->level) {
		toc->had_list[toc->level--] = true;
		toc->done = toc->level == 0;
	} else if (!tag->closing && (toc->level == TOC_DEEPEST || toc->had_list[toc->level + 1])) {
		skip(toc, tag);
	} else if (!tag->closing) {
		toc->level++;
		toc->had_list[toc->level + 1] = false;
	}
}

static bool is_any(struct curb_str name, const char *const *names)
{
	for (; *names; names++)
		if (curb_str_is_nocase(name, *names))
			return true;
	return false;
}

/* Publication Manifest, section C: sections and hidden elements inside the table of contents are passed over with all that is in them. */
static void toc_tag(struct toc *toc, const struct html_tag *tag)
{
	static const char *const lists[] = { "ol", "ul", NULL };
	static const char *const sections[] = { "article", "aside", "nav", "section", NULL };
	static const char *const without_end[] = { "br", "hr", "img", "input", "wbr", "link", "meta", NULL };
	bool opens = !tag->closing && !tag->empty && !is_any(tag->name, without_end);
	if (toc->skipped.ptr) {
		if (curb_str_eq(tag->name, toc->skipped) && !tag->empty)
			toc->skipped_depth += tag->closing ? -1 : 1;
		if (toc->skipped_depth == 0)
			toc->skipped = curb_str(NULL);
	} else if (opens && (attribute(tag, "hidden").ptr || is_any(tag->name, sections))) {
		skip(toc, tag);
	} else if (is_any(tag->name, lists)) {
		end_link(toc);
		toc_list(toc, tag);
	} else if (curb_str_is_nocase(tag->name, "li")) {
		end_link(toc);
		toc->had_list[toc->level + 1] = false;
	} else if (curb_str_is_nocase(tag->name, "a")) {
		end_link(toc);
		if (!tag->closing)
			begin_link(toc, tag);
	}
}

size_t lpf_parse_toc(struct curb_arena *arena, struct curb_str html, struct lpf_link *links, size_t room)
{
	enum { TEXT_MAX = 1000 };
	struct toc toc = { .arena = arena, .links = links, .room = room, .text = curb_buf(TEXT_MAX) };
	struct curb_str text, inside = { NULL, 0 };
	struct html_tag tag;
	int depth = 0;
	for (size_t at = 0; !toc.done && next_tag(html, &at, &text, &tag);) {
		if (!depth) {
			if (tag.closing || !name_has_word(attribute(&tag, "role"), "doc-toc"))
				continue;
			inside = tag.name;
			depth = 1;
			if (!curb_str_is_nocase(tag.name, "nav") && !curb_str_is_nocase(tag.name, "section"))
				toc_tag(&toc, &tag); /* the list itself may have the role */
			continue;
		}
		if (toc.in_link)
			add_text(&toc.text, text);
		if (curb_str_eq(tag.name, inside) && !tag.empty)
			depth += tag.closing ? -1 : 1;
		if (depth == 0)
			break;
		toc_tag(&toc, &tag);
	}
	end_link(&toc);
	curb_buf_free(&toc.text);
	return toc.count;
}

static struct curb_str script_text(struct curb_str html, struct curb_str id)
{
	struct curb_str text;
	struct html_tag tag;
	for (size_t at = 0; next_tag(html, &at, &text, &tag);) {
		if (tag.closing || !curb_str_is_nocase(tag.name, "script") ||
		    !curb_str_eq(attribute(&tag, "id"), id))
			continue;
		const char *end = memmem(html.ptr + at, html.len - at, "</script", 8);
		return end ? curb_str_n(html.ptr + at, (size_t)(end - html.ptr) - at) : curb_str(NULL);
	}
	return curb_str(NULL);
}

bool lpf_find_manifest(struct curb_arena *arena, struct curb_str html, struct curb_str *ret_url,
                       struct curb_str *ret_json)
{
	struct curb_str text;
	struct html_tag tag;
	for (size_t at = 0; next_tag(html, &at, &text, &tag);) {
		if (tag.closing || !curb_str_is_nocase(tag.name, "link") ||
		    !name_has_word(attribute(&tag, "rel"), "publication"))
			continue;
		struct curb_str href = resolved(arena, attribute(&tag, "href"));
		bool here = curb_str_starts(href, "#");
		*ret_url = here ? curb_str(NULL) : href;
		*ret_json = here ? script_text(html, curb_str_from(href, 1)) : curb_str(NULL);
		return ret_url->ptr || ret_json->ptr;
	}
	return false;
}
