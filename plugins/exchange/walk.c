/* Everybody of the classes of some institutions, as a record. */
#include "curb/err.h"
#include "curb/person.h"
#include "exchange.h"

enum { CLASSES_AT_ONCE = 50, MEMBERS_AT_ONCE = 50 };

struct walking {
	struct exchange *x;
	struct curb_tx *tx;
	struct curb_str institution;
	records_fn one;
	void *arg;
	bool passing; /* nothing is kept of anybody: there may be more of them than the arena holds */
	bool enough;
};

/* ---- one record ---- */

static int add_hours(const struct walking *w, const struct credit_class *class, const struct curb_id *person,
                     struct record *record)
{
	struct credit_earned earned;
	int err = w->x->credit->earned(w->x->credit, w->tx, &class->id, person, &earned);
	if (err)
		return err;
	record->total_s = earned.total_s;
	record->online_s = earned.online_s + earned.live_s;
	record->offline_s = earned.offline_s;
	record->counted_s = earned.counted_s;
	record->left_ms = earned.left_ms;
	return 0;
}

static int add_certificate(const struct walking *w, const struct curb_id *class_id,
                           const struct curb_id *person, struct record *record)
{
	const struct certificate_api *certificate = w->x->certificate;
	enum certificate_result theory = CERTIFICATE_NO_RESULT, practice = CERTIFICATE_NO_RESULT;
	struct certificate_held held;
	record->code = curb_str("");
	if (!certificate)
		return 0;
	int err = certificate->results(certificate, w->tx, class_id, person, &theory, &practice);
	record->theory = theory;
	record->practice = practice;
	if (err)
		return err;
	err = certificate->in_force(certificate, w->tx, class_id, person, &held);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	record->code = held.code;
	record->issued_ms = held.issued_ms;
	record->entry = held.entry;
	return 0;
}

static int make_record(const struct walking *w, const struct credit_class *class,
                       const struct credit_member *member, struct record *ret)
{
	*ret = (struct record){
		.class_id = class->id,
		.person = curb_blind_index(w->tx, "exchange_sent", "person", curb_id_str(&member->person)),
		.programme = class->programme,
		.institution = w->institution,
		.name = member->shown,
		.starts_ms = class->starts_ms,
		.ends_ms = class->ends_ms,
		.hour_s = class->hour_s,
	};
	int err = add_hours(w, class, &member->person, ret);
	return err ? err : add_certificate(w, &class->id, &member->person, ret);
}

/* ---- all of them ---- */

static int tell_member(struct walking *w, const struct credit_class *class,
                       const struct credit_member *member)
{
	const struct curb_arena_mark mark = curb_arena_mark(curb_tx_arena(w->tx));
	struct record record;
	if (member->shown.len == 0) /* her account is closed, and with it her records */
		return 0;
	int err = make_record(w, class, member, &record);
	if (!err)
		err = w->one(w->arg, &member->person, &record, &w->enough);
	if (w->passing)
		curb_arena_rewind(curb_tx_arena(w->tx), &mark);
	return err;
}

static int walk_class(struct walking *w, const struct credit_class *class)
{
	const struct curb_arena_mark mark = curb_arena_mark(curb_tx_arena(w->tx));
	const struct credit_api *credit = w->x->credit;
	struct credit_member *members = NULL;
	size_t n = MEMBERS_AT_ONCE;
	int64_t total = 0;
	int err = 0;
	for (int64_t skip = 0; !err && n == MEMBERS_AT_ONCE && !w->enough; skip += MEMBERS_AT_ONCE) {
		err = credit->roster(credit, w->tx, &class->id, skip, MEMBERS_AT_ONCE, &members, &n, &total);
		for (size_t i = 0; !err && i < n && !w->enough; i++)
			err = tell_member(w, class, &members[i]);
	}
	if (w->passing)
		curb_arena_rewind(curb_tx_arena(w->tx), &mark);
	return err;
}

static int walk_institution(struct walking *w, const struct curb_id *institution)
{
	const struct curb_arena_mark mark = curb_arena_mark(curb_tx_arena(w->tx));
	const struct credit_api *credit = w->x->credit;
	struct credit_class *classes = NULL;
	size_t n = CLASSES_AT_ONCE;
	int err = curb_institution_name(w->tx, institution, &w->institution);
	for (int64_t skip = 0; !err && n == CLASSES_AT_ONCE && !w->enough; skip += CLASSES_AT_ONCE) {
		err = credit->classes_at(credit, w->tx, institution, skip, CLASSES_AT_ONCE, &classes, &n);
		for (size_t i = 0; !err && i < n && !w->enough; i++)
			err = walk_class(w, &classes[i]);
	}
	if (w->passing)
		curb_arena_rewind(curb_tx_arena(w->tx), &mark);
	return err;
}

static int walk(struct walking *w, const struct curb_id *institutions, size_t n)
{
	int err = 0;
	for (size_t i = 0; w->x->credit && !err && i < n && !w->enough; i++)
		err = walk_institution(w, &institutions[i]);
	return err;
}

int records_each(struct exchange *x, struct curb_tx *tx, const struct curb_id *institutions, size_t n,
                 records_fn one, void *arg)
{
	struct walking walking = { .x = x, .tx = tx, .one = one, .arg = arg };
	return walk(&walking, institutions, n);
}

int records_pass(struct exchange *x, struct curb_tx *tx, const struct curb_id *institutions, size_t n,
                 records_fn one, void *arg)
{
	struct walking walking = { .x = x, .tx = tx, .one = one, .arg = arg, .passing = true };
	return walk(&walking, institutions, n);
}
