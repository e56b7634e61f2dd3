/* What a receiver is to be told: everybody's hours, results and certificate in each class, as far as it differs from what it was
 * told last. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/person.h"
#include "exchange.h"

enum { CLASSES_AT_ONCE = 50, MEMBERS_AT_ONCE = 200, LINE_MOST = 4096, BODY_MOST = 800 << 10 };

struct collecting {
	struct exchange *x;
	struct curb_tx *tx;
	const struct server *server;
	struct curb_str institution;
	struct curb_buf body, line;
	struct collected *to;
};

/* ---- one record ---- */

static int add_hours(const struct collecting *c, const struct credit_class *class,
                     const struct curb_id *person, struct record *record)
{
	struct credit_earned earned;
	int err = c->x->credit->earned(c->x->credit, c->tx, &class->id, person, &earned);
	if (err)
		return err;
	record->total_s = earned.total_s;
	record->online_s = earned.online_s + earned.live_s;
	record->offline_s = earned.offline_s;
	record->counted_s = earned.counted_s;
	record->left_ms = earned.left_ms;
	return 0;
}

static int add_certificate(const struct collecting *c, const struct curb_id *class_id,
                           const struct curb_id *person, struct record *record)
{
	const struct certificate_api *certificate = c->x->certificate;
	enum certificate_result theory = CERTIFICATE_NO_RESULT, practice = CERTIFICATE_NO_RESULT;
	struct certificate_held held;
	record->code = curb_str("");
	if (!certificate)
		return 0;
	int err = certificate->results(certificate, c->tx, class_id, person, &theory, &practice);
	record->theory = theory;
	record->practice = practice;
	if (err)
		return err;
	err = certificate->in_force(certificate, c->tx, class_id, person, &held);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	record->code = held.code;
	record->issued_ms = held.issued_ms;
	record->entry = held.entry;
	return 0;
}

static int make_record(const struct collecting *c, const struct credit_class *class,
                       const struct credit_member *member, struct record *ret)
{
	*ret = (struct record){
		.class_id = class->id,
		.person = curb_blind_index(c->tx, "exchange_sent", "person", curb_id_str(&member->person)),
		.programme = class->programme,
		.institution = c->institution,
		.name = member->shown,
		.starts_ms = class->starts_ms,
		.ends_ms = class->ends_ms,
		.hour_s = class->hour_s,
	};
	int err = add_hours(c, class, &member->person, ret);
	return err ? err : add_certificate(c, &class->id, &member->person, ret);
}

/* The hash of all that it says; the box is another one each time, so the number's mark stands for it. */
static int hash_record(struct collecting *c, const struct record *record, struct curb_str mark,
                       char ret_hash[static BUNDLE_HASH])
{
	curb_buf_clear(&c->line);
	record_write(&c->line, record);
	curb_buf_str(&c->line, mark);
	bundle_hash(curb_buf_view(&c->line), ret_hash);
	return curb_buf_check(&c->line);
}

static int add_member(struct collecting *c, const struct credit_class *class,
                      const struct credit_member *member)
{
	struct curb_arena *arena = curb_tx_arena(c->tx);
	struct curb_person_number number;
	struct curb_str before, key;
	struct record record;
	char hash[BUNDLE_HASH];
	int err = make_record(c, class, member, &record);
	if (!err)
		err = curb_person_number(c->tx, &member->person, c->server->card.box_public, &number);
	if (!err)
		err = hash_record(c, &record, number.mark, hash);
	if (err)
		return err;
	key = curb_str(
		curb_printf(arena, "%s %.*s", class->id.text, (int)record.person.len, record.person.ptr));
	err = sent_hash(c->x, c->tx, &c->server->id, key, &before);
	if (err || curb_str_is(before, hash))
		return err;
	c->to->more = c->to->n == BUNDLE_RECORDS;
	if (c->to->more)
		return 0;
	record.number = number.box;
	record_write(&c->body, &record);
	c->to->keys[c->to->n] = key;
	c->to->hashes[c->to->n++] = curb_dup(arena, curb_str(hash));
	return curb_buf_check(&c->body);
}

/* ---- all of them ---- */

static int add_class(struct collecting *c, const struct credit_class *class)
{
	const struct credit_api *credit = c->x->credit;
	struct credit_member *members = NULL;
	size_t n = 1;
	int64_t total = 0;
	int err = 0;
	for (int64_t skip = 0; !err && n > 0 && !c->to->more; skip += MEMBERS_AT_ONCE) {
		err = credit->roster(credit, c->tx, &class->id, skip, MEMBERS_AT_ONCE, &members, &n, &total);
		for (size_t i = 0; !err && i < n && !c->to->more; i++)
			err = add_member(c, class, &members[i]);
	}
	return err;
}

static int add_institution(struct collecting *c, const struct curb_id *institution)
{
	const struct credit_api *credit = c->x->credit;
	struct credit_class *classes = NULL;
	size_t n = 1;
	int err = curb_institution_name(c->tx, institution, &c->institution);
	for (int64_t skip = 0; !err && n > 0 && !c->to->more; skip += CLASSES_AT_ONCE) {
		err = credit->classes_at(credit, c->tx, institution, skip, CLASSES_AT_ONCE, &classes, &n);
		for (size_t i = 0; !err && i < n && !c->to->more; i++)
			err = add_class(c, &classes[i]);
	}
	return err;
}

int collect(struct exchange *x, struct curb_tx *tx, const struct server *server,
            const struct curb_id *institutions, size_t institution_count, struct collected *ret)
{
	struct collecting c = { .x = x,
		                .tx = tx,
		                .server = server,
		                .body = curb_buf(BODY_MOST),
		                .line = curb_buf(LINE_MOST),
		                .to = ret };
	int err = 0;
	*ret = (struct collected){ .keys = curb_alloc_n(curb_tx_arena(tx), BUNDLE_RECORDS, sizeof *ret->keys),
		                   .hashes = curb_alloc_n(curb_tx_arena(tx), BUNDLE_RECORDS,
		                                          sizeof *ret->hashes) };
	records_begin(&c.body);
	for (size_t i = 0; !err && i < institution_count && !ret->more; i++)
		err = add_institution(&c, &institutions[i]);
	if (!err && ret->n > 0)
		err = bundle_seal(curb_tx_arena(tx), curb_buf_view(&c.body), server->card.box_public,
		                  &ret->sealed);
	curb_buf_free(&c.line);
	curb_buf_free(&c.body);
	return err;
}
