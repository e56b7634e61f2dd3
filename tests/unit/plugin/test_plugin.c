#include <stdio.h>
#include <stdlib.h>

#include "cm.h"
#include "curb/err.h"
#include "curb/log.h"
#include "loader.h"
#include "temp.h"
#include "witness.h"

/* What the plugins told, one word pair a line. */
static char heard[4096];

__attribute__((visibility("default"))) void witness(const char *what)
{
	size_t len = strlen(heard);
	(void)snprintf(heard + len, sizeof heard - len, "%s\n", what);
}

struct fixture {
	struct temp_folder folder;
	struct curb_store *store;
	struct plugins *plugins;
	struct plugins_options options;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	f->folder = temp_folder();
	char path[512];
	temp_path(&f->folder, "db", path);
	struct store_options options = { .path = path, .fresh_ok = true };
	assert_int_equal(store_open(&options, &f->store), 0);
	f->options = (struct plugins_options){ .folder = CURB_LIARS, .store = f->store };
	heard[0] = '\0';
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	if (f->plugins)
		plugins_stop(f->plugins);
	plugins_free(f->plugins);
	store_close(f->store);
	temp_remove(&f->folder);
	free(f);
	return 0;
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static int load(struct fixture *f, const char *const *names)
{
	f->options.names = names;
	return plugins_load(&f->options, &f->plugins);
}

static void load_and_start(struct fixture *f, const char *const *names)
{
	assert_int_equal(load(f, names), 0);
	assert_int_equal(plugins_start(f->plugins), 0);
}

static void assert_running(struct fixture *f, const char *name)
{
	const struct plugin_slot *slot = plugins_find(f->plugins, name);
	assert_non_null(slot);
	if (slot->state != PLUGIN_RUNNING)
		fail_msg("%s is %s: %s", name, plugins_state_word(slot->state), slot->reason);
}

static void assert_aside(struct fixture *f, const char *name, const char *why)
{
	const struct plugin_slot *slot = plugins_find(f->plugins, name);
	assert_non_null(slot);
	assert_int_equal(slot->state, PLUGIN_ASIDE);
	if (!strstr(slot->reason, why))
		fail_msg("%s is set aside because \"%s\", not because of \"%s\"", name, slot->reason, why);
}

/* ---- life ---- */

static void plugin__lives_from_init_to_fini(void **state)
{
	struct fixture *f = *state;
	load_and_start(f, LIST("honest"));
	assert_running(f, "honest");
	assert_string_equal(heard, "honest init\nhonest start\n");
	plugins_stop(f->plugins);
	assert_string_equal(heard, "honest init\nhonest start\nhonest stop\nhonest fini\n");
	plugins_stop(f->plugins);
	assert_string_equal(heard, "honest init\nhonest start\nhonest stop\nhonest fini\n");
}

static void plugin__provider_starts_first_and_stops_last(void **state)
{
	struct fixture *f = *state;
	load_and_start(f, LIST("friend", "honest"));
	plugins_stop(f->plugins);
	assert_string_equal(heard, "honest init\nhonest start\nfriend init\nfriend start\n"
	                           "friend stop\nhonest stop\nfriend fini\nhonest fini\n");
}

static int add_thing(struct curb_tx *tx, void *arg)
{
	return curb_exec(arg, tx, "INSERT INTO honest_thing (id) VALUES ('a')", CURB_NO_BINDS, NULL);
}

static void plugin__tables_are_there_after_start(void **state)
{
	struct fixture *f = *state;
	load_and_start(f, LIST("honest", "friend"));
	struct curb_host *host = &plugins_find(f->plugins, "honest")->host;
	assert_int_equal(curb_host_write(host, curb_str(NULL), add_thing, host), 0);
	struct curb_host *other = &plugins_find(f->plugins, "friend")->host;
	assert_int_equal(curb_host_write(other, curb_str(NULL), add_thing, other), CURB_EINTERNAL);
}

static void plugin__failed_init_is_finished(void **state)
{
	struct fixture *f = *state;
	load_and_start(f, LIST("honest", "failing", "follower"));
	assert_running(f, "honest");
	assert_aside(f, "failing", "the well is dry");
	assert_aside(f, "follower", "it needs failing.v1 of failing, which is set aside");
	assert_non_null(strstr(heard, "failing init\nfailing fini\n"));
	assert_null(strstr(heard, "follower"));
}

static void plugin__failed_start_is_finished_not_stopped(void **state)
{
	struct fixture *f = *state;
	load_and_start(f, LIST("stumbling"));
	assert_aside(f, "stumbling", "the road is closed");
	plugins_stop(f->plugins);
	assert_string_equal(heard, "stumbling init\nstumbling start\nstumbling fini\n");
}

/* ---- lies ---- */

static void refused__one_by_one_and_the_rest_serves(void **state)
{
	static const struct {
		const char *name, *why;
	} lies[] = {
		{ "wrongmagic", "magic" },
		{ "wrongmajor", "built for version 2" },
		{ "newer", "newer than ours" },
		{ "short", "at least" },
		{ "misnamed", "calls itself honest" },
		{ "nothing", "no constant curb_plugin" },
		{ "textfile", "cannot be loaded" },
		{ "absent", "cannot be loaded" },
		{ "undefined", "curb_no_such_function" },
		{ "scopeless", "has no scope" },
		{ "lonely", "nobody.v1, which nothing here provides" },
		{ "mute", "did not publish" },
		{ "undeclared", "does not name it" },
		{ "greedy", "too old" },
		{ "../honest", "made of a-z" },
		{ "twin", "belongs to honest" },
		{ "double", "which honest provides already" },
	};
	enum { COUNT = sizeof lies / sizeof *lies };
	const char *names[COUNT + 3] = { "honest", "oldrows" };
	for (size_t i = 0; i < COUNT; i++)
		names[i + 2] = lies[i].name;
	struct fixture *f = *state;
	load_and_start(f, names);
	assert_running(f, "honest");
	assert_running(f, "oldrows");
	for (size_t i = 0; i < COUNT; i++)
		assert_aside(f, lies[i].name, lies[i].why);
}

static void refused__listed_twice(void **state)
{
	struct fixture *f = *state;
	load_and_start(f, LIST("honest", "honest"));
	assert_int_equal(plugins_at(f->plugins, 0)->state, PLUGIN_RUNNING);
	assert_int_equal(plugins_at(f->plugins, 1)->state, PLUGIN_ASIDE);
	assert_string_equal(plugins_at(f->plugins, 1)->reason, "it is listed twice");
	assert_null(plugins_at(f->plugins, 2));
}

static void refused__circle_names_both_ends(void **state)
{
	struct fixture *f = *state;
	load_and_start(f, LIST("circlea", "circleb", "watcher", "honest"));
	assert_aside(f, "circlea", "circlea needs circleb, circleb needs circlea");
	assert_aside(f, "circleb", "circlea needs circleb, circleb needs circlea");
	assert_aside(f, "watcher", "circlea, which is set aside");
	assert_running(f, "honest");
}

static void refused__prefix_of_the_core(void **state)
{
	struct fixture *f = *state;
	f->options.taken = LIST("/api/v1/honest");
	load_and_start(f, LIST("honest", "oldrows"));
	assert_aside(f, "honest", "belongs to the core");
	assert_running(f, "oldrows");
}

static void copied__older_rows_by_their_own_stride(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(load(f, LIST("oldrows")), 0);
	const struct curb_route *routes = plugins_find(f->plugins, "oldrows")->plugin.routes;
	assert_string_equal(routes[0].path, "/api/v1/oldrows");
	assert_string_equal(routes[1].path, "/api/v1/oldrows/second");
	assert_non_null(routes[1].handle);
	assert_int_equal(routes[1].lane, CURB_LANE_ANY);
	assert_null(routes[5].path);
}

/* ---- essential, set aside by the supervisor ---- */

static void essential__stops_the_load(void **state)
{
	struct fixture *f = *state;
	f->options.essential = LIST("wrongmajor");
	assert_int_equal(load(f, LIST("honest", "wrongmajor")), CURB_EABI);
	assert_non_null(strstr(curb_error_text(), "wrongmajor cannot be left out"));
}

static void essential__stops_the_start(void **state)
{
	struct fixture *f = *state;
	f->options.essential = LIST("failing");
	assert_int_equal(load(f, LIST("honest", "failing")), 0);
	assert_int_equal(plugins_start(f->plugins), CURB_EABI);
	assert_non_null(strstr(curb_error_text(), "the well is dry"));
	plugins_stop(f->plugins);
	assert_non_null(strstr(heard, "honest stop\nhonest fini\n"));
}

static void aside__by_the_supervisor_is_not_loaded(void **state)
{
	struct fixture *f = *state;
	f->options.aside = LIST("honest:it crashed three times in a minute");
	load_and_start(f, LIST("honest", "friend", "oldrows"));
	assert_aside(f, "honest", "it crashed three times in a minute");
	assert_aside(f, "friend", "honest.v1, which nothing here provides");
	assert_null(plugins_find(f->plugins, "honest")->handle);
	assert_running(f, "oldrows");
}

/* ---- the core's services, settings ---- */

static void service__of_the_core_is_found(void **state)
{
	struct fixture *f = *state;
	static const struct curb_service_head api = { 64 };
	assert_int_equal(load(f, LIST("friend")), 0);
	assert_int_equal(plugins_publish(f->plugins, "honest.v1", &api), 0);
	assert_int_equal(plugins_publish(f->plugins, "honest.v1", &api), CURB_ECONFLICT);
	assert_int_equal(plugins_start(f->plugins), 0);
	assert_running(f, "friend");
	const void *found = NULL;
	assert_int_equal(curb_service(&plugins_find(f->plugins, "friend")->host, "honest.v1", 64, &found), 0);
	assert_ptr_equal(found, &api);
	assert_int_equal(curb_service(&plugins_find(f->plugins, "friend")->host, "other.v1", 4, &found),
	                 CURB_EDENIED);
}

static bool one_setting(void *arg, const char *section, size_t i, struct plugins_setting *ret_setting)
{
	const struct plugins_setting *lines = arg;
	if (strcmp(section, "honest") != 0 || !lines[i].key)
		return false;
	*ret_setting = lines[i];
	return true;
}

static void setting__from_the_section_or_its_default(void **state)
{
	struct fixture *f = *state;
	struct plugins_setting lines[] = { { "times", "-12", 3 }, { "aloud", "yes", 4 }, { 0 } };
	f->options.setting = one_setting;
	f->options.setting_arg = lines;
	assert_int_equal(load(f, LIST("honest")), 0);
	const struct curb_host *host = &plugins_find(f->plugins, "honest")->host;
	assert_string_equal(curb_setting_text(host, "greeting"), "hello");
	assert_int_equal(curb_setting_int(host, "times"), -12);
	assert_true(curb_setting_bool(host, "aloud"));
}

static void setting__unknown_or_unfit_stops_the_start(void **state)
{
	struct fixture *f = *state;
	struct plugins_setting lines[] = { { "tims", "12", 7 }, { 0 } };
	f->options.setting = one_setting;
	f->options.setting_arg = lines;
	assert_int_equal(load(f, LIST("honest")), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "line 7"));
	assert_non_null(strstr(curb_error_text(), "has no setting tims"));
	lines[0] = (struct plugins_setting){ "times", "twelve", 8 };
	assert_int_equal(load(f, LIST("honest")), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "times wants a whole number, not twelve"));
}

/* ---- who is at work ---- */

static void note_work(void *arg, const char *plugin, const char *what)
{
	char *seen = arg;
	size_t len = strlen(seen);
	(void)snprintf(seen + len, 256 - len, "%s:%s ", plugin ? plugin : "-", what ? what : "-");
}

static void at_work__names_the_plugin_in_each_step(void **state)
{
	struct fixture *f = *state;
	char seen[256] = "";
	f->options.at_work = note_work;
	f->options.at_work_arg = seen;
	load_and_start(f, LIST("honest"));
	plugins_stop(f->plugins);
	assert_string_equal(seen,
	                    "honest:load -:- honest:init honest:start -:- honest:stop -:- honest:fini -:- ");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(plugin__lives_from_init_to_fini),
		CASE(plugin__provider_starts_first_and_stops_last),
		CASE(plugin__tables_are_there_after_start),
		CASE(plugin__failed_init_is_finished),
		CASE(plugin__failed_start_is_finished_not_stopped),
		CASE(refused__one_by_one_and_the_rest_serves),
		CASE(refused__listed_twice),
		CASE(refused__circle_names_both_ends),
		CASE(refused__prefix_of_the_core),
		CASE(copied__older_rows_by_their_own_stride),
		CASE(essential__stops_the_load),
		CASE(essential__stops_the_start),
		CASE(aside__by_the_supervisor_is_not_loaded),
		CASE(service__of_the_core_is_found),
		CASE(setting__from_the_section_or_its_default),
		CASE(setting__unknown_or_unfit_stops_the_start),
		CASE(at_work__names_the_plugin_in_each_step),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
