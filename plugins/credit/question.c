#include "question.h"

#include "curb/err.h"
#include "curb/ledger.h"

static int note_in_ledger(struct curb_tx *tx, const struct question_saying *saying, const struct curb_id *id,
                          bool asks)
{
	const struct question *question = &saying->question;
	const char *key = curb_printf(curb_tx_arena(tx), "%s\n%.*s", id->text, (int)saying->text.len,
	                              saying->text.ptr);
	const struct curb_fact facts[] = {
		{ "cohort", 0, curb_id_str(&question->cohort) },
		{ "unit", 0, curb_id_str(&question->unit) },
		{ "day", question->day, { NULL, 0 } },
		{ "question", 0, curb_id_str(&question->id) },
	};
	const struct curb_entry entry = { .kind = asks ? "question" : "answer",
		                          .at_ms = saying->now_ms,
		                          .person = question->person,
		                          .by = saying->by,
		                          .role = saying->role,
		                          .key = curb_str(key),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, NULL);
}

static int say(struct curb_tx *tx, const struct question_saying *saying)
{
	bool asks = strcmp(saying->by.text, saying->question.person.text) == 0;
	struct curb_id id = curb_id_new(saying->now_ms);
	const struct question_message message = { saying->by, saying->text, saying->now_ms };
	int err = question_add_message(saying->c, tx, &saying->question, &id, &message, asks);
	return err ? err : note_in_ledger(tx, saying, &id, asks);
}

int question_ask(struct curb_tx *tx, void *arg)
{
	struct question_saying *saying = arg;
	struct question *question = &saying->question;
	int64_t online_s = 0, waiting = 0;
	int err = credit_online_s(saying->c, tx, &question->cohort, &question->person, &online_s);
	if (!err)
		err = questions_waiting(saying->c, tx, &question->cohort, &question->person, &waiting);
	if (err)
		return err;
	if (waiting >= QUESTIONS_OPEN_MOST)
		return curb_fail(
			CURB_EUNFIT,
			"%d of your questions wait for an answer already. Write more to one of them, "
			"or wait for an answer",
			QUESTIONS_OPEN_MOST);
	question->id = curb_id_new(saying->now_ms);
	question->asked_ms = saying->now_ms;
	err = question_add(saying->c, tx, question);
	return err ? err : say(tx, saying);
}

int question_say(struct curb_tx *tx, void *arg)
{
	const struct question_saying *saying = arg;
	int64_t length = 0;
	int err = question_length(saying->c, tx, &saying->question, &length);
	if (!err && length >= QUESTION_MESSAGES_MOST)
		return curb_fail(CURB_EUNFIT,
		                 "This question has %d messages. Ask a new one, or talk to each other",
		                 QUESTION_MESSAGES_MOST);
	return err ? err : say(tx, saying);
}
