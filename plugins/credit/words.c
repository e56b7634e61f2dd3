/* Hours in sentences. */
#include "curb/words.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "pages.h"

struct curb_str credit_words_about(struct curb_req *req, int64_t seconds)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	int64_t minutes = (seconds + 30) / 60;
	curb_put_int(values, "hours", minutes / 60);
	curb_put_int(values, "minutes", minutes % 60);
	if (seconds < 60)
		return curb_tr(req, "less than a minute", NULL);
	if (minutes < 60)
		return curb_tr(req, "about {minutes} min", values);
	if (minutes % 60 == 0)
		return curb_tr(req, "about {hours} h", values);
	return curb_tr(req, "about {hours} h {minutes} min", values);
}

struct curb_str credit_words_days(struct curb_req *req, const struct credit *c,
                                  const struct credit_cohort *cohort)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	int64_t first = count_day(cohort->starts_ms, c->utc_offset_ms);
	int64_t last = count_day(cohort->ends_ms - 1, c->utc_offset_ms);
	curb_put_str(values, "starts", curb_words_day(req, first));
	curb_put_str(values, "ends", curb_words_day(req, last));
	return curb_tr(req, "From {starts} to {ends}", values);
}

static void push(struct curb_req *req, struct curb_value *facts, const char *source,
                 const struct curb_value *values)
{
	curb_push(facts, curb_string(curb_req_arena(req), curb_tr(req, source, values)));
}

/* Hundredths hide what is less than six minutes: then the time is told as well. */
static void push_small(struct curb_req *req, const struct credit_cohort *cohort, int64_t sum_s,
                       struct curb_value *facts)
{
	if (sum_s <= 0 || sum_s * 10 >= cohort->hour_s)
		return;
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "time", curb_words_span(req, sum_s));
	curb_put_int(values, "minutes", cohort->hour_s / 60);
	push(req, facts, CURB_TEXT("Counted so far: {time}. A class hour has {minutes} minutes."), values);
}

struct curb_str credit_words_hours(struct curb_req *req, const struct credit_cohort *cohort, int64_t seconds)
{
	return curb_words_hours(req, seconds * 100 / cohort->hour_s);
}

static void push_split(struct curb_req *req, const struct credit_cohort *cohort,
                       const struct credit_earned *earned, struct curb_value *facts)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	int64_t online_s = earned->online_s + earned->live_s;
	int64_t cap_c = earned->cap_s * 100 / cohort->hour_s;
	/* an exception raises the cap and takes nothing from the offline hours of the plan */
	int64_t missing_c = cohort->total_c - count_most_online_c(cohort->total_c, cohort->share_m) -
	                    earned->offline_s * 100 / cohort->hour_s;
	curb_put_str(values, "online", credit_words_hours(req, cohort, online_s));
	curb_put_str(values, "cap", curb_words_hours(req, cap_c));
	curb_put_str(values, "offline", credit_words_hours(req, cohort, earned->offline_s));
	curb_put_str(values, "missing", curb_words_hours(req, missing_c));
	push(req, facts,
	     missing_c > 0 ?
	             CURB_TEXT("Online {online}, at most {cap}. Offline {offline}, still {missing} to go") :
	             CURB_TEXT("Online {online}, at most {cap}. Offline {offline}, as many as are needed"),
	     values);
}

static void push_waits(struct curb_req *req, const struct credit_cohort *cohort,
                       const struct credit_earned *earned, struct curb_value *facts)
{
	int64_t waits_c = earned->waits_s * 100 / cohort->hour_s;
	if (waits_c == 0)
		return;
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "waits", curb_words_hours(req, waits_c));
	curb_put_str(values, "offline",
	             curb_words_hours(req, (earned->wanted_s * 100 + cohort->hour_s - 1) / cohort->hour_s));
	push(req, facts,
	     earned->wanted_s > 0 ?
	             CURB_TEXT(
			     "{waits} online hours wait for offline hours: {offline} more offline hours, and "
			     "they count") :
	             CURB_TEXT("{waits} online hours do not count: the online share of this class is 0"),
	     values);
}

static void push_pending(struct curb_req *req, const struct credit_cohort *cohort,
                         const struct credit_earned *earned, struct curb_value *facts)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "pending", credit_words_hours(req, cohort, earned->pending_s));
	if (earned->pending_s > 0)
		push(req, facts,
		     CURB_TEXT(
			     "{pending} class hours are entered and wait for countersignature; they are not "
			     "counted yet"),
		     values);
}

void credit_push_hours(struct curb_req *req, const struct credit_cohort *cohort,
                       const struct credit_earned *earned, struct curb_value *facts)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "earned", credit_words_hours(req, cohort, earned->sum_s));
	curb_put_str(values, "total", curb_words_hours(req, cohort->total_c));
	push(req, facts, CURB_TEXT("You have {earned} of {total} class hours"), values);
	push_small(req, cohort, earned->sum_s, facts);
	push_split(req, cohort, earned, facts);
	if (earned->online_s + earned->live_s >= earned->cap_s)
		push(req, facts,
		     CURB_TEXT("The online hours of this class are full. Everything you learned is kept. You "
		               "can "
		               "go on watching as much as you like; it adds no hours. The rest is earned in "
		               "class."),
		     NULL);
	push_waits(req, cohort, earned, facts);
	push_pending(req, cohort, earned, facts);
}

int credit_push_meeting(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                        struct curb_value *facts)
{
	struct credit_offline *units = NULL;
	const struct credit_offline *next = NULL;
	size_t n = 0;
	int64_t today = count_day(curb_wall_ms(), c->utc_offset_ms);
	int err = credit_cohort_offline(c, curb_req_tx(req), &cohort->id, &units, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (units[i].day >= today && (!next || units[i].day < next->day))
			next = &units[i];
	if (err || !next)
		return err;
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "day", curb_words_day(req, next->day));
	curb_put_str(values, "place", next->place);
	curb_put_str(values, "name", next->name);
	curb_push(facts,
	          curb_string(curb_req_arena(req),
	                      next->place.len ? curb_tr(req, "Next class: {day}, {place}, {name}", values) :
	                                        curb_tr(req, "Next class: {day}, {name}", values)));
	return 0;
}

int credit_name_of(struct curb_req *req, const struct curb_id *person, struct curb_str *ret_name)
{
	struct curb_user user = { .name = curb_tr(req, "Somebody whose account is closed", NULL) };
	int err = curb_person_find(curb_req_tx(req), curb_id_str(person), curb_wall_ms(), &user);
	*ret_name = user.name;
	return err == CURB_ENOTFOUND ? 0 : err;
}

int64_t credit_asked_page(struct curb_req *req, const char *word)
{
	enum { LAST = 100000 };
	int64_t page = 1;
	bool some = curb_str_int(curb_req_query(req, word), &page) && page >= 1 && page <= LAST;
	return some ? page : 1;
}

struct curb_str credit_page_title(struct curb_req *req, struct curb_str name, int64_t page)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "programme", name);
	curb_put_int(values, "page", page);
	return page > 1 ? curb_tr(req, "{programme}, page {page}", values) : name;
}

void credit_put_pager_of(struct curb_req *req, struct curb_value *model, const char *word,
                         struct curb_str name, const struct credit_list *list)
{
	struct curb_value *links = curb_object(curb_req_arena(req));
	credit_put_named_pager(req, links, name, list);
	if (curb_value_get(links, "pager"))
		curb_put(model, curb_printf(curb_req_arena(req), "%s_pager", word),
		         curb_value_get(links, "pager"));
}

void credit_put_named_pager(struct curb_req *req, struct curb_value *model, struct curb_str name,
                            const struct credit_list *list)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_pager(req, model, list->address, list->page, list->per_page, list->total);
	struct curb_value *pager = curb_value_get(model, "pager");
	if (!pager)
		return;
	curb_put_str(values, "name", name);
	curb_put_str(pager, "label", curb_tr(req, "Pages of {name}", values));
}
