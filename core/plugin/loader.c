/* The life of a plugin, as plugin.h draws it. Nothing of it runs before its constant is checked and copied; what fails
 * on the way is set aside with a reason and takes those that need it along; an essential one stops the start. */
#include "loader.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "curb/arena.h"
#include "curb/err.h"
#include "curb/log.h"
#include "slots.h"

static void at_work(const struct plugin_slot *slot, const char *what)
{
	const struct plugins_options *options = &slot->all->options;
	if (options->at_work)
		options->at_work(options->at_work_arg, what ? slot->name : NULL, what);
}

int plugins_leave_out(struct plugin_slot *slot, const char *reason)
{
	if (slot->state != PLUGIN_ASIDE) {
		slot->state = PLUGIN_ASIDE;
		(void)snprintf(slot->reason, sizeof slot->reason, "%s", reason);
		curb_log(slot->essential ? CURB_ERROR : CURB_WARN,
		         "plugin_aside name=%s essential=%s reason=\"%s\"", slot->name,
		         slot->essential ? "yes" : "no", slot->reason);
	}
	return slot->essential ? curb_fail(CURB_EABI, "%s cannot be left out, and it was: %s", slot->name,
	                                   slot->reason) :
	                         0;
}

static bool is_listed(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

/* The supervisor's reason to leave `name` out; NULL: none. */
static const char *aside_reason(const struct plugins_options *options, const char *name)
{
	size_t n = strlen(name);
	for (const char *const *entry = options->aside; entry && *entry; entry++)
		if (strncmp(*entry, name, n) == 0 && (*entry)[n] == ':')
			return *entry + n + 1;
	return NULL;
}

/* ---- load ---- */

static int open_file(struct plugin_slot *slot)
{
	for (const char *c = slot->name; *c; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(c > slot->name && *c >= '0' && *c <= '9'))
			return curb_fail(CURB_EABI, "a plugin's name is made of a-z and 0-9");
	char path[4096];
	if (snprintf(path, sizeof path, "%s/%s.so", slot->all->options.folder, slot->name) >=
	    (int)sizeof path)
		return curb_fail(CURB_EABI, "the path of its file is too long");
	slot->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!slot->handle)
		return curb_fail(CURB_EABI, "its file cannot be loaded: %s", dlerror());
	const struct curb_plugin *theirs = dlsym(slot->handle, "curb_plugin");
	if (!theirs)
		return curb_fail(CURB_EABI, "its file has no constant curb_plugin");
	return plugin_copy(theirs, slot);
}

static int load_one(struct plugin_slot *slot)
{
	struct plugins *plugins = slot->all;
	for (const struct plugin_slot *other = plugins->slots; other < slot; other++)
		if (strcmp(other->name, slot->name) == 0)
			return curb_fail(CURB_EABI, "it is listed twice");
	const char *left_out = aside_reason(&plugins->options, slot->name);
	if (left_out)
		return curb_fail(CURB_EABI, "%s", left_out);
	at_work(slot, "load");
	int err = open_file(slot);
	at_work(slot, NULL);
	if (!err)
		err = plugin_check(slot);
	if (!err)
		err = plugin_check_prefixes(plugins, slot);
	for (const char *const *name = slot->plugin.provides; !err && name && *name; name++) {
		const struct plugin_slot *other = order_provider(plugins, *name);
		if (other && other != slot)
			err = curb_fail(CURB_EABI, "it provides %s, which %s provides already", *name,
			                other->name);
	}
	return err ? err : settings_read(slot);
}

static int load_all(struct plugins *plugins)
{
	for (size_t i = 0; i < plugins->count; i++) {
		struct plugin_slot *slot = &plugins->slots[i];
		int err = load_one(slot);
		if (err == CURB_EINVAL) /* the configuration is wrong, not the plugin */
			return err;
		if (!err) {
			slot->state = PLUGIN_LOADED;
			continue;
		}
		char reason[sizeof slot->reason];
		(void)snprintf(reason, sizeof reason, "%s", curb_error_text());
		err = plugins_leave_out(slot, reason);
		if (err)
			return err;
	}
	return 0;
}

static void fill_slots(struct plugins *plugins)
{
	const struct plugins_options *options = &plugins->options;
	for (size_t i = 0; i < plugins->count; i++) {
		struct plugin_slot *slot = &plugins->slots[i];
		(void)snprintf(slot->name, sizeof slot->name, "%s", options->names[i]);
		slot->essential = is_listed(options->essential, slot->name);
		slot->all = plugins;
		slot->host = (struct curb_host){ CURB_HOST_MAGIC, slot->name, slot };
	}
}

int plugins_load(const struct plugins_options *options, struct plugins **ret_plugins)
{
	struct plugins *plugins = curb_xcalloc(1, sizeof *plugins);
	plugins->options = *options;
	while (options->names[plugins->count])
		plugins->count++;
	plugins->slots = curb_xcalloc(plugins->count + 1, sizeof *plugins->slots);
	plugins->order = curb_xcalloc(plugins->count + 1, sizeof *plugins->order);
	fill_slots(plugins);
	int err = load_all(plugins);
	if (err) {
		plugins_free(plugins);
		return err;
	}
	*ret_plugins = plugins;
	return 0;
}

/* ---- start ---- */

static int check_provides(const struct plugin_slot *slot)
{
	for (const char *const *name = slot->plugin.provides; name && *name; name++) {
		const struct service *service = services_find(slot->all, *name);
		if (!service || service->owner != slot)
			return curb_fail(CURB_EABI, "it names %s in provides but its init did not publish it",
			                 *name);
	}
	return 0;
}

static int migrate(struct plugin_slot *slot)
{
	int err = 0;
	if (slot->plugin.migrations)
		err = store_migrate(slot->all->options.store, &slot->host, slot->plugin.migrations);
	if (!err && slot->plugin.searches)
		err = store_make_searches(slot->all->options.store, &slot->host, slot->plugin.searches);
	return err;
}

static void finish(struct plugin_slot *slot)
{
	services_withdraw(slot->all, slot);
	if (!slot->plugin.fini)
		return;
	at_work(slot, "fini");
	slot->plugin.fini(slot->its_state);
	at_work(slot, NULL);
}

/* An error's text must outlive fini, which may fail at something of its own. */
static int undo(struct plugin_slot *slot, int err)
{
	char text[sizeof slot->reason];
	(void)snprintf(text, sizeof text, "%s", curb_error_text());
	finish(slot);
	curb_error_set(text, text);
	return err;
}

static int run_start(struct plugin_slot *slot)
{
	int err = 0;
	curb_error_set("it failed and did not say why", "");
	at_work(slot, "init");
	if (slot->plugin.init)
		err = slot->plugin.init(&slot->host, &slot->its_state);
	if (!err)
		err = check_provides(slot);
	at_work(slot, "start");
	if (!err && slot->plugin.start)
		err = slot->plugin.start(&slot->host, slot->its_state);
	at_work(slot, NULL);
	return err ? undo(slot, err) : 0;
}

static int start_one(struct plugin_slot *slot)
{
	char reason[sizeof slot->reason];
	if (order_gap(slot->all, slot, reason, sizeof reason))
		return plugins_leave_out(slot, reason);
	int err = migrate(slot);
	if (!err)
		err = run_start(slot);
	if (!err) {
		slot->state = PLUGIN_RUNNING;
		return 0;
	}
	(void)snprintf(reason, sizeof reason, "%s", curb_error_text());
	return plugins_leave_out(slot, reason);
}

int plugins_start(struct plugins *plugins)
{
	int err = plugins_order(plugins);
	for (size_t i = 0; !err && i < plugins->ordered; i++)
		if (plugins->order[i]->state == PLUGIN_LOADED)
			err = start_one(plugins->order[i]);
	return err;
}

/* ---- stop ---- */

void plugins_stop(struct plugins *plugins)
{
	for (size_t i = plugins->ordered; i-- > 0;) {
		struct plugin_slot *slot = plugins->order[i];
		if (slot->state != PLUGIN_RUNNING || !slot->plugin.stop)
			continue;
		at_work(slot, "stop");
		slot->plugin.stop(slot->its_state);
		at_work(slot, NULL);
	}
	for (size_t i = plugins->ordered; i-- > 0;) {
		struct plugin_slot *slot = plugins->order[i];
		if (slot->state != PLUGIN_RUNNING)
			continue;
		finish(slot);
		slot->state = PLUGIN_STOPPED;
	}
}

#ifdef CURB_KEEP_PLUGINS
enum { KEEP_MAPPED = 1 };
#else
enum { KEEP_MAPPED = 0 };
#endif

void plugins_free(struct plugins *plugins)
{
	if (!plugins)
		return;
	for (size_t i = 0; i < plugins->count; i++) {
		struct plugin_slot *slot = &plugins->slots[i];
		settings_free(slot->settings);
		plugin_copy_free(slot);
		if (slot->handle && !KEEP_MAPPED)
			(void)dlclose(slot->handle);
	}
	free(plugins->slots);
	free((void *)plugins->order);
	free(plugins);
}

struct plugin_slot *plugins_at(struct plugins *plugins, size_t i)
{
	return i < plugins->count ? &plugins->slots[i] : NULL;
}

struct plugin_slot *plugins_find(struct plugins *plugins, const char *name)
{
	for (size_t i = 0; i < plugins->count; i++)
		if (strcmp(plugins->slots[i].name, name) == 0)
			return &plugins->slots[i];
	return NULL;
}

const char *plugins_state_word(enum plugin_state state)
{
	static const char *const words[] = { [PLUGIN_LISTED] = "listed",
		                             [PLUGIN_LOADED] = "loaded",
		                             [PLUGIN_RUNNING] = "running",
		                             [PLUGIN_ASIDE] = "aside",
		                             [PLUGIN_STOPPED] = "stopped" };
	return words[state];
}

int curb_host_write(struct curb_host *host, struct curb_str key, curb_write_fn fn, void *arg)
{
	CURB_ASSERT(host && host->magic == CURB_HOST_MAGIC && host->slot);
	const struct plugin_slot *slot = host->slot;
	struct store_write write = { .key = key, .fn = fn, .arg = arg };
	return store_write(slot->all->options.store, &write);
}
