/* Check before run: the constant of a shared object is read as bytes, the smaller of the two sizes is copied into a
 * zeroed struct, and everything after that looks at the copy. Tables are copied row by row with the plugin's own
 * stride, so that a row that has grown since does not break an older plugin. */
#include <stdlib.h>

#include "curb/arena.h"
#include "curb/err.h"
#include "slots.h"

enum { ROWS_MAX = 4096 };

/* Version 1.0 had every member up to fini. */
static const size_t first_size = offsetof(struct curb_plugin, fini) + sizeof(((struct curb_plugin *)0)->fini);

struct table {
	const char *name;
	size_t member;      /* of struct curb_plugin: the pointer to the rows */
	size_t stride;      /* of struct curb_row_sizes: the plugin's row size */
	size_t ours, least; /* our row size, and that of version 1.0 */
};

#define TABLE(member_, row_, last_)                                                                     \
	{                                                                                               \
#member_, offsetof(struct curb_plugin, member_), offsetof(struct curb_row_sizes, row_), \
			sizeof(struct curb_##row_), offsetof(struct curb_##row_, last_)                 \
	}

static const struct table tables[] = {
	TABLE(migrations, migration, sql), TABLE(routes, route, handle),     TABLE(hooks, hook, handle),
	TABLE(jobs, job_kind, timeout_s),  TABLE(searches, search, weights), TABLE(templates, embedded, size),
	TABLE(messages, embedded, size),   TABLE(assets, embedded, size),    TABLE(config, setting, meaning),
};

_Static_assert(sizeof tables / sizeof *tables == PLUGIN_TABLES, "one memory a table");

static bool all_zero(const unsigned char *row, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (row[i])
			return false;
	return true;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Replaces *member, a pointer to rows of `stride` bytes, by a copy in rows of ours. */
static int copy_rows(const struct table *table, size_t stride, const void **member, void **ret_memory)
{
	const unsigned char *rows = *member;
	if (!rows)
		return 0;
	if (stride <= table->least)
		return curb_fail(CURB_EABI, "its rows of %s are %zu bytes: too short", table->name, stride);
	size_t count = 0;
	while (count < ROWS_MAX && !all_zero(rows + count * stride, stride))
		count++;
	if (count == ROWS_MAX)
		return curb_fail(CURB_EABI, "its table %s has no all-zero row at the end", table->name);
	unsigned char *ours = curb_xcalloc(count + 1, table->ours);
	for (size_t i = 0; i < count; i++)
		memcpy(ours + i * table->ours, rows + i * stride, smaller(stride, table->ours));
	*ret_memory = ours;
	*member = ours;
	return 0;
}

static int copy_tables(struct plugin_slot *slot)
{
	struct curb_plugin *copy = &slot->plugin;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		uint32_t stride;
		memcpy(&stride, (const char *)&copy->rows + tables[i].stride, sizeof stride);
		const void **member = (const void **)(void *)((char *)copy + tables[i].member);
		int err = copy_rows(&tables[i], stride, member, &slot->tables[i]);
		if (err)
			return err;
	}
	return 0;
}

static int check_head(const struct curb_plugin *theirs)
{
	if (theirs->magic != CURB_PLUGIN_MAGIC)
		return curb_fail(CURB_EABI, "its constant curb_plugin does not begin with the magic number");
	if (theirs->abi_major != CURB_ABI_MAJOR)
		return curb_fail(CURB_EABI, "it is built for version %u of the contract, this is %d",
		                 (unsigned)theirs->abi_major, CURB_ABI_MAJOR);
	if (theirs->abi_minor > (uint32_t)CURB_ABI_MINOR)
		return curb_fail(CURB_EABI,
		                 "it is built for version %d.%u of the contract, newer than ours, %d.%d",
		                 CURB_ABI_MAJOR, (unsigned)theirs->abi_minor, CURB_ABI_MAJOR, CURB_ABI_MINOR);
	if (theirs->struct_size < first_size)
		return curb_fail(CURB_EABI, "its struct is %u bytes, at least %zu are needed",
		                 (unsigned)theirs->struct_size, first_size);
	return 0;
}

static int copy_all(const struct curb_plugin *theirs, struct plugin_slot *slot)
{
	memset(&slot->plugin, 0, sizeof slot->plugin);
	memcpy(&slot->plugin, theirs, smaller(theirs->struct_size, sizeof slot->plugin));
	if (!slot->plugin.name || !slot->plugin.version)
		return curb_fail(CURB_EABI, "it has no %s", slot->plugin.name ? "version" : "name");
	if (strcmp(slot->plugin.name, slot->name) != 0)
		return curb_fail(CURB_EABI, "it calls itself %s, its file %s.so", slot->plugin.name,
		                 slot->name);
	return copy_tables(slot);
}

int plugin_copy(const struct curb_plugin *theirs, struct plugin_slot *slot)
{
	int err = check_head(theirs);
	if (!err)
		err = copy_all(theirs, slot);
	if (err) /* half a copy must not be looked at */
		memset(&slot->plugin, 0, sizeof slot->plugin);
	return err;
}

void plugin_copy_free(struct plugin_slot *slot)
{
	for (size_t i = 0; i < sizeof slot->tables / sizeof *slot->tables; i++) {
		free(slot->tables[i]);
		slot->tables[i] = NULL;
	}
}
