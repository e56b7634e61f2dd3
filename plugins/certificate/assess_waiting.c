/* Classes with results of the final assessment that wait for whoever asks to countersign them. */
#include "certificate.h"
#include "curb/err.h"
#include "curb/words.h"

static int push_waiting(struct curb_req *req, struct certificate *c, const struct waiting *waiting,
                        struct curb_value *items)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *item = curb_object(arena), *facts = curb_array(arena),
			  *values = curb_object(arena);
	struct credit_class class;
	int err = c->credit->class_by_id(c->credit, curb_req_tx(req), curb_id_str(&waiting->cohort), &class);
	if (err)
		return err;
	curb_put_int(values, "number", waiting->results);
	curb_put_str(item, "title",
	             tr_one(req, CURB_TEXT("Final assessment: {programme}"), "programme", class.programme));
	curb_put_text(item, "href", curb_printf(arena, "/assessments/%s", class.id.text));
	curb_push(facts, curb_string(arena, curb_tr(req, "Results that wait: {number}", values)));
	curb_put(item, "facts", facts);
	curb_push(items, item);
	return 0;
}

int assess_waiting_cards(struct curb_req *req, struct certificate *c, int64_t skip, int64_t most,
                         struct curb_value *items, int64_t *ret_total)
{
	const struct curb_id *institutions = NULL, *by = &curb_req_user(req)->id;
	size_t count = 0;
	int err = curb_req_institutions(req, CERTIFICATE_SIGNERS, &institutions, &count);
	*ret_total = 0;
	for (size_t i = 0; !err && i < count; i++) {
		struct waiting *waiting = NULL;
		size_t n = 0;
		int64_t here = 0;
		err = sittings_waiting_count(c, curb_req_tx(req), &institutions[i], by, &here);
		*ret_total += here;
		if (!err && most > 0 && skip < here)
			err = sittings_waiting(c, curb_req_tx(req), &institutions[i], by, skip, most,
			                       &waiting, &n);
		for (size_t k = 0; !err && k < n; k++)
			err = push_waiting(req, c, &waiting[k], items);
		most -= (int64_t)n;
		skip = skip > here ? skip - here : 0;
	}
	return err;
}

int assess_page_waiting(struct curb_req *req, void *state)
{
	enum { LIST_PAGE = 30 };
	struct curb_value *model = curb_object(curb_req_arena(req)), *items = curb_array(curb_req_arena(req));
	int64_t page = 1, total = 0;
	if (!curb_str_int(curb_req_query(req, "page"), &page) || page < 1 || page > 10000)
		page = 1;
	int err = assess_waiting_cards(req, state, (page - 1) * LIST_PAGE, LIST_PAGE, items, &total);
	if (err)
		return err;
	curb_put_str(model, "title", curb_tr(req, "Results of final assessments to countersign", NULL));
	curb_put(model, "items", items);
	curb_put_pager(req, model, "/assessments?page={page}", page, LIST_PAGE, total);
	return curb_reply_page(req, 200, "assessments_waiting", model);
}
