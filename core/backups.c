/* Backups of this server. */
#include "app.h"
#include "backup.h"

int app_backups(struct app *app)
{
	struct backups_options options = { .store = app->store,
		                           .blobs = app->blobs,
		                           .data = app->config->data,
		                           .folder = app->config->backups,
		                           .version = CURB_VERSION,
		                           .key_id = app->key_id,
		                           .keep = app->config->backups_keep,
		                           .warn_days = app->config->backups_warn_days };
	int err = backup_mark(app->store, options.mark);
	if (!err)
		app->backups = backups_new(&options);
	return err;
}
