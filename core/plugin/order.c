/* Order by need: depth first over needs (and over wants, as far as they are there and make no circle), so that every
 * provider starts before its users and stops after them. */
#include <stdio.h>
#include <stdlib.h>

#include "curb/arena.h"
#include "curb/err.h"
#include "slots.h"

static bool provides(const struct plugin_slot *slot, const char *service)
{
	for (const char *const *name = slot->plugin.provides; name && *name; name++)
		if (strcmp(*name, service) == 0)
			return true;
	return false;
}

static struct plugin_slot *declarer(const struct plugins *plugins, const char *service, bool also_aside)
{
	for (size_t i = 0; i < plugins->count; i++) {
		struct plugin_slot *slot = &plugins->slots[i];
		if (provides(slot, service) && (also_aside || slot->state != PLUGIN_ASIDE))
			return slot;
	}
	return NULL;
}

struct plugin_slot *order_provider(const struct plugins *plugins, const char *service)
{
	return declarer(plugins, service, false);
}

bool order_gap(const struct plugins *plugins, const struct plugin_slot *slot, char *reason, size_t size)
{
	for (const char *const *need = slot->plugin.needs; need && *need; need++) {
		if (order_provider(plugins, *need) || services_find(plugins, *need))
			continue;
		const struct plugin_slot *fallen = declarer(plugins, *need, true);
		if (fallen)
			(void)snprintf(reason, size, "it needs %s of %s, which is set aside", *need,
			               fallen->name);
		else
			(void)snprintf(reason, size, "it needs %s, which nothing here provides", *need);
		return true;
	}
	return false;
}

/* ---- the walk ---- */

enum mark { UNSEEN, ON_PATH, DONE };

struct walk {
	struct plugins *plugins;
	enum mark *marks;
	struct plugin_slot **path;
	size_t depth;
};

static size_t index_of(const struct walk *walk, const struct plugin_slot *slot)
{
	return (size_t)(slot - walk->plugins->slots);
}

/* The part of the path from `slot` on is a circle: names both ends of each need and sets all of them aside. */
static int break_circle(struct walk *walk, const struct plugin_slot *slot)
{
	size_t from = walk->depth;
	while (from && walk->path[from - 1] != slot)
		from--;
	char reason[200] = "its needs go in a circle:";
	for (size_t i = from - 1; i < walk->depth; i++) {
		size_t len = strlen(reason);
		const struct plugin_slot *next = i + 1 < walk->depth ? walk->path[i + 1] : slot;
		(void)snprintf(reason + len, sizeof reason - len, "%s %s needs %s", i >= from ? "," : "",
		               walk->path[i]->name, next->name);
	}
	int err = 0;
	for (size_t i = from - 1; i < walk->depth; i++) {
		int this_err = plugins_leave_out(walk->path[i], reason);
		err = err ? err : this_err;
	}
	return err;
}

static int visit(struct walk *walk, struct plugin_slot *slot);

static int visit_names(struct walk *walk, const char *const *names, bool needed)
{
	for (; names && *names; names++) {
		struct plugin_slot *provider = order_provider(walk->plugins, *names);
		if (!provider)
			continue;
		enum mark mark = walk->marks[index_of(walk, provider)];
		int err = 0;
		if (mark == UNSEEN)
			err = visit(walk, provider);
		else if (mark == ON_PATH && needed)
			err = break_circle(walk, provider);
		if (err)
			return err;
	}
	return 0;
}

static int visit(struct walk *walk, struct plugin_slot *slot)
{
	walk->marks[index_of(walk, slot)] = ON_PATH;
	walk->path[walk->depth++] = slot;
	int err = visit_names(walk, slot->plugin.needs, true);
	if (!err)
		err = visit_names(walk, slot->plugin.wants, false);
	walk->depth--;
	walk->marks[index_of(walk, slot)] = DONE;
	if (!err && slot->state == PLUGIN_LOADED)
		walk->plugins->order[walk->plugins->ordered++] = slot;
	return err;
}

/* Sets aside what has a gap until nothing more falls. */
static int drop_gaps(struct plugins *plugins)
{
	char reason[256];
	for (bool fell = true; fell;) {
		fell = false;
		for (size_t i = 0; i < plugins->count; i++) {
			struct plugin_slot *slot = &plugins->slots[i];
			if (slot->state != PLUGIN_LOADED || !order_gap(plugins, slot, reason, sizeof reason))
				continue;
			int err = plugins_leave_out(slot, reason);
			if (err)
				return err;
			fell = true;
		}
	}
	return 0;
}

static int walk_all(struct walk *walk)
{
	struct plugins *plugins = walk->plugins;
	plugins->ordered = 0;
	for (size_t i = 0; i < plugins->count; i++) {
		if (plugins->slots[i].state != PLUGIN_LOADED || walk->marks[i] != UNSEEN)
			continue;
		int err = visit(walk, &plugins->slots[i]);
		if (err)
			return err;
	}
	return 0;
}

int plugins_order(struct plugins *plugins)
{
	struct walk walk = { plugins, curb_xcalloc(plugins->count + 1, sizeof *walk.marks),
		             curb_xcalloc(plugins->count + 1, sizeof(struct plugin_slot *)), 0 };
	int err = drop_gaps(plugins);
	if (!err)
		err = walk_all(&walk);
	if (!err)
		err = drop_gaps(plugins); /* those that needed a member of a circle */
	free(walk.marks);
	free((void *)walk.path);
	return err;
}
