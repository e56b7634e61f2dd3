/* The inside of the caption parsers: lines, doubts, cue text as events.
 * The rule: every parser ends in builder_add; nothing else makes cue text or settings.
 */
#ifndef CONTENT_CAPTIONS_INSIDE_H
#define CONTENT_CAPTIONS_INSIDE_H

#include "captions.h"

/* ---- doubts: counted while parsing, told once each with the first lines where they are ---- */
#define CAPTIONS_DOUBTS(X)                     \
	X(TIME, "captions.time")               \
	X(TIME_FORM, "captions.time-form")     \
	X(STRAY, "captions.stray")             \
	X(INNER_BLANK, "captions.inner-blank") \
	X(INNER_TIME, "captions.inner-time")   \
	X(MARKUP, "captions.markup")           \
	X(SETTING, "captions.setting")         \
	X(STYLE, "captions.style")             \
	X(BACKWARDS, "captions.backwards")     \
	X(OVERLAP, "captions.overlap")         \
	X(ORDER, "captions.order")             \
	X(BEYOND, "captions.beyond")           \
	X(FAST, "captions.fast")               \
	X(WIDE, "captions.wide")               \
	X(LINES, "captions.lines")             \
	X(BLANK, "captions.blank")             \
	X(REPLACED, "captions.replaced")       \
	X(GAP, "captions.gap")

enum captions_doubt {
#define X(name, code) DOUBT_##name,
	CAPTIONS_DOUBTS(X)
#undef X
		CAPTIONS_DOUBT_COUNT
};

enum { TALLY_LINES = 5 };

struct captions_tally {
	uint32_t count[CAPTIONS_DOUBT_COUNT];
	uint32_t lines[CAPTIONS_DOUBT_COUNT][TALLY_LINES];
};

void tally_add(struct captions_tally *tally, enum captions_doubt doubt, uint32_t line);
/* One report a doubt that occurred: line = the first, a = how many, b = the first lines. */
void tally_report(const struct captions_tally *tally, const struct caption_report *report);
void captions_tell(const struct caption_report *report, const char *code, uint32_t line, struct curb_str a,
                   struct curb_str b);

/* ---- lines: LF is the only end of line here; copying the struct remembers a place ---- */
struct captions_lines {
	struct curb_str text;
	size_t offset;
	uint32_t number; /* of the line given last, from 1 */
};

bool lines_next(struct captions_lines *lines, struct curb_str *ret_line);
bool captions_has_arrow(struct curb_str line);

/* ---- cue text of WebVTT (section 6.4) as events; a tree in the order of its text ---- */
enum vtt_tag { VTT_C, VTT_I, VTT_B, VTT_U, VTT_RUBY, VTT_RT, VTT_V, VTT_LANG };
enum vtt_kind { VTT_TEXT, VTT_OPEN, VTT_CLOSE, VTT_TIME };
enum { VTT_DEPTH_MAX = 32 };

struct vtt_event {
	enum vtt_kind kind;
	enum vtt_tag tag;        /* OPEN, CLOSE */
	struct curb_str text;    /* TEXT: decoded; OPEN: the annotation, decoded. Lives during the call */
	struct curb_str classes; /* OPEN: ".a.b" as written */
	int64_t time_ms;         /* TIME */
	size_t depth;            /* elements around it */
};

typedef void (*vtt_event_fn)(void *arg, const struct vtt_event *event);

/* Walks one cue text. Every OPEN gets its CLOSE. False when something in it had to be mended or left out. */
bool vtt_walk(struct curb_str cue_text, vtt_event_fn event, void *arg);
const char *vtt_tag_name(enum vtt_tag tag);

/* A character reference behind '&' at `offset`: appends what it stands for, returns its length without the '&', or 0. */
size_t vtt_reference(struct curb_str text, size_t offset, struct curb_buf *out);
/* Appends a code point in UTF-8. */
void captions_put_point(struct curb_buf *out, uint32_t point);
/* The code point that a byte from 0x80 to 0x9f stands for in Windows-1252. */
uint32_t vtt_windows_point(uint32_t byte);

/* WebVTT timestamp at `*offset`, moved behind it. */
bool vtt_timestamp(struct curb_str text, size_t *offset, int64_t *ret_ms);

/* ---- cue settings and regions (sections 6.2 and 6.3) ---- */
struct vtt_region {
	struct curb_str id, width, lines, regionanchor, viewportanchor,
		scroll; /* checked; absent: not given */
};

struct vtt_regions {
	struct vtt_region *items;
	size_t count;
};

void vtt_region_parse(struct curb_str block, struct vtt_region *ret_region);
/* Appends the settings of `text` that hold, in one order. False when one was left out. */
bool vtt_settings(struct curb_str text, const struct vtt_regions *regions, struct curb_buf *out);

/* One event of ASS: fills text and settings. *ret_left_out: something in it has no place in WebVTT. */
void ass_cue(struct curb_arena *arena, struct curb_str name, struct curb_str text, struct caption_cue *cue,
             bool *ret_left_out);

/* ---- building a set ---- */
struct captions_builder {
	struct curb_arena *arena;
	struct caption_set *set;
	size_t cap;
	bool full; /* a cue more than CAPTIONS_CUES_MAX came */
	struct captions_tally tally;
	struct curb_buf out; /* scratch */
};

/* Takes the cue's times, line, id and settings as they are, its text as WebVTT to be made well-formed. */
void builder_add(struct captions_builder *builder, const struct caption_cue *cue);
/* The most columns that a line should have in this language; *ret_wide: Han and the like take two of them. */
int64_t captions_line_most(struct curb_str lang, bool *ret_wide);
/* The same with the text of a cue that was added before: one text, however many times it comes. */
void builder_repeat(struct captions_builder *builder, const struct caption_cue *cue, struct curb_str clean);
/* By start, then as they stand in the file. */
void captions_sort(struct caption_set *set);
/* Cue text of WebVTT, well-formed and escaped, no empty line in it. Appends; false when it was mended. */
bool captions_clean(struct curb_str cue_text, struct curb_buf *out, bool *ret_inner_times);
/* SRT markup to cue text of WebVTT and settings (out of {\anN}). Appends to both; false when something was left out. */
bool srt_markup(struct curb_str text, struct curb_buf *out, struct curb_buf *settings);

bool vtt_is(struct curb_str text);
void vtt_parse(struct captions_builder *builder, struct curb_str text);
void srt_parse(struct captions_builder *builder, struct curb_str text);
bool ass_is(struct curb_str text);
void ass_parse(struct captions_builder *builder, struct curb_str text);
bool ttml_is(struct curb_str text);
void ttml_parse(struct captions_builder *builder, struct curb_str text);
bool sbv_is(struct curb_str text);
void sbv_parse(struct captions_builder *builder, struct curb_str text);
bool lrc_is(struct curb_str text);
void lrc_parse(struct captions_builder *builder, struct curb_str text);

/* ---- plain text of a cue, by speaker ---- */
typedef void (*captions_said_fn)(void *arg, struct curb_str speaker, struct curb_str text);
/* Each part said by one voice (speaker absent: not named); line ends are kept as LF. Strings live during the call. */
void captions_said(struct curb_str cue_text, captions_said_fn said, void *arg);
/* One line: blanks and line ends become one blank, none between two wide characters. Appends. */
void captions_join(struct curb_str text, struct curb_buf *out);
/* Han, kana, hangul, full-width forms. */
bool captions_wide(uint32_t point);

#endif
