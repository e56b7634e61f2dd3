/* Backups of this server. */
#include "app.h"
#include "backup.h"

struct backups *app_backups(const struct app *app)
{
	const struct backups_options options = { .store = app->store,
		                                 .blobs = app->blobs,
		                                 .data = app->config->data,
		                                 .folder = app->config->backups,
		                                 .version = CURB_VERSION,
		                                 .key_id = app->key_id,
		                                 .keep = app->config->backups_keep,
		                                 .warn_days = app->config->backups_warn_days };
	return backups_new(&options);
}
