/* The plugins of this server: what they may not take, and what the core offers them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "a11y/a11y_api.h"
#include "access.h"
#include "app.h"
#include "board.h"
#include "curb/err.h"
#include "doctor.h"
#include "erasure.h"
#include "home.h"

enum { PATH_SIZE = 4096 };

static void list_aside(struct app *app)
{
	for (unsigned i = 0; app->board && i < app->board->aside_count && i < BOARD_NAMES; i++) {
		const struct board_aside *aside = &app->board->aside[i];
		char entry[BOARD_NAME + BOARD_TEXT + 2];
		(void)snprintf(entry, sizeof entry, "%s:%s", aside->name, aside->reason);
		app->aside[i] = app->aside_texts[i] = curb_xstrdup(entry);
	}
}

/* What the core's own routes lie below; a plugin's prefix may not overlap it. */
static void list_taken(struct app *app)
{
	static const struct curb_route *const parts[] = { work_routes, ingest_routes, home_routes };
	static const char *const fixed[] = { "/healthz",       "/metrics",        "/assets",
		                             "/signin",        "/signout",        "/lang",
		                             "/account",       "/api/v1/session", "/accessibility",
		                             "/needs",         "/api/v1/needs",   "/people",
		                             "/api/v1/people", "/places",         "/machine",
		                             "/changes",       "/api/v1/changes", "/ledger" };
	size_t n = 0;
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		app->taken[n++] = fixed[i];
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		for (const struct curb_route *route = parts[i]; route->path && n < 63; route++, n++) {
			char *text = curb_xstrdup(route->path);
			char *parameter = strpbrk(text, ":*");
			if (parameter)
				parameter[-1] = '\0'; /* the slash before it */
			app->taken[n] = app->taken_texts[n] = text;
		}
}

/* The report lies beside the executable, unless the configuration says otherwise. */
static struct access *open_access(const struct app *app)
{
	char folder[PATH_SIZE];
	(void)snprintf(folder, sizeof folder, "%s/" CURB_SHARE_DIR "/access", config_prefix());
	return access_open(app->config->access_report[0] ? app->config->access_report : folder);
}

int app_plugins(struct app *app)
{
	list_aside(app);
	list_taken(app);
	int err = config_check_sections(app->config);
	if (err)
		return err;
	struct plugins_options options = { .folder = app->config->plugin_folder,
		                           .names = app->config->plugin_list,
		                           .essential = app->config->essential_list,
		                           .aside = app->aside,
		                           .taken = app->taken,
		                           .store = app->store,
		                           .setting = config_setting,
		                           .setting_arg = app->config,
		                           .at_work = board_at_work };
	app->access = open_access(app);
	app->home = home_new();
	app->doctor = doctor_new();
	app->erasure = erasure_new(app->store, app->config->data);
	const struct curb_doctor_check erased = erasure_check(app->erasure);
	const struct curb_doctor_api *doctor = doctor_service(app->doctor);
	err = doctor->offer(doctor, &erased);
	if (!err)
		err = plugins_load(&options, &app->plugins);
	if (!err)
		err = plugins_publish(app->plugins, A11Y_SERVICE,
		                      (const struct curb_service_head *)a11y_service());
	if (!err)
		err = plugins_publish(app->plugins, CURB_HOME_SERVICE, &home_service(app->home)->head);
	if (!err)
		err = plugins_publish(app->plugins, CURB_DOCTOR_SERVICE, &doctor_service(app->doctor)->head);
	if (!err)
		err = plugins_publish(app->plugins, CURB_ERASURE_SERVICE,
		                      &erasure_service(app->erasure)->head);
	return err;
}
