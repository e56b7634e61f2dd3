#include "a11y/a11y_checks.h"
#include "unit_tracks.h"

/* Each answers whether the rule is broken; `ret_fact` is absent unless set. */
typedef bool (*broken_fn)(const struct unit_tracks *t, struct curb_str *ret_fact);

static bool no_captions(const struct unit_tracks *t, struct curb_str *ret_fact)
{
	(void)ret_fact;
	return t->is_video && t->sound && !t->captions;
}

static bool captions_language(const struct unit_tracks *t, struct curb_str *ret_fact)
{
	*ret_fact = t->caption_lang;
	return t->captions && t->course_lang.len && !t->captions_in_course_lang;
}

static bool no_transcript(const struct unit_tracks *t, struct curb_str *ret_fact)
{
	(void)ret_fact;
	return t->is_video && t->sound && t->captions && !t->transcript;
}

static bool no_description(const struct unit_tracks *t, struct curb_str *ret_fact)
{
	(void)ret_fact;
	return t->is_video && t->picture && t->sound && !t->description;
}

static bool picture_only(const struct unit_tracks *t, struct curb_str *ret_fact)
{
	(void)ret_fact;
	return t->is_video && t->picture && !t->sound && !t->text && !t->description;
}

static bool audio_only(const struct unit_tracks *t, struct curb_str *ret_fact)
{
	(void)ret_fact;
	return t->is_audio && t->sound && !t->text;
}

static const struct row {
	struct a11y_rule rule;
	broken_fn broken;
} rows[] = {
	{ { "a11y.no-captions", "1.2.2", "A" }, no_captions },
	{ { "a11y.captions-language", "1.2.2", "A" }, captions_language },
	{ { "a11y.picture-only", "1.2.1", "A" }, picture_only },
	{ { "a11y.audio-only", "1.2.1", "A" }, audio_only },
	{ { "a11y.no-description", "1.2.5", "AA" }, no_description },
	{ { "a11y.no-transcript", "1.2.8", "AAA" }, no_transcript },
};

enum { ROWS = sizeof rows / sizeof *rows };

const struct a11y_rule *a11y_rule(size_t i)
{
	return i < ROWS ? &rows[i].rule : NULL;
}

static void check_unit(const struct curb_value *package, const struct curb_value *unit, a11y_found_fn found,
                       void *arg)
{
	struct unit_tracks tracks = unit_tracks(package, unit);
	for (size_t i = 0; i < ROWS; i++) {
		struct curb_str fact = curb_str(NULL);
		if (rows[i].broken(&tracks, &fact))
			found(arg, rows[i].rule.code, curb_get_str(unit, "key"), curb_get_str(unit, "name"),
			      fact);
	}
}

void a11y_check_package(const struct curb_value *package, a11y_found_fn found, void *arg)
{
	const struct curb_value *units = curb_value_get(package, "units");
	if (curb_value_type(units) != CURB_ARRAY)
		return;
	for (size_t i = 0; i < curb_value_count(units); i++)
		check_unit(package, curb_value_at(units, i), found, arg);
}
