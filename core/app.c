/* The composition root: the only file that knows all parts. Start order from top to bottom, stop order back up. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "a11y/a11y_api.h"
#include "access.h"
#include "app.h"
#include "backup.h"
#include "blobs.h"
#include "board.h"
#include "control.h"
#include "core_page_embedded.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "desk.h"
#include "doctor.h"
#include "erasure.h"
#include "home.h"
#include "http.h"
#include "ingest.h"
#include "keys.h"
#include "ledger.h"
#include "log.h"
#include "needs.h"
#include "needs_routes.h"
#include "page.h"
#include "pseudo.h"
#include "roles.h"
#include "signin.h"

enum { PATH_SIZE = 4096, DRAIN_MS = 20000, LOCK_WAIT_MS = 3000 };

/* ---- the data folder ---- */

static const char *in_data(const struct app *app, const char *name, char ret_path[static PATH_SIZE])
{
	(void)snprintf(ret_path, PATH_SIZE, "%s/%s", app->config->data, name);
	return ret_path;
}

/* A server that was killed holds its lock until the last of its threads is gone: that is waited for. */
static bool lock_in_time(int fd)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	for (int64_t until_ms = curb_tick_ms() + LOCK_WAIT_MS; flock(fd, LOCK_EX | LOCK_NB) != 0;) {
		if (errno != EWOULDBLOCK || curb_tick_ms() >= until_ms)
			return false;
		(void)nanosleep(&pause, NULL);
	}
	return true;
}

static int take_lock(struct app *app)
{
	char path[PATH_SIZE];
	if (mkdir(app->config->data, 0700) != 0 && errno != EEXIST)
		return curb_fail(CURB_EINVAL, "the data folder %s cannot be made", app->config->data);
	app->lock_fd = open(in_data(app, "lock", path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (app->lock_fd < 0)
		return curb_fail(CURB_EDENIED, "%s cannot be written", path);
	if (!lock_in_time(app->lock_fd))
		return curb_fail(
			CURB_EBUSY,
			"another process works in %s; when a server is just starting there, try again",
			app->config->data);
	return 0;
}

/* ---- the database ---- */

static int migrate(struct app *app)
{
	static const struct {
		const char *name;
		const struct curb_migration *migrations;
	} parts[] = {
		{ "people", people_migrations }, { "roles", roles_migrations },
		{ "needs", needs_migrations },   { "work", work_migrations },
		{ "ingest", ingest_migrations }, { "access", access_migrations },
		{ "backup", backup_migrations },
	};
	int err = 0;
	for (size_t i = 0; !err && i < sizeof parts / sizeof *parts; i++)
		err = store_migrate_part(app->store, &curb_core_host, parts[i].name, parts[i].migrations);
	return err ? err : store_make_searches(app->store, &curb_core_host, roles_searches);
}

static int open_store(struct app *app)
{
	char path[PATH_SIZE];
	struct master_key key;
	bool fresh = !app->looking && access(in_data(app, "curbcut.db", path), F_OK) != 0;
	int err = keys_read(app->config->data, fresh, &key);
	if (err)
		return err;
	struct store_options options = { .path = in_data(app, "curbcut.db", path),
		                         .key = key.bytes,
		                         .key_id = key.id,
		                         .fresh_ok = !app->looking,
		                         .as_is = app->looking };
	err = store_open(&options, &app->store);
	app->key_id = key.id;
	app->key_made_ms = key.made_ms;
	keys_wipe(&key);
	err = err ? err : migrate(app);
	return err ? err : backup_check_key(app->store, app->key_id);
}

/* ---- pages ---- */

/* All but what `left_out` brings. */
static int make_pages(const struct app *app, const struct plugin_slot *left_out, struct pages **ret_pages)
{
	const struct a11y_api *a11y = a11y_service();
	struct pages *pages = pages_new();
	int err = pages_add(pages, A11Y_OWNER, a11y->templates, a11y->messages, a11y->assets);
	if (!err)
		err = pages_add(pages, "core", signin_templates, core_page_messages, signin_assets);
	if (!err)
		err = pages_add(pages, "core", home_templates, NULL, NULL);
	if (!err)
		err = pages_add(pages, "core", ingest_templates, NULL, ingest_assets);
	if (!err)
		err = pages_add(pages, "core", needs_pages_templates, NULL, NULL);
	if (!err)
		err = pages_add(pages, "core", access_templates, NULL, NULL);
	if (!err)
		err = pages_add(pages, "core", ledger_pages_templates, NULL, NULL);
	const struct plugin_slot *slot;
	for (size_t i = 0; !err && (slot = plugins_at(app->plugins, i)); i++)
		if (slot != left_out && slot->state == PLUGIN_LOADED)
			err = pages_add(pages, slot->name, slot->plugin.templates, slot->plugin.messages,
			                slot->plugin.assets);
	if (!err) /* its links stand behind those to the first page and to the courses */
		err = pages_add(pages, "core", desk_templates, NULL, NULL);
#ifdef CURB_TEST_CLOCK
	if (!err)
		err = pseudo_add(pages);
#endif
	if (!err)
		err = pages_seal(pages);
	if (err)
		pages_free(pages);
	else
		*ret_pages = pages;
	return err;
}

/* A plugin whose pages are broken is set aside like one that does not start. */
static int open_pages(struct app *app)
{
	int err = make_pages(app, NULL, &app->pages);
	char reason[256];
	(void)snprintf(reason, sizeof reason, "%s", curb_error_text());
	struct plugin_slot *slot;
	for (size_t i = 0; err && (slot = plugins_at(app->plugins, i)); i++) {
		if (slot->state != PLUGIN_LOADED || make_pages(app, slot, &app->pages))
			continue;
		return plugins_leave_out(slot, reason);
	}
	return err ? curb_fail(err, "%s", reason) : 0;
}

/* ---- the way up ---- */

static int open_ingest(struct app *app)
{
	char uploads[PATH_SIZE], worker[PATH_SIZE];
	(void)snprintf(worker, sizeof worker, "%s/" CURB_LIBEXEC_DIR "/worker", config_prefix());
	struct ingest_options options = { .store = app->store,
		                          .blobs = app->blobs,
		                          .pages = app->pages,
		                          .upload_folder = in_data(app, "uploads", uploads),
		                          .worker = worker,
		                          .program = app->config->ffmpeg,
		                          .renditions = app->config->renditions,
		                          .captioner = app->config->captioner,
		                          .captioner_reads = app->config->captioner_reads,
		                          .captioner_runs = app->config->captioner_runs,
		                          .public_origin = app->config->origin[0] ? app->config->origin :
		                                                                    NULL };
	int err = ingest_open(&options, &app->ingest);
	if (!err)
		err = plugins_publish(app->plugins, CONTENT_SERVICE, ingest_service(app->ingest));
	const struct curb_home_part part = ingest_home_part();
	return err ? err : home_service(app->home)->offer(home_service(app->home), &part);
}

static int open_blobs(struct app *app)
{
	char path[PATH_SIZE];
	return blobs_open(in_data(app, "blobs", path), &app->blobs);
}

/* Imports at a time, and what is made behind them takes the cores that they leave: making a form takes one. An import that comes
 * does not wait for those, and one thread more is there for what is short. */
static int long_jobs(const struct config *config)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	return cores >= 1 && cores < config->jobs ? (int)cores : (int)config->jobs;
}

static int start_work(struct app *app)
{
	int err = plugins_start(app->plugins);
	if (err || app->looking)
		return err;
	err = app_backups(app);
	struct work_options options = { .store = app->store,
		                        .plugins = app->plugins,
		                        .threads = 2 * (int)app->config->jobs + 1,
		                        .long_kind = "import",
		                        .long_most = long_jobs(app->config),
		                        .spare_kinds = { "rendition", "captions" },
		                        .core = { { ingest_jobs, app->ingest },
		                                  { backup_jobs, app->backups },
		                                  { erasure_jobs, app->erasure } },
		                        .at_work = board_at_work };
	if (!err)
		err = work_start(&options, &app->work);
	if (!err)
		err = ingest_begin(app->ingest);
	return err ? err : erasure_begin(app->erasure);
}

static int open_desk(struct app *app)
{
	if (app->looking)
		return 0;
	const struct desk_options options = { .store = app->store,
		                              .plugins = app->plugins,
		                              .work = app->work,
		                              .backups = app->backups,
		                              .ledger = app->ledger,
		                              .data = app->config->data,
		                              .version = CURB_VERSION,
		                              .key_id = app->key_id,
		                              .key_made_ms = app->key_made_ms };
	int err = desk_open(&options, &app->desk);
	if (err)
		return err;
	const struct curb_home_part part = desk_home_part(app->desk);
	return home_service(app->home)->offer(home_service(app->home), &part);
}

int app_open(struct app *app)
{
	static int (*const parts[])(struct app *) = { take_lock,   open_store,  app_ledger,
		                                      open_blobs,  app_plugins, open_pages,
		                                      open_ingest, start_work,  open_desk };
	(void)umask(077); /* nothing in the data folder is for others */
	people_password_memory(app->config->password_memory);
	int err = 0;
	for (size_t i = 0; !err && i < sizeof parts / sizeof *parts; i++)
		err = parts[i](app);
	return err;
}

/* ---- serving ---- */

static int open_blob(void *arg, struct curb_str sha256, uint64_t *ret_size)
{
	int fd = -1;
	int err = blobs_read(arg, sha256, &fd, ret_size);
	return err ? err : fd;
}

static void add_health(void *arg, struct curb_json *j, bool *ok)
{
	const struct app *app = arg;
	(void)ok;
	curb_json_ktext(j, "version", CURB_VERSION);
	app_ledger_health(app, j);
}

static void add_metrics(void *arg, struct curb_buf *out)
{
	app_ledger_metrics(arg, out);
}

int app_serve(struct app *app)
{
	const struct config *config = app->config;
	if (mkdir(in_data(app, "spool", app->spool), 0700) != 0 && errno != EEXIST)
		return curb_fail(CURB_EINTERNAL, "the folder %s cannot be made", app->spool);
	app->signin = (struct signin_options){ .lan_plain = config->lan_plain,
		                               .second_factor = config->second_factor };
	app->routes[0] = (struct http_routes){ &curb_core_host, work_routes, app->work };
	app->routes[1] = (struct http_routes){ &curb_core_host, ingest_routes, app->ingest };
	app->routes[2] = (struct http_routes){ &curb_core_host, signin_routes, &app->signin };
	app->routes[3] = (struct http_routes){ &curb_core_host, home_routes, app->home };
	app->routes[4] = (struct http_routes){ &curb_core_host, access_routes, app->access };
	app->routes[5] = (struct http_routes){ &curb_core_host, needs_routes, NULL };
	app->routes[6] = (struct http_routes){ &curb_core_host, desk_routes, app->desk };
	app->routes[7] = (struct http_routes){ &curb_core_host, ledger_routes, app->ledger };
	struct http_options options = { .listen = config->listen,
		                        .threads = (int)config->threads,
		                        .permits = (int)config->permits,
		                        .permits_for_hours = (int)config->permits_for_hours,
		                        .store = app->store,
		                        .plugins = app->plugins,
		                        .pages = app->pages,
		                        .core = app->routes,
		                        .blob_open = open_blob,
		                        .blob_arg = app->blobs,
		                        .spool_folder = app->spool,
		                        .public_origin = config->origin[0] ? config->origin : NULL,
		                        .lan_plain = config->lan_plain,
		                        .health = add_health,
		                        .metrics = add_metrics,
		                        .report_arg = app,
		                        .at_work = board_at_work };
	const char *colon = strrchr(config->listen, ':');
	int port = app->board ? atomic_load(&app->board->port) : 0;
	if (colon && strcmp(colon, ":0") == 0 && port) { /* the same port again, behind a crash */
		(void)snprintf(app->listen, sizeof app->listen, "%.*s:%d", (int)(colon - config->listen),
		               config->listen, port);
		options.listen = app->listen;
	}
	if (config->content_listen[0])
		curb_log(CURB_WARN,
		         "content_listen unused=yes reason=\"no content here needs another origin\"");
	int err = http_start(&options, &app->http);
	if (!err)
		err = control_start(app, &app->control);
	if (!err && app->board)
		atomic_store(&app->board->port, http_port(app->http));
	return err;
}

/* ---- the way down ---- */

void app_close(struct app *app)
{
	control_stop(app->control);
	if (app->http)
		http_drain(app->http, DRAIN_MS);
	if (app->work)
		work_stop(app->work);
	if (app->http)
		http_stop(app->http);
	if (app->plugins)
		plugins_stop(app->plugins);
	work_free(app->work);
	if (app->ingest)
		ingest_close(app->ingest);
	if (app->pages)
		pages_free(app->pages);
	plugins_free(app->plugins);
	desk_close(app->desk);
	backups_free(app->backups);
	home_free(app->home);
	doctor_free(app->doctor);
	erasure_free(app->erasure);
	access_close(app->access);
	if (app->blobs)
		blobs_close(app->blobs);
	ledger_close(app->ledger);
	free(app->trust);
	if (app->store)
		store_close(app->store);
	for (size_t i = 0; i < sizeof app->taken_texts / sizeof *app->taken_texts; i++) {
		free(app->taken_texts[i]);
		free(app->aside_texts[i]);
	}
	if (app->lock_fd >= 0)
		(void)close(app->lock_fd);
}
