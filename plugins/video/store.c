#include "curb/clock.h"
#include "video.h"

/* Where a person stopped in a unit that she watches outside any class. The row is credit's, in this write. */
struct place {
	const struct credit_api *credit;
	struct curb_id person, unit;
	int64_t position_s, now_ms;
};

static int keep(struct curb_tx *tx, void *arg)
{
	const struct place *place = arg;
	return place->credit->keep_place(place->credit, tx, &place->person, &place->unit, place->position_s,
	                                 place->now_ms);
}

int video_keep_place(struct video *v, struct curb_req *req, const struct curb_id *unit, int64_t position_s)
{
	struct place place = { v->delivery.credit, curb_req_user(req)->id, *unit, position_s,
		               curb_wall_ms() };
	return curb_write(req, curb_id_str(&place.person), keep, &place);
}
