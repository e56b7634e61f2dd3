/* The kind of training of a class that is planned, and the share that it would have. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "pages.h"

static void put_kinds(struct curb_req *req, struct curb_str chosen, struct curb_value *model)
{
	struct curb_value *options = curb_array(curb_req_arena(req));
	for (size_t i = 0; i < POLICY_KINDS; i++)
		typed_option(options, curb_str(policy_kinds[i].word),
		             i ? curb_tr(req, policy_kinds[i].text, NULL) :
		                 curb_tr(req, "None of these", NULL),
		             chosen);
	curb_put(model, "kinds", options);
}

int draft_put_rule(struct curb_req *req, struct credit *c, const struct curb_value *body,
                   struct curb_str first, struct curb_value *model)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct curb_str chosen = curb_get_str(body, "institution");
	struct curb_id institution;
	struct policy policy;
	struct credit_plan plan = { .kind = curb_get_str(body, "kind") };
	put_kinds(req, plan.kind, model);
	plan.institution = curb_id_parse(chosen, &institution) ? chosen : first;
	int err = credit_plan_policy(c, curb_req_tx(req), &plan, curb_wall_ms(), &policy);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	curb_put_str(values, "share", curb_words_hours(req, policy.value[POLICY_SHARE] * 10));
	curb_put_str(model, "share_help",
	             curb_tr(req,
	                     "Of every hundred class hours at most {share} may be online; the others are "
	                     "planned as "
	                     "offline hours.",
	                     values));
	return 0;
}
