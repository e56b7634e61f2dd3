#include "unit_tracks.h"

/* The language without script, region and dialect: captions in zh serve a course in yue, both are read the same. */
static struct curb_str written(struct curb_str lang)
{
	static const char *const chinese[] = { "cmn", "yue", "wuu", "nan", "hak" };
	struct curb_str rest = lang, primary;
	if (!lang.ptr || !curb_str_cut(&rest, '-', &primary))
		return curb_str("");
	for (size_t i = 0; i < sizeof chinese / sizeof *chinese; i++) {
		if (curb_str_is_nocase(primary, chinese[i]))
			return curb_str("zh");
	}
	return primary;
}

static bool same_letters(struct curb_str a, struct curb_str b)
{
	bool same = a.len == b.len;
	for (size_t i = 0; same && i < a.len; i++)
		same = (a.ptr[i] | 0x20) == (b.ptr[i] | 0x20);
	return same;
}

static void take_captions(struct unit_tracks *t, struct curb_str lang)
{
	if (!t->captions)
		t->caption_lang = lang;
	t->captions = true;
	/* Without a language there is no telling; the captions' own check asks for it. */
	if (!lang.len || same_letters(written(lang), written(t->course_lang)))
		t->captions_in_course_lang = true;
}

static void take_track(struct unit_tracks *t, const struct curb_value *track)
{
	struct curb_str kind = curb_get_str(track, "kind");
	if (curb_str_is(kind, "video"))
		t->picture = true;
	else if (curb_str_is(kind, "audio"))
		t->sound = true;
	else if (curb_str_is(kind, "captions") || curb_str_is(kind, "subtitles"))
		take_captions(t, curb_get_str(track, "lang"));
	else if (curb_str_is(kind, "transcript"))
		t->transcript = true;
	else if (curb_str_is(kind, "descriptions") || curb_str_is(kind, "audio-description"))
		t->description = true;
}

struct unit_tracks unit_tracks(const struct curb_value *package, const struct curb_value *unit)
{
	struct unit_tracks t = { .course_lang = curb_get_str(package, "lang") };
	struct curb_str kind = curb_get_str(unit, "kind");
	const struct curb_value *tracks = curb_value_get(unit, "tracks");
	t.is_video = curb_str_is(kind, "video");
	t.is_audio = curb_str_is(kind, "audiobook");
	if (curb_value_type(tracks) == CURB_ARRAY) {
		for (size_t i = 0; i < curb_value_count(tracks); i++)
			take_track(&t, curb_value_at(tracks, i));
	}
	if (curb_value_type(curb_value_get(unit, "open_captions")) == CURB_OBJECT)
		take_captions(&t, t.course_lang);
	t.text = t.captions || t.transcript;
	return t;
}
