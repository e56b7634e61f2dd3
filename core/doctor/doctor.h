/* The doctor: looks whether a data folder is as the server wrote it, and says for each finding what to do.
 * The rule: it changes nothing. What lies in files is looked at as files, by any process; what rows mean, by the one process that
 * has the database open.
 */
#ifndef CURB_CORE_DOCTOR_H
#define CURB_CORE_DOCTOR_H

#include "curb/doctor.h"

struct blobs;
struct doctor; /* the checks that parts have offered */
struct ledger;
struct curb_store;

struct doctor *doctor_new(void);         /* yours: doctor_free */
void doctor_free(struct doctor *doctor); /* NULL is fine */
/* The service doctor.v1; state. */
const struct curb_doctor_api *doctor_service(const struct doctor *doctor);

enum doctor_state {
	DOCTOR_SOUND,   /* looked at, and nothing was wrong */
	DOCTOR_NOTE,    /* could not be looked at, and why */
	DOCTOR_DAMAGED, /* one finding */
};

/* Who is told; English. `remedy` is NULL but for DOCTOR_DAMAGED. */
struct doctor_report {
	void (*say)(void *arg, enum doctor_state state, const char *text, const char *remedy);
	bool (*cancelled)(void *arg);
	void *arg;
};

/* Every page of the database file against its checksum; every blob against its name. A server may be at work on them, in another
 * process. Return an error only when they could not look; else *ret_damaged grows by the number of findings. */
int doctor_pages(const char *database, const struct doctor_report *report, int64_t *ret_damaged);
int doctor_blobs(const char *folder, const struct doctor_report *report, int64_t *ret_damaged);

/* What rows mean: the database's own checks, every entry of the ledger up to what was signed, the checks that were offered, and
 * whether every file that a row names is there. Each is made, whatever the others find. */
struct doctor_rows {
	struct curb_store *store;
	struct ledger *ledger;
	struct blobs *blobs;
};
int doctor_rows(const struct doctor *doctor, const struct doctor_rows *rows,
                const struct doctor_report *report);

#endif
