/* The server's parts, put together. The only struct that knows them all; filled by app.c, read by the commands.
 * The rule: parts get what they need by their options, never this struct.
 */
#ifndef CURB_APP_H
#define CURB_APP_H

#include <stdbool.h>

#include "config.h"
#include "http.h"
#include "ingest.h"
#include "people.h"
#include "signin.h"
#include "store.h"
#include "work.h"

struct access;
struct backups;
struct blobs;
struct board;
struct control;
struct desk;
struct doctor;
struct erasure;
struct home;
struct ingest;
struct ledger;
struct pages;

struct app {
	struct config *config;
	struct board *board; /* NULL: no supervisor */
	int lock_fd;         /* holds the data folder; -1: not held */
	bool looking;        /* nothing is made, migrated, signed or begun: the folder is looked at */
	const char *taken[64];
	char *taken_texts[64];
	const char *aside[65];
	char *aside_texts[64];

	struct curb_store *store;
	uint32_t key_id;     /* of the master key */
	int64_t key_made_ms; /* 0: not known */
	struct access *access;
	struct backups *backups;
	struct blobs *blobs;
	struct desk *desk;
	struct doctor *doctor;
	struct erasure *erasure;
	struct home *home;
	struct ingest *ingest;
	struct ledger *ledger;
	struct trust *trust; /* of the ledger's witnesses; NULL: none */
	struct plugins *plugins;
	struct pages *pages;
	struct work *work;
	struct http_routes routes[12];
	struct signin_options signin;
	char spool[4096], listen[128];
	struct http *http;       /* NULL: this process does not serve */
	struct control *control; /* the same */
};

/* Takes the data folder's lock and starts every part but http and control, in order. CURB_EBUSY when another process has
 * the lock. After an error app_close is called too. */
int app_open(struct app *app);
/* Serves: http and control. */
int app_serve(struct app *app);
/* Stops what was started, in the reverse order. */
void app_close(struct app *app);

/* backups.c: app->backups, as the configuration has them. Yours: backups_free. */
int app_backups(struct app *app);

/* plugins.c: app->plugins, loaded and with the core's services before them; app->access, app->home, app->doctor and
 * app->erasure. */
int app_plugins(struct app *app);

/* ledgers.c: app->ledger, with its key. Yours: ledger_close. */
int app_ledger(struct app *app);
/* What is told of it: "ledger" of the health answer, and its metrics. */
void app_ledger_health(const struct app *app, struct curb_json *j);
void app_ledger_metrics(const struct app *app, struct curb_buf *out);
/* ledger_renew with a key of its own. */
int app_ledger_renew(struct app *app, struct curb_str reason);
/* Changes the key of the ledger: ledger_rotate. */
int app_ledger_rotate(struct app *app, struct curb_str reason);

/* check.c: what `curbcut check` needs, in a temporary folder that goes away again. */
int app_open_check(struct app *app, const char *folder);
void app_close_check(struct app *app, const char *folder);

#endif
