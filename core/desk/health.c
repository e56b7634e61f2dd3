/* Whether all is well, in words: what /healthz says to programs. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "inside.h"

static void complain(struct curb_value *list, struct curb_str text)
{
	curb_push(list, curb_string(curb_value_arena(list), text));
}

static void plugins_aside(struct curb_req *req, struct desk *desk, struct curb_value *list)
{
	const struct plugin_slot *slot;
	for (size_t i = 0; (slot = plugins_at(desk->o.plugins, i)); i++)
		if (slot->state == PLUGIN_ASIDE)
			complain(
				list,
				desk_tr_str(
					req,
					CURB_TEXT(
						"The plugin {name} is set aside; see Plugins for the reason"),
					"name", curb_str(slot->name)));
}

int desk_complaints(struct curb_req *req, struct desk *desk, struct curb_value *list)
{
	struct work_counts jobs;
	struct desk_storage storage;
	struct store_stats writes;
	int err = work_counts(curb_req_tx(req), &jobs);
	if (!err)
		err = desk_storage(curb_req_tx(req), desk, &storage);
	if (err)
		return err;
	if (!store_writable(desk->o.store))
		complain(list, curb_tr(req,
		                       "The database takes no more writes; the server starts anew by itself. "
		                       "If this "
		                       "stays, look at the disk",
		                       NULL));
	store_stats(desk->o.store, &writes);
	if (writes.failed)
		complain(list,
		         desk_tr_int(req,
		                     CURB_TEXT("Writes that failed since the start: {n}; see Log for the "
		                               "reasons"),
		                     "n", (int64_t)writes.failed));
	plugins_aside(req, desk, list);
	if (jobs.failed)
		complain(list, desk_tr_int(req, CURB_TEXT("Jobs that failed: {n}; see Jobs for the reasons"),
		                           "n", jobs.failed));
	if (storage.disk_bytes > 0 && storage.free_bytes < storage.disk_bytes / 10)
		complain(list, desk_tr_str(req, CURB_TEXT("Less than a tenth of the disk is free: {size}"),
		                           "size", curb_words_size(req, storage.free_bytes)));
	desk_backup_complaints(req, desk, false, list);
	desk_ledger_complaints(req, desk, list);
	return 0;
}

int desk_get_health(struct curb_req *req, void *state)
{
	struct desk *desk = state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *list = curb_array(arena), *facts = curb_array(arena);
	struct store_stats stats;
	int err = desk_complaints(req, desk, list);
	if (err)
		return err;
	store_stats(desk->o.store, &stats);
	desk_title(req, model, CURB_TEXT("Health"));
	desk_fact(facts, curb_tr(req, "Version", NULL), curb_str(desk->o.version), NULL);
	desk_fact(facts, curb_tr(req, "Running since", NULL), desk_moment(req, desk->started_ms), NULL);
	desk_fact(facts, curb_tr(req, "Takes writes", NULL),
	          store_writable(desk->o.store) ? curb_tr(req, "Yes", NULL) : curb_tr(req, "No", NULL), NULL);
	desk_fact(facts, curb_tr(req, "Writes since the start", NULL),
	          curb_str(curb_printf(arena, "%llu", (unsigned long long)stats.writes)), NULL);
	desk_fact(facts,
	          curb_tr(req, "Changes refused since the start, each with a reason to who asked", NULL),
	          curb_str(curb_printf(arena, "%llu", (unsigned long long)stats.refused)), NULL);
	desk_fact(facts, curb_tr(req, "Writes that failed since the start", NULL),
	          curb_str(curb_printf(arena, "%llu", (unsigned long long)stats.failed)), NULL);
	desk_ledger_facts(req, desk, facts);
	curb_put(model, "facts", facts);
	curb_put(model, "complaints", list);
	return curb_reply_page(req, 200, "machine_health", model);
}
