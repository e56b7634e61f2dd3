/* Plugins that lie, in the real server: each is set aside by name with its reason, and the rest serves on. */
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "cm.h"
#include "process.h"

static const struct {
	const char *name, *why; /* why NULL: it runs */
} plugins[] = {
	{ "honest", NULL },
	{ "friend", NULL },
	{ "oldrows", NULL },
	{ "wrongmagic", "does not begin with the magic number" },
	{ "wrongmajor", "built for version 2 of the contract" },
	{ "newer", "newer than ours" },
	{ "short", "at least" },
	{ "misnamed", "it calls itself honest" },
	{ "nothing", "no constant curb_plugin" },
	{ "textfile", "cannot be loaded" },
	{ "absent", "cannot be loaded" },
	{ "undefined", "undefined symbol: curb_no_such_function" },
	{ "scopeless", "has no scope" },
	{ "lonely", "it needs nobody.v1, which nothing here provides" },
	{ "circlea", "its needs go in a circle" },
	{ "circleb", "its needs go in a circle" },
	{ "watcher", "it needs circlea.v1 of circlea, which is set aside" },
	{ "twin", "belongs to honest" },
	{ "double", "which honest provides already" },
	{ "mute", "did not publish it" },
	{ "undeclared", "does not name it" },
	{ "failing", "the well is dry" },
	{ "follower", "it needs failing.v1 of failing, which is set aside" },
	{ "stumbling", "the road is closed" },
	{ "greedy", "is too old" },
};

enum { COUNT = sizeof plugins / sizeof *plugins };

/* The object of plugin `name` in the health answer, as text of its own. Yours: free(). */
static char *entry(const char *health, const char *name)
{
	char key[80];
	(void)snprintf(key, sizeof key, "{\"name\":\"%s\",", name);
	const char *from = strstr(health, key);
	if (!from)
		fail_msg("/healthz does not name %s: %s", name, health);
	const char *to = strchr(from, '}');
	return strndup(from, (size_t)(to - from));
}

static void check(const struct process *process, const char *health, size_t i)
{
	char *text = entry(health, plugins[i].name), path[64];
	(void)snprintf(path, sizeof path, "/api/v1/%s", plugins[i].name);
	const char *state = plugins[i].why ? "\"state\":\"aside\"" : "\"state\":\"running\"";
	if (!strstr(text, state) || (plugins[i].why && !strstr(text, plugins[i].why)))
		fail_msg("not as it should be: %s", text);
	free(text);
	free(process_get(process, path, plugins[i].why ? 404 : 200));
}

static void abi__liars_are_set_aside_and_the_rest_serves(void **state)
{
	(void)state;
	char config[2048] = "[curbcut]\nthreads = 32\nplugin_folder = " CURB_LIARS "\nessential =\nplugins =";
	for (size_t i = 0; i < COUNT; i++) {
		size_t len = strlen(config);
		(void)snprintf(config + len, sizeof config - len, "\n  %s", plugins[i].name);
	}
	struct process process;
	process_make(&process, config);
	process_start(&process);
	char *health = process_get(&process, "/healthz", 200);
	for (size_t i = 0; i < COUNT; i++)
		check(&process, health, i);
	free(health);
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

/* Why a plugin does not run may name files of the machine; who comes through the proxy learns only that it does not. */
static void bug_health__strangers_get_no_reasons(void **state)
{
	(void)state;
	struct process process;
	process_make(&process, "[curbcut]\nthreads = 32\norigin = https://learn.example.org\n"
	                       "plugin_folder = " CURB_LIARS "\nessential =\nplugins = honest undefined");
	process_start(&process);
	char *near = process_get(&process, "/healthz", 200);
	char *told = entry(near, "undefined");
	assert_non_null(strstr(told, CURB_LIARS));
	struct answer far = client_ask(process.port, "GET", "/healthz", "X-Real-IP: 203.0.113.9\r\n", NULL);
	assert_int_equal(far.status, 200);
	char *kept = entry(far.body, "undefined");
	assert_non_null(strstr(kept, "\"state\":\"aside\""));
	assert_null(strstr(far.body, "reason"));
	assert_null(strstr(far.body, CURB_LIARS));
	free(near);
	free(told);
	free(kept);
	answer_free(&far);
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(abi__liars_are_set_aside_and_the_rest_serves),
		cmocka_unit_test(bug_health__strangers_get_no_reasons),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
