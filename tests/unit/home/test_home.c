/* Parts of the first page: who is asked, in which order, and whose word is the next thing to do. */
#include "cm.h"
#include "curb/err.h"
#include "home.h"

/* What home.c and help.c call of the server: one request, by one person. */
static struct curb_arena *arena;
static struct curb_user user;

struct curb_arena *curb_req_arena(struct curb_req *req)
{
	(void)req;
	return arena;
}

const struct curb_user *curb_req_user(struct curb_req *req)
{
	(void)req;
	return &user;
}

/* Whether she reaches the whole server. */
static bool whole;

bool curb_may(struct curb_req *req, uint32_t roles, const struct curb_id *institution)
{
	(void)req;
	return whole && (user.roles & roles) && !curb_id_some(institution);
}

struct curb_str curb_req_param(struct curb_req *req, const char *name)
{
	(void)req;
	(void)name;
	return curb_str("nonsense");
}

struct curb_str curb_tr(struct curb_req *req, const char *source, const struct curb_value *values)
{
	(void)req;
	(void)values;
	return curb_str(source);
}

int curb_reply_page(struct curb_req *req, int status, const char *name, struct curb_value *model)
{
	(void)req;
	(void)name;
	*(const struct curb_value **)user.name.ptr = model;
	return status == 200 ? 0 : CURB_EINTERNAL;
}

/* A part that appends its name, and knows what comes next when it is told so. */
struct voice {
	const char *name;
	bool knows;
	int err;
};

static int fill(void *self, struct curb_req *req, struct curb_value *sections, struct curb_value **ret_next)
{
	const struct voice *voice = self;
	curb_push(sections, curb_string(curb_req_arena(req), curb_str(voice->name)));
	if (voice->knows)
		*ret_next = curb_string(curb_req_arena(req), curb_str(voice->name));
	return voice->err ? curb_fail(voice->err, "cannot") : 0;
}

static const struct curb_home_help help[] = {
	{ CURB_LEARNER, "Learning", (const char *const[]){ "One.", "Two.", NULL } },
	{ CURB_STAFF, "Classes", (const char *const[]){ "Three.", NULL } },
	{ CURB_ADMIN, "Roles", (const char *const[]){ "Four.", NULL } },
	{ CURB_ADMIN | CURB_HELP_MACHINE, "The machine", (const char *const[]){ "Five.", NULL } },
	{ 0 },
};

static struct curb_home_part part(struct voice *voice, uint32_t roles, int rank)
{
	return (struct curb_home_part){
		.self = voice, .name = voice->name, .roles = roles, .rank = rank, .fill = fill, .help = help
	};
}

static int setup(void **state)
{
	arena = curb_arena_new(1 << 20);
	user = (struct curb_user){ .roles = CURB_LEARNER };
	*state = home_new();
	return 0;
}

static int teardown(void **state)
{
	home_free(*state);
	curb_arena_free(arena);
	return 0;
}

static int offer(struct home *home, struct voice *voice, uint32_t roles, int rank)
{
	const struct curb_home_part one = part(voice, roles, rank);
	return home_service(home)->offer(home_service(home), &one);
}

static struct curb_value *filled(struct home *home)
{
	struct curb_value *model = curb_object(arena);
	assert_int_equal(home_service(home)->fill(home_service(home), NULL, model), 0);
	return model;
}

static void home__parts_come_by_rank_and_the_first_that_knows_wins(void **state)
{
	struct voice late = { "late", true, 0 }, early = { "early", false, 0 },
		     middle = { "middle", true, 0 };
	assert_int_equal(offer(*state, &late, CURB_LEARNER, 30), 0);
	assert_int_equal(offer(*state, &early, CURB_LEARNER, 10), 0);
	assert_int_equal(offer(*state, &middle, CURB_LEARNER | CURB_STAFF, 20), 0);
	struct curb_value *model = filled(*state), *sections = curb_value_get(model, "sections");
	static const char *const order[] = { "early", "middle", "late" };
	for (size_t i = 0; i < 3; i++)
		assert_true(curb_str_is(curb_value_str(curb_value_at(sections, i)), order[i]));
	assert_true(curb_str_is(curb_get_str(model, "next"), "middle"));
}

static void home__only_parts_for_the_person_are_asked(void **state)
{
	struct voice staff = { "staff", true, 0 }, learner = { "learner", false, 0 };
	assert_int_equal(offer(*state, &staff, CURB_STAFF, 1), 0);
	assert_int_equal(offer(*state, &learner, CURB_LEARNER, 2), 0);
	struct curb_value *model = filled(*state);
	assert_int_equal(curb_value_count(curb_value_get(model, "sections")), 1);
	assert_null(curb_value_get(model, "next"));
}

static void home__a_part_is_withdrawn_by_its_name_and_offered_once(void **state)
{
	struct voice one = { "one", false, 0 }, two = { "two", false, 0 };
	assert_int_equal(offer(*state, &one, CURB_LEARNER, 1), 0);
	assert_int_equal(offer(*state, &two, CURB_LEARNER, 2), 0);
	assert_int_equal(offer(*state, &one, CURB_LEARNER, 1), CURB_EABI);
	home_service(*state)->withdraw(home_service(*state), "one");
	home_service(*state)->withdraw(home_service(*state), "nobody");
	assert_int_equal(curb_value_count(curb_value_get(filled(*state), "sections")), 1);
	assert_int_equal(offer(*state, &one, CURB_LEARNER, 1), 0);
}

static void home__what_a_part_cannot_is_told(void **state)
{
	struct voice broken = { "broken", false, CURB_EINTERNAL };
	assert_int_equal(offer(*state, &broken, CURB_LEARNER, 1), 0);
	assert_int_equal(home_service(*state)->fill(home_service(*state), NULL, curb_object(arena)),
	                 CURB_EINTERNAL);
}

static const struct curb_value *help_page(struct home *home)
{
	const struct curb_value *model = NULL;
	user.name = curb_str_n((const char *)&model, sizeof model);
	assert_int_equal(home_routes[0].handle(NULL, home), 0);
	return model;
}

static void help__is_of_the_persons_own_role_and_leads_to_the_others(void **state)
{
	struct voice voice = { "voice", false, 0 };
	assert_int_equal(offer(*state, &voice, 0, 1), 0);
	const struct curb_value *model = help_page(*state);
	const struct curb_value *section = curb_value_at(curb_value_get(model, "sections"), 0);
	assert_int_equal(curb_value_count(curb_value_get(model, "sections")), 1);
	assert_true(curb_str_is(curb_get_str(section, "title"), "Learning"));
	assert_int_equal(curb_value_count(curb_value_get(section, "texts")), 2);
	assert_int_equal(curb_value_count(curb_value_get(model, "others")), 4);
	user.roles = CURB_TEACHER | CURB_STAFF;
	model = help_page(*state);
	assert_true(curb_str_is(curb_get_str(curb_value_at(curb_value_get(model, "sections"), 0), "title"),
	                        "Classes"));
	user.roles = 0; /* nobody is signed in: help for those who come to learn */
	model = help_page(*state);
	assert_true(curb_str_is(curb_get_str(model, "title"), "Help for trainees"));
	assert_int_equal(home_routes[1].handle(NULL, *state), CURB_ENOTFOUND);
}

static void help__of_the_machine_is_for_who_runs_the_whole_of_it(void **state)
{
	struct voice voice = { "voice", false, 0 };
	assert_int_equal(offer(*state, &voice, 0, 1), 0);
	user.roles = CURB_ADMIN;
	whole = true;
	assert_int_equal(curb_value_count(curb_value_get(help_page(*state), "sections")), 2);
	whole = false;
	const struct curb_value *sections = curb_value_get(help_page(*state), "sections");
	assert_int_equal(curb_value_count(sections), 1);
	assert_true(curb_str_is(curb_get_str(curb_value_at(sections, 0), "title"), "Roles"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(home__parts_come_by_rank_and_the_first_that_knows_wins, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(home__only_parts_for_the_person_are_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(home__a_part_is_withdrawn_by_its_name_and_offered_once, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(home__what_a_part_cannot_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(help__is_of_the_persons_own_role_and_leads_to_the_others,
		                                setup, teardown),
		cmocka_unit_test_setup_teardown(help__of_the_machine_is_for_who_runs_the_whole_of_it, setup,
		                                teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
