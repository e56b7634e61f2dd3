#include "findings.h"

#include <stdlib.h>

#include "curb/err.h"

const struct finding_words finding_words[FINDING_KINDS] = {
	[FINDING_NUMBER_TWICE] = { "D1", CURB_TEXT("Two persons have the same certificate number"),
	                           CURB_TEXT("Compare both on paper. When they are one person, merge the two "
	                                     "records; else mend the wrong number") },
	[FINDING_NAME_TWICE] = { "D2", CURB_TEXT("Two persons of the same name are in one class"),
	                         CURB_TEXT("Look whether they are one person. When they are, merge the two "
	                                   "records") },
	[FINDING_NO_NUMBER] = { "M1", CURB_TEXT("No certificate number is recorded"),
	                        CURB_TEXT("It may be left out. When the national register should know the "
	                                  "person, record it on the page of her eligibility") },
	[FINDING_OVER_PLAN] = { "H1", CURB_TEXT("More hours are counted than the class has"),
	                        CURB_TEXT("Look at the entries of her hours; a correction takes out what was "
	                                  "entered twice") },
	[FINDING_DO_NOT_ADD] = { "H2", CURB_TEXT("More hours are counted than online and offline together"),
	                         CURB_TEXT("Have the server examined that counted them: curbcut doctor") },
	[FINDING_ONLY_PASSED] = { "R1", CURB_TEXT("The final assessment is passed, and no hour is counted"),
	                          CURB_TEXT("Look whether attendance waits for a countersignature, or the "
	                                    "result is another trainee's") },
	[FINDING_ONLY_ISSUED] = { "C1", CURB_TEXT("There is a certificate, and no hour is counted"),
	                          CURB_TEXT("Look at the entries of her hours. When they are right, withdraw "
	                                    "the certificate") },
	[FINDING_NOT_PASSED] = { "C2",
	                         CURB_TEXT("There is a certificate, and the final assessment is not passed"),
	                         CURB_TEXT("Look at the results. When they are right, withdraw the "
	                                   "certificate") },
	[FINDING_BEFORE_CLASS] = { "C3", CURB_TEXT("The certificate was issued before the class began"),
	                           CURB_TEXT("Look at the days of the class and of the certificate") },
};

enum { PASSED = 2 };

/* ---- each by itself ---- */

static bool is_so(enum finding_kind kind, const struct looked_at *looked)
{
	const struct record *r = &looked->record;
	bool issued = r->code.len > 0;
	switch (kind) {
	case FINDING_NO_NUMBER: return looked->mark.len == 0;
	case FINDING_OVER_PLAN: return r->counted_s > r->total_s;
	case FINDING_DO_NOT_ADD: return r->counted_s > r->online_s + r->offline_s;
	case FINDING_ONLY_PASSED:
		return !issued && r->theory == PASSED && r->practice == PASSED && r->counted_s == 0;
	case FINDING_ONLY_ISSUED: return issued && r->counted_s == 0;
	case FINDING_NOT_PASSED: return issued && (r->theory != PASSED || r->practice != PASSED);
	case FINDING_BEFORE_CLASS: return issued && r->issued_ms < r->starts_ms;
	default: return false;
	}
}

/* ---- two that are alike ---- */

static int compare(struct curb_str a, struct curb_str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int by_number(const void *a, const void *b)
{
	const struct looked_at *const *one = a, *const *other = b;
	return compare((*one)->mark, (*other)->mark);
}

static int by_name(const void *a, const void *b)
{
	const struct looked_at *const *one = a, *const *other = b;
	int order = strcmp((*one)->record.class_id.text, (*other)->record.class_id.text);
	return order ? order : compare((*one)->record.name, (*other)->record.name);
}

/* Marks every record of a run of equals that has more than one person in it. */
static void mark_twice(const struct looked_at **sorted, const struct looked_at *first, size_t n,
                       int (*order)(const void *a, const void *b), bool *twice)
{
	qsort(sorted, n, sizeof *sorted, order);
	for (size_t from = 0, to; from < n; from = to) {
		bool several = false;
		for (to = from + 1; to < n && order(&sorted[from], &sorted[to]) == 0; to++)
			several = several ||
			          !curb_str_eq(sorted[from]->record.person, sorted[to]->record.person);
		for (size_t i = from; several && i < to; i++)
			twice[sorted[i] - first] = true;
	}
}

void findings_in(struct curb_arena *arena, const struct looked_at *records, size_t n,
                 struct finding **ret_findings, size_t *ret_n)
{
	const struct looked_at **sorted = curb_alloc_n(arena, n + 1, sizeof *sorted);
	bool *twice[2] = { curb_alloc_n(arena, n + 1, sizeof **twice),
		           curb_alloc_n(arena, n + 1, sizeof **twice) };
	struct finding *found = curb_alloc_n(arena, n + 1, FINDING_KINDS * sizeof *found);
	size_t numbered = 0, count = 0;
	memset(twice[0], 0, n * sizeof **twice);
	memset(twice[1], 0, n * sizeof **twice);
	for (size_t i = 0; i < n; i++)
		if (records[i].mark.len > 0)
			sorted[numbered++] = &records[i];
	mark_twice(sorted, records, numbered, by_number, twice[FINDING_NUMBER_TWICE]);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &records[i];
	mark_twice(sorted, records, n, by_name, twice[FINDING_NAME_TWICE]);
	for (size_t i = 0; i < n; i++)
		for (enum finding_kind kind = 0; kind < FINDING_KINDS; kind++)
			if (kind <= FINDING_NAME_TWICE ?
			            twice[kind][i] :
			            !records[i].record.left_ms && is_so(kind, &records[i]))
				found[count++] = (struct finding){ kind, i };
	*ret_findings = found;
	*ret_n = count;
}
