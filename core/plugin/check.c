/* The rows of a plugin's tables against the contract in plugin.h: what is wrong here would otherwise be met by a
 * request, by a job at night, or never. */
#include "curb/err.h"
#include "slots.h"

static bool is_name(const char *name, const char *also)
{
	if (!name || name[0] < 'a' || name[0] > 'z')
		return false;
	for (const char *c = name; *c; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= '0' && *c <= '9') && !strchr(also, *c))
			return false;
	return true;
}

/* True when `path` is `prefix` or lies below it; "/" stands for itself alone. */
static bool lies_below(const char *path, const char *prefix)
{
	size_t n = strlen(prefix);
	return strncmp(path, prefix, n) == 0 && (path[n] == '\0' || (path[n] == '/' && n > 1));
}

static int check_route(const struct curb_plugin *plugin, const struct curb_route *route)
{
	if (!route->method || !route->path || !route->handle || route->path[0] != '/')
		return curb_fail(CURB_EABI, "a route (%s) lacks its method, path or handler",
		                 route->path ? route->path : "without path");
	if (!route->roles || route->scope == CURB_SCOPE_UNSET)
		return curb_fail(CURB_EABI, "%s %s has no %s", route->method, route->path,
		                 route->roles ? "scope" : "roles");
	for (const char *const *prefix = plugin->prefixes; prefix && *prefix; prefix++)
		if (lies_below(route->path, *prefix))
			return 0;
	return curb_fail(CURB_EABI, "%s %s lies below none of its prefixes", route->method, route->path);
}

static int check_migrations(const struct curb_migration *row)
{
	for (int version = 1; row && row->version; row++, version++)
		if (row->version != version || !row->name || !row->sql)
			return curb_fail(CURB_EABI,
			                 "migration %d stands where %d is due, or lacks its name or SQL",
			                 row->version, version);
	return 0;
}

static int check_work(const struct curb_plugin *plugin)
{
	for (const struct curb_hook *hook = plugin->hooks; hook && hook->event; hook++)
		if (!hook->handle)
			return curb_fail(CURB_EABI, "its hook of %s has no handler", hook->event);
	for (const struct curb_job_kind *kind = plugin->jobs; kind && kind->name; kind++)
		if (!kind->run || kind->tries < 1 || kind->timeout_s < 1 || !is_name(kind->name, "-_"))
			return curb_fail(CURB_EABI, "its job %s lacks run, tries or timeout_s", kind->name);
	return 0;
}

static int check_embedded(const char *what, const struct curb_embedded *row)
{
	for (; row && row->name; row++)
		if (!row->bytes && row->size)
			return curb_fail(CURB_EABI, "its %s %s has no bytes", what, row->name);
	return 0;
}

static int check_settings(const struct curb_setting *row)
{
	for (; row && row->name; row++)
		if (!row->otherwise || !row->meaning || row->kind < CURB_SETTING_TEXT ||
		    row->kind > CURB_SETTING_BOOL)
			return curb_fail(CURB_EABI, "its setting %s lacks kind, default or meaning",
			                 row->name);
	return 0;
}

int plugin_check(const struct plugin_slot *slot)
{
	const struct curb_plugin *plugin = &slot->plugin;
	if (!is_name(plugin->name, ""))
		return curb_fail(CURB_EABI, "its name %s is not made of a-z and 0-9", plugin->name);
	for (const char *const *prefix = plugin->prefixes; prefix && *prefix; prefix++)
		if ((*prefix)[0] != '/' || ((*prefix)[1] && (*prefix)[strlen(*prefix) - 1] == '/'))
			return curb_fail(CURB_EABI,
			                 "its prefix %s must begin with a slash and not end with one",
			                 *prefix);
	int err = 0;
	for (const struct curb_route *route = plugin->routes; !err && route && (route->path || route->method);
	     route++)
		err = check_route(plugin, route);
	if (!err)
		err = check_migrations(plugin->migrations);
	if (!err)
		err = check_work(plugin);
	if (!err)
		err = check_embedded("template", plugin->templates);
	if (!err)
		err = check_embedded("messages", plugin->messages);
	if (!err)
		err = check_embedded("asset", plugin->assets);
	return err ? err : check_settings(plugin->config);
}

static bool overlap(const char *a, const char *b)
{
	return lies_below(a, b) || lies_below(b, a);
}

static int check_prefix(const struct plugins *plugins, const struct plugin_slot *slot, const char *prefix)
{
	for (const char *const *taken = plugins->options.taken; taken && *taken; taken++)
		if (overlap(prefix, *taken))
			return curb_fail(CURB_EABI, "its prefix %s belongs to the core (%s)", prefix, *taken);
	for (const struct plugin_slot *other = plugins->slots; other < slot; other++) {
		if (other->state == PLUGIN_ASIDE)
			continue;
		for (const char *const *theirs = other->plugin.prefixes; theirs && *theirs; theirs++)
			if (overlap(prefix, *theirs))
				return curb_fail(CURB_EABI, "its prefix %s belongs to %s (%s)", prefix,
				                 other->name, *theirs);
	}
	return 0;
}

int plugin_check_prefixes(const struct plugins *plugins, const struct plugin_slot *slot)
{
	for (const char *const *prefix = slot->plugin.prefixes; prefix && *prefix; prefix++) {
		int err = check_prefix(plugins, slot, *prefix);
		if (err)
			return err;
	}
	return 0;
}
