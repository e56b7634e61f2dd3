/* Receipts for trainees: what is counted is written down as an entry of its own, whose proof she takes home. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/words.h"
#include "pages.h"

/* ---- writing one down ---- */

static void read_statement(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct credit_statement *)row = (struct credit_statement){ .n = curb_col_int(stmt, 0),
		                                                     .cohort = curb_col_id(stmt, 1),
		                                                     .at_ms = curb_col_int(stmt, 2),
		                                                     .online_s = curb_col_int(stmt, 3),
		                                                     .live_s = curb_col_int(stmt, 4),
		                                                     .offline_s = curb_col_int(stmt, 5),
		                                                     .counted_s = curb_col_int(stmt, 6) };
}

#define COLUMNS "n, cohort, at_ms, online_s, live_s, offline_s, coalesce(counted_s, -1) "

/* The first row of a statement. CURB_ENOTFOUND without. */
static int one_statement(struct credit *c, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                         struct credit_statement *ret_statement)
{
	struct credit_statement *rows = NULL;
	const struct credit_rows how = { sizeof *rows, read_statement };
	size_t n = 0;
	int err = credit_gather(c, tx, sql, binds, how, &rows, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "You have no receipt of this number");
	if (!err)
		*ret_statement = rows[0];
	return err;
}

static int append(struct curb_tx *tx, const struct curb_id *person, struct credit_statement *statement)
{
	const struct curb_fact facts[] = {
		{ "cohort", 0, curb_id_str(&statement->cohort) },
		{ "online", statement->online_s, { NULL, 0 } },
		{ "live", statement->live_s, { NULL, 0 } },
		{ "offline", statement->offline_s, { NULL, 0 } },
		{ "counted", statement->counted_s, { NULL, 0 } },
	};
	const struct curb_entry entry = { .kind = "statement",
		                          .at_ms = statement->at_ms,
		                          .person = *person,
		                          .by = *person,
		                          .role = "learner",
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, &statement->n);
}

struct stating {
	struct credit *c;
	struct curb_id person;
	struct credit_statement statement;
};

static int count_now(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                     struct credit_statement *statement)
{
	struct credit_cohort cohort;
	struct credit_earned earned;
	int err = credit_cohort_by_id(c, tx, curb_id_str(&statement->cohort), &cohort);
	if (!err)
		err = credit_earned_of(c, tx, &cohort, person, &earned);
	if (err)
		return err;
	statement->online_s = earned.online_s;
	statement->live_s = earned.live_s;
	statement->offline_s = earned.offline_s;
	statement->counted_s = earned.counted_s;
	return 0;
}

static bool same_hours(const struct credit_statement *a, const struct credit_statement *b)
{
	return a->online_s == b->online_s && a->live_s == b->live_s && a->offline_s == b->offline_s &&
	       a->counted_s == b->counted_s;
}

/* The last one again when nothing was counted since. */
static int state_fn(struct curb_tx *tx, void *arg)
{
	static const char last[] = "SELECT " COLUMNS
				   "FROM credit_statement WHERE person = $1 AND cohort = $2 "
				   "ORDER BY n DESC LIMIT 1";
	static const char add[] = "INSERT INTO credit_statement (person, n, cohort, at_ms, online_s, live_s, "
				  "offline_s, counted_s) "
				  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
	struct stating *stating = arg;
	struct credit_statement *now = &stating->statement, before;
	const struct curb_bind person = curb_bind_id(&stating->person), cohort = curb_bind_id(&now->cohort);
	int err = count_now(stating->c, tx, &stating->person, now);
	if (err)
		return err;
	err = one_statement(stating->c, tx, last, CURB_BINDS(person, cohort), &before);
	if (!err && same_hours(&before, now)) {
		*now = before;
		return 0;
	}
	if (err && err != CURB_ENOTFOUND)
		return err;
	err = append(tx, &stating->person, now);
	return err ? err :
	             curb_exec(stating->c->host, tx, add,
	                       CURB_BINDS(person, curb_int(now->n), cohort, curb_int(now->at_ms),
	                                  curb_int(now->online_s), curb_int(now->live_s),
	                                  curb_int(now->offline_s), curb_int(now->counted_s)),
	                       NULL);
}

static int answer_statement(struct curb_req *req, void *arg)
{
	const struct stating *stating = arg;
	return curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req), "/record/receipts/%lld",
	                                                     (long long)stating->statement.n)));
}

int credit_post_receipt(struct curb_req *req, void *state)
{
	struct stating stating = { .c = state, .person = curb_req_user(req)->id };
	stating.statement.cohort = curb_id_of(curb_req_field(req, "cohort"));
	stating.statement.at_ms = curb_wall_ms();
	return curb_write_reply(req, curb_id_str(&stating.person), state_fn, answer_statement, &stating);
}

/* ---- its page ---- */

/* The one of the address, when it is hers. */
static int find(struct curb_req *req, struct credit *c, struct credit_statement *ret_statement)
{
	static const char sql[] = "SELECT " COLUMNS "FROM credit_statement WHERE person = $1 AND n = $2";
	int64_t n = -1;
	if (!curb_str_int(curb_req_param(req, "n"), &n))
		return curb_fail(CURB_ENOTFOUND, "You have no receipt of this number");
	return one_statement(c, curb_req_tx(req), sql,
	                     CURB_BINDS(curb_bind_id(&curb_req_user(req)->id), curb_int(n)), ret_statement);
}

static void fact(struct curb_value *facts, struct curb_str term, struct curb_str text)
{
	struct curb_value *one = curb_object(curb_value_arena(facts));
	curb_put_str(one, "term", term);
	curb_put_str(one, "text", text);
	curb_push(facts, one);
}

static struct curb_str hours(struct curb_req *req, const struct credit_cohort *cohort, int64_t seconds)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "hours", credit_words_hours(req, cohort, seconds));
	curb_put_str(values, "time", curb_words_span(req, seconds));
	curb_put_int(values, "minutes", cohort->hour_s / 60);
	return curb_tr(req, "{hours} class hours of {minutes} minutes, that is {time}", values);
}

static void put_facts(struct curb_req *req, const struct credit_cohort *cohort,
                      const struct credit_statement *statement, struct curb_value *model)
{
	struct curb_value *facts = curb_array(curb_req_arena(req));
	fact(facts, curb_tr(req, "Whose", NULL), curb_req_user(req)->name);
	fact(facts, curb_tr(req, "Class", NULL), cohort->programme);
	fact(facts, curb_tr(req, "Online hours", NULL), hours(req, cohort, statement->online_s));
	if (statement->live_s)
		fact(facts, curb_tr(req, "Live online hours", NULL), hours(req, cohort, statement->live_s));
	fact(facts, curb_tr(req, "Offline hours", NULL), hours(req, cohort, statement->offline_s));
	if (statement->counted_s >= 0)
		fact(facts, curb_tr(req, "Of these count now", NULL),
		     hours(req, cohort, statement->counted_s));
	fact(facts, curb_tr(req, "Written down", NULL), curb_words_date(req, statement->at_ms));
	fact(facts, curb_tr(req, "Number of the entry", NULL),
	     curb_str(curb_printf(curb_req_arena(req), "%lld", (long long)statement->n)));
	curb_put(model, "facts", facts);
}

/* The receipt itself, or when there will be one. */
static int put_receipt(struct curb_req *req, const struct credit_statement *statement,
                       struct curb_value *model)
{
	struct curb_str text;
	int err = curb_ledger_receipt(req, statement->n, &text);
	if (!err) {
		curb_put_str(model, "receipt", text);
		curb_put_text(model, "file",
		              curb_printf(curb_req_arena(req), "/record/receipts/%lld/file",
		                          (long long)statement->n));
	}
	if (err == CURB_EBUSY) {
		curb_put_text(model, "later", curb_error_local());
		curb_put_text(
			model, "here",
			curb_printf(curb_req_arena(req), "/record/receipts/%lld", (long long)statement->n));
	}
	return err == CURB_EBUSY ? 0 : err;
}

int credit_page_receipt(struct curb_req *req, void *state)
{
	struct credit *c = state;
	struct curb_value *model = curb_object(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	struct credit_statement statement;
	struct credit_cohort cohort;
	int err = find(req, c, &statement);
	if (!err)
		err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&statement.cohort), &cohort);
	if (!err)
		err = put_receipt(req, &statement, model);
	if (err)
		return err;
	curb_put_int(values, "number", statement.n);
	curb_put_str(model, "title", curb_tr(req, "Receipt {number} of my hours", values));
	curb_put_text(model, "back", curb_printf(curb_req_arena(req), "/record?class=%s", cohort.id.text));
	curb_put_int(model, "number", statement.n);
	put_facts(req, &cohort, &statement, model);
	return curb_reply_page(req, 200, "receipt", model);
}

int credit_get_receipt(struct curb_req *req, void *state)
{
	struct credit_statement statement;
	struct curb_str text;
	int err = find(req, state, &statement);
	if (!err)
		err = curb_ledger_receipt(req, statement.n, &text);
	if (err)
		return err;
	const struct curb_piece piece = { .bytes = text };
	const struct curb_body_info info = {
		.type = "text/plain; charset=utf-8",
		.filename = curb_str(
			curb_printf(curb_req_arena(req), "curbcut-%lld.tlog-proof", (long long)statement.n)),
	};
	return curb_reply_pieces(req, &piece, 1, &info);
}
