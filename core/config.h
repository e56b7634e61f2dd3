/* The configuration: one file (INI), one struct, all defaults in one table.
 * The rule: an unknown key is an error that names its line; command-line options win over the file.
 */
#ifndef CURB_CONFIG_H
#define CURB_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader.h"

enum { CONFIG_LIST_MAX = 64 };

#define CONFIG_FFMPEG "/usr/bin/ffmpeg" /* where Debian has it */

struct config_line {
	char *section;
	struct plugins_setting setting; /* its texts are the config's */
};

/* Section [curbcut]; the table in config.c says what each means. Texts are the config's; "" for not set. */
struct config {
	const char *data, *listen, *content_listen, *origin, *plugin_folder, *log;
	const char *plugins, *essential, *access_report, *ffmpeg, *captioner, *captioner_reads,
		*captioner_runs, *backups, *witnesses;
	int64_t threads, permits, permits_for_hours, jobs, backups_keep, backups_warn_days, checkpoint_s,
		password_memory;
	bool lan_plain, second_factor, renditions;

	/* Made of the above. */
	const char *plugin_list[CONFIG_LIST_MAX + 1], *essential_list[CONFIG_LIST_MAX + 1];

	char **texts; /* memory of the values */
	size_t text_count;
	struct config_line *lines; /* of other sections: they belong to plugins */
	size_t line_count;
	bool given[64]; /* which rows of the table were set, so that twice is an error */
};

/* An option of the command line that stands for a key: {"listen", "127.0.0.1:0"}. */
struct config_option {
	const char *key, *value;
};

/* Defaults, then `file` (NULL: none), then `options` (ended by a row without key). CURB_EINVAL names file and line;
 * CURB_ENOTFOUND: no such file. Yours: config_free. */
int config_read(const char *file, const struct config_option *options, struct config **ret_config);
void config_free(struct config *config); /* NULL is fine */

/* For plugins_options.setting; `arg` is the config. */
bool config_setting(void *arg, const char *section, size_t i, struct plugins_setting *ret_setting);
/* Every section is [curbcut] or the name of a listed plugin. CURB_EINVAL. */
int config_check_sections(const struct config *config);

/* The folder above that of the executable: where it is installed or built. Static; first called by one thread. */
const char *config_prefix(void);

#endif
