/* What is known about how accessible this server is, and reports of barriers by those who met them.
 * The rule: the report says only what a run of ./dev access found; a reporter gets an answer by the day that was named to
 * her, and needs no account, no script and no personal data for it.
 */
#ifndef CURB_ACCESS_H
#define CURB_ACCESS_H

#include "curb/db.h"
#include "curb/plugin.h"

enum { ACCESS_ANSWER_DAYS = 7 }; /* within which a report is answered: the promise that the pages make */

struct access; /* the report, read once; immutable but for the count of reports by address */

/* Reads `folder`/report.json and keeps the folder's name for its pictures. A folder without a report is fine: the page
 * says that there is none. One that cannot be read as a report is logged and counts as none. */
struct access *access_open(const char *folder);
void access_close(struct access *access); /* NULL is fine */

/* How many reports have no answer yet, and for how many of these the promised day is over. */
int access_waiting(struct curb_tx *tx, int64_t now_ms, int64_t *ret_waiting, int64_t *ret_late);

/* GET /accessibility and the pages below it; POST /accessibility/reports, .../inbox/:id/answer. State: struct access. */
extern const struct curb_route access_routes[];
extern const struct curb_migration access_migrations[];
/* Templates of owner "core". */
extern const struct curb_embedded access_templates[];

#endif
