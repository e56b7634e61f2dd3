/* Which flat tracks a smaller form is made of. */
#include "cm.h"
#include "rendition.h"

static void rendition__a_flat_track_is_of_its_picture_and_sound_and_no_longer_than_these(void **unused)
{
	(void)unused;
	const struct content_track picture = { .position = 0, .size = 100 },
				   sound = { .position = 1, .size = 10 };
	const struct rendition_source both = { .picture = &picture, .sound = &sound },
				      mute = { .picture = &picture };
	const struct media_piece good[] = { { .track = 0, .length = 60 },
		                            { .track = 1, .length = 10 },
		                            { .track = 0, .length = 40 } };
	const struct media_piece other[] = { { .track = 0, .length = 60 },
		                             { .track = 1, .length = 10 },
		                             { .track = 2, .length = 1 } };
	const struct media_piece endless[] = { { .track = 1, .length = 10 },
		                               { .track = 0, .length = 60 },
		                               { .track = 0, .length = 60 } };
	const struct media_piece huge[] = { { .track = 1, .length = 10 },
		                            { .track = 0, .length = UINT64_MAX } };
	assert_true(rendition_of_both(&both, good, 3));
	assert_false(rendition_of_both(&both, good, 1)); /* the sound is missing */
	assert_false(rendition_of_both(&both, other, 3));
	assert_false(rendition_of_both(&both, endless, 3));
	assert_false(rendition_of_both(&both, huge, 2));
	assert_true(rendition_of_both(&mute, good, 1));
	assert_false(rendition_of_both(&mute, good, 2));
	assert_false(rendition_of_both(&mute, good, 0));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			rendition__a_flat_track_is_of_its_picture_and_sound_and_no_longer_than_these),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
