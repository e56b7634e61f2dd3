/* The list out of the entries: first which certificates it is of, then what their holders earned, then whether that is what the
 * server goes by. */
#include <stdio.h>
#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/words.h"
#include "payment.h"

/* ---- certificates, as the entries have them ---- */

struct paper {
	int64_t index, first, first_ms; /* see payment.h */
	int64_t online_c, offline_c;
	struct curb_id cohort, person;
	char hash[65];           /* of its token */
	bool withdrawn, renamed; /* renamed: another one with the right name took its place at once */
};

struct reckoning {
	struct certificate *c;
	struct curb_tx *tx;
	const struct payment_wanted *wanted;
	struct payment_reckoned out;
	struct paper *papers; /* in their order in the ledger */
	size_t paper_count, paper_room;
	struct payment_owned owned;
	struct payment_tally *tallies; /* by_class_and_person */
	size_t n;
	struct credit_class class; /* the last one looked up */
};

static struct paper *paper_at(const struct reckoning *r, int64_t index)
{
	size_t low = 0, high = r->paper_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (r->papers[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low < r->paper_count && r->papers[low].index == index ? &r->papers[low] : NULL;
}

static void add_paper(struct reckoning *r, const struct curb_recorded *entry)
{
	enum { FIRST = 64 };
	const struct curb_fact *ref = curb_fact_find(entry->facts, entry->fact_count, "ref");
	struct curb_str hash = payment_fact(entry, "hash")->text;
	if (r->paper_count == r->paper_room) {
		r->paper_room = r->paper_room ? 2 * r->paper_room : FIRST;
		r->papers = realloc(r->papers, r->paper_room * sizeof *r->papers);
		CURB_ASSERT(r->papers);
	}
	const struct paper *before = ref ? paper_at(r, ref->number) : NULL;
	struct paper *paper = &r->papers[r->paper_count++];
	*paper = (struct paper){
		.index = entry->index,
		.first = before ? before->first : entry->index,
		.first_ms = before && before->renamed ? before->first_ms : payment_fact(entry, "at")->number,
		.online_c = payment_fact(entry, "online_c")->number,
		.offline_c = payment_fact(entry, "offline_c")->number,
		.cohort = curb_id_of(payment_fact(entry, "cohort")->text),
		.person = entry->person,
	};
	(void)snprintf(paper->hash, sizeof paper->hash, "%.*s", (int)hash.len, hash.len ? hash.ptr : "");
}

static int find_papers(void *arg, const struct curb_recorded *entry)
{
	struct reckoning *r = arg;
	struct curb_str kind = payment_fact(entry, "kind")->text;
	r->out.size = entry->index + 1;
	if (curb_str_is(kind, "certificate"))
		add_paper(r, entry);
	if (curb_str_is(kind, "certificate_moved") || curb_str_is(kind, "assessment_moved"))
		owned_add(&r->owned, entry);
	if (curb_str_is(kind, "withdrawal_countersign")) {
		struct paper *paper = paper_at(r, payment_fact(entry, "entry")->number);
		if (paper) {
			paper->withdrawn = true;
			paper->renamed = payment_fact(entry, "renew")->number != 0;
		}
	}
	return 0;
}

/* ---- of which of them the list is ---- */

static int class_of(struct reckoning *r, const struct curb_id *cohort)
{
	if (strcmp(r->class.id.text, cohort->text) == 0)
		return 0;
	return r->c->credit->class_by_id(r->c->credit, r->tx, curb_id_str(cohort), &r->class);
}

static int is_wanted(struct reckoning *r, const struct paper *paper, bool *ret_wanted)
{
	const struct payment_wanted *wanted = r->wanted;
	int64_t day = curb_day_of(paper->first_ms);
	*ret_wanted = false;
	if (paper->withdrawn)
		return 0;
	if (curb_id_some(&wanted->cohort)) {
		*ret_wanted = strcmp(paper->cohort.text, wanted->cohort.text) == 0;
		return 0;
	}
	if (day < wanted->first_day || day > wanted->last_day)
		return 0;
	int err = class_of(r, &paper->cohort);
	if (!err)
		*ret_wanted = strcmp(r->class.institution.text, wanted->institution.text) == 0;
	return err;
}

static int by_class_and_person(const void *left, const void *right)
{
	const struct payment_tally *a = left, *b = right;
	int order = strcmp(a->cohort.text, b->cohort.text);
	return order ? order : strcmp(a->person.text, b->person.text);
}

static int choose(struct reckoning *r)
{
	r->tallies = curb_xcalloc(PAYMENT_LINES_MOST, sizeof *r->tallies);
	for (size_t i = 0; i < r->paper_count; i++) {
		const struct paper *paper = &r->papers[i];
		bool wanted = false;
		int err = is_wanted(r, paper, &wanted);
		if (err)
			return err;
		if (!wanted)
			continue;
		if (r->n == PAYMENT_LINES_MOST)
			return curb_fail(CURB_ETOOBIG,
			                 "A list has at most %d lines. Choose fewer days, or a class",
			                 PAYMENT_LINES_MOST);
		r->tallies[r->n] = (struct payment_tally){ .cohort = paper->cohort,
			                                   .person = *owned_at(&r->owned, paper->index,
			                                                       &paper->person),
			                                   .certificate = paper->index,
			                                   .first = paper->first,
			                                   .first_ms = paper->first_ms };
		tally_begin(&r->tallies[r->n++]);
	}
	if (r->n)
		qsort(r->tallies, r->n, sizeof *r->tallies, by_class_and_person);
	return 0;
}

/* ---- what their holders earned ---- */

static int add_entry(void *arg, const struct curb_recorded *entry)
{
	struct reckoning *r = arg;
	const struct payment_tally sought = { .cohort = curb_id_of(payment_fact(entry, "cohort")->text),
		                              .person = *owned_about(&r->owned, entry) };
	if (!sought.cohort.text[0])
		return 0;
	if (sought.person.text[0]) {
		struct payment_tally *found = bsearch(&sought, r->tallies, r->n, sizeof sought,
		                                      by_class_and_person);
		if (found)
			tally_add(found, entry);
		return 0;
	}
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->tallies[i].cohort.text, sought.cohort.text) == 0)
			tally_add(&r->tallies[i], entry);
	return 0;
}

/* ---- against what the server goes by ---- */

static void add_fault(struct reckoning *r, struct payment_fault *list, size_t *n, struct payment_fault fault)
{
	fault.name = curb_words_masked(curb_tx_arena(r->tx), fault.name);
	fault.programme = r->class.programme;
	if (*n < PAYMENT_FAULTS_MOST)
		list[(*n)++] = fault;
}

static void differs(struct reckoning *r, struct curb_str name, const char *text)
{
	add_fault(r, r->out.faults, &r->out.fault_count,
	          (struct payment_fault){ .name = name, .text = text });
}

static int compare_hours(struct reckoning *r, const struct payment_tally *tally, struct curb_str name,
                         struct credit_earned *ret_earned)
{
	const struct credit_api *credit = r->c->credit;
	int err = credit->earned(credit, r->tx, &tally->cohort, &tally->person, ret_earned);
	if (err == CURB_ENOTFOUND) {
		differs(r, name, CURB_TEXT("Entries, but not on the roster"));
		return err;
	}
	if (!err && ret_earned->online_s != tally->online_s)
		differs(r, name, CURB_TEXT("The online hours are not those of the entries"));
	if (!err && ret_earned->live_s + ret_earned->over_s != tally->live_s)
		differs(r, name, CURB_TEXT("The live online hours are not those of the entries"));
	if (!err && ret_earned->offline_s != tally->offline_s)
		differs(r, name, CURB_TEXT("The offline hours are not those of the entries"));
	if (!err && ret_earned->pending_s != tally->pending_s)
		differs(r, name, CURB_TEXT("The hours that wait are not those of the entries"));
	return err;
}

static int compare_results(struct reckoning *r, const struct payment_tally *tally, struct curb_str name,
                           struct assessed *ret_assessed)
{
	struct sitting *sittings = NULL;
	size_t n = 0;
	int err = sittings_of(r->c, r->tx, &tally->cohort, &tally->person, &sittings, &n);
	if (err)
		return err;
	const struct assessed rows = assessed_of(sittings, n);
	*ret_assessed = assessed_of(tally->sittings, tally->sitting_count);
	if (n != tally->sitting_count || rows.theory != ret_assessed->theory ||
	    rows.practice != ret_assessed->practice || rows.waits != ret_assessed->waits)
		differs(r, name, CURB_TEXT("The final assessment is not that of the entries"));
	return 0;
}

static void compare_certificate(struct reckoning *r, const struct issued *issued, const struct paper *paper)
{
	struct curb_str hash = sign_hash(curb_tx_arena(r->tx), issued->token);
	if (!curb_str_is(hash, paper->hash) || issued->online_c != paper->online_c ||
	    issued->offline_c != paper->offline_c || issued->withdrawn_ms)
		differs(r, issued->name, CURB_TEXT("The certificate is not that of the entries"));
}

/* Why somebody with a certificate is not paid for; NULL: she is. */
static const char *hindrance(const struct credit_earned *earned, const struct assessed *assessed)
{
	if (earned->counted_s < earned->total_s)
		return CURB_TEXT("Hours were corrected since: fewer count now than the certificate wants");
	if (assessed->theory != STANDING_PASSED || assessed->practice != STANDING_PASSED)
		return CURB_TEXT("The final assessment was corrected since: it is not passed now");
	return NULL;
}

static int put_line(struct reckoning *r, struct payment_tally *tally, const struct issued *issued)
{
	struct credit_earned earned = { .total_s = 0 };
	struct assessed assessed = { .theory = STANDING_NONE };
	int err = compare_hours(r, tally, issued->name, &earned);
	if (!err)
		err = compare_results(r, tally, issued->name, &assessed);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	const char *why = hindrance(&earned, &assessed);
	if (why) {
		add_fault(
			r, r->out.left, &r->out.left_count,
			(struct payment_fault){ .name = issued->name, .text = why, .person = tally->person });
		return 0;
	}
	struct payment_line *line = &r->out.lines[r->out.n++];
	*line = (struct payment_line){
		.cohort = tally->cohort,
		.person = tally->person,
		.certificate = issued->id,
		.name = curb_words_masked(curb_tx_arena(r->tx), issued->name),
		.programme = r->class.programme,
		.code = issued->code,
		.first = tally->first,
		.issued_ms = tally->first_ms,
		.online_s = tally->online_s + earned.live_s,
		.offline_s = tally->offline_s,
		.hour_s = r->class.hour_s,
		.days = tally_days(tally),
		.assessed_day = tally_assessed_day(tally),
		.entry_count = tally->entry_count,
	};
	err = tally_places(tally, &line->entries);
	return err ? err : payment_listed(r->c, r->tx, line->first, &line->before_ms);
}

static int compare_one(struct reckoning *r, struct payment_tally *tally)
{
	struct issued issued;
	int err = class_of(r, &tally->cohort);
	if (!err)
		err = issued_by_entry(r->c, r->tx, &tally->cohort, &tally->person, tally->certificate,
		                      &issued);
	if (err == CURB_ENOTFOUND) {
		differs(r, curb_str(""), CURB_TEXT("A certificate of the entries is not kept"));
		return 0;
	}
	if (err)
		return err;
	compare_certificate(r, &issued, paper_at(r, tally->certificate));
	return put_line(r, tally, &issued);
}

/* Certificates that are kept, and of which the entries know nothing. */
static int compare_rows(struct reckoning *r)
{
	int64_t *entries = NULL;
	size_t n = 0;
	int err = issued_entries(r->c, r->tx, &r->wanted->cohort, &r->wanted->institution, &entries, &n);
	for (size_t i = 0; !err && i < n; i++) {
		const struct paper *paper = paper_at(r, entries[i]);
		if (!paper || paper->withdrawn)
			differs(r, curb_str(""), CURB_TEXT("A certificate that is kept has no entry"));
	}
	return err;
}

static int by_issue(const void *left, const void *right)
{
	const struct payment_line *a = left, *b = right;
	int order = strcmp(a->cohort.text, b->cohort.text);
	return order ? order : (a->first > b->first) - (a->first < b->first);
}

static int reckon(struct reckoning *r)
{
	int err = curb_ledger_each(r->tx, find_papers, r);
	owned_sort(&r->owned);
	if (!err)
		err = choose(r);
	if (!err)
		err = curb_ledger_each(r->tx, add_entry, r);
	for (size_t i = 0; !err && i < r->n; i++)
		err = compare_one(r, &r->tallies[i]);
	if (!err)
		err = compare_rows(r);
	if (!err && r->out.n)
		qsort(r->out.lines, r->out.n, sizeof *r->out.lines, by_issue);
	return err;
}

/* Places outlive the tallies, and are the longest texts of all. */
static int keep_places(struct reckoning *r)
{
	size_t all = 0;
	for (size_t i = 0; i < r->out.n; i++)
		all += r->out.lines[i].entries.len + 1;
	if (all > PAYMENT_PLACES_MOST)
		return curb_fail(CURB_ETOOBIG,
		                 "This list has too many entries. Choose fewer days, or a class");
	for (size_t i = 0; i < r->out.n; i++)
		r->out.lines[i].entries = curb_dup(curb_tx_arena(r->tx), r->out.lines[i].entries);
	return 0;
}

int payment_reckon(struct certificate *c, struct curb_tx *tx, const struct payment_wanted *wanted,
                   struct payment_reckoned *ret)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct reckoning r = { .c = c, .tx = tx, .wanted = wanted };
	r.out.lines = curb_alloc_n(arena, PAYMENT_LINES_MOST, sizeof *r.out.lines);
	r.out.faults = curb_alloc_n(arena, PAYMENT_FAULTS_MOST, sizeof *r.out.faults);
	r.out.left = curb_alloc_n(arena, PAYMENT_FAULTS_MOST, sizeof *r.out.left);
	int err = reckon(&r);
	if (!err)
		err = keep_places(&r);
	if (!err)
		*ret = r.out;
	for (size_t i = 0; i < r.n; i++)
		tally_free(&r.tallies[i]);
	free(r.tallies);
	free(r.papers);
	free(r.owned.list);
	return err;
}
