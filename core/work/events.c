/* Enqueueing, and events: a job with subscribers. */
#include "curb/clock.h"
#include "curb/err.h"
#include "run.h"

enum { EVENT_TRIES = 10 };

static const struct curb_job_kind *find_kind(const struct curb_job_kind *kinds, const char *name)
{
	while (kinds && kinds->name && strcmp(kinds->name, name) != 0)
		kinds++;
	return kinds && kinds->name ? kinds : NULL;
}

static const struct curb_job_kind *kind_of(const struct curb_host *host, const char *name)
{
	const struct plugin_slot *slot = host->slot;
	const struct work *work = work_current();
	const struct curb_job_kind *row = NULL;
	if (slot)
		return find_kind(slot->plugin.jobs, name);
	for (size_t i = 0; work && !row && i < WORK_PARTS; i++)
		row = find_kind(work->options.core[i].kinds, name);
	return row;
}

int curb_job_enqueue(struct curb_host *host, struct curb_tx *tx, const char *kind,
                     const struct curb_id *person, struct curb_str payload, struct curb_id *ret_id)
{
	CURB_ASSERT(host && host->magic == CURB_HOST_MAGIC);
	const struct curb_job_kind *row = kind_of(host, kind);
	if (!row)
		return curb_fail(CURB_EINTERNAL, "%s has no job kind %s", host->owner, kind);
	if (payload.len > PAYLOAD_MAX)
		return curb_fail(CURB_ETOOBIG, "a job's payload is at most %d bytes", PAYLOAD_MAX);
	int64_t now_ms = curb_wall_ms();
	struct queue_row job = { .id = curb_id_new(now_ms),
		                 .person = *person,
		                 .owner = curb_str(host->owner),
		                 .kind = curb_str(row->name),
		                 .payload = payload,
		                 .tries_max = row->tries };
	int err = queue_add(tx, &job, now_ms);
	if (err)
		return err;
	*ret_id = job.id;
	work_poke();
	return 0;
}

int work_at(struct curb_tx *tx, const char *kind, int64_t at_ms)
{
	static const char sooner[] =
		"UPDATE core_job SET run_after_ms = CASE WHEN run_after_ms > $2 THEN $2 ELSE run_after_ms "
		"END WHERE owner = 'core' AND kind = $1 AND state = 'waiting' AND event_id IS NULL";
	static const char later[] = "UPDATE core_job SET run_after_ms = $2 WHERE id = $1";
	const struct curb_id nobody = { "" };
	struct curb_id id;
	int64_t waiting = 0;
	int err = curb_exec(&curb_core_host, tx, sooner, CURB_BINDS(curb_cstring(kind), curb_int(at_ms)),
	                    &waiting);
	if (!err && !waiting) {
		err = curb_job_enqueue(&curb_core_host, tx, kind, &nobody, curb_str("{}"), &id);
		if (!err)
			err = curb_exec(&curb_core_host, tx, later,
			                CURB_BINDS(curb_bind_id(&id), curb_int(at_ms)), NULL);
	}
	work_poke();
	return err;
}

static bool hooks(struct curb_tx *tx, const struct plugin_slot *slot, const char *event)
{
	if (!slot->plugin.name)
		return queue_subscribed(tx, slot->name, event);
	for (const struct curb_hook *hook = slot->plugin.hooks; hook && hook->event; hook++)
		if (strcmp(hook->event, event) == 0)
			return true;
	return false;
}

int curb_emit(struct curb_host *host, struct curb_tx *tx, const char *name, struct curb_str payload)
{
	CURB_ASSERT(host && host->magic == CURB_HOST_MAGIC);
	const struct plugin_slot *emitter = host->slot;
	struct work *work = work_current();
	struct plugins *plugins = emitter ? emitter->all : work ? work->options.plugins : NULL;
	CURB_ASSERT(plugins);
	if (payload.len > EVENT_MAX)
		return curb_fail(CURB_ETOOBIG, "an event's payload is at most %d bytes", EVENT_MAX);
	int64_t now_ms = curb_wall_ms();
	struct curb_id event_id = curb_id_new(now_ms);
	const struct plugin_slot *slot;
	int err = 0;
	for (size_t i = 0; !err && (slot = plugins_at(plugins, i)); i++) {
		if (!hooks(tx, slot, name))
			continue;
		struct queue_row job = { .id = curb_id_new(now_ms),
			                 .owner = curb_str(slot->name),
			                 .kind = curb_str(name),
			                 .event_id = curb_id_str(&event_id),
			                 .payload = payload,
			                 .tries_max = EVENT_TRIES };
		err = queue_add(tx, &job, now_ms);
	}
	work_poke();
	return err;
}

/* ---- looking and cancelling ---- */

/* Under the lock. */
static struct curb_job *running_job(struct work *work, struct curb_str id)
{
	for (int i = 0; i < THREADS_MAX; i++)
		if (work->running[i] && curb_str_is(id, work->running[i]->row.id.text))
			return work->running[i];
	return NULL;
}

/* As much longer as its progress so far took; nothing is said of the first seconds and parts. */
static int64_t left_ms(int64_t begun_us, int permille)
{
	enum { LEAST_US = 5000000, LEAST_PERMILLE = 20 };
	int64_t took_us = curb_tick_us() - begun_us;
	bool known = took_us >= LEAST_US && permille >= LEAST_PERMILLE;
	return known ? took_us / permille * (1000 - permille) / 1000 : 0;
}

int work_job(struct curb_tx *tx, struct curb_str id, struct work_job *ret_job)
{
	int err = queue_look(tx, id, ret_job);
	struct work *work = work_current();
	if (err || !work || !curb_str_is(ret_job->state, "running"))
		return err;
	CURB_LOCKED(held, &work->lock);
	struct curb_job *job = running_job(work, id);
	const char *text = job ? atomic_load(&job->text) : NULL;
	if (text) {
		ret_job->permille = atomic_load(&job->permille);
		ret_job->text = curb_str(text);
		ret_job->left_ms = left_ms(atomic_load(&job->begun_us), ret_job->permille);
	}
	return 0;
}

int work_keep(struct curb_tx *tx, const struct curb_id *id, struct curb_str result)
{
	return queue_keep(tx, id, result);
}

int work_cancel(struct work *work, struct curb_tx *tx, struct curb_str id)
{
	int err = queue_cancel(tx, id, curb_wall_ms());
	if (err)
		return err;
	CURB_LOCKED(held, &work->lock);
	struct curb_job *job = running_job(work, id);
	if (job)
		atomic_store(&job->cancelled, true);
	return 0;
}
