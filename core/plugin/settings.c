#include <stdlib.h>

#include "curb/arena.h"
#include "curb/err.h"
#include "slots.h"

/* One value a row of the plugin's table, in its order. */
struct settings {
	size_t count;
	struct setting_value {
		const char *text; /* of the configuration or the table; both outlive the plugin */
		int64_t number;   /* of INT and BOOL */
	} values[];
};

static bool read_bool(const char *text, int64_t *ret_number)
{
	struct curb_str word = curb_str(text);
	bool yes = curb_str_is_nocase(word, "yes") || curb_str_is_nocase(word, "true") ||
	           curb_str_is(word, "1");
	bool no = curb_str_is_nocase(word, "no") || curb_str_is_nocase(word, "false") ||
	          curb_str_is(word, "0");
	*ret_number = yes;
	return yes || no;
}

static bool take(const struct curb_setting *row, const char *text, struct setting_value *ret_value)
{
	ret_value->text = text;
	switch (row->kind) {
	case CURB_SETTING_TEXT: return true;
	case CURB_SETTING_INT: return curb_str_int(curb_str(text), &ret_value->number);
	case CURB_SETTING_BOOL: return read_bool(text, &ret_value->number);
	}
	return false;
}

static size_t row_of(const struct curb_setting *rows, const char *name)
{
	size_t i = 0;
	while (rows && rows[i].name && strcmp(rows[i].name, name) != 0)
		i++;
	return i;
}

static int read_section(struct plugin_slot *slot, struct settings *settings)
{
	const struct plugins_options *options = &slot->all->options;
	const struct curb_setting *rows = slot->plugin.config;
	struct plugins_setting line;
	for (size_t n = 0; options->setting && options->setting(options->setting_arg, slot->name, n, &line);
	     n++) {
		size_t i = row_of(rows, line.key);
		if (i == settings->count)
			return curb_fail(CURB_EINVAL, "line %d of the configuration: [%s] has no setting %s",
			                 line.line, slot->name, line.key);
		if (!take(&rows[i], line.value, &settings->values[i]))
			return curb_fail(CURB_EINVAL, "line %d of the configuration: %s wants %s, not %s",
			                 line.line, line.key,
			                 rows[i].kind == CURB_SETTING_INT ? "a whole number" : "yes or no",
			                 line.value);
	}
	return 0;
}

int settings_read(struct plugin_slot *slot)
{
	const struct curb_setting *rows = slot->plugin.config;
	size_t count = 0;
	while (rows && rows[count].name)
		count++;
	struct settings *settings = curb_xcalloc(1, sizeof *settings + count * sizeof settings->values[0]);
	settings->count = count;
	slot->settings = settings;
	for (size_t i = 0; i < count; i++)
		if (!take(&rows[i], rows[i].otherwise, &settings->values[i]))
			return curb_fail(CURB_EABI, "the default of its setting %s does not fit its kind",
			                 rows[i].name);
	return read_section(slot, settings);
}

void settings_free(struct settings *settings)
{
	free(settings);
}

static const struct setting_value *find(const struct curb_host *host, const char *name,
                                        enum curb_setting_kind kind)
{
	CURB_ASSERT(host && host->magic == CURB_HOST_MAGIC && host->slot);
	const struct plugin_slot *slot = host->slot;
	size_t i = row_of(slot->plugin.config, name);
	CURB_ASSERT(i < slot->settings->count && slot->plugin.config[i].kind == kind);
	return &slot->settings->values[i];
}

const char *curb_setting_text(const struct curb_host *host, const char *name)
{
	return find(host, name, CURB_SETTING_TEXT)->text;
}

int64_t curb_setting_int(const struct curb_host *host, const char *name)
{
	return find(host, name, CURB_SETTING_INT)->number;
}

bool curb_setting_bool(const struct curb_host *host, const char *name)
{
	return find(host, name, CURB_SETTING_BOOL)->number != 0;
}
