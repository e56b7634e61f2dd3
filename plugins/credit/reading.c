/* Pages of documents: what she has open is a play of its own, and going on from it is its one beat. So time that is left over on a
 * page is not there for the next one, and what is told twice is one beat told twice. */
#include "reading.h"

#include "curb/cleanup.h"
#include "curb/err.h"
#include "points.h"

static bool is_same(const struct curb_id *a, const struct curb_id *b)
{
	return strcmp(a->text, b->text) == 0;
}

/* The page is open already, and nobody went on from it: loading it again takes no time from her. */
static int find_open(struct credit *c, struct curb_tx *tx, const struct credit_reading *reading,
                     int64_t now_ms, struct curb_id *ret_play)
{
	struct curb_id live;
	struct credit_play play;
	int err = credit_play_live(c, tx, &reading->part.person, &live);
	if (!err)
		err = credit_play_by_id(c, tx, curb_id_str(&live), now_ms, &play);
	if (err)
		return err;
	bool same = is_same(&play.unit, &reading->part.unit) && play.seqs.count == 0 &&
	            play.position_s == reading->part.from_s &&
	            (play.self ? curb_str_is(reading->cohort, POINTS_WORD) :
	                         curb_str_eq(curb_id_str(&play.cohort), reading->cohort));
	if (!same)
		return CURB_ENOTFOUND;
	*ret_play = play.id;
	return 0;
}

static int open_anew(struct credit *c, struct curb_tx *tx, const struct credit_reading *reading,
                     const struct credit_now *now, struct curb_id *ret_play)
{
	const struct credit_delivery *part = &reading->part;
	struct credit_play play;
	int err = credit_open_play(c, tx, &part->person, curb_id_str(&part->unit), reading->cohort, now,
	                           &play);
	if (err)
		return err;
	play.position_s = part->from_s;
	err = play.self ? credit_place_save(c, tx, &part->person, &part->unit, part->from_s, now->wall_ms) :
	                  credit_coverage_save(c, tx, &play, now->wall_ms);
	if (!err)
		*ret_play = play.id;
	return err;
}

int credit_check_played(struct credit *c, struct curb_tx *tx, struct curb_str unit_id)
{
	struct content_unit unit;
	int err = c->content->unit(c->content, tx, unit_id, &unit);
	if (!err && credit_player_of(c, unit.kind).paged)
		return curb_fail(CURB_EUNFIT,
		                 "This lesson is read page by page, and counts when you go on from a "
		                 "page of it: open it there");
	return err;
}

int credit_open_page(const struct credit_api *self, struct curb_tx *tx, const struct credit_reading *reading,
                     struct curb_id *ret_play)
{
	struct credit *c = CURB_CONTAINER_OF(self, struct credit, api);
	const struct credit_now now = credit_now();
	int err = self->delivered(self, tx, &reading->part);
	if (err)
		return err;
	err = find_open(c, tx, reading, now.wall_ms, ret_play);
	return err == CURB_ENOTFOUND ? open_anew(c, tx, reading, &now, ret_play) : err;
}

int credit_leave_page(const struct credit_api *self, struct curb_tx *tx, const struct credit_reading *reading,
                      struct curb_str play, struct credit_read *ret_read)
{
	const struct span span = { (uint32_t)reading->part.from_s, (uint32_t)reading->part.to_s };
	const struct credit_beat beat = { .play = play,
		                          .person = reading->part.person,
		                          .position_s = reading->part.to_s,
		                          .played = &span,
		                          .played_count = 1,
		                          .page = &reading->part.unit,
		                          .now = credit_now() };
	struct credit_answer answer;
	int err = credit_take_beat(CURB_CONTAINER_OF(self, struct credit, api), tx, &beat, &answer);
	if (!err)
		*ret_read = (struct credit_read){ answer.added_s, answer.reason };
	return err;
}
