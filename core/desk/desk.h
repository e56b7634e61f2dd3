/* The desk: pages and API of those who run the machine, look after people, or check what was done.
 * The rule: whoever acts covers the place of what she acts on; every change leaves a line in the list of changes.
 */
#ifndef CURB_DESK_H
#define CURB_DESK_H

#include "curb/home.h"
#include "curb/plugin.h"
#include "loader.h"
#include "store.h"
#include "work.h"

struct backups;
struct ledger;
struct desk; /* state of the process */

struct desk_options {
	struct curb_store *store;
	struct plugins *plugins; /* running */
	struct work *work;
	struct backups *backups;
	struct ledger *ledger;
	const char *data;    /* the data folder; lives as long as the desk */
	const char *version; /* static */
	uint32_t key_id;
	int64_t key_made_ms; /* 0: it does not lie in the data folder */
};

/* Lists the people who are not listed yet. Yours: desk_close. */
int desk_open(const struct desk_options *options, struct desk **ret_desk);
void desk_close(struct desk *desk); /* NULL is fine */

/* Their state is the struct desk. */
extern const struct curb_route desk_routes[];
/* Templates of owner "core". */
extern const struct curb_embedded desk_templates[];
/* What the desk has for a person's first page; `self` is the struct desk. */
struct curb_home_part desk_home_part(struct desk *desk);

#endif
