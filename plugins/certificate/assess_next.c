/* Who comes next when the results of a whole class are entered, or countersigned, one after the other. */
#include "certificate.h"

enum { ROSTER_MOST = 1000 };

static bool is_among(const struct curb_id *persons, size_t n, const struct curb_id *person)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(persons[i].text, person->text) == 0)
			return true;
	return false;
}

int assess_next_without(struct curb_req *req, struct certificate *c, const struct curb_id *cohort,
                        const struct curb_id *person, struct curb_id *ret_next)
{
	struct curb_tx *tx = curb_req_tx(req);
	struct curb_id *have = NULL, first = { "" };
	struct credit_member *members = NULL;
	size_t have_n = 0, n = 0;
	int64_t total = 0;
	bool behind = false;
	int err = sittings_persons(c, tx, cohort, &have, &have_n);
	if (!err)
		err = c->credit->members(c->credit, tx, cohort, 0, ROSTER_MOST, &members, &n, &total);
	for (size_t i = 0; !err && i < n; i++) {
		const struct curb_id *one = &members[i].person;
		if (strcmp(one->text, person->text) == 0) {
			behind = true;
			continue;
		}
		if (is_among(have, have_n, one) || strcmp(one->text, curb_req_user(req)->id.text) == 0)
			continue;
		if (behind) {
			*ret_next = *one;
			return 0;
		}
		if (!curb_id_some(&first))
			first = *one;
	}
	*ret_next = first;
	return err;
}

int assess_next_waiting(struct curb_req *req, struct certificate *c, const struct curb_id *cohort,
                        struct curb_id *ret_next)
{
	struct curb_id *persons = NULL;
	size_t n = 0;
	int err = sittings_persons_waiting(c, curb_req_tx(req), cohort, &curb_req_user(req)->id, &persons,
	                                   &n);
	*ret_next = n ? persons[0] : (struct curb_id){ "" };
	return err;
}
