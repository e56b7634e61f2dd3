#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "captions.h"

static void must(bool held)
{
	if (!held)
		abort();
}

/* The only arrows in a file of ours are those of its cues. */
static void count_arrows(struct curb_str text, size_t cues)
{
	size_t n = 0;
	for (size_t i = 0; i + 3 <= text.len; i++)
		n += memcmp(text.ptr + i, "-->", 3) == 0;
	must(n == cues);
}

/* What we write we read as the same cues, with nothing left to mend. */
static void write_and_read(struct curb_arena *arena, const struct caption_set *set)
{
	struct curb_buf first = curb_buf(CAPTIONS_OUT_MAX), second = curb_buf(CAPTIONS_OUT_MAX);
	struct caption_set again = { 0 };
	captions_write_vtt(set, &first);
	must(!first.failed);
	if (set->count) {
		count_arrows(curb_buf_view(&first), set->count);
		must(captions_parse(arena, curb_buf_view(&first), NULL, &again));
		must(again.count == set->count);
		captions_write_vtt(&again, &second);
		must(curb_str_eq(curb_buf_view(&first), curb_buf_view(&second)));
	}
	curb_buf_free(&first);
	curb_buf_free(&second);
}

static void use(struct curb_arena *arena, struct curb_str text)
{
	struct caption_set set = { 0 };
	if (!captions_parse(arena, text, NULL, &set))
		return;
	captions_check(&set, curb_str("zh"), 60000, NULL);
	write_and_read(arena, &set);
	captions_fit(&set, -500, 60000);
	write_and_read(arena, &set);
	captions_mend(arena, &set,
	              &(struct captions_mends){ .shift_ms = 700, .split = true, .overlaps = true },
	              curb_str("zh"), 60000);
	write_and_read(arena, &set);
	struct curb_buf out = curb_buf(CAPTIONS_OUT_MAX);
	captions_write_text(&set, &out);
	must(!out.failed && curb_utf8_valid(curb_buf_view(&out)));
	curb_buf_clear(&out);
	captions_write_transcript_json(&set, &out);
	must(!out.failed && curb_utf8_valid(curb_buf_view(&out)));
	curb_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct curb_str raw = curb_str_n(size ? (const char *)bytes : "", size), text = raw;
	struct curb_arena *arena = curb_arena_new(4 * (size_t)CAPTIONS_ARENA_MAX);
	/* Opening converters takes longer than all the rest. */
	struct caption_charsets *charsets = curb_utf8_valid(raw) ? NULL : captions_charsets_open();
	const char *encoding = NULL;
	(void)captions_decode(arena, charsets, raw, NULL, &text, &encoding);
	use(arena, text);
	(void)captions_lang_of_name(raw);
	struct caption_cue cue = { 0 };
	captions_cue_of_srt(arena, raw, &cue);
	captions_charsets_free(charsets);
	curb_arena_free(arena);
	return 0;
}
