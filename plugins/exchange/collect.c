/* What a receiver is to be told: everybody's hours, results and certificate in each class, as far as it differs from what it was
 * told last; and which of the records that it was told are no more. */
#include <stdio.h>
#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/person.h"
#include "exchange.h"

/* MET: so many bytes stand for a record that was met; METS_MOST: of four million records. */
enum { LINE_MOST = 4096, BODY_MOST = 800 << 10, MET = 8, METS_MOST = 32 << 20 };

struct collecting {
	struct exchange *x;
	struct curb_tx *tx;
	const struct server *server;
	const struct curb_id *institutions;
	size_t institution_count;
	struct curb_buf body, line;
	struct curb_buf met; /* of each record that there is, MET bytes */
	struct curb_id
		class_id; /* of the record that was asked for last, and whether it is told by whoever asks */
	bool ours;
	bool gone; /* some record in the body is */
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

static void met_of(struct curb_str key, unsigned char ret_met[static MET])
{
	char hash[BUNDLE_HASH];
	bundle_hash(key, hash);
	(void)curb_unhex(curb_str_n(hash, (size_t)2 * MET), ret_met, MET);
}

static int note_met(struct collecting *c, struct curb_str key)
{
	unsigned char met[MET];
	met_of(key, met);
	curb_buf_add(&c->met, met, MET);
	return curb_buf_check(&c->met);
}

/* True when there is no room: then there is more than goes into this one. */
static bool is_full(struct collecting *c)
{
	return c->to->more = c->to->n == BUNDLE_RECORDS;
}

static int tell(struct collecting *c, const struct record *record, const struct telling *telling)
{
	record_write(&c->body, record);
	c->to->told[c->to->n++] = *telling;
	return curb_buf_check(&c->body);
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
	err = note_met(c, curb_str(telling.key));
	if (!err)
		err = sent_hash(c->x, c->tx, &c->server->id, curb_str(telling.key), &before);
	if (err || (!c->to->anew && curb_str_is(before, telling.hash)) || (*ret_enough = is_full(c)))
		return err;
	err = curb_person_number(c->tx, person, c->server->card.box_public, &number);
	told.number = number.box;
	return err ? err : tell(c, &told, &telling);
}

/* ---- what is no more ---- */

static int order(const void *a, const void *b)
{
	return memcmp(a, b, MET);
}

static bool was_met(const struct collecting *c, struct curb_str key)
{
	unsigned char met[MET];
	met_of(key, met);
	return c->met.len && bsearch(met, c->met.data, c->met.len / MET, MET, order);
}

/* Whether a class is one of those that were walked; one that is no more is everybody's. */
static int look_at_class(struct collecting *c, const struct curb_id *class_id)
{
	struct curb_arena *arena = curb_tx_arena(c->tx);
	const struct curb_arena_mark mark = curb_arena_mark(arena);
	const struct credit_api *credit = c->x->credit;
	struct credit_class class;
	if (strcmp(c->class_id.text, class_id->text) == 0)
		return 0;
	int err = credit->class_by_id(credit, c->tx, curb_id_str(class_id), &class);
	if (err && err != CURB_ENOTFOUND)
		return err;
	c->class_id = *class_id;
	c->ours = err == CURB_ENOTFOUND;
	for (size_t i = 0; !c->ours && i < c->institution_count; i++)
		c->ours = strcmp(c->institutions[i].text, class.institution.text) == 0;
	curb_arena_rewind(arena, &mark);
	return 0;
}

static int add_gone(void *arg, struct curb_str key, struct curb_str hash, bool *ret_enough)
{
	enum { CLASS = sizeof(struct curb_id) - 1 }; /* digits of it, and a blank behind */
	struct collecting *c = arg;
	struct telling telling = { .hash = SENT_GONE };
	struct record record = { .person = curb_str_from(key, CLASS + 1) };
	if ((!c->to->anew && curb_str_is(hash, SENT_GONE)) || was_met(c, key) ||
	    !curb_id_parse(curb_str_n(key.ptr, CLASS), &record.class_id))
		return 0;
	int err = look_at_class(c, &record.class_id);
	if (err || !c->ours || (*ret_enough = is_full(c)))
		return err;
	(void)snprintf(telling.key, sizeof telling.key, "%.*s", (int)key.len, key.ptr);
	c->gone = true;
	return tell(c, &record, &telling);
}

/* Once everybody was met. */
static int add_all_gone(struct collecting *c)
{
	if (!c->x->credit || c->to->more)
		return 0;
	if (c->met.len)
		qsort(c->met.data, c->met.len / MET, MET, order);
	return sent_each(c->x, c->tx, &c->server->id, add_gone, c);
}

/* ---- all of it ---- */

/* What the receiver would refuse is not sealed: all of it would count as told. */
static int seal(struct collecting *c)
{
	CURB_AUTO(buf) struct curb_buf whole = curb_buf(BODY_MOST + LINE_MOST);
	struct curb_arena *arena = curb_tx_arena(c->tx);
	struct record *records = NULL;
	size_t n = 0;
	records_begin(&whole, c->gone);
	curb_buf_str(&whole, curb_buf_view(&c->body));
	int err = curb_buf_check(&whole);
	if (err)
		return err;
	if (records_read(arena, curb_buf_view(&whole), &records, &n) != 0)
		return curb_fail(CURB_EINTERNAL, "a record is not as the receiver of a bundle takes it");
	return bundle_seal(arena, curb_buf_view(&whole), c->server->card.box_public, &c->to->sealed);
}

int collect(struct exchange *x, struct curb_tx *tx, const struct server *server,
            const struct curb_id *institutions, size_t institution_count, bool anew, struct collected *ret)
{
	struct collecting c = { .x = x,
		                .tx = tx,
		                .server = server,
		                .institutions = institutions,
		                .institution_count = institution_count,
		                .body = curb_buf(BODY_MOST),
		                .line = curb_buf(LINE_MOST),
		                .met = curb_buf(METS_MOST),
		                .to = ret };
	*ret = (struct collected){ .told = curb_alloc_n(curb_tx_arena(tx), BUNDLE_RECORDS, sizeof *ret->told),
		                   .anew = anew };
	int err = made_last_sequence(x, tx, &server->id, &ret->last);
	if (!err)
		err = records_pass(x, tx, institutions, institution_count, add_record, &c);
	if (!err)
		err = add_all_gone(&c);
	if (!err && ret->n > 0)
		err = seal(&c);
	curb_buf_free(&c.met);
	curb_buf_free(&c.line);
	curb_buf_free(&c.body);
	return err;
}
