/* What rows mean: looked at where the database is open. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "blobs.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"
#include "ledger.h"
#include "store.h"
#include "verify.h"

enum { ARENA_MOST = 64 << 20 };

static void look_at_structure(const struct doctor_rows *rows, const struct doctor_report *report)
{
	struct look look = {
		.report = report,
		.remedy = "Stop the server and restore the newest backup into a new folder: curbcut "
			  "restore."
	};
	const struct store_look all = { look_found, look_cancelled, &look };
	int err = store_examine(rows->store, &all);
	look_end(&look, err == CURB_EUNFIT ? 0 : err, "The database's trees and references are whole");
}

static const char *erased_text(const struct verify_result *result, char text[static 64])
{
	(void)snprintf(text, 64, ", but for %llu that were erased", (unsigned long long)result->erased);
	return result->erased ? text : "";
}

static void look_at_ledger(const struct doctor_rows *rows, const struct doctor_report *report)
{
	struct look look = {
		.report = report,
		.remedy = "Put the newest copy of the data folder back, or let an auditor decide on the page "
			  "/ledger/decision."
	};
	const struct verify_call call = { .found = look_found, .cancelled = look_cancelled, .arg = &look };
	struct verify_result result;
	char sound[TEXT_SIZE], erased[64];
	int err = ledger_examine(rows->ledger, &call, &result);
	if (result.wrong > VERIFY_TOLD)
		look.found += (int64_t)(result.wrong - VERIFY_TOLD);
	(void)snprintf(sound, sizeof sound, "All %llu entries of the ledger are as they were signed%s",
	               (unsigned long long)result.size, erased_text(&result, erased));
	look_end(&look, look.found ? 0 : err, sound);
}

/* ---- checks of others ---- */

static void run_check(const struct curb_doctor_check *check, struct curb_tx *tx,
                      const struct doctor_report *report)
{
	struct look look = { .report = report, .remedy = check->remedy };
	const struct curb_doctor_call call = { look_found, look_cancelled, &look };
	int err = check->run(check->self, tx, &call);
	look_end(&look, err, check->sound);
}

/* ---- files that rows name ---- */

static int each_named(const struct doctor_rows *rows, struct curb_tx *tx, struct look *look)
{
	static const char sql[] = "SELECT sha256, size FROM core_blob ORDER BY sha256";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		CURB_AUTO(fd) int fd = -1;
		char text[TEXT_SIZE];
		struct curb_str sha256 = curb_col_text(stmt, 0);
		uint64_t size = 0;
		err = 0;
		if (blobs_read(rows->blobs, sha256, &fd, &size) == 0 &&
		    size == (uint64_t)curb_col_int(stmt, 1))
			continue;
		(void)snprintf(text, sizeof text, "The file blobs/%.2s/%.64s %s", sha256.ptr, sha256.ptr,
		               fd < 0 ? "is missing" : "has another length than it came with");
		look_found(look, text);
	}
	return err;
}

static void look_at_named(const struct doctor_rows *rows, struct curb_tx *tx,
                          const struct doctor_report *report)
{
	struct look look = { .report = report,
		             .remedy = "Import the course again, or copy the file from the folder blobs of a "
		                       "backup." };
	look_end(&look, each_named(rows, tx, &look), "Every file that a course names is there");
}

int doctor_rows(const struct doctor *doctor, const struct doctor_rows *rows,
                const struct doctor_report *report)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	struct store_reader *reader = NULL;
	int err = store_reader_open(rows->store, &reader);
	if (err)
		return err;
	look_at_structure(rows, report);
	look_at_ledger(rows, report);
	for (size_t i = 0; i < doctor->count; i++) {
		run_check(&doctor->checks[i], store_begin(reader, arena), report);
		curb_arena_reset(arena);
	}
	blobs_keep(rows->blobs);
	look_at_named(rows, store_begin(reader, arena), report);
	blobs_let_go(rows->blobs);
	store_reader_close(reader);
	return report->cancelled(report->arg) ? curb_fail(CURB_EBUSY, "it was cancelled") : 0;
}
