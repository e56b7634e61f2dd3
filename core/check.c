/* The few parts that `curbcut check` needs: no database, no plugins, nothing that stays. */
#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

#include "a11y/a11y_api.h"
#include "app.h"
#include "blobs.h"
#include "config.h"
#include "core_page_embedded.h"
#include "curb/err.h"
#include "ingest.h"
#include "page.h"

static int open_words(struct app *app)
{
	const struct a11y_api *a11y = a11y_service();
	app->pages = pages_new();
	int err = pages_add(app->pages, A11Y_OWNER, a11y->templates, a11y->messages, a11y->assets);
	if (!err)
		err = pages_add(app->pages, "core", NULL, core_page_messages, NULL);
	return err ? err : pages_seal(app->pages);
}

int app_open_check(struct app *app, const char *folder)
{
	char worker[4096];
	(void)snprintf(worker, sizeof worker, "%s/" CURB_LIBEXEC_DIR "/worker", config_prefix());
	int err = blobs_open(folder, &app->blobs);
	if (!err)
		err = open_words(app);
	if (err)
		return err;
	struct ingest_options options = {
		.blobs = app->blobs, .pages = app->pages, .worker = worker, .program = CONFIG_FFMPEG
	};
	return ingest_open(&options, &app->ingest);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
	(void)info;
	(void)kind;
	(void)where;
	return remove(path);
}

void app_close_check(struct app *app, const char *folder)
{
	ingest_close(app->ingest);
	if (app->pages)
		pages_free(app->pages);
	if (app->blobs)
		blobs_close(app->blobs);
	(void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
