/* Classes, as other plugins know them, and what those have for the page of a class. */
#include "audit.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "pages.h"
#include "presence.h"

static struct credit *credit_of(const struct credit_api *self)
{
	return CURB_CONTAINER_OF(self, struct credit, api);
}

static struct credit_links *links_of(struct credit *c, const char *name)
{
	for (size_t i = 0; i < CREDIT_LINKS_MOST; i++)
		if (name ? c->links[i].name && strcmp(c->links[i].name, name) == 0 : !c->links[i].name)
			return &c->links[i];
	return NULL;
}

static int offer_links(const struct credit_api *self, const struct credit_links *links)
{
	struct credit *c = credit_of(self);
	CURB_LOCKED(lock, &c->links_lock);
	struct credit_links *room = links_of(c, NULL);
	if (!room || links_of(c, links->name))
		return curb_fail(CURB_EABI, "no room for the links of %s, or they are there", links->name);
	*room = *links;
	return 0;
}

static void withdraw_links(const struct credit_api *self, const char *name)
{
	struct credit *c = credit_of(self);
	CURB_LOCKED(lock, &c->links_lock);
	struct credit_links *there = links_of(c, name);
	if (there)
		*there = (struct credit_links){ 0 };
}

static int class_of(struct credit *c, struct curb_tx *tx, const struct credit_cohort *cohort,
                    struct credit_class *ret_class)
{
	static const char sql[] = "SELECT coalesce(sum(hours_c), 0) FROM credit_offline WHERE cohort = $1";
	int64_t offline_c = 0;
	int err = credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(&cohort->id)), &offline_c);
	if (!err)
		*ret_class = (struct credit_class){ .id = cohort->id,
			                            .institution = cohort->institution,
			                            .programme = cohort->programme,
			                            .total_c = cohort->total_c,
			                            .offline_c = offline_c,
			                            .hour_s = cohort->hour_s,
			                            .starts_ms = cohort->starts_ms,
			                            .ends_ms = cohort->ends_ms,
			                            .closes_ms = cohort->ends_ms + c->close_ms,
			                            .kind = cohort->kind };
	return err;
}

static int class_by_id(const struct credit_api *self, struct curb_tx *tx, struct curb_str id,
                       struct credit_class *ret_class)
{
	struct credit_cohort cohort;
	int err = credit_cohort_by_id(credit_of(self), tx, id, &cohort);
	return err ? err : class_of(credit_of(self), tx, &cohort, ret_class);
}

static int classes(struct credit *c, struct curb_tx *tx, const struct credit_cohort *cohorts, size_t n,
                   struct credit_class **ret_classes, size_t *ret_n)
{
	struct credit_class *made = curb_alloc_n(curb_tx_arena(tx), n + 1, sizeof *made);
	int err = 0;
	for (size_t i = 0; !err && i < n; i++)
		err = class_of(c, tx, &cohorts[i], &made[i]);
	*ret_classes = made;
	*ret_n = err ? 0 : n;
	return err;
}

static int classes_of(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *person,
                      struct credit_class **ret_classes, size_t *ret_n)
{
	struct credit *c = credit_of(self);
	struct credit_cohort *cohorts = NULL;
	size_t n = 0;
	int err = credit_cohorts_of_person(c, tx, person, &cohorts, &n);
	return err ? err : classes(c, tx, cohorts, n, ret_classes, ret_n);
}

static int classes_at(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *institution,
                      int64_t skip, int64_t most, struct credit_class **ret_classes, size_t *ret_n)
{
	const struct class_wanted wanted = { .institution = *institution, .most = most, .skip = skip };
	struct credit *c = credit_of(self);
	struct credit_cohort *cohorts = NULL;
	size_t n = 0;
	int err = credit_cohorts_in_state(c, tx, &wanted, &cohorts, &n);
	return err ? err : classes(c, tx, cohorts, n, ret_classes, ret_n);
}

static int part_of_roster(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *class_id,
                          const struct credit_part *part, struct credit_member **ret_members, size_t *ret_n,
                          int64_t *ret_total)
{
	struct credit_trainee *trainees = NULL;
	size_t n = 0;
	int err = credit_trainees(credit_of(self), tx, class_id, part, &trainees, &n, ret_total);
	if (err)
		return err;
	struct credit_member *made = curb_alloc_n(curb_tx_arena(tx), n + 1, sizeof *made);
	for (size_t i = 0; i < n; i++)
		made[i] = (struct credit_member){ trainees[i].person, trainees[i].shown };
	*ret_members = made;
	*ret_n = n;
	return 0;
}

static int members(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *class_id,
                   int64_t skip, int64_t most, struct credit_member **ret_members, size_t *ret_n,
                   int64_t *ret_total)
{
	const struct credit_part part = { .find = curb_str(""), .skip = skip, .most = most, .here = true };
	return part_of_roster(self, tx, class_id, &part, ret_members, ret_n, ret_total);
}

static int roster(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *class_id,
                  int64_t skip, int64_t most, struct credit_member **ret_members, size_t *ret_n,
                  int64_t *ret_total)
{
	const struct credit_part part = { .find = curb_str(""), .skip = skip, .most = most };
	return part_of_roster(self, tx, class_id, &part, ret_members, ret_n, ret_total);
}

static int member(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *class_id,
                  const struct curb_id *person)
{
	int64_t online_s = 0;
	return credit_online_s(credit_of(self), tx, class_id, person, &online_s);
}

/* ---- who reads without looking after a class ---- */

static bool is_looking(const struct credit_api *self, struct curb_req *req, const struct curb_id *institution)
{
	(void)self;
	return audit_is_looking(req, institution);
}

static struct curb_str masked(const struct credit_api *self, struct curb_req *req,
                              const struct curb_id *institution, struct curb_str shown)
{
	(void)self;
	return audit_name(req, institution, shown);
}

static int note_look(const struct credit_api *self, struct curb_req *req, const struct curb_id *person,
                     const struct credit_class *which)
{
	(void)self;
	const struct credit_cohort cohort = { .id = which->id, .institution = which->institution };
	return audit_note_look(req, person, &cohort);
}

static int rule(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *institution,
                struct curb_str kind, int64_t at_ms, const char *word, struct credit_rule *ret_rule)
{
	struct credit *c = credit_of(self);
	enum policy_field field = policy_field_of(word);
	struct policy policy;
	CURB_ASSERT(field < POLICY_FIELDS);
	int err = policy_at(c, tx, curb_id_str(institution), kind, count_day(at_ms, c->utc_offset_ms),
	                    &policy);
	if (err)
		return err;
	const struct policy_rule *from = policy.from[field];
	if (!from)
		return curb_fail(CURB_ENOTFOUND, "No rule has entered this figure here");
	*ret_rule = (struct credit_rule){ from->id, policy.value[field], from->title, from->number };
	return 0;
}

void credit_known(struct credit_api *api)
{
	api->offer_links = offer_links;
	api->withdraw_links = withdraw_links;
	api->class_by_id = class_by_id;
	api->classes_of = classes_of;
	api->members = members;
	api->member = member;
	api->is_looking = is_looking;
	api->masked = masked;
	api->note_look = note_look;
	api->rule = rule;
	api->classes_at = classes_at;
	api->roster = roster;
}

static void copy_links(struct credit *c, struct credit_links ret_links[static CREDIT_LINKS_MOST])
{
	CURB_LOCKED(lock, &c->links_lock);
	memcpy(ret_links, c->links, sizeof c->links);
}

int credit_may_go(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                  const struct curb_id *person)
{
	struct credit_links offered[CREDIT_LINKS_MOST];
	int err = presence_check_free(c, tx, person, curb_id_str(cohort));
	copy_links(c, offered);
	for (size_t i = 0; !err && i < CREDIT_LINKS_MOST; i++)
		if (offered[i].name && offered[i].may_go)
			err = offered[i].may_go(offered[i].self, tx, cohort, person);
	return err;
}

int credit_push_links(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      struct curb_value *links)
{
	struct credit_links offered[CREDIT_LINKS_MOST];
	struct credit_class class;
	int err = class_of(c, curb_req_tx(req), cohort, &class);
	copy_links(c, offered);
	for (size_t i = 0; !err && i < CREDIT_LINKS_MOST; i++)
		if (offered[i].name)
			err = offered[i].fill(offered[i].self, req, &class, links);
	return err;
}
