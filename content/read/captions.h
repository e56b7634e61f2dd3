/* Captions: SRT, WebVTT, ASS, TTML, SBV and LRC in any encoding we know, to cues, to clean WebVTT. Pure: bytes in, cues and findings out.
 * The rule: own parsers, because libav's lose cues and escape badly.
 */
#ifndef CONTENT_CAPTIONS_H
#define CONTENT_CAPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/buf.h"
#include "curb/str.h"

enum {
	CAPTIONS_BYTES_MAX = 4 << 20, /* of a file; more is refused ("captions.too-big") */
	CAPTIONS_CUES_MAX = 20000,    /* of a file; more is refused ("captions.too-many") */
	CAPTIONS_ARENA_MAX =
		96 << 20, /* an arena of this size, fresh for each file, holds what any may become */
	CAPTIONS_OUT_MAX = 64 << 20 /* and a buffer of this size any of the three files written below */
};

struct caption_cue {
	int64_t start_ms, end_ms;
	struct curb_str id;       /* WebVTT cue identifier; may be absent */
	struct curb_str settings; /* WebVTT cue settings, checked; may be absent */
	struct curb_str text; /* WebVTT cue payload: escaped, tags <i> <b> <u> <c> <v> <lang> <ruby> only */
	uint32_t line;        /* of the source, from 1 */
};

struct caption_set {
	struct caption_cue *cues;
	size_t count;
	const char *encoding;   /* "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "BIG5"; static */
	const char *format;     /* "srt", "vtt", "ass", "ttml", "sbv", "lrc" */
	struct curb_str styles; /* STYLE and REGION blocks of WebVTT as they are; may be absent */
};

/* Called for each kind of doubt or refusal, once: code of finding_codes.h, the first source line, a: how many cues,
 * b: the first lines, "3, 17, 40". Refusals ("captions.encoding", "captions.empty", "captions.too-…") have facts of
 * their own, told beside them in the table. */
struct caption_report {
	void (*found)(void *arg, const char *code, uint32_t line, struct curb_str a, struct curb_str b);
	void *arg;
};

/* Converters for other encodings, opened before seccomp closes; yours: captions_charsets_free. */
struct caption_charsets;
struct caption_charsets *captions_charsets_open(void);
void captions_charsets_free(struct caption_charsets *charsets);

/* Text of unknown encoding to UTF-8 (design section 8): BOM, NUL pattern, strict UTF-8, with five cues or more uchardet between
 * GB18030 and Big5, strict GB18030; else refused ("captions.encoding"). Arena, or
 * the bytes themselves. Broken bytes behind a BOM of UTF-8 are left for captions_parse, which makes them U+FFFD. */
bool captions_decode(struct curb_arena *arena, struct caption_charsets *charsets, struct curb_str bytes,
                     const struct caption_report *report, struct curb_str *ret_text,
                     const char **ret_encoding);

/* Text in Big5, or in GB18030 and what is part of it (GBK, GB2312), to UTF-8. False: a byte does not belong to it, or `out` is
 * full. */
bool captions_convert(struct caption_charsets *charsets, bool big5, struct curb_str bytes,
                      struct curb_buf *out);

/* Parses by content, whatever the name (SRT when it looks like none of the others). False when nothing could be read; findings say why. */
bool captions_parse(struct curb_arena *arena, struct curb_str text, const struct caption_report *report,
                    struct caption_set *ret_set);

/* Order, overlap, backwards times, beyond `media_ms` (0: unknown), reading speed (zh 9 characters/s and 16 a line, en 20 and
 * 42), two lines, empty cues, U+FFFD, a minute and more without a cue. Drops nothing. */
void captions_check(const struct caption_set *set, struct curb_str lang, int64_t media_ms,
                    const struct caption_report *report);

/* Moves all cues by `shift_ms`, sorts by start, clips to [0, media_ms] (0: no end) and leaves out what lies outside. A cue
 * that ends before it starts is shown as long as it takes to read, at most to the next one. */
void captions_fit(struct caption_set *set, int64_t shift_ms, int64_t media_ms);

/* Quick mends for who has no caption editor. */
struct captions_mends {
	int64_t shift_ms; /* added to all times; what falls before 0 or behind the recording is cut or left out */
	bool split; /* long lines are broken evenly, and a caption of more than two lines becomes several, one behind the other */
	bool overlaps; /* a caption ends where the next begins, unless it would be gone at once or has a place of its own */
};
/* As captions_fit, and the mends asked for, by the widths of `lang`. `line` of each cue stays that of the cue it was made
 * of. Texts: arena. At most CAPTIONS_CUES_MAX cues come of it; what would be more stays whole. */
void captions_mend(struct curb_arena *arena, struct caption_set *set, const struct captions_mends *mends,
                   struct curb_str lang, int64_t media_ms);

/* Writes a WebVTT file (W3C WebVTT, section 4.1). Cues come from captions_parse or captions_cue_of_srt. */
void captions_write_vtt(const struct caption_set *set, struct curb_buf *out);

/* The words alone, for reading: a paragraph ends at a pause of over 2 s and where another voice speaks. For sets that
 * captions_fit has sorted. */
void captions_write_text(const struct caption_set *set, struct curb_buf *out);

/* The same words with their times, one item a cue and voice: [{"start_ms","end_ms","text"}]. A voice that changes is
 * named in the text, "Wang: …". The server shows transcripts from this file and never parses captions itself: the
 * worker sends it beside each caption track, as a track of kind "transcript", type "application/json", same lang. */
void captions_write_transcript_json(const struct caption_set *set, struct curb_buf *out);

/* For subtitles that lie in media as packets of SubRip text: fills text and settings of `cue`. Text that is not UTF-8 gets
 * U+FFFD. Arena. */
void captions_cue_of_srt(struct curb_arena *arena, struct curb_str text, struct caption_cue *cue);

/* Language of a name like lesson1.zh-CN.srt: "zh-CN" (the shape of BCP 47; "chs" and "cht" are zh-Hans and zh-Hant), or
 * absent. Lives as long as `name`. */
struct curb_str captions_lang_of_name(struct curb_str name);

#endif
