/* Which chapter a presence check is about is looked up once: when the next answer is due at its end. */
#include "curb/clock.h"
#include "curb/err.h"
#include "house.h"
#include "presence.h"

enum { EVERY_S = 1000, MEDIA_S = 2700 };

/* ---- a lesson of three chapters; the second has a question ---- */

static int read_count; /* how often its list of chapters was read */

static int unit(const struct content_api *self, struct curb_tx *tx, struct curb_str id,
                struct content_unit *ret_unit)
{
	(void)self;
	(void)tx;
	read_count++;
	*ret_unit = (struct content_unit){
		.id = curb_id_of(id),
		.nav = curb_str("[{\"level\":1,\"start_ms\":0},{\"level\":2,\"start_ms\":5000},"
		                "{\"level\":1,\"start_ms\":700000},{\"level\":1,\"start_ms\":1400000}]"),
	};
	return 0;
}

static int question(const struct content_api *self, struct curb_tx *tx, struct curb_str id, int64_t chapter,
                    struct content_question *ret_question)
{
	static const struct curb_str answers[] = { { "a", 1 }, { "b", 1 } };
	(void)self;
	(void)tx;
	(void)id;
	if (chapter != 2)
		return CURB_ENOTFOUND;
	*ret_question = (struct content_question){
		.text = curb_str("Second?"), .answers = answers, .count = 2, .right = 1
	};
	return 0;
}

static const struct content_api content = { .head = { sizeof content }, .unit = unit, .question = question };

/* ---- a beat ---- */

struct beating {
	struct house *house;
	struct span span;
	struct credit_check check; /* what the player is told */
	bool repeated;             /* nothing is counted, it is told again */
};

static int beat_fn(struct curb_tx *tx, void *arg)
{
	struct beating *b = arg;
	struct credit *c = &b->house->credit;
	struct curb_arena *arena = curb_tx_arena(tx);
	struct credit_play play = { .id = { "play" },
		                    .person = { "person-1" },
		                    .cohort = { "class-1" },
		                    .unit = { "unit-1" },
		                    .media_s = MEDIA_S,
		                    .presence_s = EVERY_S };
	struct presence presence;
	struct span before = { 0, b->span.from };
	const struct credit_beat beat = {
		.position_s = b->span.to, .played = &b->span, .played_count = 1, .now = { .wall_ms = 1000 }
	};
	if (b->span.from)
		play.credited = ranges_of(arena, &before, 1);
	struct ranges fresh = ranges_of(arena, &b->span, 1);
	struct count_after sums = { .granted_s = b->span.to - b->span.from,
		                    .credited = ranges_union(arena, &play.credited, &fresh) };
	int err = presence_begin(c, tx, &play, &presence);
	if (!err && !b->repeated)
		err = presence_hold(c, tx, &play, &beat, &presence, &sums);
	return err ? err : presence_tell(c, tx, EVERY_S, &presence, &play.unit, &b->check);
}

static struct credit_check beat(struct house *house, uint32_t from, uint32_t to, bool repeated)
{
	struct beating b = { .house = house, .span = { from, to }, .repeated = repeated };
	assert_int_equal(write_fn(&house->f, beat_fn, &b), 0);
	return b.check;
}

static void bug_beat__the_chapters_are_read_when_a_check_is_armed_and_not_at_each_beat(void **state)
{
	struct house *house = *state;
	house->credit.content = &content;
	read_count = 0;
	assert_int_equal(write_sql(&house->f, &credit_host,
	                           "INSERT INTO credit_cohort (id, programme, institution, total_c, share_m, "
	                           "hour_s, rate_m, starts_ms, ends_ms, opened_ms, opened_by) VALUES "
	                           "('class-1', 'p', 'i', 100, 400, 2700, 3000, 1, 2, 1, 's')",
	                           CURB_NO_BINDS),
	                 0);
	assert_int_equal(beat(house, 0, 500, false).question.count, 0);
	assert_int_equal(read_count, 0);
	struct credit_check armed = beat(house, 500, 1050, false);
	assert_int_equal(armed.from_s, 700);
	assert_int_equal(armed.question.count, 2);
	assert_int_equal(read_count, 1);
	for (uint32_t at = 1050; at < 1300; at += 50)
		assert_int_equal(beat(house, at, at + 50, false).question.count, 2);
	assert_int_equal(beat(house, 1250, 1300, true).question.count, 2);
	assert_int_equal(read_count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(
		bug_beat__the_chapters_are_read_when_a_check_is_armed_and_not_at_each_beat, house_setup,
		house_teardown) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
