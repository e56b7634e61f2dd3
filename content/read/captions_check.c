#include "captions_inside.h"

/* Netflix Timed Text Style Guide, per language: characters a second and a line. Widths are in half-width columns where
 * `wide`, else in characters. */
struct pace {
	const char *lang;
	bool wide;
	int64_t a_second, a_line;
};

static const struct pace paces[] = {
	{ "zh", true, 18, 32 },
	{ "ja", true, 8, 26 },
	{ "ko", true, 24, 32 },
	{ "", false, 20, 42 },
};

enum { LINES_MAX = 2, SILENCE_MS = 60000, SLACK_MS = 500 };

static const struct pace *pace_of(struct curb_str lang)
{
	static const char *const chinese[] = { "cmn", "yue", "wuu", "nan" };
	struct curb_str primary, rest = lang;
	if (!lang.ptr || !curb_str_cut(&rest, '-', &primary))
		primary = curb_str("");
	for (size_t i = 0; i < sizeof chinese / sizeof *chinese; i++) {
		if (curb_str_is_nocase(primary, chinese[i]))
			return &paces[0];
	}
	const struct pace *pace = paces;
	while (*pace->lang && !curb_str_is_nocase(primary, pace->lang))
		pace++;
	return pace;
}

int64_t captions_line_most(struct curb_str lang, bool *ret_wide)
{
	const struct pace *pace = pace_of(lang);
	*ret_wide = pace->wide;
	return pace->a_line;
}

struct measure {
	bool wide;
	int64_t all, line, widest; /* columns, blanks not counted in `all` */
	uint32_t lines;
	bool replaced;
};

static void end_line(struct measure *m)
{
	m->widest = m->line > m->widest ? m->line : m->widest;
	m->lines += m->line > 0;
	m->line = 0;
}

static void measure_part(void *arg, struct curb_str speaker, struct curb_str text)
{
	(void)speaker;
	struct measure *m = arg;
	for (size_t i = 0; i < text.len;) {
		uint32_t c = curb_utf8_next(text, &i);
		int64_t width = m->wide && captions_wide(c) ? 2 : 1;
		m->replaced = m->replaced || c == 0xfffd;
		if (c == '\n') {
			end_line(m);
			continue;
		}
		m->line += width;
		m->all += c == ' ' || c == '\t' ? 0 : width;
	}
	end_line(m);
}

static void check_text(struct captions_tally *tally, const struct caption_cue *cue, const struct pace *pace)
{
	struct measure m = { .wide = pace->wide };
	captions_said(cue->text, measure_part, &m);
	int64_t length = cue->end_ms - cue->start_ms;
	if (!m.all)
		tally_add(tally, DOUBT_BLANK, cue->line);
	if (m.replaced)
		tally_add(tally, DOUBT_REPLACED, cue->line);
	if (m.lines > LINES_MAX)
		tally_add(tally, DOUBT_LINES, cue->line);
	if (m.widest > pace->a_line)
		tally_add(tally, DOUBT_WIDE, cue->line);
	if (length > 0 && m.all * 1000 > pace->a_second * length)
		tally_add(tally, DOUBT_FAST, cue->line);
}

static void check_times(struct captions_tally *tally, const struct caption_set *set, size_t i,
                        int64_t last_end, int64_t media_ms)
{
	const struct caption_cue *cue = &set->cues[i], *before = i ? cue - 1 : NULL;
	if (cue->end_ms <= cue->start_ms)
		tally_add(tally, DOUBT_BACKWARDS, cue->line);
	if (before && cue->start_ms < before->start_ms)
		tally_add(tally, DOUBT_ORDER, cue->line);
	else if (cue->start_ms < last_end)
		tally_add(tally, DOUBT_OVERLAP, cue->line);
	if (cue->start_ms - last_end >= SILENCE_MS)
		tally_add(tally, DOUBT_GAP, cue->line);
	if (media_ms > 0 && (cue->start_ms >= media_ms || cue->end_ms > media_ms + SLACK_MS))
		tally_add(tally, DOUBT_BEYOND, cue->line);
}

void captions_check(const struct caption_set *set, struct curb_str lang, int64_t media_ms,
                    const struct caption_report *report)
{
	struct captions_tally tally = { 0 };
	const struct pace *pace = pace_of(lang);
	int64_t last_end = 0;
	uint32_t last_line = 1;
	for (size_t i = 0; i < set->count; i++) {
		const struct caption_cue *cue = &set->cues[i];
		check_times(&tally, set, i, last_end, media_ms);
		check_text(&tally, cue, pace);
		if (cue->end_ms > last_end)
			last_end = cue->end_ms;
		last_line = cue->line;
	}
	if (media_ms > 0 && media_ms - last_end >= SILENCE_MS)
		tally_add(&tally, DOUBT_GAP, last_line);
	tally_report(&tally, report);
	if (!lang.len)
		captions_tell(report, "captions.lang", 1, curb_str(NULL), curb_str(NULL));
}
