/* Plugins: loading, checking, ordering, starting, stopping.
 * The rule: what cannot be loaded is set aside by name with all that need it, and the rest serves on.
 */
#ifndef CURB_PLUGIN_LOADER_H
#define CURB_PLUGIN_LOADER_H

#include <stdbool.h>
#include <stddef.h>

#include "curb/plugin.h"
#include "curb/service.h"
#include "store.h"

enum plugin_state { PLUGIN_LISTED, PLUGIN_LOADED, PLUGIN_RUNNING, PLUGIN_ASIDE, PLUGIN_STOPPED };

/* One plugin of the configured list. */
struct plugin_slot {
	struct curb_host host;     /* host.slot points here */
	struct curb_plugin plugin; /* our copy, the only one that is called */
	char name[64];
	bool essential;
	enum plugin_state state;
	char reason[256]; /* why it is set aside */
	void *handle;     /* dlopen's */
	void *its_state;
	const struct settings *settings;
};

struct plugins; /* all of them, in order of the list; state of the process */

struct plugins_options {
	const char *folder;           /* where name.so lie */
	const char *const *names;     /* NULL-ended, from the configuration */
	const char *const *essential; /* NULL-ended: stop the start instead of being set aside */
	const char *const *aside;     /* NULL-ended: "name:reason", decided by the supervisor after crashes */
	struct curb_store *store;
	/* the value of `key` in section `section`, or NULL */
	const char *(*setting)(void *arg, const char *section, const char *key);
	void *setting_arg;
};

/* Loads, checks and orders; runs nothing of a plugin. CURB_EABI when an essential one cannot be loaded. */
int plugins_load(const struct plugins_options *options, struct plugins **ret_plugins);
/* Publishes a service of the core itself (content.v1, a11y.v1), before plugins_start. */
int plugins_publish(struct plugins *plugins, const char *name, const struct curb_service_head *api);
/* Migrates, inits, checks provides, starts; sets aside what fails. */
int plugins_start(struct plugins *plugins);
void plugins_stop(struct plugins *plugins);
void plugins_free(struct plugins *plugins);

/* The slots, also those set aside. State. */
struct plugin_slot *plugins_at(struct plugins *plugins, size_t i); /* NULL past the end */
struct plugin_slot *plugins_find(struct plugins *plugins, const char *name);

#endif
