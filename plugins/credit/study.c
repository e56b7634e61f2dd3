/* What the page about a person shows of her classes: one card each, with the hours as the record counts them. */
#include "audit.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/words.h"
#include "pages.h"

static struct curb_value *class_card(struct curb_req *req, struct credit *c,
                                     const struct credit_cohort *cohort, const struct curb_id *person,
                                     const struct credit_earned *earned)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *facts = curb_array(arena),
			  *values = curb_object(arena);
	curb_put_str(card, "title", cohort->programme);
	curb_put_text(card, "href",
	              curb_printf(arena, "/classes/%s/trainees/%s", cohort->id.text, person->text));
	curb_push(facts, curb_string(arena, credit_words_days(req, c, cohort)));
	curb_put_str(values, "earned", credit_words_hours(req, cohort, earned->sum_s));
	curb_put_str(values, "total", curb_words_hours(req, cohort->total_c));
	curb_put_str(values, "cap", credit_words_hours(req, cohort, earned->cap_s));
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
		struct credit_earned earned;
		err = audit_note_look(req, person, &cohorts[i]);
		if (!err)
			err = credit_earned_of(c, curb_req_tx(req), &cohorts[i], person, &earned);
		if (!err)
			curb_push(cards, class_card(req, c, &cohorts[i], person, &earned));
	}
	if (!err)
		*ret_cards = cards;
	return err;
}
