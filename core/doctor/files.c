/* What lies in files: pages and blobs. */
#include <stdio.h>
#include <string.h>

#include "blobs.h"
#include "curb/err.h"
#include "inside.h"
#include "store.h"

static const char restore[] =
	"Stop the server, keep this folder as it is, and restore the newest backup into a new one: curbcut "
	"restore. The ledger tells what was counted behind it.";

/* ---- pages ---- */

static void wrong_page(void *arg, uint64_t page)
{
	char text[TEXT_SIZE];
	(void)snprintf(text, sizeof text, "page %llu of the database is not as it was written",
	               (unsigned long long)page);
	look_found(arg, text);
}

int doctor_pages(const char *database, const struct doctor_report *report, int64_t *ret_damaged)
{
	struct look look = { .report = report, .remedy = restore };
	struct store_pages pages;
	char sound[TEXT_SIZE];
	int err = store_scan(database, wrong_page, &look, &pages);
	if (err == CURB_ENOTFOUND)
		return err;
	if (!err && pages.without) {
		report->say(report->arg, DOCTOR_NOTE,
		            "The database was made before its pages had checksums: what a disk changes in "
		            "names and texts is not found",
		            NULL);
		return 0;
	}
	(void)snprintf(sound, sizeof sound, "All %llu pages of the database are as they were written",
	               err ? 0ULL : (unsigned long long)pages.all);
	look_end(&look, err, sound);
	*ret_damaged += look.found;
	return 0;
}

/* ---- blobs ---- */

struct hashing {
	struct look look;
	const struct blobs *blobs;
	int64_t n;
	bool cancelled;
};

static void look_at(void *arg, struct curb_str sha256)
{
	struct hashing *hashing = arg;
	char text[TEXT_SIZE];
	hashing->cancelled = hashing->cancelled || look_cancelled(&hashing->look);
	if (hashing->cancelled)
		return;
	int err = blobs_check(hashing->blobs, sha256);
	if (err ==
	    CURB_ENOTFOUND) /* the server removes what nothing names; whether that holds, its rows tell */
		return;
	hashing->n++;
	if (!err)
		return;
	(void)snprintf(text, sizeof text, "The file blobs/%.2s/%.*s %s", sha256.ptr, (int)sha256.len,
	               sha256.ptr, err == CURB_EUNFIT ? "was changed" : "cannot be read");
	look_found(&hashing->look, text);
}

int doctor_blobs(const char *folder, const struct doctor_report *report, int64_t *ret_damaged)
{
	struct hashing hashing = { .look = { .report = report,
		                             .remedy = "Import the course again, or copy the file from the "
		                                       "folder blobs of a backup." } };
	struct blobs *blobs = NULL;
	char sound[TEXT_SIZE];
	int err = blobs_open_read(folder, &blobs);
	if (err)
		return err;
	hashing.blobs = blobs;
	err = blobs_each(blobs, look_at, &hashing);
	blobs_close(blobs);
	if (hashing.cancelled)
		return curb_fail(CURB_EBUSY, "it was cancelled");
	(void)snprintf(sound, sizeof sound, "All %lld files of courses are as they came",
	               (long long)hashing.n);
	look_end(&hashing.look, err, sound);
	*ret_damaged += hashing.look.found;
	return 0;
}
