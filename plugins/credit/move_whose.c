/* To whom a person belongs, and what can be asked for about her outside any class. */
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "move.h"

int move_institution_of(struct curb_req *req, struct credit *c, const struct curb_id *person,
                        struct curb_id *ret_institution)
{
	struct credit_cohort *cohorts = NULL;
	struct curb_str place;
	struct curb_place found;
	size_t n = 0;
	int err = credit_cohorts_of_person(c, curb_req_tx(req), person, &cohorts, &n);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++)
		if (curb_may(req, MOVE_ASKERS, &cohorts[i].institution)) {
			*ret_institution = cohorts[i].institution;
			return 0;
		}
	err = curb_person_place(curb_req_tx(req), person, CURB_LEARNER, curb_wall_ms(), &place);
	if (!err && place.len)
		err = curb_place_find(curb_req_tx(req), place, &found);
	if (!err && place.len && found.institution) {
		*ret_institution = curb_id_of(place);
		return 0;
	}
	if (err && err != CURB_ENOTFOUND)
		return err;
	if (n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such trainee in your classes");
	*ret_institution = cohorts[0].institution;
	return 0;
}

int credit_study_links(const struct curb_study *self, struct curb_req *req, const struct curb_id *person,
                       struct curb_value *links)
{
	struct credit *c = CURB_CONTAINER_OF(self, struct credit, study);
	const struct curb_id nowhere = { "" };
	struct curb_id institution;
	struct curb_user user;
	struct move *moves = NULL;
	size_t n = 0;
	int err = move_institution_of(req, c, person, &institution);
	if (err == CURB_ENOTFOUND || (!err && !curb_may(req, MOVE_ASKERS, &institution)))
		return 0;
	if (!err)
		err = curb_person_find(curb_req_tx(req), curb_id_str(person), curb_wall_ms(), &user);
	if (!err)
		err = moves_of(c, curb_req_tx(req), person, &moves, &n);
	for (int i = 0; !err && i < MOVE_KINDS; i++)
		if (!move_of_class((enum move_kind)i))
			move_push_link(req, moves, n, (enum move_kind)i, person, &nowhere,
			               (user.roles & CURB_LEARNER) != 0 && i != MOVE_KEEP, links);
	return err;
}
