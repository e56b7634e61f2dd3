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

enum { PLUGIN_TABLES = 9 };
enum plugin_state { PLUGIN_LISTED, PLUGIN_LOADED, PLUGIN_RUNNING, PLUGIN_ASIDE, PLUGIN_STOPPED };

struct plugins; /* all of them, in order of the list; state of the process */
struct settings;

/* One plugin of the configured list. */
struct plugin_slot {
	struct curb_host host; /* host.slot points here */
	/* Our copy, the only one that is called; its tables are copies too. All zero when it was refused before that. */
	struct curb_plugin plugin;
	char name[64];
	bool essential;
	enum plugin_state state;
	char reason[256]; /* why it is set aside */
	void *handle;     /* dlopen's; NULL when it was never loaded */
	void *its_state;
	struct settings *settings;
	struct plugins *all;
	void *tables[PLUGIN_TABLES]; /* the memory of the copied tables */
};

/* One line of a plugin's section of the configuration. */
struct plugins_setting {
	const char *key, *value;
	int line;
};

/* Says at what this thread works now: called with (plugin, what) before foreign code runs and with NULL after it. */
typedef void (*curb_at_work_fn)(void *arg, const char *plugin, const char *what);

struct plugins_options {
	const char *folder;           /* where name.so lie */
	const char *const *names;     /* NULL-ended, from the configuration */
	const char *const *essential; /* NULL-ended: stop the start instead of being set aside; may be NULL */
	/* NULL-ended: "name:reason", decided by the supervisor after crashes; may be NULL */
	const char *const *aside;
	const char *const *taken; /* NULL-ended: path prefixes of the core itself; may be NULL */
	struct curb_store *store;
	/* Line `i` of section `section`; false past the end. May be NULL: there are none. */
	bool (*setting)(void *arg, const char *section, size_t i, struct plugins_setting *ret_setting);
	void *setting_arg;
	curb_at_work_fn at_work; /* may be NULL */
	void *at_work_arg;
};

/* Loads and checks; runs nothing of a plugin. CURB_EABI when an essential one cannot be loaded, CURB_EINVAL when a
 * plugin's section holds an unknown key or a value that does not fit; ret_plugins is set on success only. The options'
 * lists and functions live as long as the plugins. Yours: plugins_free. */
int plugins_load(const struct plugins_options *options, struct plugins **ret_plugins);
/* Publishes a service of the core itself (content.v1, a11y.v1), before plugins_start. */
int plugins_publish(struct plugins *plugins, const char *name, const struct curb_service_head *api);
/* A service for the core itself, behind plugins_start; NULL when nobody published it, or one smaller than `size`. */
const struct curb_service_head *plugins_service(const struct plugins *plugins, const char *name,
                                                uint32_t size);
/* Orders by need, then for each: migrate, init, check provides, start; sets aside what fails with all that need it.
 * CURB_EABI when that is an essential one: call plugins_stop and plugins_free. */
int plugins_start(struct plugins *plugins);
/* In the reverse order of start: first every stop, then every fini. Doing it twice is fine. */
void plugins_stop(struct plugins *plugins);
void plugins_free(struct plugins *plugins); /* NULL is fine */

/* Sets one that is loaded but does not run aside, as a failed start would. CURB_EABI when it is essential. */
int plugins_leave_out(struct plugin_slot *slot, const char *reason);

/* The slots, also those set aside. State. */
struct plugin_slot *plugins_at(struct plugins *plugins, size_t i); /* NULL past the end */
struct plugin_slot *plugins_find(struct plugins *plugins, const char *name);
/* "listed", "loaded", "running", "aside", "stopped". Static. */
const char *plugins_state_word(enum plugin_state state);

#endif
