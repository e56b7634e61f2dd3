/* What the loader's files share.
 * The rule: single-threaded until plugins_start has returned, read-only from then to plugins_stop.
 */
#ifndef CURB_PLUGIN_SLOTS_H
#define CURB_PLUGIN_SLOTS_H

#include "loader.h"

struct service {
	const char *name;
	const struct curb_service_head *api;
	const struct plugin_slot *owner; /* NULL: the core */
};

enum { SERVICES_MAX = 256 };

struct plugins {
	struct plugins_options options;
	struct plugin_slot *slots;
	size_t count;
	struct plugin_slot **order; /* in order of start; those that can start */
	size_t ordered;
	struct service services[SERVICES_MAX];
	size_t service_count;
};

/* copy.c: checks the constant of a shared object and copies it with its tables. Runs nothing of it. CURB_EABI. */
int plugin_copy(const struct curb_plugin *theirs, struct plugin_slot *slot);
void plugin_copy_free(struct plugin_slot *slot);

/* check.c: the rows of the copy against the contract, and against the plugins before it in the list. */
int plugin_check(const struct plugin_slot *slot);
int plugin_check_prefixes(const struct plugins *plugins, const struct plugin_slot *slot);

/* order.c: fills plugins->order; sets aside gaps and circles. CURB_EABI when that is an essential one. */
int plugins_order(struct plugins *plugins);
/* The slot that declares `service` in its provides and is not set aside; NULL: none. */
struct plugin_slot *order_provider(const struct plugins *plugins, const char *service);
/* Why `slot` cannot run as things are now, in `reason`; false when nothing stands against it. */
bool order_gap(const struct plugins *plugins, const struct plugin_slot *slot, char *reason, size_t size);

/* services.c */
const struct service *services_find(const struct plugins *plugins, const char *name);
void services_withdraw(struct plugins *plugins, const struct plugin_slot *owner);

/* settings.c: the values of a plugin's section. CURB_EINVAL names the line. */
int settings_read(struct plugin_slot *slot);
void settings_free(struct settings *settings);

#endif
