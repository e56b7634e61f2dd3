#include "config.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "address.h"
#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "plugins_built.h"

enum kind { TEXT, LIST, INT, BOOL };

#ifdef CURB_TEST_CLOCK
enum { PASSWORD_MEMORY_LEAST = 1 }; /* for tests of other things than passwords */
#else
enum { PASSWORD_MEMORY_LEAST = 19 }; /* OWASP's for argon2id with two passes */
#endif

static const struct row {
	const char *name;
	enum kind kind;
	size_t offset;
	const char *otherwise;
	int64_t least, most; /* of INT */
	const char *meaning;
} rows[] = {
#define ROW(name, kind, otherwise, least, most, meaning)                                    \
	{                                                                                   \
#name, kind, offsetof(struct config, name), otherwise, least, most, meaning \
	}
	ROW(data, TEXT, "/var/lib/curbcut", 0, 0, "folder of the database, blobs, keys and control socket"),
	ROW(listen, TEXT, "127.0.0.1:8080", 0, 0, "address and port; port 0 picks one"),
	ROW(content_listen, TEXT, "", 0, 0,
	    "where package content is served from another origin; empty: nowhere"),
	ROW(origin, TEXT, "", 0, 0,
	    "https://learn.example.org; empty: http and the Host of the request, and no certificates"),
	ROW(plugin_folder, TEXT, "", 0, 0, "where NAME.so lie; empty: beside the executable"),
	ROW(log, TEXT, "info", 0, 0, "error, warn, info or debug"),
	ROW(plugins, LIST, CURB_BUILT_PLUGINS, 0, 0,
	    "names, with blanks between them; goes on in lines that begin with a blank"),
	ROW(essential, LIST, CURB_BUILT_ESSENTIAL, 0, 0, "plugins without which the server must not run"),
	ROW(access_report, TEXT, "", 0, 0,
	    "folder of the report about accessibility; empty: beside the executable"),
	ROW(threads, INT, "2000", 8, 10000, "connections at a time"),
	ROW(permits, INT, "16", 2, 256, "handlers that run at a time"),
	ROW(permits_for_hours, INT, "4", 1, 128, "of these, kept for plays and beats"),
	ROW(jobs, INT, "2", 1, 16, "packages that are taken in at a time, at most one a core"),
	ROW(ffmpeg, TEXT, CONFIG_FFMPEG, 0, 0,
	    "the program that makes a form that browsers play of media that they do not; empty: none"),
	ROW(renditions, BOOL, "yes", 0, 0,
	    "smaller forms of lessons, for bad lines, are made by that program"),
	ROW(captioner, TEXT, "", 0, 0,
	    "the program that drafts captions: a WAV file comes in, WebVTT goes out; empty: none"),
	ROW(captioner_reads, TEXT, "", 0, 0,
	    "files and folders, with blanks between them, that it may read besides libraries: its model"),
	ROW(captioner_runs, TEXT, "", 0, 0,
	    "files and folders, with blanks between them, that it may also execute: its interpreter"),
	ROW(backups, TEXT, "", 0, 0,
	    "folder of backups, best on another disk; empty: the folder backups in the data folder"),
	ROW(backups_keep, INT, "7", 1, 999,
	    "backups in that folder; older ones go when a newer one is whole"),
	ROW(backups_warn_days, INT, "2", 1, 365, "the newest backup may be as old, else the machine says so"),
	ROW(checkpoint_s, INT, "20", 1, 60,
	    "seconds behind an entry at which the ledger is signed at the latest"),
	ROW(witnesses, TEXT, "", 0, 0,
	    "file of the ledger's witnesses and how many of them must sign (C2SP tlog-policy); empty: none"),
	ROW(password_memory, INT, "46", PASSWORD_MEMORY_LEAST, 1024,
	    "MB that trying one password takes: what makes guessing dear; of passwords chosen from then on"),
	ROW(second_factor, BOOL, "yes", 0, 0,
	    "a number from an app, asked of everybody who moves hours or runs the machine"),
	ROW(lan_plain, BOOL, "no", 0, 0, "a server on a local network without TLS: cookies without Secure"),
#undef ROW
};

enum { ROWS = sizeof rows / sizeof *rows };

static const char *keep(struct config *config, const char *text)
{
	char *copy = curb_xstrdup(text);
	config->texts = realloc(config->texts, (config->text_count + 1) * sizeof *config->texts);
	CURB_ASSERT(config->texts);
	config->texts[config->text_count++] = copy;
	return copy;
}

static bool read_bool(const char *text, bool *ret_value)
{
	*ret_value = strcmp(text, "yes") == 0;
	return *ret_value || strcmp(text, "no") == 0;
}

/* CURB_EINVAL without saying where. */
static int set(struct config *config, const struct row *row, const char *value)
{
	char *member = (char *)config + row->offset;
	int64_t number;
	switch (row->kind) {
	case TEXT:
	case LIST: *(const char **)(void *)member = keep(config, value); return 0;
	case BOOL:
		if (read_bool(value, (bool *)(void *)member))
			return 0;
		return curb_fail(CURB_EINVAL, "%s is yes or no, not %s", row->name, value);
	case INT: break;
	}
	if (!curb_str_int(curb_str(value), &number) || number < row->least || number > row->most)
		return curb_fail(CURB_EINVAL, "%s is a number from %lld to %lld, not %s", row->name,
		                 (long long)row->least, (long long)row->most, value);
	*(int64_t *)(void *)member = number;
	return 0;
}

static const struct row *find_row(const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

/* ---- the file ---- */

struct reading {
	struct config *config;
	FILE *file;
	int line;
	int err;
};

/* libinih would cut a line that is longer than its buffer in two and take both for lines. */
static char *read_line(char *text, int size, void *stream)
{
	struct reading *reading = stream;
	char *got = fgets(text, size, reading->file);
	if (!got)
		return NULL;
	reading->line++;
	size_t len = strlen(got);
	if (len + 1 == (size_t)size && got[len - 1] != '\n') {
		reading->err = curb_fail(CURB_EINVAL, "the line is longer than %d characters", size - 2);
		return NULL;
	}
	return got;
}

static int go_on(struct config *config, const struct row *row, const char *value)
{
	const char **member = (const char **)(void *)((char *)config + row->offset);
	CURB_AUTO(buf) struct curb_buf both = curb_buf(16384);
	curb_buf_printf(&both, "%s %s", *member, value);
	int err = curb_buf_check(&both);
	if (!err)
		*member = keep(config, both.data);
	return err;
}

static int take_own(struct reading *reading, const char *key, const char *value)
{
	const struct row *row = find_row(key);
	if (!row)
		return curb_fail(CURB_EINVAL, "[curbcut] has no key %s", key);
	bool *given = &reading->config->given[row - rows];
	if (*given &&
	    row->kind == LIST) /* libinih hands a line that begins with a blank on as its key again */
		return go_on(reading->config, row, value);
	if (*given)
		return curb_fail(CURB_EINVAL, "%s is set twice", key);
	*given = true;
	return set(reading->config, row, value);
}

static int take_plugins(struct reading *reading, const char *section, const char *key, const char *value)
{
	struct config *config = reading->config;
	for (size_t i = 0; i < config->line_count; i++)
		if (strcmp(config->lines[i].section, section) == 0 &&
		    strcmp(config->lines[i].setting.key, key) == 0)
			return curb_fail(CURB_EINVAL, "%s is set twice", key);
	config->lines = realloc(config->lines, (config->line_count + 1) * sizeof *config->lines);
	CURB_ASSERT(config->lines);
	config->lines[config->line_count++] = (struct config_line){
		.section = curb_xstrdup(section),
		.setting = { curb_xstrdup(key), curb_xstrdup(value), reading->line },
	};
	return 0;
}

/* libinih wants 1 for "go on". */
static int take_line(void *arg, const char *section, const char *key, const char *value)
{
	struct reading *reading = arg;
	if (reading->err)
		return 0;
	if (!section[0] || strcmp(section, "curbcut") == 0)
		reading->err = take_own(reading, key, value);
	else
		reading->err = take_plugins(reading, section, key, value);
	return reading->err == 0;
}

static int read_file(struct config *config, const char *path)
{
	CURB_AUTO(file) FILE *file = fopen(path, "re");
	if (!file)
		return curb_fail(CURB_ENOTFOUND, "the configuration %s cannot be opened", path);
	struct reading reading = { .config = config, .file = file };
	int line = ini_parse_stream(read_line, &reading, take_line, &reading);
	if (!reading.err && !line)
		return 0;
	char why[256];
	(void)snprintf(why, sizeof why, "%s", reading.err ? curb_error_text() : "this is no \"key = value\"");
	return curb_fail(CURB_EINVAL, "%s, line %d: %s", path, reading.err ? reading.line : line, why);
}

/* ---- lists ---- */

static int split(struct config *config, const char *name, const char *text, const char **list)
{
	struct curb_str rest = curb_str(text), part;
	size_t n = 0;
	while (curb_str_cut(&rest, ' ', &part)) {
		part = curb_str_trim(part);
		if (!part.len)
			continue;
		char word[64];
		if (n == CONFIG_LIST_MAX || part.len >= sizeof word)
			return curb_fail(CURB_EINVAL, "%s holds at most %d names of less than 64 letters",
			                 name, CONFIG_LIST_MAX);
		(void)snprintf(word, sizeof word, "%.*s", (int)part.len, part.ptr);
		list[n++] = keep(config, word);
	}
	list[n] = NULL;
	return 0;
}

static bool is_listed(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

/* Without Secure the session's cookie is sent over plain lines for ever: not where an encrypted one is, nor on the street. */
static int check_plain(const struct config *config)
{
	if (!config->lan_plain)
		return 0;
	if (strncmp(config->origin, "https:", 6) == 0)
		return curb_fail(
			CURB_EINVAL,
			"lan_plain = yes is for a server without TLS, and origin is %s: take lan_plain "
			"out, or give an origin that begins with http://",
			config->origin);
	const char *colon = strrchr(config->listen, ':');
	struct curb_str address = curb_str_n(config->listen, colon ? (size_t)(colon - config->listen) : 0);
	if (curb_str_starts(address, "[") && curb_str_ends(address, "]"))
		address = curb_str_n(address.ptr + 1, address.len - 2);
	/* On all addresses: who asks from outside of the local network is refused (core/http). */
	bool all = address.len == 0 || curb_str_is(address, "0.0.0.0") || curb_str_is(address, "::");
	if (all || address_local(address))
		return 0;
	return curb_fail(
		CURB_EINVAL,
		"lan_plain = yes is for a local network, and listen is %s: listen on an address of "
		"that network (10…, 172.16…, 192.168…, fd…) or on all (0.0.0.0), or take lan_plain out "
		"and put TLS in front",
		config->listen);
}

static int finish(struct config *config)
{
	int err = split(config, "plugins", config->plugins, config->plugin_list);
	if (!err)
		err = split(config, "essential", config->essential, config->essential_list);
	for (const char **name = config->essential_list; !err && *name; name++)
		if (!is_listed(config->plugin_list, *name))
			err = curb_fail(CURB_EINVAL, "essential names %s, which plugins does not list",
			                *name);
	if (!err && config->permits_for_hours >= config->permits)
		err = curb_fail(CURB_EINVAL, "permits_for_hours must be less than permits");
	if (!err)
		err = check_plain(config);
	if (err || config->plugin_folder[0])
		return err;
	char folder[4096];
	(void)snprintf(folder, sizeof folder, "%s/%s", config_prefix(), CURB_PLUGIN_DIR);
	config->plugin_folder = keep(config, folder);
	return 0;
}

static int read_all(struct config *config, const char *file, const struct config_option *options)
{
	int err = 0;
	for (size_t i = 0; !err && i < ROWS; i++)
		err = set(config, &rows[i], rows[i].otherwise);
	if (!err && file)
		err = read_file(config, file);
	for (; !err && options && options->key; options++) {
		const struct row *row = find_row(options->key);
		CURB_ASSERT(row);
		err = set(config, row, options->value);
	}
	return err ? err : finish(config);
}

int config_read(const char *file, const struct config_option *options, struct config **ret_config)
{
	struct config *config = curb_xcalloc(1, sizeof *config);
	int err = read_all(config, file, options);
	if (err)
		config_free(config);
	else
		*ret_config = config;
	return err;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->text_count; i++)
		free(config->texts[i]);
	free((void *)config->texts);
	for (size_t i = 0; i < config->line_count; i++) {
		free(config->lines[i].section);
		free((void *)(uintptr_t)config->lines[i].setting.key);
		free((void *)(uintptr_t)config->lines[i].setting.value);
	}
	free(config->lines);
	free(config);
}

bool config_setting(void *arg, const char *section, size_t i, struct plugins_setting *ret_setting)
{
	const struct config *config = arg;
	for (size_t n = 0; n < config->line_count; n++) {
		if (strcmp(config->lines[n].section, section) != 0 || i-- > 0)
			continue;
		*ret_setting = config->lines[n].setting;
		return true;
	}
	return false;
}

int config_check_sections(const struct config *config)
{
	for (size_t i = 0; i < config->line_count; i++)
		if (!is_listed(config->plugin_list, config->lines[i].section))
			return curb_fail(
				CURB_EINVAL,
				"line %d of the configuration: [%s] is neither [curbcut] nor a listed plugin",
				config->lines[i].setting.line, config->lines[i].section);
	return 0;
}

const char *config_prefix(void)
{
	static char prefix[4096];
	if (prefix[0])
		return prefix;
	ssize_t n = readlink("/proc/self/exe", prefix, sizeof prefix - 1);
	CURB_ASSERT(n > 0);
	prefix[n] = '\0';
	for (int i = 0; i < 2; i++) { /* bin/curbcut */
		char *slash = strrchr(prefix, '/');
		if (slash)
			*slash = '\0';
	}
	return prefix;
}
