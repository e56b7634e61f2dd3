/* SubStation Alpha (SSA v4, ASS v4+): sections with one event a line. The words, who says them, italics, bold, underline and the
 * place by the number pad are kept; colours, sizes, movement and drawings are left out.
 */
#include "captions_inside.h"

enum { COLUMNS_MAX = 32 };
enum column { OTHER, START, END, NAME, TEXT, COLUMN_KINDS };

struct columns {
	enum column kinds[COLUMNS_MAX];
	size_t count;
};

bool ass_is(struct curb_str text)
{
	static const char *const heads[] = { "[script info]", "[v4 styles]", "[v4+ styles]", "[events]" };
	struct captions_lines lines = { .text = text };
	struct curb_str line;
	while (lines_next(&lines, &line)) {
		line = curb_str_trim(line);
		if (!line.len || line.ptr[0] == ';')
			continue;
		for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
			if (curb_str_is_nocase(line, heads[i]))
				return true;
		return false;
	}
	return false;
}

/* "Key: rest"; false when the line has another key. */
static bool key(struct curb_str line, const char *name, struct curb_str *ret_rest)
{
	struct curb_str rest = line, part;
	if (!curb_str_cut(&rest, ':', &part) || !rest.ptr || !curb_str_is_nocase(curb_str_trim(part), name))
		return false;
	*ret_rest = curb_str_trim(rest);
	return true;
}

static void read_columns(struct curb_str names, struct columns *columns)
{
	static const struct {
		const char *name;
		enum column kind;
	} known[] = {
		{ "start", START }, { "end", END }, { "name", NAME }, { "actor", NAME }, { "text", TEXT }
	};
	struct curb_str name;
	columns->count = 0;
	while (columns->count < COLUMNS_MAX && curb_str_cut(&names, ',', &name)) {
		enum column kind = OTHER;
		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			if (curb_str_is_nocase(curb_str_trim(name), known[i].name))
				kind = known[i].kind;
		columns->kinds[columns->count++] = kind;
	}
}

/* "0:00:01.50": hundredths. */
static bool read_time(struct curb_str text, int64_t *ret_ms)
{
	enum { PARTS = 3, SIXTY = 60, TEN_HOURS = 100000 };
	struct curb_str rest = curb_str_trim(text), part, whole;
	int64_t total = 0, value = 0, unit = 100;
	size_t parts = 0;
	while (parts < PARTS && curb_str_cut(&rest, ':', &part)) {
		struct curb_str fraction = part;
		(void)curb_str_cut(&fraction, '.', &whole);
		if (!curb_str_int(whole, &value) || value < 0 || value > TEN_HOURS ||
		    (fraction.ptr && ++parts != PARTS))
			return false;
		total = total * SIXTY + value * 1000;
		for (size_t i = 0; i < fraction.len; i++, unit /= 10) {
			if (fraction.ptr[i] < '0' || fraction.ptr[i] > '9')
				return false;
			total += (fraction.ptr[i] - '0') * unit;
		}
		parts += !fraction.ptr;
	}
	*ret_ms = total;
	return parts == PARTS && !rest.ptr;
}

/* ---- the words ---- */

struct words {
	struct curb_buf *out; /* SubRip's markup: srt_markup makes the rest of it */
	bool drawing, left_out;
};

static void style(struct words *w, char letter, bool on)
{
	const char tag[] = { '<', on ? letter : '/', on ? '>' : letter, on ? '\0' : '>', '\0' };
	curb_buf_text(w->out, tag);
}

/* One of the overrides of a block, without its backslash: "i1", "an8", "p1". */
static void override(struct words *w, struct curb_str tag)
{
	bool switches = tag.len == 2 && (tag.ptr[1] == '0' || tag.ptr[1] == '1');
	if (switches && strchr("ibu", tag.ptr[0])) {
		style(w, tag.ptr[0], tag.ptr[1] == '1');
	} else if (tag.len == 3 && curb_str_starts(tag, "an")) {
		curb_buf_printf(w->out, "{\\%.3s}", tag.ptr);
	} else if (tag.len >= 2 && tag.ptr[0] == 'p' && tag.ptr[1] >= '0' && tag.ptr[1] <= '9') {
		w->drawing = tag.ptr[1] != '0';
		w->left_out = true;
	} else {
		w->left_out = w->left_out || tag.len;
	}
}

static void block(struct words *w, struct curb_str body)
{
	struct curb_str rest = body, tag;
	bool first = true;
	while (curb_str_cut(&rest, '\\', &tag)) {
		if (!first) /* what stands before the first backslash is a remark */
			override(w, curb_str_trim(tag));
		first = false;
	}
}

static void put_words(struct words *w, struct curb_str text)
{
	bool open = false; /* none that is begun ends: no other one behind it does */
	for (size_t i = 0; i < text.len; i++) {
		bool begins = text.ptr[i] == '{' && !open;
		const char *end = begins ? memchr(text.ptr + i, '}', text.len - i) : NULL;
		open = open || (begins && !end);
		char c = text.ptr[i], next = i + 1 < text.len ? text.ptr[i + 1] : '\0';
		if (end) {
			block(w, curb_str_n(text.ptr + i + 1, (size_t)(end - text.ptr) - i - 1));
			i = (size_t)(end - text.ptr);
		} else if (c == '\\' && (next == 'N' || next == 'n' || next == 'h')) {
			curb_buf_text(w->out, next == 'h' ? " " : "\n");
			i++;
		} else if (!w->drawing) {
			curb_buf_char(w->out, c);
		}
	}
}

/* "<v Wang>" before the words. */
static void put_voice(struct curb_buf *out, struct curb_str name)
{
	if (!name.len)
		return;
	curb_buf_text(out, "<v ");
	for (size_t i = 0; i < name.len; i++)
		curb_buf_text(out, name.ptr[i] == '&' ? "&amp;" :
		                   name.ptr[i] == '<' ? "&lt;" :
		                   name.ptr[i] == '>' ? "&gt;" :
		                                        (const char[]){ name.ptr[i], '\0' });
	curb_buf_char(out, '>');
}

void ass_cue(struct curb_arena *arena, struct curb_str name, struct curb_str text, struct caption_cue *cue,
             bool *ret_left_out)
{
	struct curb_buf words = curb_buf(4 * text.len + 64),
			out = curb_buf(40 * text.len + 8 * name.len + 64);
	struct curb_buf settings = curb_buf(128);
	struct words w = { .out = &words };
	put_words(&w, text);
	put_voice(&out, curb_str_trim(name));
	(void)srt_markup(curb_str_trim(curb_buf_view(&words)), &out, &settings);
	*ret_left_out = w.left_out;
	cue->text = words.len ? curb_dup(arena, curb_buf_view(&out)) : curb_str("");
	cue->settings = settings.len ? curb_dup(arena, curb_buf_view(&settings)) : curb_str(NULL);
	curb_buf_free(&words);
	curb_buf_free(&out);
	curb_buf_free(&settings);
}

/* ---- events ---- */

static void read_event(struct captions_builder *builder, const struct columns *columns, struct curb_str line,
                       uint32_t number)
{
	struct curb_str fields[COLUMN_KINDS] = { { NULL, 0 } }, rest = line, field;
	for (size_t i = 0; i < columns->count && rest.ptr; i++) {
		if (i + 1 == columns->count) { /* the last one may have commas */
			field = rest;
			rest = curb_str(NULL);
		} else {
			(void)curb_str_cut(&rest, ',', &field);
		}
		fields[columns->kinds[i]] = field;
	}
	struct caption_cue cue = { .line = number };
	bool left_out = false;
	if (!fields[TEXT].ptr || !read_time(fields[START], &cue.start_ms) ||
	    !read_time(fields[END], &cue.end_ms)) {
		tally_add(&builder->tally, DOUBT_TIME, number);
		return;
	}
	ass_cue(builder->arena, fields[NAME], fields[TEXT], &cue, &left_out);
	if (left_out)
		tally_add(&builder->tally, DOUBT_MARKUP, number);
	if (cue.text.len)
		builder_add(builder, &cue);
}

void ass_parse(struct captions_builder *builder, struct curb_str text)
{
	struct captions_lines lines = { .text = text };
	struct columns columns;
	struct curb_str line, rest;
	bool events = false;
	read_columns(curb_str("Layer,Start,End,Style,Name,MarginL,MarginR,MarginV,Effect,Text"), &columns);
	while (lines_next(&lines, &line) && !builder->full) {
		line = curb_str_trim(line);
		if (line.len && line.ptr[0] == '[')
			events = curb_str_is_nocase(line, "[events]");
		else if (events && key(line, "Format", &rest))
			read_columns(rest, &columns);
		else if (events && key(line, "Dialogue", &rest))
			read_event(builder, &columns, rest, lines.number);
	}
}
