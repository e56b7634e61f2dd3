/* What the page about a person shows of her classes: one card each, with the hours as the record counts them. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/words.h"
#include "pages.h"

static struct curb_value *class_card(struct curb_req *req, struct credit *c,
                                     const struct credit_cohort *cohort, const struct curb_id *person,
                                     int64_t online_s)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *facts = curb_array(arena),
			  *values = curb_object(arena);
	int64_t cap_s = count_cap_s(count_hours_s(cohort->total_c, cohort->hour_s), cohort->share_m);
	curb_put_str(card, "title", cohort->programme);
	curb_put_text(card, "href",
	              curb_printf(arena, "/classes/%s/trainees/%s", cohort->id.text, person->text));
	curb_push(facts, curb_string(arena, credit_words_days(req, c, cohort)));
	curb_put_str(values, "earned", curb_words_hours(req, online_s * 100 / cohort->hour_s));
	curb_put_str(values, "total", curb_words_hours(req, cohort->total_c));
	curb_put_str(values, "cap", curb_words_hours(req, cap_s * 100 / cohort->hour_s));
	curb_push(facts, curb_string(arena, curb_tr(req,
	                                            "{earned} of {total} class hours, of which at most {cap} "
	                                            "online",
	                                            values)));
	curb_put(card, "facts", facts);
	curb_put_bool(card, "deep", true);
	return card;
}

int credit_study_classes(const struct curb_study *self, struct curb_req *req, const struct curb_id *person,
                         struct curb_value **ret_cards)
{
	struct credit *c = CURB_CONTAINER_OF(self, struct credit, study);
	struct curb_value *cards = curb_array(curb_req_arena(req));
	struct credit_cohort *cohorts = NULL;
	size_t n = 0;
	int err = credit_classes_seen(req, c, person, &cohorts, &n);
	for (size_t i = 0; !err && i < n; i++) {
		int64_t online_s = 0;
		err = credit_online_s(c, curb_req_tx(req), &cohorts[i].id, person, &online_s);
		if (!err)
			curb_push(cards, class_card(req, c, &cohorts[i], person, online_s));
	}
	if (!err)
		*ret_cards = cards;
	return err;
}
