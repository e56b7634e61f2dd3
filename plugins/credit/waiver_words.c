/* Exceptions in words, for pages and for a trainee's own record. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "waiver.h"

struct curb_str waiver_state_words(struct curb_req *req, enum waiver_state state)
{
	switch (state) {
	case WAIVER_ASKED: return curb_tr(req, "waits for a decision", NULL);
	case WAIVER_GRANTED: return curb_tr(req, "granted, in force", NULL);
	case WAIVER_REFUSED: return curb_tr(req, "refused", NULL);
	case WAIVER_ENDED: break;
	}
	return curb_tr(req, "granted, ended", NULL);
}

static struct curb_str last_day(struct curb_req *req, const struct credit *c, const struct waiver *waiver)
{
	return curb_words_day(req, count_day(waiver->until_ms - 1, c->utc_offset_ms));
}

struct curb_str waiver_extent_words(struct curb_req *req, const struct credit *c, const struct waiver *waiver)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "share", policy_figure_words(req, POLICY_SHARE, waiver->share_m));
	curb_put_str(values, "day", last_day(req, c, waiver));
	return curb_tr(req, "{share}, until {day}", values);
}

struct curb_str waiver_for_words(struct curb_req *req, const struct waiver *waiver)
{
	struct curb_user user;
	if (!curb_id_some(&waiver->person))
		return curb_tr(req, "The whole class", NULL);
	if (curb_person_find(curb_req_tx(req), curb_id_str(&waiver->person), curb_wall_ms(), &user))
		return curb_tr(req, "A trainee whose account is closed", NULL);
	return user.name;
}

/* ---- a trainee's own ---- */

/* Those of her and of her class that were granted. */
static int granted(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                   const struct curb_id *person, struct waiver **ret_waivers, size_t *ret_n)
{
	struct waiver *all = NULL;
	size_t n = 0, kept = 0;
	int err = waivers_of(c, curb_req_tx(req), &cohort->id, curb_wall_ms(), &all, &n);
	for (size_t i = 0; !err && i < n; i++) {
		bool hers = !curb_id_some(&all[i].person) || strcmp(all[i].person.text, person->text) == 0;
		if (hers && (all[i].state == WAIVER_GRANTED || all[i].state == WAIVER_ENDED))
			all[kept++] = all[i];
	}
	*ret_waivers = all;
	*ret_n = kept;
	return err;
}

static int64_t cap_of(const struct credit_cohort *cohort, const struct waiver *waiver)
{
	return count_cap_s(count_hours_s(cohort->total_c, cohort->hour_s), waiver->share_m, cohort->basis);
}

static void push_paper(struct curb_req *req, const struct waiver *waiver, const struct curb_value *values,
                       struct curb_value *papers)
{
	struct curb_value *paper = curb_object(curb_req_arena(req));
	curb_put_text(paper, "href",
	              curb_printf(curb_req_arena(req), "/waivers/%s/document", waiver->id.text));
	curb_put_str(paper, "label", curb_tr(req, "Fetch the document {document}", values));
	curb_push(papers, paper);
}

int waiver_push_facts(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      const struct curb_id *person, struct curb_value *facts, struct curb_value *papers)
{
	struct waiver *waivers = NULL;
	size_t n = 0;
	int err = granted(req, c, cohort, person, &waivers, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *values = curb_object(curb_req_arena(req));
		curb_put_str(values, "cap", credit_words_hours(req, cohort, cap_of(cohort, &waivers[i])));
		curb_put_str(values, "day", last_day(req, c, &waivers[i]));
		curb_put_str(values, "document", waivers[i].document);
		curb_push(
			facts,
			curb_string(curb_req_arena(req),
		                    waivers[i].state == WAIVER_GRANTED ?
		                            curb_tr(req,
		                                    "Approved: your online hours may go up to {cap}, until "
		                                    "{day}. Document: {document}",
		                                    values) :
		                            curb_tr(req,
		                                    "Your online hours were allowed to go up to {cap}; that "
		                                    "ended on {day}. What was counted stays. Document: "
		                                    "{document}",
		                                    values)));
		if (waivers[i].paper)
			push_paper(req, &waivers[i], values, papers);
	}
	return err;
}

int waiver_put_json(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                    const struct curb_id *person, struct curb_json *j)
{
	struct waiver *waivers = NULL;
	size_t n = 0;
	int err = granted(req, c, cohort, person, &waivers, &n);
	for (size_t i = 0; !err && i < n; i++) {
		curb_json_begin(j, '{');
		curb_json_ktext(j, "id", waivers[i].id.text);
		curb_json_key(j, "share");
		curb_json_milli(j, waivers[i].share_m);
		curb_json_kint(j, "cap_s", cap_of(cohort, &waivers[i]));
		curb_json_kint(j, "from", waivers[i].from_ms);
		curb_json_kint(j, "until", waivers[i].until_ms);
		curb_json_kbool(j, "in_force", waivers[i].state == WAIVER_GRANTED);
		curb_json_kstr(j, "document", waivers[i].document);
		curb_json_end(j, '}');
	}
	return err;
}
