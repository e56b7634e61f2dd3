#include "curb/cleanup.h"
#include "curb/err.h"
#include "question.h"

#define COLUMNS "q.id, q.cohort, q.person, q.unit, q.day, q.asked_ms, q.said_ms, q.waiting "

static void read_question(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct question *)row = (struct question){
		.id = curb_col_id(stmt, 0),
		.cohort = curb_col_id(stmt, 1),
		.person = curb_col_id(stmt, 2),
		.unit = curb_col_id(stmt, 3),
		.day = curb_col_int(stmt, 4),
		.asked_ms = curb_col_int(stmt, 5),
		.said_ms = curb_col_int(stmt, 6),
		.waiting = curb_col_int(stmt, 7) != 0,
	};
}

static const struct credit_rows rows_of = { sizeof(struct question), read_question };

int question_add(struct credit *c, struct curb_tx *tx, const struct question *question)
{
	return curb_exec(c->host, tx,
	                 "INSERT INTO credit_question (id, cohort, person, unit, day, asked_ms, said_ms, "
	                 "waiting) VALUES ($1, $2, $3, $4, $5, $6, $6, 1)",
	                 CURB_BINDS(curb_bind_id(&question->id), curb_bind_id(&question->cohort),
	                            curb_bind_id(&question->person), curb_bind_id(&question->unit),
	                            curb_int(question->day), curb_int(question->asked_ms)),
	                 NULL);
}

int question_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct question *ret)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, "SELECT " COLUMNS "FROM credit_question q WHERE q.id = $1",
	                     CURB_BINDS(curb_text(id)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "There is no such question");
	read_question(tx, stmt, ret);
	return 0;
}

int question_add_message(struct credit *c, struct curb_tx *tx, const struct question *question,
                         const struct curb_id *id, const struct question_message *message, bool waits)
{
	struct curb_str sealed;
	int err = curb_seal(tx, "credit_message", "sealed", id, message->text, &sealed);
	if (!err)
		err = curb_exec(c->host, tx,
		                "INSERT INTO credit_message (id, question, person, sealed, at_ms) VALUES "
		                "($1, $2, $3, $4, $5)",
		                CURB_BINDS(curb_bind_id(id), curb_bind_id(&question->id),
		                           curb_bind_id(&message->by), curb_blob(sealed),
		                           curb_int(message->at_ms)),
		                NULL);
	return err ? err :
	             curb_exec(c->host, tx,
	                       "UPDATE credit_question SET waiting = $2, said_ms = $3 WHERE id = $1",
	                       CURB_BINDS(curb_bind_id(&question->id), curb_int(waits),
	                                  curb_int(message->at_ms)),
	                       NULL);
}

/* A message as its row has it. */
struct sealed_message {
	struct curb_id id;
	struct question_message message;
};

static void read_message(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct sealed_message *)row = (struct sealed_message){
		curb_col_id(stmt, 0),
		{ curb_col_id(stmt, 1), curb_dup(curb_tx_arena(tx), curb_col_blob(stmt, 2)),
		  curb_col_int(stmt, 3) },
	};
}

int question_messages(struct credit *c, struct curb_tx *tx, const struct question *question,
                      struct question_message **ret_messages, size_t *ret_n)
{
	static const char sql[] =
		"SELECT id, person, sealed, at_ms FROM credit_message WHERE question = $1 ORDER BY at_ms, id";
	struct sealed_message *rows = NULL;
	size_t n = 0;
	int err = credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(&question->id)),
	                        (struct credit_rows){ sizeof *rows, read_message }, &rows, &n);
	struct question_message *messages = curb_alloc_n(curb_tx_arena(tx), n + 1, sizeof *messages);
	for (size_t i = 0; !err && i < n; i++) {
		messages[i] = rows[i].message;
		err = curb_unseal(tx, "credit_message", "sealed", &rows[i].id, rows[i].message.text,
		                  &messages[i].text);
	}
	if (err)
		return err;
	*ret_messages = messages;
	*ret_n = n;
	return 0;
}

int questions_of_class(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, int64_t skip,
                       int64_t most, struct question **ret_questions, size_t *ret_n, int64_t *ret_total)
{
	static const char sql[] = "SELECT " COLUMNS "FROM credit_question q WHERE q.cohort = $1 ORDER BY "
				  "q.waiting DESC, q.asked_ms, q.id LIMIT $2 OFFSET $3";
	int err = credit_one_number(c, tx, "SELECT count(*) FROM credit_question WHERE cohort = $1",
	                            CURB_BINDS(curb_bind_id(cohort)), ret_total);
	return err ? err :
	             credit_gather(c, tx, sql,
	                           CURB_BINDS(curb_bind_id(cohort), curb_int(most), curb_int(skip)), rows_of,
	                           ret_questions, ret_n);
}

int question_length(struct credit *c, struct curb_tx *tx, const struct question *question, int64_t *ret_n)
{
	return credit_one_number(c, tx, "SELECT count(*) FROM credit_message WHERE question = $1",
	                         CURB_BINDS(curb_bind_id(&question->id)), ret_n);
}

int questions_waiting(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                      const struct curb_id *person, int64_t *ret_n)
{
	return credit_one_number(c, tx,
	                         "SELECT count(*) FROM credit_question WHERE cohort = $1 AND waiting = 1 AND "
	                         "($2 = '' OR person = $2)",
	                         CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)), ret_n);
}

int questions_of_institution(struct credit *c, struct curb_tx *tx, const struct curb_id *institution,
                             int64_t most, struct question **ret_questions, size_t *ret_n)
{
	static const char sql[] =
		"SELECT " COLUMNS "FROM credit_question q JOIN credit_cohort c ON c.id = q.cohort "
		"WHERE c.institution = $1 AND q.waiting = 1 ORDER BY q.asked_ms, q.id LIMIT $2";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(institution), curb_int(most)), rows_of,
	                     ret_questions, ret_n);
}

int questions_of_person(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                        const struct curb_id *cohort, int64_t since_ms, struct question **ret_questions,
                        size_t *ret_n)
{
	static const char sql[] = "SELECT " COLUMNS
				  "FROM credit_question q WHERE q.person = $1 AND ($2 = '' OR q.cohort = $2) "
				  "AND q.said_ms >= $3 ORDER BY q.said_ms DESC, q.id LIMIT 50";
	return credit_gather(c, tx, sql,
	                     CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort), curb_int(since_ms)),
	                     rows_of, ret_questions, ret_n);
}
