/* Erasing persons: who has left, when their retention has run, and destroying what is kept about them.
 * The rule: whoever is to be erased stands on the list beside the keys first, so that no older backup brings her back; then her rows
 * go in one transaction, the bodies of her entries a part at a time, and last what deleted rows left in the files. Broken off
 * anywhere, the next run goes on from there.
 */
#ifndef CURB_CORE_ERASURE_H
#define CURB_CORE_ERASURE_H

#include "curb/doctor.h"
#include "curb/erasure.h"
#include "curb/job.h"
#include "curb/plugin.h"
#include "store.h"

struct erasure; /* the parts that were offered; state of the process */

/* `data`: the data folder, in whose folder "keys" the list lies; lives as long. Yours: erasure_free. */
struct erasure *erasure_new(struct curb_store *store, const char *data);
void erasure_free(struct erasure *erasure); /* NULL is fine */
/* The service erasure.v1; state. */
const struct curb_erasure_api *erasure_service(const struct erasure *erasure);

/* Once plugins have started and jobs run: remembers the parts that were offered, finds persons of the list that an older backup
 * brought back and closes their accounts, and has the job look at who is due. */
int erasure_begin(struct erasure *erasure);

/* A part that was offered once and does not come back, as its plugin was removed: persons are erased without it from then on. What it
 * kept of them stays where it is. Thread-safe. CURB_ECONFLICT: it runs; CURB_ENOTFOUND: there is none of that name. */
int erasure_forget_part(struct erasure *erasure, struct curb_str name);

/* For the doctor: whether the list beside the keys has as many as the database knows. Its texts are static, its state is `erasure`. */
struct curb_doctor_check erasure_check(struct erasure *erasure);

/* The kind "erase"; its state is the struct erasure. Ended by a zero row. */
extern const struct curb_job_kind erasure_jobs[];

#endif
