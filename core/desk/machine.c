/* Running the machine: its state at a glance, and the short pages about its parts. */
#include "access.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "inside.h"
#include "log.h"

/* ---- at a glance ---- */

static struct curb_value *card(struct curb_req *req, struct curb_value *cards, const char *title,
                               const char *href)
{
	struct curb_value *one = curb_object(curb_req_arena(req));
	curb_put_str(one, "title", curb_tr(req, title, NULL));
	curb_put_text(one, "href", href);
	curb_put(one, "facts", curb_array(curb_req_arena(req)));
	curb_push(cards, one);
	return one;
}

static void fact(struct curb_value *card, struct curb_str text)
{
	curb_push(curb_value_get(card, "facts"), curb_string(curb_value_arena(card), text));
}

static void put_plugins(struct curb_req *req, const struct desk *desk, struct curb_value *cards)
{
	struct curb_value *one = card(req, cards, CURB_TEXT("Plugins"), "/machine/plugins");
	const struct plugin_slot *slot;
	int64_t running = 0, aside = 0;
	for (size_t i = 0; (slot = plugins_at(desk->o.plugins, i)); i++) {
		running += slot->state == PLUGIN_RUNNING;
		aside += slot->state == PLUGIN_ASIDE;
	}
	fact(one, desk_tr_int(req, CURB_TEXT("{n} run"), "n", running));
	if (aside)
		fact(one, desk_tr_int(req, CURB_TEXT("{n} are set aside"), "n", aside));
}

static int put_jobs(struct curb_req *req, struct curb_value *cards)
{
	struct curb_value *one = card(req, cards, CURB_TEXT("Jobs"), "/machine/jobs");
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct work_counts jobs;
	int err = work_counts(curb_req_tx(req), &jobs);
	if (err)
		return err;
	curb_put_int(values, "running", jobs.running);
	curb_put_int(values, "waiting", jobs.waiting);
	curb_put_int(values, "failed", jobs.failed);
	fact(one, curb_tr(req, "{running} run, {waiting} wait, {failed} failed", values));
	return 0;
}

static int put_storage(struct curb_req *req, const struct desk *desk, struct curb_value *cards)
{
	struct curb_value *one = card(req, cards, CURB_TEXT("Storage"), "/machine/storage");
	struct desk_storage storage;
	int err = desk_storage(curb_req_tx(req), desk, &storage);
	if (err)
		return err;
	fact(one, desk_tr_str(req, CURB_TEXT("Courses take up {size}"), "size",
	                      curb_words_size(req, storage.blob_bytes)));
	if (storage.free_bytes >= 0)
		fact(one, desk_tr_str(req, CURB_TEXT("Free: {size}"), "size",
		                      curb_words_size(req, storage.free_bytes)));
	return 0;
}

static void put_backups(struct curb_req *req, const struct desk *desk, struct curb_value *cards)
{
	int64_t made_ms = desk_newest_backup(req, desk);
	fact(card(req, cards, CURB_TEXT("Backups"), "/machine/backups"),
	     made_ms ? desk_tr_str(req, CURB_TEXT("The newest: {moment}"), "moment",
	                           desk_moment(req, made_ms)) :
	               curb_tr(req, "None yet", NULL));
}

static int put_people(struct curb_req *req, struct curb_value *cards)
{
	const struct people_actor actor = desk_actor(req, CURB_ADMIN);
	const struct people_filter all = { .page = 1 };
	struct people_row *rows = NULL;
	struct people_place *provinces = NULL;
	size_t n = 0, places = 0;
	int64_t total = 0;
	int err = people_list(curb_req_tx(req), &actor, &all, &rows, &n, &total);
	if (!err)
		err = people_places_below(curb_req_tx(req), curb_str(""), &provinces, &places);
	if (err)
		return err;
	fact(card(req, cards, CURB_TEXT("People and roles"), "/people"),
	     desk_tr_int(req, CURB_TEXT("People: {n}"), "n", total));
	fact(card(req, cards, CURB_TEXT("Institutions and regions"), "/places"),
	     desk_tr_int(req, CURB_TEXT("Regions at the top: {n}"), "n", (int64_t)places));
	return 0;
}

static int put_reports(struct curb_req *req, struct curb_value *cards)
{
	int64_t waiting = 0, late = 0;
	int err = access_waiting(curb_req_tx(req), curb_wall_ms(), &waiting, &late);
	if (err)
		return err;
	struct curb_value *one = card(req, cards, CURB_TEXT("Reports of difficulties"),
	                              "/accessibility/inbox");
	fact(one, desk_tr_int(req, CURB_TEXT("{n} wait for an answer"), "n", waiting));
	if (late)
		fact(one, desk_tr_int(req, CURB_TEXT("{n} are late: the promised day is over"), "n", late));
	return 0;
}

static void put_rest(struct curb_req *req, const struct desk *desk, struct curb_value *cards)
{
	struct log_kept *lines = curb_alloc_n(curb_req_arena(req), LOG_KEPT, sizeof *lines);
	size_t serious = log_recent(true, lines, LOG_KEPT);
	struct curb_value *one = card(req, cards, CURB_TEXT("Log"), "/machine/log");
	fact(one, serious ? desk_tr_int(req, CURB_TEXT("Warnings and errors since the start: {n}"), "n",
	                                (int64_t)serious) :
	                    curb_tr(req, "No warnings and no errors since the start", NULL));
	one = card(req, cards, CURB_TEXT("Encryption keys"), "/machine/keys");
	fact(one, desk_tr_int(req, CURB_TEXT("Key number {n}"), "n", desk->o.key_id));
	one = card(req, cards, CURB_TEXT("Who changed what"), "/changes");
	fact(one, curb_tr(req, "What admins and staff did, kept for good", NULL));
}

int desk_get_machine(struct curb_req *req, void *state)
{
	struct desk *desk = state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *cards = curb_array(arena), *list = curb_array(arena);
	desk_title(req, model, CURB_TEXT("Running the machine"));
	int err = desk_complaints(req, desk, list);
	if (!err)
		err = put_people(req, cards);
	put_plugins(req, desk, cards);
	if (!err)
		err = put_jobs(req, cards);
	if (!err)
		err = put_storage(req, desk, cards);
	put_backups(req, desk, cards);
	if (!err)
		err = put_reports(req, cards);
	if (err)
		return err;
	struct curb_value *one = card(req, cards, CURB_TEXT("Health"), "/machine/health");
	fact(one, desk_tr_str(req, CURB_TEXT("Running since {moment}"), "moment",
	                      desk_moment(req, desk->started_ms)));
	put_rest(req, desk, cards);
	curb_put(model, "complaints", list);
	curb_put(model, "cards", cards);
	return curb_reply_page(req, 200, "machine", model);
}

/* ---- plugins ---- */

static const char *state_text(enum plugin_state state)
{
	return state == PLUGIN_RUNNING ? CURB_TEXT("Runs") :
	       state == PLUGIN_ASIDE   ? CURB_TEXT("Set aside") :
	                                 CURB_TEXT("Does not run");
}

int desk_get_plugins(struct curb_req *req, void *state)
{
	static const char *const sources[] = { CURB_TEXT("Name"), CURB_TEXT("Version"), CURB_TEXT("State"),
		                               CURB_TEXT("Why"), NULL };
	struct desk *desk = state;
	struct curb_value *model = curb_object(curb_req_arena(req)), *rows = curb_array(curb_req_arena(req));
	struct curb_value *columns = desk_columns(req, sources);
	const struct plugin_slot *slot;
	bool aside = false;
	desk_title(req, model, CURB_TEXT("Plugins"));
	for (size_t i = 0; (slot = plugins_at(desk->o.plugins, i)); i++) {
		struct curb_value *row = desk_row(rows);
		bool this_one = slot->state == PLUGIN_ASIDE;
		aside = aside || this_one;
		desk_cell(row, columns, curb_str(slot->name), NULL);
		desk_cell(row, columns,
		          slot->plugin.version ? curb_str(slot->plugin.version) :
		                                 curb_tr(req, "Unknown", NULL),
		          NULL);
		desk_cell(row, columns, curb_tr(req, state_text(slot->state), NULL), NULL);
		desk_cell(row, columns, this_one ? curb_str(slot->reason) : curb_tr(req, "All is well", NULL),
		          NULL);
	}
	curb_put(model, "columns", columns);
	curb_put(model, "rows", rows);
	curb_put_bool(model, "aside", aside);
	return curb_reply_page(req, 200, "machine_plugins", model);
}

/* ---- keys ---- */

static struct curb_str age_of(struct curb_req *req, int64_t made_ms)
{
	if (!made_ms)
		return curb_tr(req, "Unknown: it is handed in from outside the data folder", NULL);
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "day", curb_words_date(req, made_ms));
	curb_put_int(values, "days", (curb_wall_ms() - made_ms) / DESK_DAY_MS);
	return curb_tr(req, "{days} days, since {day}", values);
}

int desk_get_keys(struct curb_req *req, void *state)
{
	const struct desk *desk = state;
	struct curb_value *model = curb_object(curb_req_arena(req)), *facts = curb_array(curb_req_arena(req));
	desk_title(req, model, CURB_TEXT("Encryption keys"));
	desk_fact(facts, curb_tr(req, "What it is for", NULL),
	          curb_tr(req, "It encrypts what is sensitive in the database", NULL), NULL);
	desk_fact(facts, curb_tr(req, "Number", NULL),
	          curb_str(curb_printf(curb_req_arena(req), "%u", (unsigned)desk->o.key_id)), NULL);
	desk_fact(facts, curb_tr(req, "Age", NULL), age_of(req, desk->o.key_made_ms), NULL);
	curb_put(model, "facts", facts);
	return curb_reply_page(req, 200, "machine_keys", model);
}

/* ---- the log ---- */

/* A line is "time=T level=L … event=E …": when, how serious, and all the rest. */
static void put_line(struct curb_req *req, const struct log_kept *kept, struct curb_value *columns,
                     struct curb_value *rows)
{
	struct curb_str rest = curb_dup(curb_req_arena(req), curb_str(kept->line)), time, level;
	(void)curb_str_cut(&rest, ' ', &time);
	(void)curb_str_cut(&rest, ' ', &level);
	struct curb_value *row = desk_row(rows);
	const char *source = kept->level == CURB_ERROR ? CURB_TEXT("Error") :
	                     kept->level == CURB_WARN  ? CURB_TEXT("Warning") :
	                     kept->level == CURB_INFO  ? CURB_TEXT("Information") :
	                                                 CURB_TEXT("Detail");
	desk_cell(row, columns, curb_str_from(time, sizeof "time=" - 1), NULL);
	desk_cell(row, columns, curb_tr(req, source, NULL), NULL);
	desk_cell(row, columns, rest, NULL);
}

int desk_get_log(struct curb_req *req, void *state)
{
	static const char *const sources[] = { CURB_TEXT("When"), CURB_TEXT("Level"), CURB_TEXT("What"),
		                               NULL };
	enum { SHOWN = 60 };
	(void)state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *rows = curb_array(arena),
			  *options = curb_array(arena);
	struct curb_value *columns = desk_columns(req, sources);
	bool others = curb_str_is(curb_req_query(req, "level"), "info");
	struct log_kept *lines = curb_alloc_n(arena, SHOWN, sizeof *lines);
	size_t n = log_recent(!others, lines, SHOWN);
	for (size_t i = 0; i < n; i++)
		put_line(req, &lines[i], columns, rows);
	desk_title(req, model, CURB_TEXT("Log"));
	desk_option(options, curb_str("warn"), curb_tr(req, "Warnings and errors", NULL), !others);
	desk_option(options, curb_str("info"), curb_tr(req, "Everything else", NULL), others);
	curb_put(model, "levels", options);
	curb_put(model, "columns", columns);
	curb_put(model, "rows", rows);
	curb_put_str(model, "count", desk_tr_int(req, CURB_TEXT("Lines: {n}"), "n", (int64_t)n));
	return curb_reply_page(req, 200, "machine_log", model);
}
