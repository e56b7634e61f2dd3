/* WebVTT files, sections 6.1 and 6.2: what browsers take we take, what they drop we drop, and say so. */
#include "captions_inside.h"

enum { REGIONS_MAX = 64 };

struct file {
	struct captions_builder *builder;
	struct captions_lines lines;
	struct vtt_regions regions;
	struct vtt_region region_items[REGIONS_MAX];
	struct curb_buf styles;
	bool seen_cue;
};

enum block_kind { BLOCK_OTHER, BLOCK_CUE, BLOCK_BROKEN, BLOCK_STYLE, BLOCK_REGION };

struct block {
	enum block_kind kind;
	struct curb_str text; /* its lines, but the one with the times */
	struct curb_str settings;
	struct caption_cue cue;
	uint32_t line; /* of its first line */
};

static bool digits(struct curb_str text, size_t *offset, size_t *ret_n, int64_t *ret_value)
{
	size_t from = *offset;
	int64_t value = 0;
	for (; *offset < text.len && text.ptr[*offset] >= '0' && text.ptr[*offset] <= '9'; (*offset)++)
		value = value > INT64_C(100000000) ? value : value * 10 + (text.ptr[*offset] - '0');
	*ret_n = *offset - from;
	*ret_value = value;
	return *ret_n > 0 && value <= INT64_C(100000000);
}

static bool skip(struct curb_str text, size_t *offset, char c)
{
	if (*offset >= text.len || text.ptr[*offset] != c)
		return false;
	(*offset)++;
	return true;
}

bool vtt_timestamp(struct curb_str text, size_t *offset, int64_t *ret_ms)
{
	int64_t hours = 0, minutes, seconds, ms;
	size_t at = *offset, n;
	if (!digits(text, &at, &n, &minutes))
		return false;
	bool has_hours = n != 2 || minutes > 59;
	if (!skip(text, &at, ':') || !digits(text, &at, &n, &seconds) || n != 2)
		return false;
	if (has_hours || (at < text.len && text.ptr[at] == ':')) {
		hours = minutes;
		minutes = seconds;
		if (!skip(text, &at, ':') || !digits(text, &at, &n, &seconds) || n != 2)
			return false;
	}
	if (!skip(text, &at, '.') || !digits(text, &at, &n, &ms) || n != 3 || minutes > 59 || seconds > 59)
		return false;
	*offset = at;
	*ret_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
	return true;
}

static void skip_spaces(struct curb_str text, size_t *offset)
{
	while (*offset < text.len && text.ptr[*offset] && strchr(" \t\f", text.ptr[*offset]))
		(*offset)++;
}

static void read_times(struct curb_str line, struct block *block)
{
	size_t at = 0;
	block->kind = BLOCK_BROKEN;
	skip_spaces(line, &at);
	if (!vtt_timestamp(line, &at, &block->cue.start_ms))
		return;
	skip_spaces(line, &at);
	if (!skip(line, &at, '-') || !skip(line, &at, '-') || !skip(line, &at, '>'))
		return;
	skip_spaces(line, &at);
	if (!vtt_timestamp(line, &at, &block->cue.end_ms))
		return;
	block->settings = curb_str_from(line, at);
	block->cue.id = block->text;
	block->text = curb_str(NULL);
	block->kind = BLOCK_CUE;
}

static bool is_word(struct curb_str line, const char *word)
{
	return curb_str_starts(line, word) && curb_str_trim(line).len == strlen(word);
}

/* The lines of a block lie one behind the other, so its text is a slice of the file. */
static void append(struct curb_str *text, struct curb_str line)
{
	if (!text->ptr)
		*text = line;
	else
		text->len = (size_t)(line.ptr + line.len - text->ptr);
}

static void second_line(const struct file *file, struct block *block)
{
	if (file->seen_cue || block->kind != BLOCK_OTHER)
		return;
	if (is_word(block->text, "STYLE"))
		block->kind = BLOCK_STYLE;
	else if (is_word(block->text, "REGION"))
		block->kind = BLOCK_REGION;
	if (block->kind != BLOCK_OTHER)
		block->text = curb_str(NULL);
}

/* "Collect a WebVTT block". */
static void collect(struct file *file, bool header, struct block *block)
{
	*block = (struct block){ .line = file->lines.number + 1 };
	struct captions_lines before = file->lines;
	struct curb_str line;
	for (size_t n = 1; lines_next(&file->lines, &line); n++) {
		if (captions_has_arrow(line)) {
			bool times_seen = block->kind == BLOCK_CUE || block->kind == BLOCK_BROKEN;
			if (header || !(n == 1 || (n == 2 && !times_seen))) {
				file->lines = before;
				return;
			}
			read_times(line, block);
			block->cue.line = file->lines.number;
			file->seen_cue = file->seen_cue || block->kind == BLOCK_CUE;
		} else if (!line.len) {
			return;
		} else {
			if (!header && n == 2)
				second_line(file, block);
			append(&block->text, line);
		}
		before = file->lines;
	}
}

/* Sheets reach the browser, so they may style cues and fetch nothing. */
static bool style_is_plain(struct curb_str css)
{
	static const char *const banned[] = { "url", "@", "\\", "expression", "image" };
	for (size_t b = 0; b < sizeof banned / sizeof *banned; b++) {
		size_t n = strlen(banned[b]);
		for (size_t i = 0; i + n <= css.len; i++) {
			if (curb_str_is_nocase(curb_str_n(css.ptr + i, n), banned[b]))
				return false;
		}
	}
	return true;
}

static void take_style(struct file *file, const struct block *block)
{
	if (!block->text.len)
		return;
	if (!style_is_plain(block->text)) {
		tally_add(&file->builder->tally, DOUBT_STYLE, block->line);
		return;
	}
	curb_buf_text(&file->styles, "STYLE\n");
	curb_buf_str(&file->styles, block->text);
	curb_buf_text(&file->styles, "\n\n");
}

static void put_pair(struct curb_buf *out, const char *name, struct curb_str value)
{
	if (!value.ptr)
		return;
	curb_buf_printf(out, "%s:", name);
	curb_buf_str(out, value);
	curb_buf_char(out, '\n');
}

static void take_region(struct file *file, const struct block *block)
{
	struct vtt_region region;
	vtt_region_parse(block->text, &region);
	if (!region.id.len || file->regions.count == REGIONS_MAX) {
		tally_add(&file->builder->tally, DOUBT_STYLE, block->line);
		return;
	}
	file->region_items[file->regions.count++] = region;
	struct curb_buf *out = &file->styles;
	curb_buf_text(out, "REGION\n");
	put_pair(out, "id", region.id);
	put_pair(out, "width", region.width);
	put_pair(out, "lines", region.lines);
	put_pair(out, "regionanchor", region.regionanchor);
	put_pair(out, "viewportanchor", region.viewportanchor);
	put_pair(out, "scroll", region.scroll);
	curb_buf_char(out, '\n');
}

static void take_cue(struct file *file, struct block *block)
{
	struct captions_builder *b = file->builder;
	struct curb_buf settings = curb_buf(block->settings.len + 64);
	if (!vtt_settings(block->settings, &file->regions, &settings))
		tally_add(&b->tally, DOUBT_SETTING, block->cue.line);
	block->cue.settings = settings.len ? curb_dup(b->arena, curb_buf_view(&settings)) : curb_str(NULL);
	curb_buf_free(&settings);
	block->cue.text = block->text.ptr ? block->text : curb_str("");
	builder_add(b, &block->cue);
}

static void take_block(struct file *file, struct block *block)
{
	struct captions_tally *tally = &file->builder->tally;
	if (block->kind == BLOCK_CUE)
		take_cue(file, block);
	else if (block->kind == BLOCK_STYLE)
		take_style(file, block);
	else if (block->kind == BLOCK_REGION)
		take_region(file, block);
	else if (block->kind == BLOCK_BROKEN)
		tally_add(tally, DOUBT_TIME, block->cue.line);
	else if (block->text.len && !curb_str_starts(block->text, "NOTE"))
		tally_add(tally, DOUBT_STRAY, block->line);
}

bool vtt_is(struct curb_str text)
{
	return curb_str_starts(text, "WEBVTT") &&
	       (text.len == 6 || (text.ptr[6] && strchr(" \t\n", text.ptr[6])));
}

void vtt_parse(struct captions_builder *builder, struct curb_str text)
{
	struct file file = { .builder = builder,
		             .lines = { .text = text },
		             .styles = curb_buf(2 * text.len + 64) };
	file.regions.items = file.region_items;
	struct block block;
	struct curb_str line;
	(void)lines_next(&file.lines, &line); /* the signature */
	collect(&file, true, &block);
	while (file.lines.offset < text.len && !builder->full) {
		collect(&file, false, &block);
		take_block(&file, &block);
	}
	if (file.styles.len)
		builder->set->styles = curb_dup(builder->arena, curb_buf_view(&file.styles));
	curb_buf_free(&file.styles);
}
