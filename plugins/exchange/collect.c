/* What a receiver is to be told: everybody's hours, results and certificate in each class, as far as it differs from what it was
 * told last. */
#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/person.h"
#include "exchange.h"

enum { LINE_MOST = 4096, BODY_MOST = 800 << 10 };

struct collecting {
	struct exchange *x;
	struct curb_tx *tx;
	const struct server *server;
	struct curb_buf body, line;
	struct collected *to;
};

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

/* What of it is kept is in the bundle, or has its room from before: what else is taken from the arena here is gone afterwards. */
static int add_record(void *arg, const struct curb_id *person, const struct record *record, bool *ret_enough)
{
	struct collecting *c = arg;
	struct curb_person_number number;
	struct record told = *record;
	struct telling telling;
	struct curb_str before;
	int err = curb_person_number(c->tx, person, NULL, &number);
	if (!err)
		err = hash_record(c, record, number.mark, telling.hash);
	if (err)
		return err;
	(void)snprintf(telling.key, sizeof telling.key, "%s %.*s", record->class_id.text,
	               (int)record->person.len, record->person.ptr);
	err = sent_hash(c->x, c->tx, &c->server->id, curb_str(telling.key), &before);
	if (err || (!c->to->anew && curb_str_is(before, telling.hash)))
		return err;
	*ret_enough = c->to->more = c->to->n == BUNDLE_RECORDS;
	if (c->to->more)
		return 0;
	err = curb_person_number(c->tx, person, c->server->card.box_public, &number);
	if (err)
		return err;
	told.number = number.box;
	record_write(&c->body, &told);
	c->to->told[c->to->n++] = telling;
	return curb_buf_check(&c->body);
}

/* What the receiver would refuse is not sealed: all of it would count as told. */
static int seal(struct collecting *c)
{
	struct curb_arena *arena = curb_tx_arena(c->tx);
	struct record *records = NULL;
	size_t n = 0;
	if (records_read(arena, curb_buf_view(&c->body), &records, &n) != 0)
		return curb_fail(CURB_EINTERNAL, "a record is not as the receiver of a bundle takes it");
	return bundle_seal(arena, curb_buf_view(&c->body), c->server->card.box_public, &c->to->sealed);
}

int collect(struct exchange *x, struct curb_tx *tx, const struct server *server,
            const struct curb_id *institutions, size_t institution_count, bool anew, struct collected *ret)
{
	struct collecting c = { .x = x,
		                .tx = tx,
		                .server = server,
		                .body = curb_buf(BODY_MOST),
		                .line = curb_buf(LINE_MOST),
		                .to = ret };
	*ret = (struct collected){ .told = curb_alloc_n(curb_tx_arena(tx), BUNDLE_RECORDS, sizeof *ret->told),
		                   .anew = anew };
	records_begin(&c.body);
	int err = made_last_sequence(x, tx, &server->id, &ret->last);
	if (!err)
		err = records_pass(x, tx, institutions, institution_count, add_record, &c);
	if (!err && ret->n > 0)
		err = seal(&c);
	curb_buf_free(&c.line);
	curb_buf_free(&c.body);
	return err;
}
