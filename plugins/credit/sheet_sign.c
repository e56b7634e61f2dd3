/* Countersigning: what others entered, a whole sheet at once, or what is said of oneself. */
#include "curb/arena.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "sheet.h"

struct sheet_signing sheet_signing_of(struct curb_req *req, struct credit *c, struct curb_str sheet)
{
	return (struct sheet_signing){ .c = c,
		                       .sheet = sheet,
		                       .user = curb_req_user(req)->id,
		                       .helper = curb_req_helper(req),
		                       .role = "learner",
		                       .now_ms = curb_wall_ms() };
}

int sheet_sign_line(struct credit *c, struct curb_tx *tx, const struct sheet *sheet, struct sheet_line *line,
                    const struct sheet_signing *signing)
{
	int64_t index = 0;
	bool helped = curb_id_some(&signing->helper);
	const struct curb_id by = helped ? signing->helper : signing->user;
	const char *role = helped ? "helper" : signing->role;
	const struct curb_fact facts[] = {
		{ "cohort", 0, curb_id_str(&sheet->cohort) },
		{ "sheet", 0, curb_id_str(&sheet->id) },
		{ "mode", 0, curb_str(sheet_mode_word(sheet->mode)) },
		{ "entry", line->entry, { NULL, 0 } },
		{ "seconds", line->seconds, { NULL, 0 } },
	};
	const struct curb_entry entry = {
		.kind = "countersign",
		.at_ms = signing->now_ms,
		.person = line->person,
		.by = by,
		.role = role,
		.key = curb_str(curb_printf(curb_tx_arena(tx), "%s/%s/%lld/signed", sheet->id.text,
		                            line->person.text, (long long)line->number)),
		.facts = facts,
		.fact_count = sizeof facts / sizeof *facts,
	};
	line->signed_ms = signing->now_ms;
	line->signed_by = by;
	line->signed_as = curb_str(role);
	int err = curb_ledger_append(tx, &entry, &index);
	if (!err)
		err = sheet_line_sign(c, tx, &sheet->id, line, index);
	return err ? err : sheet_totals_add(c, tx, sheet, &line->person, -line->seconds, line->seconds);
}

bool sheet_signing_enters(const struct sheet_signing *signing, const struct sheet_line *line)
{
	return strcmp(line->entered_by.text, signing->user.text) == 0 ||
	       strcmp(line->entered_by.text, signing->helper.text) == 0;
}

/* What is countersigned now, by whomever, must be true of each trainee on the sheet whose lines were signed just now. */
static int check_signed(struct credit *c, struct curb_tx *tx, const struct credit_cohort *cohort,
                        const struct sheet *sheet, const struct sheet_line *lines, size_t n, int64_t now_ms)
{
	struct sheet_rule rule = { .c = c, .tx = tx, .cohort = cohort, .sheet = sheet };
	const char *field = NULL;
	int64_t signed_s = 0, more_s = 0;
	int err = sheet_rule_unit(&rule, &field);
	for (size_t i = 0; !err && i < n; i++) {
		const struct sheet_line *line = &lines[i];
		signed_s += line->signed_ms ? line->seconds : 0;
		more_s += line->signed_ms == now_ms ? line->seconds : 0;
		if (i + 1 < n && strcmp(line[1].person.text, line->person.text) == 0)
			continue;
		if (more_s > 0)
			err = sheet_check_signed(
				&rule,
				&(struct sheet_trainee){ .person = line->person, .shown = line->shown },
				signed_s);
		signed_s = more_s = 0;
	}
	return err;
}

int sheet_sign(struct curb_tx *tx, void *arg)
{
	struct sheet_signing *signing = arg;
	struct credit *c = signing->c;
	struct credit_cohort cohort;
	struct sheet sheet;
	struct sheet_line *lines = NULL;
	size_t n = 0, left = 0;
	bool own = curb_str_is(curb_str(signing->role), "learner");
	const char *held = "",
		   *last = ""; /* whose earlier line waits still: what corrects it waits behind it */
	signing->signed_n = 0;
	int err = sheet_by_id(c, tx, signing->sheet, &sheet);
	if (!err)
		err = sheet_lines(c, tx, &sheet.id, own ? &signing->user : NULL, &lines, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such attendance sheet");
	for (size_t i = 0; !err && i < n; i++) {
		struct sheet_line *line = &lines[i];
		if (line->signed_ms)
			continue;
		if (sheet_signing_enters(signing, line) || strcmp(held, line->person.text) == 0) {
			held = line->person.text;
			left++;
			continue;
		}
		err = sheet_sign_line(c, tx, &sheet, line, signing);
		signing->signed_n += strcmp(last, line->person.text) != 0;
		last = line->person.text;
	}
	if (!err && left > 0 && signing->signed_n == 0)
		return curb_fail(CURB_ECONFLICT,
		                 "You entered this sheet, so another person must countersign it");
	if (!err)
		err = credit_cohort_by_id(c, tx, curb_id_str(&sheet.cohort), &cohort);
	return err ? err : check_signed(c, tx, &cohort, &sheet, lines, n, signing->now_ms);
}
