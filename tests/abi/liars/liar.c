/* One small plugin that keeps every promise, and, by a definition each, all the ways of breaking one. NAME is its name,
 * NEEDS and PROVIDES its services, the rest are the lies. */
#include <stdlib.h>

#include "curb/db.h"
#include "curb/err.h"
#include "curb/job.h"
#include "curb/plugin.h"
#include "curb/request.h"
#include "curb/service.h"
#include "witness.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#ifndef CALLED
#define CALLED TEXT(NAME)
#endif
#ifndef PREFIX
#define PREFIX "/api/v1/" TEXT(NAME)
#endif
#ifndef SCOPE
#define SCOPE CURB_SCOPE_PUBLIC
#endif

struct liar {
	struct curb_service_head api; /* the service is nothing but its size */
	struct curb_host *host;
};

#ifdef LIE_UNDEFINED
int curb_no_such_function(void);
#endif

struct order {
	struct curb_host *host;
	struct curb_id person, job;
};

static int enqueue_fn(struct curb_tx *tx, void *arg)
{
	struct order *order = arg;
	return curb_job_enqueue(order->host, tx, "work", &order->person, curb_str("{}"), &order->job);
}

static int hello(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_buf body = curb_buf(100);
	curb_buf_text(&body, "{\"hello\":\"" TEXT(NAME) "\"}");
	int err = curb_reply_json(req, 200, &body);
	curb_buf_free(&body);
	return err;
}

static int crash(struct curb_req *req, void *state)
{
	(void)req;
	(void)state;
	abort();
}

/* Deeper with each call, and nothing the compiler could make a loop of. */
static int deeper(volatile char *above, int depth)
{
	volatile char here[4096];
	here[0] = above ? above[0] : 'a';
	int below = depth < 1 << 30 ? deeper(here, depth + 1) : 0;
	return below + here[0];
}

static int overflow(struct curb_req *req, void *state)
{
	(void)req;
	(void)state;
	return deeper(NULL, 0);
}

static int enqueue(struct curb_req *req, void *state)
{
	const struct liar *liar = state;
	struct order order = { liar->host, curb_req_user(req)->id, { "" } };
	int err = curb_write(req, curb_str(NULL), enqueue_fn, &order);
	if (err)
		return err;
	struct curb_buf body = curb_buf(100);
	curb_buf_printf(&body, "{\"job\":\"%s\"}", order.job.text);
	err = curb_reply_json(req, 202, &body);
	curb_buf_free(&body);
	return err;
}

static int work(struct curb_job *job, void *state)
{
	(void)state;
#ifdef LIE_CRASH_IN_JOB
	abort();
#endif
	tell(TEXT(NAME) " job");
	curb_job_result(job, curb_str("{\"well\":\"done\"}"));
	return 0;
}

static int happened(struct curb_job *job, void *state, struct curb_str event_id, struct curb_str payload)
{
	(void)job;
	(void)state;
	tell(event_id.len == 36 && curb_str_is(payload, "{\"n\":1}") ? TEXT(NAME) " event" : "a wrong event");
	return 0;
}

static int init(struct curb_host *host, void **ret_state)
{
	tell(TEXT(NAME) " init");
	struct liar *liar = curb_xcalloc(1, sizeof *liar);
	liar->host = host;
	liar->api.size = sizeof *liar;
	*ret_state = liar;
#ifdef LIE_INIT_FAILS
	return curb_fail(CURB_EINTERNAL, "the well is dry");
#endif
#ifdef LIE_UNDECLARED
	return curb_publish(host, "undeclared.v1", &liar->api);
#endif
#ifdef LIE_UNDEFINED
	return curb_no_such_function();
#endif
#if defined(PROVIDES) && !defined(LIE_MUTE)
	return curb_publish(host, PROVIDES, &liar->api);
#endif
	return 0;
}

static int start(struct curb_host *host, void *state)
{
	(void)host;
	(void)state;
	tell(TEXT(NAME) " start");
#ifdef NEEDS
	const void *api = NULL;
	int err = curb_service(host, NEEDS, LEAST, &api);
	if (err)
		return err;
#endif
#ifdef LIE_START_FAILS
	return curb_fail(CURB_EINTERNAL, "the road is closed");
#endif
	return 0;
}

static void stop(void *state)
{
	(void)state;
	tell(TEXT(NAME) " stop");
}

static void fini(void *state)
{
	tell(TEXT(NAME) " fini");
	free(state);
}

static const struct curb_migration migrations[] = {
	{ 1, "init", "CREATE TABLE " TEXT(NAME) "_thing (id TEXT PRIMARY KEY) {STRICT};" },
	{ 0 },
};
static const struct curb_hook hooks[] = { { "thing.happened.v1", happened }, { 0 } };
static const struct curb_job_kind jobs[] = { { "work", work, 3, 60 }, { 0 } };
static const struct curb_setting config[] = {
	{ "greeting", CURB_SETTING_TEXT, "hello", "what it says" },
	{ "times", CURB_SETTING_INT, "3", "how often" },
	{ "aloud", CURB_SETTING_BOOL, "no", "whether it shouts" },
	{ 0 },
};
static const char *const prefixes[] = { PREFIX, NULL };
#ifdef PROVIDES
static const char *const provides[] = { PROVIDES, NULL };
#endif
#ifdef NEEDS
static const char *const needs[] = { NEEDS, NULL };
#endif

#ifdef LIE_OLD_ROWS
/* Built when a route had no lane yet. */
struct old_route {
	const char *method, *path;
	uint32_t roles;
	enum curb_scope scope;
	enum curb_body body;
	uint64_t body_max;
	int (*handle)(struct curb_req *req, void *state);
};
static const struct old_route routes[] = {
	{ "GET", PREFIX, CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, hello },
	{ "GET", PREFIX "/second", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, hello },
	{ "GET", PREFIX "/crash", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, crash },
	{ "GET", PREFIX "/overflow", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, overflow },
	{ "GET", PREFIX "/enqueue", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, enqueue },
	{ 0 },
};
#else
static const struct curb_route routes[] = {
	{ "GET", PREFIX, CURB_ANYONE, SCOPE, CURB_BODY_NONE, 0, hello, CURB_LANE_ANY },
	{ "GET", PREFIX "/crash", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, crash, CURB_LANE_ANY },
	{ "GET", PREFIX "/overflow", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, overflow,
	  CURB_LANE_ANY },
	{ "GET", PREFIX "/enqueue", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, enqueue,
	  CURB_LANE_ANY },
	{ 0 },
};
#endif

const struct curb_plugin curb_plugin = {
#if defined(LIE_MAGIC) || defined(LIE_MAJOR) || defined(LIE_MINOR) || defined(LIE_SHORT) || \
	defined(LIE_OLD_ROWS)
	.magic = CURB_PLUGIN_MAGIC
#ifdef LIE_MAGIC
	         + 1
#endif
	,
	.abi_major = CURB_ABI_MAJOR
#ifdef LIE_MAJOR
	             + 1
#endif
	,
	.abi_minor = CURB_ABI_MINOR
#ifdef LIE_MINOR
	             + 1
#endif
	,
	.struct_size = sizeof(struct curb_plugin)
#ifdef LIE_SHORT
	               - sizeof(void *)
#endif
		,
	.rows = { sizeof(struct curb_migration),
#ifdef LIE_OLD_ROWS
	          sizeof(struct old_route),
#else
	          sizeof(struct curb_route),
#endif
	          sizeof(struct curb_hook), sizeof(struct curb_job_kind), sizeof(struct curb_search),
	          sizeof(struct curb_embedded), sizeof(struct curb_setting) },
#else
	CURB_PLUGIN_HEAD,
#endif
	.name = CALLED,
	.version = "1.2.3",
#ifdef PROVIDES
	.provides = provides,
#endif
#ifdef NEEDS
	.needs = needs,
#endif
	.migrations = migrations,
	.routes = (const struct curb_route *)(const void *)routes,
	.hooks = hooks,
	.jobs = jobs,
	.prefixes = prefixes,
	.config = config,
	.init = init,
	.start = start,
	.stop = stop,
	.fini = fini,
};
