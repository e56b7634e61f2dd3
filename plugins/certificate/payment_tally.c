/* What the entries of one trainee in one class add up to. */
#include <stdio.h>
#include <stdlib.h>

#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/words.h"
#include "payment.h"

enum { PLACES_MOST = 1 << 20, FIRST = 8 };

void tally_begin(struct payment_tally *tally)
{
	tally->from = -1;
	tally->to = -1;
	tally->places = curb_buf(PLACES_MOST);
}

void tally_free(struct payment_tally *tally)
{
	free(tally->attended);
	free(tally->sittings);
	curb_buf_free(&tally->places);
}

const struct curb_fact *payment_fact(const struct curb_recorded *entry, const char *name)
{
	static const struct curb_fact none = { "", 0, { NULL, 0 } };
	const struct curb_fact *fact = curb_fact_find(entry->facts, entry->fact_count, name);
	return fact ? fact : &none;
}

static void *grown(void *list, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return list;
	*room = *room ? 2 * *room : FIRST;
	void *more = realloc(list, *room * size);
	CURB_ASSERT(more);
	return more;
}

/* ---- places ---- */

static void write_run(struct payment_tally *tally)
{
	if (tally->from < 0)
		return;
	if (tally->places.len)
		curb_buf_char(&tally->places, ' ');
	curb_buf_int(&tally->places, tally->from);
	if (tally->to > tally->from) {
		curb_buf_char(&tally->places, '-');
		curb_buf_int(&tally->places, tally->to);
	}
}

static void add_place(struct payment_tally *tally, int64_t place)
{
	tally->entry_count++;
	if (tally->from >= 0 && tally->to + 1 == place) {
		tally->to = place;
		return;
	}
	write_run(tally);
	tally->from = tally->to = place;
}

int tally_places(struct payment_tally *tally, struct curb_str *ret_text)
{
	write_run(tally);
	tally->from = -1;
	*ret_text = curb_buf_view(&tally->places);
	return curb_buf_check(&tally->places);
}

bool payment_places_cut(struct curb_str *rest, int64_t *ret_from, int64_t *ret_to)
{
	struct curb_str run, from;
	if (!curb_str_cut(rest, ' ', &run) || !curb_str_cut(&run, '-', &from) ||
	    !curb_str_int(from, ret_from))
		return false;
	*ret_to = *ret_from;
	return *ret_from >= 0 && (run.len == 0 || curb_str_int(run, ret_to)) && *ret_to >= *ret_from;
}

/* ---- attendance ---- */

static void add_attended(struct payment_tally *tally, const struct curb_recorded *entry)
{
	tally->attended = grown(tally->attended, tally->attended_count, &tally->attended_room,
	                        sizeof *tally->attended);
	struct payment_attended *attended = &tally->attended[tally->attended_count++];
	*attended = (struct payment_attended){
		.entry = entry->index,
		.day = curb_day_of(payment_fact(entry, "from")->number),
		.seconds = payment_fact(entry, "seconds")->number,
		.onsite = curb_str_is(payment_fact(entry, "mode")->text, "onsite"),
	};
	tally->pending_s += attended->seconds;
}

static void sign_attended(struct payment_tally *tally, const struct curb_recorded *entry)
{
	int64_t seconds = payment_fact(entry, "seconds")->number;
	int64_t of = payment_fact(entry, "entry")->number;
	bool live = curb_str_is(payment_fact(entry, "mode")->text, "live");
	for (size_t i = 0; i < tally->attended_count; i++)
		if (tally->attended[i].entry == of)
			tally->attended[i].is_signed = true;
	tally->pending_s -= seconds;
	*(live ? &tally->live_s : &tally->offline_s) += seconds;
}

static int by_day(const void *left, const void *right)
{
	const struct payment_attended *a = left, *b = right;
	return (a->day > b->day) - (a->day < b->day);
}

int64_t tally_days(struct payment_tally *tally)
{
	int64_t days = 0, seconds = 0;
	if (tally->attended_count)
		qsort(tally->attended, tally->attended_count, sizeof *tally->attended, by_day);
	for (size_t i = 0; i < tally->attended_count; i++) {
		const struct payment_attended *one = &tally->attended[i];
		seconds += one->onsite && one->is_signed ? one->seconds : 0;
		if (i + 1 < tally->attended_count && one[1].day == one->day)
			continue;
		days += seconds > 0;
		seconds = 0;
	}
	return days;
}

/* ---- the final assessment ---- */

static struct curb_id index_id(int64_t index)
{
	struct curb_id id = { "" };
	(void)snprintf(id.text, sizeof id.text, "%lld", (long long)index);
	return id;
}

static struct sitting *sitting_at(struct payment_tally *tally, int64_t index)
{
	const struct curb_id id = index_id(index);
	for (size_t i = 0; i < tally->sitting_count; i++)
		if (strcmp(tally->sittings[i].id.text, id.text) == 0)
			return &tally->sittings[i];
	return NULL;
}

static enum outcome outcome_of(const struct curb_recorded *entry, const char *part)
{
	struct curb_str word = payment_fact(entry, part)->text;
	return curb_str_is(word, "passed") ? OUTCOME_PASSED :
	       curb_str_is(word, "failed") ? OUTCOME_FAILED :
	                                     OUTCOME_NONE;
}

static void add_sitting(struct payment_tally *tally, const struct curb_recorded *entry)
{
	const struct curb_fact *ref = curb_fact_find(entry->facts, entry->fact_count, "ref");
	struct sitting sitting = {
		.id = index_id(entry->index),
		.theory = outcome_of(entry, "theory"),
		.practice = outcome_of(entry, "practice"),
		.day = payment_fact(entry, "day")->number,
		.corrects = ref ? index_id(ref->number) : (struct curb_id){ "" },
	};
	struct sitting *old = ref ? sitting_at(tally, ref->number) : NULL;
	if (old)
		old->corrected = sitting.id;
	tally->sittings = grown(tally->sittings, tally->sitting_count, &tally->sitting_room,
	                        sizeof *tally->sittings);
	tally->sittings[tally->sitting_count++] = sitting;
}

static void sign_sitting(struct payment_tally *tally, const struct curb_recorded *entry)
{
	struct sitting *sitting = sitting_at(tally, payment_fact(entry, "entry")->number);
	if (sitting)
		sitting->signed_by = index_id(entry->index);
}

int64_t tally_assessed_day(const struct payment_tally *tally)
{
	int64_t day = 0;
	for (size_t i = 0; i < tally->sitting_count; i++) {
		const struct sitting *sitting = &tally->sittings[i];
		bool passed = sitting->theory == OUTCOME_PASSED || sitting->practice == OUTCOME_PASSED;
		if (passed && curb_id_some(&sitting->signed_by) && sitting->day > day)
			day = sitting->day;
	}
	return day;
}

/* ---- all of it ---- */

static void add_online(struct payment_tally *tally, const struct curb_recorded *entry)
{
	tally->online_s += payment_fact(entry, "granted")->number;
}

/* Of the whole class, or of a certificate: what a line rests on too, but no hours. */
static void add_nothing(struct payment_tally *tally, const struct curb_recorded *entry)
{
	(void)tally;
	(void)entry;
}

void tally_add(struct payment_tally *tally, const struct curb_recorded *entry)
{
	static const struct {
		const char *kind;
		void (*add)(struct payment_tally *tally, const struct curb_recorded *entry);
	} kinds[] = {
		{ "online", add_online },
		{ "moved", add_online },
		{ "present", add_nothing },
		{ "sheet", add_attended },
		{ "correction", add_attended },
		{ "countersign", sign_attended },
		{ "assessment", add_sitting },
		{ "assessment_countersign", sign_sitting },
		{ "assessment_moved", add_nothing },
		{ "certificate_moved", add_nothing },
		{ "class", add_nothing },
		{ "waiver_granted", add_nothing },
		{ "certificate", add_nothing },
		{ "withdrawal", add_nothing },
		{ "withdrawal_countersign", add_nothing },
	};
	struct curb_str kind = payment_fact(entry, "kind")->text;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (curb_str_is(kind, kinds[i].kind)) {
			kinds[i].add(tally, entry);
			add_place(tally, entry->index);
		}
}
