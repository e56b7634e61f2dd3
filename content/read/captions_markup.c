/* What stands in SubRip text: a little HTML, a little of ASS. Here it becomes WebVTT that captions_clean then closes
 * and nests; everything that is no markup we know is text.
 */
#include "captions_inside.h"

struct markup {
	struct curb_str text;
	size_t at;
	struct curb_buf *out, *settings;
	bool clean, placed;
};

static void put_char(struct markup *m, char c)
{
	if (c == '&')
		curb_buf_text(m->out, "&amp;");
	else if (c == '<')
		curb_buf_text(m->out, "&lt;");
	else
		curb_buf_char(m->out, c);
}

/* "{\an8}" to the place on the picture, as the keys of a number pad. */
static void place(struct markup *m, int key)
{
	static const char *const lines[] = { "", "line:50%,center", "line:0" };
	static const char *const aligns[] = { "align:left", "", "align:right" };
	const char *line = lines[(key - 1) / 3], *align = aligns[(key - 1) % 3];
	if (m->placed)
		return;
	m->placed = true;
	curb_buf_text(m->settings, line);
	if (*line && *align)
		curb_buf_char(m->settings, ' ');
	curb_buf_text(m->settings, align);
}

/* "{\…}": false when it is not closed on this line. */
static bool override_block(struct markup *m)
{
	struct curb_str rest = curb_str_from(m->text, m->at);
	if (!curb_str_starts(rest, "{\\"))
		return false;
	size_t end = 2;
	while (end < rest.len && rest.ptr[end] != '}' && rest.ptr[end] != '\n' && rest.ptr[end] != '{')
		end++;
	if (end == rest.len || rest.ptr[end] != '}')
		return false;
	struct curb_str body = curb_str_n(rest.ptr + 2, end - 2);
	if (body.len == 3 && curb_str_starts(body, "an") && body.ptr[2] >= '1' && body.ptr[2] <= '9')
		place(m, body.ptr[2] - '0');
	else
		m->clean = false;
	m->at += end + 1;
	return true;
}

static bool html_tag(struct markup *m)
{
	static const struct {
		const char *from, *to;
	} tags[] = { { "i", "<i>" }, { "/i", "</i>" }, { "b", "<b>" },      { "/b", "</b>" },
		     { "u", "<u>" }, { "/u", "</u>" }, { "em", "<i>" },     { "/em", "</i>" },
		     { "br", "\n" }, { "br/", "\n" },  { "strong", "<b>" }, { "/strong", "</b>" } };
	struct curb_str rest = curb_str_from(m->text, m->at + 1);
	size_t end = 0;
	while (end < rest.len && end < 256 && rest.ptr[end] != '>' && rest.ptr[end] != '<' &&
	       rest.ptr[end] != '\n')
		end++;
	if (end == rest.len || rest.ptr[end] != '>')
		return false;
	struct curb_str tag = curb_str_trim(curb_str_n(rest.ptr, end)), name = tag;
	for (name.len = 0; name.len < tag.len && tag.ptr[name.len] != ' ';)
		name.len++;
	bool font = curb_str_is_nocase(name, "font") || curb_str_is_nocase(name, "/font");
	const char *to = font ? "" : NULL;
	for (size_t i = 0; i < sizeof tags / sizeof *tags && !to; i++)
		to = curb_str_is_nocase(tag, tags[i].from) ? tags[i].to : NULL;
	if (!to)
		return false;
	m->clean = m->clean && !font;
	curb_buf_text(m->out, to);
	m->at += end + 2;
	return true;
}

/* References that tools write; any other '&' is the sign itself. */
static bool reference(struct markup *m)
{
	static const char *const known[] = { "&amp;",  "&lt;",  "&gt;",  "&nbsp;",
		                             "&quot;", "&#39;", "&lrm;", "&rlm;" };
	struct curb_str rest = curb_str_from(m->text, m->at);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (curb_str_starts(rest, known[i])) {
			curb_buf_text(m->out, known[i]);
			m->at += strlen(known[i]);
			return true;
		}
	}
	return false;
}

bool srt_markup(struct curb_str text, struct curb_buf *out, struct curb_buf *settings)
{
	struct markup m = { .text = text, .out = out, .settings = settings, .clean = true };
	while (m.at < text.len) {
		char c = text.ptr[m.at];
		if ((c == '{' && override_block(&m)) || (c == '<' && html_tag(&m)) ||
		    (c == '&' && reference(&m)))
			continue;
		put_char(&m, c);
		m.at++;
	}
	return m.clean;
}
