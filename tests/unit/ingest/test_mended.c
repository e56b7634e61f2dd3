/* Taking tracks out of a lesson: what flat forms name by its place stays where it is. */
#include <stdio.h>

#include "cm.h"
#include "inside.h"

/* Tracks by their kinds: f one that names those in front of it, each other letter one that names none. */
static struct curb_value *unit_of(struct curb_arena *arena, const char *tracks)
{
	struct curb_value *unit = curb_object(arena), *list = curb_array(arena);
	for (const char *kind = tracks; *kind; kind++) {
		struct curb_value *track = curb_object(arena);
		curb_put_text(track, "kind", *kind == 'f' ? "flat" : "captions");
		curb_put_str(track, "lang", curb_str_n(kind, 1));
		curb_push(list, track);
	}
	curb_put(unit, "tracks", list);
	return unit;
}

static void takes_out(const char *tracks, size_t at, size_t count, const char *left)
{
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_value *unit = unit_of(arena, tracks);
	char found[32] = "";
	assert_true(mended_can_take_out(unit, at));
	mended_take_out(unit, at, count);
	const struct curb_value *list = curb_value_get(unit, "tracks");
	for (size_t i = 0; i < curb_value_count(list); i++)
		found[i] = curb_get_str(curb_value_at(list, i), "lang").ptr[0];
	assert_string_equal(found, left);
	curb_arena_free(arena);
}

static void mended__what_is_behind_all_flat_tracks_can_go(void **unused)
{
	(void)unused;
	takes_out("psfct", 3, 2, "psf");
	takes_out("psfctab", 3, 2, "psfab");
	takes_out("psfcta", 5, 1, "psfct");
	takes_out("c", 0, 1, "");
}

static void mended__what_a_flat_track_may_name_stays(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	assert_false(mended_can_take_out(unit_of(arena, "cpsf"), 0));
	assert_false(mended_can_take_out(unit_of(arena, "sfcsf"), 2));
	curb_arena_free(arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(mended__what_is_behind_all_flat_tracks_can_go),
		cmocka_unit_test(mended__what_a_flat_track_may_name_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
