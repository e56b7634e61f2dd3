/* The contract of a plugin: one constant, `curb_plugin`, exported from a shared object.
 * The rule: everything static is a row of a table; nothing of the plugin runs before the core has
 * checked the constant and copied it.
 *
 * Life of a plugin, in order (core/plugin/loader.c):
 *
 *     dlopen, check, copy -> migrate -> init -> [provides published?] -> start -> requests, jobs, events
 *                                        |                                            |
 *                                        +---- fini <------------- stop <-------------+
 *
 * init   builds the state and publishes services; may write through curb_host_write.
 * start  looks up the services of others. From here to stop handlers run, in parallel.
 * stop   no handler, job or event of this plugin runs any more; services of others are still good.
 * fini   called whenever init was called, even when init failed: accepts half-built state.
 *
 * Version history (MAJOR changes when something is removed or altered, MINOR when something is added):
 *   1.0  2026-11-21  first
 *   1.1  2026-11-22  needs, first page and help, places, changes, forms with files, persons by name, days, curb_encoded,
 *                    rows of packed assets, curb_put_pager
 *   1.2  2026-11-22  entries of the ledger
 *   1.3  2026-11-22  keys of a plugin's own, QR codes, the server's address, guesses slowed down,
 *                    receipts of entries, who helps
 *   1.4  2026-11-22  receipts of ledgers elsewhere, numbers of certificates sealed for another server
 */
#ifndef CURB_PLUGIN_H
#define CURB_PLUGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { CURB_PLUGIN_MAGIC = 0x43555242, CURB_ABI_MAJOR = 1, CURB_ABI_MINOR = 4 };

struct curb_host; /* the plugin's hold on the core: owner of its statements; lives as long as the state */
struct curb_req;
struct curb_job;
struct curb_tx;

/* Roles are a mask: they have no order. ANYONE includes people who are not signed in. */
enum curb_role {
	CURB_LEARNER = 1 << 0,
	CURB_HELPER = 1 << 1,
	CURB_AUTHOR = 1 << 2,
	CURB_TEACHER = 1 << 3,
	CURB_CAPTIONER = 1 << 4,
	CURB_STAFF = 1 << 5,
	CURB_REVIEWER = 1 << 6,
	CURB_AUDITOR = 1 << 7,
	CURB_EVALUATOR = 1 << 8,
	CURB_ADMIN = 1 << 9,
	CURB_SIGNED_IN = (1 << 10) - 1,
	CURB_ANYONE = 1 << 30
};

/* How far a route reaches. The core refuses a person whose grants have no such reach before the handler
 * runs; the handler narrows to the very row with curb_may() or the person's own id. */
enum curb_scope {
	CURB_SCOPE_UNSET = 0,   /* a route without scope does not load                             */
	CURB_SCOPE_PUBLIC,      /* shows nothing of anybody                                        */
	CURB_SCOPE_OWN,         /* rows that belong to the signed-in person                        */
	CURB_SCOPE_INSTITUTION, /* rows of an institution that a grant of the person covers        */
	CURB_SCOPE_REGION,      /* rows of a region that a grant of the person covers              */
	CURB_SCOPE_MACHINE      /* the server itself: jobs, plugins, metrics; an ADMIN of the whole */
};

enum curb_body {
	CURB_BODY_NONE, /* a body is refused                                                          */
	CURB_BODY_JSON, /* application/json, whole in memory                                          */
	CURB_BODY_FORM, /* application/x-www-form-urlencoded; carries the token of curb_page's forms  */
	CURB_BODY_ANY,  /* JSON or form, told apart by its type: the same field names in both         */
	CURB_BODY_RAW,  /* bytes of any type; over 64 KB they are spooled to a file first             */
	CURB_BODY_PARTS /* as RAW; a body that breaks off is handed over too: see curb_req_body_cut   */
};

enum curb_lane {
	CURB_LANE_ANY = 0, /* shares the permits                                 */
	CURB_LANE_HOURS,   /* may use the permits kept for hours (plays, beats)  */
	CURB_LANE_HEAVY    /* few at a time                                      */
};

/* `path`: whole segments, `:name` stands for one, a last `*name` for the rest. Each member is mandatory
 * but body_max (0: 64 KB where there is a body) and lane. handle returns 0 after a curb_reply_…, or a
 * negative curb_err with curb_fail set: the core makes the problem+json or the page of it. */
struct curb_route {
	const char *method, *path;
	uint32_t roles;
	enum curb_scope scope;
	enum curb_body body;
	uint64_t body_max;
	int (*handle)(struct curb_req *req, void *state);
	enum curb_lane lane;
};

/* Versions start at 1 and have no gaps. `sql` holds statements in portable words ({INT64}, {BLOB},
 * {STRICT} and {CLUSTERED} (rows lie in the order of the primary key) stand for what differs between databases). Tables are <plugin>_<thing>. */
struct curb_migration {
	int version;
	const char *name, *sql;
};

/* `handle` runs as a job: at least once, idempotent by `event_id`; payload is JSON. */
struct curb_hook {
	const char *event;
	int (*handle)(struct curb_job *job, void *state, struct curb_str event_id, struct curb_str payload);
};

/* `run` returns 0, or an error: then it is tried again until `tries` are used up, but not behind CURB_EINVAL,
 * CURB_EDENIED, CURB_ETOOBIG and CURB_EUNFIT: the next try would be told the same. timeout_s counts for
 * one try; a job looks at curb_job_cancelled in its loops. */
struct curb_job_kind {
	const char *name;
	int (*run)(struct curb_job *job, void *state);
	int tries, timeout_s;
};

/* A search index the core builds over columns of a table (FTS5 with our bigram tokenizer). `columns` are
 * comma-separated, most weighty first, `weights` their integers. The table's key is `id`. Searched with
 * `curb_search`. */
struct curb_search {
	const char *table, *columns, *weights;
};

/* Bytes built into the plugin: templates (name.html), catalogs (zh-CN.mo), assets (name.js). An asset may have a second row,
 * name.js.gz, with what gzip makes of it: the core sends that to browsers that take it; it has no address of its own. */
struct curb_embedded {
	const char *name;
	const unsigned char *bytes;
	uint64_t size;
};

enum curb_setting_kind { CURB_SETTING_TEXT = 1, CURB_SETTING_INT, CURB_SETTING_BOOL };

/* Read from section [name-of-plugin] of the configuration; an unknown key there stops the start. */
struct curb_setting {
	const char *name;
	enum curb_setting_kind kind;
	const char *otherwise, *meaning;
};

struct curb_row_sizes {
	uint32_t migration, route, hook, job_kind, search, embedded, setting;
};

/* Every table ends with an all-zero row, every list of names with NULL; each may be NULL altogether.
 * New members come at the end only. */
struct curb_plugin {
	uint32_t magic, abi_major, abi_minor, struct_size;
	struct curb_row_sizes rows;
	const char *name, *version;  /* mandatory; name [a-z][a-z0-9]*, the file is name.so             */
	const char *const *provides; /* services that init publishes                                    */
	const char *const *needs;    /* services that must be there                                     */
	const char *const *wants;    /* services used when there                                        */
	const struct curb_migration *migrations;
	const struct curb_route *routes;
	const struct curb_hook *hooks;
	const struct curb_job_kind *jobs;
	const struct curb_search *searches;
	const char *const *prefixes; /* paths it owns; every route lies below one of them               */
	const struct curb_embedded *templates, *messages, *assets;
	const struct curb_setting *config;
	int (*init)(struct curb_host *host, void **ret_state);
	int (*start)(struct curb_host *host, void *state);
	void (*stop)(void *state);
	void (*fini)(void *state);
};

/* The one symbol that a plugin exports. */
extern const struct curb_plugin curb_plugin __attribute__((visibility("default")));

#define CURB_PLUGIN_HEAD                                                                                   \
	.magic = CURB_PLUGIN_MAGIC, .abi_major = CURB_ABI_MAJOR, .abi_minor = CURB_ABI_MINOR,              \
	.struct_size = sizeof(struct curb_plugin),                                                         \
	.rows = { sizeof(struct curb_migration), sizeof(struct curb_route),  sizeof(struct curb_hook),     \
		  sizeof(struct curb_job_kind),  sizeof(struct curb_search), sizeof(struct curb_embedded), \
		  sizeof(struct curb_setting) }

/* Settings of the plugin's own section, checked against its table at start. Static. */
const char *curb_setting_text(const struct curb_host *host, const char *name);
int64_t curb_setting_int(const struct curb_host *host, const char *name);
bool curb_setting_bool(const struct curb_host *host, const char *name);

#ifdef __cplusplus
}
#endif
#endif
