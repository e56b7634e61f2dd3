/* Countersigning: what others entered, a whole sheet at once, or what is said of oneself. */
#include "curb/arena.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "sheet.h"

static int sign_line(struct credit *c, struct curb_tx *tx, const struct sheet *sheet, struct sheet_line *line,
                     const struct sheet_signing *signing)
{
	int64_t index = 0;
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
		.by = signing->by,
		.role = signing->role,
		.key = curb_str(curb_printf(curb_tx_arena(tx), "%s/%s/%lld/signed", sheet->id.text,
		                            line->person.text, (long long)line->number)),
		.facts = facts,
		.fact_count = sizeof facts / sizeof *facts,
	};
	line->signed_ms = signing->now_ms;
	line->signed_by = signing->by;
	line->signed_as = curb_str(signing->role);
	int err = curb_ledger_append(tx, &entry, &index);
	if (!err)
		err = sheet_line_sign(c, tx, &sheet->id, line, index);
	return err ? err : sheet_totals_add(c, tx, sheet, &line->person, -line->seconds, line->seconds);
}

int sheet_sign(struct credit *c, struct curb_tx *tx, struct sheet_signing *signing)
{
	struct sheet sheet;
	struct sheet_line *lines = NULL;
	size_t n = 0, left = 0;
	bool own = curb_str_is(curb_str(signing->role), "learner");
	const char *held = "",
		   *last = ""; /* whose earlier line waits still: what corrects it waits behind it */
	signing->signed_n = 0;
	int err = sheet_by_id(c, tx, signing->sheet, &sheet);
	if (!err)
		err = sheet_lines(c, tx, &sheet.id, own ? &signing->by : NULL, &lines, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such attendance sheet");
	for (size_t i = 0; !err && i < n; i++) {
		struct sheet_line *line = &lines[i];
		if (line->signed_ms)
			continue;
		bool hers = strcmp(line->entered_by.text, signing->by.text) == 0 ||
		            strcmp(line->entered_by.text, signing->helper.text) == 0;
		if (hers || strcmp(held, line->person.text) == 0) {
			held = line->person.text;
			left++;
			continue;
		}
		err = sign_line(c, tx, &sheet, line, signing);
		signing->signed_n += strcmp(last, line->person.text) != 0;
		last = line->person.text;
	}
	if (!err && left > 0 && signing->signed_n == 0)
		return curb_fail(CURB_ECONFLICT,
		                 "You entered this sheet, so another person must countersign it");
	return err;
}
