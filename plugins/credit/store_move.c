#include "curb/cleanup.h"
#include "curb/err.h"
#include "move.h"

enum { ALL_MOST = 200 };

#define MOVE                                                                                              \
	"SELECT m.id, m.person, m.cohort, m.institution, m.kind, m.sealed_reason, m.asked_by, "           \
	"m.asked_ms, m.entry, d.done, d.decided_by, d.decided_ms, d.sealed_words, m.target, m.receiver, " \
	"m.sealed_value "                                                                                 \
	"FROM credit_move m LEFT JOIN credit_move_decision d ON d.move = m.id "

static void read_move(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct move move = {
		.id = curb_col_id(stmt, 0),
		.person = curb_col_id(stmt, 1),
		.cohort = curb_col_id(stmt, 2),
		.institution = curb_col_id(stmt, 3),
		.reason = curb_dup(arena, curb_col_blob(stmt, 5)), /* sealed: opened by move_by_id */
		.asked_by = curb_col_id(stmt, 6),
		.asked_ms = curb_col_int(stmt, 7),
		.entry = curb_col_int(stmt, 8),
		.state = curb_col_null(stmt, 9) ? MOVE_ASKED :
		         curb_col_int(stmt, 9)  ? MOVE_DONE :
		                                  MOVE_REFUSED,
		.decided_by = curb_col_id(stmt, 10),
		.decided_ms = curb_col_int(stmt, 11),
		.words = curb_dup(arena, curb_col_blob(stmt, 12)),
		.target = curb_col_id(stmt, 13),
		.receiver = curb_col_id(stmt, 14),
		.name = curb_dup(arena, curb_col_blob(stmt, 15)), /* sealed as well */
	};
	CURB_ASSERT(move_named(curb_col_text(stmt, 4), &move.kind)); /* the table checks it */
	*(struct move *)row = move;
}

static const struct credit_rows rows = { sizeof(struct move), read_move };

static int unseal(struct curb_tx *tx, const char *table, const char *column, const struct curb_id *id,
                  struct curb_str *text)
{
	return text->ptr ? curb_unseal(tx, table, column, id, *text, text) : 0;
}

/* The new name and the old one, a line each. */
static int unseal_name(struct curb_tx *tx, struct move *move)
{
	int err = unseal(tx, "credit_move", "sealed_value", &move->id, &move->name);
	const char *end = !err && move->name.ptr ? memchr(move->name.ptr, '\n', move->name.len) : NULL;
	if (!end)
		return err;
	size_t len = (size_t)(end - move->name.ptr);
	move->before = curb_str_from(move->name, len + 1);
	move->name.len = len;
	return 0;
}

static int seal_name(struct curb_tx *tx, const struct move *move, struct curb_str *ret_sealed)
{
	const char *both = curb_printf(curb_tx_arena(tx), "%.*s\n%.*s", (int)move->name.len,
	                               move->name.ptr ? move->name.ptr : "", (int)move->before.len,
	                               move->before.ptr ? move->before.ptr : "");
	*ret_sealed = curb_str(NULL);
	return !move_of_class(move->kind) ?
	               curb_seal(tx, "credit_move", "sealed_value", &move->id, curb_str(both), ret_sealed) :
	               0;
}

int move_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct move *ret_move)
{
	struct move *found = NULL;
	size_t n = 0;
	int err = credit_gather(c, tx, MOVE "WHERE m.id = $1",
	                        CURB_BINDS(curb_text(id.ptr ? id : curb_str(""))), rows, &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "Nothing like this was asked for");
	if (!err)
		err = unseal(tx, "credit_move", "sealed_reason", &found->id, &found->reason);
	if (!err)
		err = unseal(tx, "credit_move_decision", "sealed_words", &found->id, &found->words);
	if (!err)
		err = unseal_name(tx, found);
	if (!err)
		*ret_move = *found;
	return err;
}

/* A list shows neither reasons nor words. */
static int list(struct credit *c, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                struct move **ret_moves, size_t *ret_n)
{
	int err = credit_gather(c, tx, sql, binds, rows, ret_moves, ret_n);
	for (size_t i = 0; !err && i < *ret_n; i++)
		(*ret_moves)[i].reason = (*ret_moves)[i].words = (*ret_moves)[i].name = curb_str(NULL);
	return err;
}

int moves_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person, struct move **ret_moves,
             size_t *ret_n)
{
	return list(c, tx, MOVE "WHERE m.person = $1 ORDER BY m.asked_ms DESC, m.id DESC LIMIT $2",
	            CURB_BINDS(curb_bind_id(person), curb_int(ALL_MOST)), ret_moves, ret_n);
}

int move_waits(struct credit *c, struct curb_tx *tx, const struct move *like, bool *ret_waits)
{
	static const char sql[] =
		"SELECT count(*) FROM credit_move m WHERE m.person = $1 AND m.cohort = $2 AND "
		"m.kind = $3 AND NOT EXISTS (SELECT 1 FROM credit_move_decision d WHERE "
		"d.move = m.id)";
	int64_t n = 0;
	int err = credit_one_number(c, tx, sql,
	                            CURB_BINDS(curb_bind_id(&like->person), curb_bind_id(&like->cohort),
	                                       curb_cstring(move_word(like->kind))),
	                            &n);
	if (!err)
		*ret_waits = n > 0;
	return err;
}

int move_add(struct credit *c, struct curb_tx *tx, const struct move *move)
{
	static const char sql[] =
		"INSERT INTO credit_move (id, kind, person, cohort, institution, target, receiver, "
		"sealed_reason, asked_ms, asked_by, entry, sealed_value) VALUES ($1, $2, $3, $4, $5, $6, $7, "
		"$8, $9, $10, $11, $12)";
	static const char waiting[] =
		"INSERT INTO credit_move_waiting (move, institution, receiver, asked_ms) "
		"VALUES ($1, $2, $3, $4)";
	struct curb_str sealed, name;
	int err = seal_name(tx, move, &name);
	if (!err)
		err = curb_seal(tx, "credit_move", "sealed_reason", &move->id, move->reason, &sealed);
	if (!err)
		err = curb_exec(c->host, tx, sql,
		                CURB_BINDS(curb_bind_id(&move->id), curb_cstring(move_word(move->kind)),
		                           curb_bind_id(&move->person), curb_bind_id(&move->cohort),
		                           curb_bind_id(&move->institution), curb_bind_id(&move->target),
		                           curb_bind_id(&move->receiver), curb_blob(sealed),
		                           curb_int(move->asked_ms), curb_bind_id(&move->asked_by),
		                           curb_int(move->entry), curb_blob(name)),
		                NULL);
	return err ? err :
	             curb_exec(c->host, tx, waiting,
	                       CURB_BINDS(curb_bind_id(&move->id), curb_bind_id(&move->institution),
	                                  curb_bind_id(&move->receiver), curb_int(move->asked_ms)),
	                       NULL);
}

int move_add_decision(struct credit *c, struct curb_tx *tx, const struct move *move, int64_t entry)
{
	static const char sql[] =
		"INSERT INTO credit_move_decision (move, done, sealed_words, decided_ms, decided_by, entry) "
		"VALUES ($1, $2, $3, $4, $5, $6)";
	struct curb_str sealed = { NULL, 0 };
	int err = move->words.len ? curb_seal(tx, "credit_move_decision", "sealed_words", &move->id,
	                                      move->words, &sealed) :
	                            0;
	if (!err)
		err = curb_exec(c->host, tx, sql,
		                CURB_BINDS(curb_bind_id(&move->id), curb_int(move->state == MOVE_DONE),
		                           curb_blob(sealed), curb_int(move->decided_ms),
		                           curb_bind_id(&move->decided_by), curb_int(entry)),
		                NULL);
	return err ? err :
	             curb_exec(c->host, tx, "DELETE FROM credit_move_waiting WHERE move = $1",
	                       CURB_BINDS(curb_bind_id(&move->id)), NULL);
}

/* ---- by place ---- */

/* Moves of an institution; with a receiver those alone that lead there. */
struct stream {
	struct curb_id institution, receiver;
};
struct streams {
	struct stream *list;
	size_t n, room;
};

static void push_stream(struct curb_req *req, struct streams *streams, const struct curb_id *institution,
                        const struct curb_id *receiver)
{
	if (streams->n == streams->room) {
		streams->room = streams->room ? 2 * streams->room : 8;
		struct stream *more = curb_alloc_n(curb_req_arena(req), streams->room, sizeof *more);
		if (streams->n)
			memcpy(more, streams->list, streams->n * sizeof *more);
		streams->list = more;
	}
	streams->list[streams->n++] = (struct stream){ *institution, *receiver };
}

/* What somebody sees: all of her institutions, and of others what leads to one of hers. */
static int streams_of(struct curb_req *req, struct credit *c, struct streams *streams)
{
	static const char from[] = "SELECT DISTINCT institution FROM credit_move WHERE receiver = $1";
	static const struct curb_id anywhere = { "" };
	const struct curb_id *institutions = NULL;
	size_t count = 0;
	int err = curb_req_institutions(req, MOVE_DECIDERS, &institutions, &count);
	for (size_t i = 0; !err && i < count; i++) {
		struct curb_id *others = NULL;
		size_t n = 0;
		push_stream(req, streams, &institutions[i], &anywhere);
		err = credit_gather(c, curb_req_tx(req), from, CURB_BINDS(curb_bind_id(&institutions[i])),
		                    (struct credit_rows){ sizeof(struct curb_id), credit_read_id }, &others,
		                    &n);
		for (size_t k = 0; !err && k < n; k++)
			if (!curb_may(req, MOVE_DECIDERS, &others[k]))
				push_stream(req, streams, &others[k], &institutions[i]);
	}
	return err;
}

#define OF_STREAM " WHERE institution = $1 AND ($2 = '' OR receiver = $2)"

static int count_stream(struct credit *c, struct curb_tx *tx, const struct stream *stream, bool open,
                        int64_t *ret_n)
{
	static const char waiting[] = "SELECT count(*) FROM credit_move_waiting" OF_STREAM;
	static const char all[] = "SELECT count(*) FROM credit_move" OF_STREAM;
	const struct curb_bind *binds = CURB_BINDS(curb_bind_id(&stream->institution),
	                                           curb_bind_id(&stream->receiver));
	int64_t wait = 0, both = 0;
	int err = credit_one_number(c, tx, waiting, binds, &wait);
	if (!err && !open)
		err = credit_one_number(c, tx, all, binds, &both);
	*ret_n = open ? wait : both - wait;
	return err;
}

static int read_stream(struct credit *c, struct curb_tx *tx, const struct stream *stream,
                       const struct moves_part *part, struct move **ret_moves, size_t *ret_n)
{
	static const char open[] = MOVE "WHERE m.id IN (SELECT move FROM credit_move_waiting" OF_STREAM
					") ORDER BY m.asked_ms, m.id LIMIT $3 OFFSET $4";
	static const char decided[] = MOVE
		"WHERE m.institution = $1 AND ($2 = '' OR m.receiver = $2) AND d.move IS NOT NULL "
		"ORDER BY d.decided_ms DESC, m.id DESC LIMIT $3 OFFSET $4";
	return list(c, tx, part->open ? open : decided,
	            CURB_BINDS(curb_bind_id(&stream->institution), curb_bind_id(&stream->receiver),
	                       curb_int(part->most), curb_int(part->skip)),
	            ret_moves, ret_n);
}

int moves_seen(struct curb_req *req, struct credit *c, const struct moves_part *part, struct move **ret_moves,
               size_t *ret_n, int64_t *ret_total)
{
	struct curb_tx *tx = curb_req_tx(req);
	struct move *moves = curb_alloc_n(curb_req_arena(req), (size_t)part->most + 1, sizeof *moves);
	struct streams streams = { .n = 0 };
	struct moves_part rest = *part;
	size_t n = 0;
	int err = streams_of(req, c, &streams);
	*ret_total = 0;
	for (size_t i = 0; !err && i < streams.n; i++) {
		struct move *some = NULL;
		size_t count = 0;
		int64_t here = 0;
		err = count_stream(c, tx, &streams.list[i], part->open, &here);
		*ret_total += here;
		if (!err && rest.most > 0 && rest.skip < here) {
			err = read_stream(c, tx, &streams.list[i], &rest, &some, &count);
			if (!err && count)
				memcpy(moves + n, some, count * sizeof *moves);
			n += count;
			rest.most -= (int64_t)count;
		}
		rest.skip = rest.skip > here ? rest.skip - here : 0;
	}
	*ret_moves = moves;
	*ret_n = n;
	return err;
}

int moves_to_decide(struct curb_req *req, struct credit *c, size_t most, struct move **ret_moves,
                    size_t *ret_n)
{
	static const char sql[] = MOVE
		"WHERE m.id IN (SELECT move FROM credit_move_waiting WHERE (institution = $1 AND receiver = "
		"'') "
		"OR (receiver = $1 AND $2 = 1)) AND m.asked_by <> $3 AND m.person <> $3 ORDER BY m.asked_ms, "
		"m.id LIMIT $4";
	const struct curb_id *institutions = NULL;
	struct move *moves = curb_alloc_n(curb_req_arena(req), most + 1, sizeof *moves);
	size_t n = 0, count = 0;
	int err = curb_req_institutions(req, MOVE_DECIDERS, &institutions, &count);
	for (size_t i = 0; !err && i < count && n < most; i++) {
		struct move *some = NULL;
		size_t found = 0;
		bool staff = curb_may(req, MOVE_ASKERS, &institutions[i]);
		err = list(c, curb_req_tx(req), sql,
		           CURB_BINDS(curb_bind_id(&institutions[i]), curb_int(staff),
		                      curb_bind_id(&curb_req_user(req)->id), curb_int((int64_t)(most - n))),
		           &some, &found);
		if (!err && found)
			memcpy(moves + n, some, found * sizeof *moves);
		n += err ? 0 : found;
	}
	*ret_moves = moves;
	*ret_n = n;
	return err;
}

int move_decision_entry(struct credit *c, struct curb_tx *tx, const struct curb_id *move, int64_t *ret_entry)
{
	static const char sql[] = "SELECT entry FROM credit_move_decision WHERE move = $1";
	return credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(move)), ret_entry);
}

/* ---- on the roster ---- */

int move_set_left(struct credit *c, struct curb_tx *tx, const struct move *move, const struct curb_id *cohort,
                  int64_t left_ms)
{
	static const char sql[] =
		"UPDATE credit_trainee SET left_ms = $3, left_by = $4 WHERE cohort = $1 AND person = $2";
	static const char plays[] =
		"UPDATE credit_play SET live = 0 WHERE cohort = $1 AND person = $2 AND live = 1";
	int err = curb_exec(c->host, tx, sql,
	                    CURB_BINDS(curb_bind_id(cohort), curb_bind_id(&move->person), curb_int(left_ms),
	                               left_ms ? curb_bind_id(&move->id) : curb_cstring("")),
	                    NULL);
	return err || !left_ms ?
	               err :
	               curb_exec(c->host, tx, plays,
	                         CURB_BINDS(curb_bind_id(cohort), curb_bind_id(&move->person)), NULL);
}

int move_by_which_left(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                       const struct curb_id *person, struct move *ret_move)
{
	static const char sql[] = MOVE "JOIN credit_trainee t ON t.left_by = m.id WHERE t.cohort = $1 AND "
				       "t.person = $2";
	struct move *found = NULL;
	size_t n = 0;
	int err = list(c, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)), &found, &n);
	if (!err && n == 0)
		return CURB_ENOTFOUND;
	if (!err)
		*ret_move = found[0];
	return err;
}

int move_left_ms(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                 const struct curb_id *person, int64_t *ret_ms)
{
	static const char sql[] = "SELECT left_ms FROM credit_trainee WHERE cohort = $1 AND person = $2";
	int err = credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)),
	                            ret_ms);
	if (err == CURB_ENOTFOUND)
		return curb_fail(err, "This person is not on the roster of the class");
	return err;
}

int move_away_at(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                 const struct curb_id *person, int64_t at_ms, bool *ret_away)
{
	static const char sql[] =
		"SELECT m.kind <> 'return' AND m.cohort = $2 FROM credit_move m JOIN credit_move_decision d "
		"ON d.move = m.id WHERE m.person = $1 AND (m.cohort = $2 OR m.target = $2) AND d.done = 1 "
		"AND "
		"m.kind IN ('leave', 'return', 'transfer') AND d.decided_ms <= $3 ORDER BY d.decided_ms "
		"DESC, m.id DESC LIMIT 1";
	int64_t away = 0;
	int err = credit_one_number(
		c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort), curb_int(at_ms)), &away);
	if (err && err != CURB_ENOTFOUND)
		return err;
	*ret_away = away != 0;
	return 0;
}

/* ---- what the cap is tested on ---- */

int move_online_s(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                  const struct curb_id *person, int64_t *ret_s)
{
	static const char sql[] =
		"SELECT online_s + live_s FROM credit_trainee WHERE cohort = $1 AND person = $2";
	return credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)), ret_s);
}

int move_most_share(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                    const struct curb_id *one, const struct curb_id *other, int64_t now_ms,
                    int64_t *ret_share_m)
{
	static const char sql[] =
		"SELECT coalesce(max(share_m), 0) FROM credit_waiver_decision WHERE cohort = $1 "
		"AND holder IN ('', $2, $3) AND granted = 1 AND from_ms <= $4 AND until_ms > $4";
	return credit_one_number(
		c, tx, sql,
		CURB_BINDS(curb_bind_id(cohort), curb_bind_id(one), curb_bind_id(other), curb_int(now_ms)),
		ret_share_m);
}
