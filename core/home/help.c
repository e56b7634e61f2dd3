/* Help: one short page a role, made of what the owners of its pages offer. */
#include <string.h>

#include "curb/err.h"
#include "inside.h"

/* The roles that have pages of their own, in the order of the list; the words of the addresses. */
static const struct help_role {
	const char *word;
	uint32_t role;
	const char *title;
} roles[] = {
	{ "learner", CURB_LEARNER, CURB_TEXT("Help for trainees") },
	{ "author", CURB_AUTHOR, CURB_TEXT("Help for authors") },
	{ "staff", CURB_STAFF | CURB_TEACHER, CURB_TEXT("Help for teachers and staff") },
	{ "reviewer", CURB_REVIEWER, CURB_TEXT("Help for reviewers") },
	{ "admin", CURB_ADMIN, CURB_TEXT("Help for those who run the server") },
};
enum { ROLES = sizeof roles / sizeof *roles };

static struct curb_value *texts_of(struct curb_req *req, const struct curb_home_help *help)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *texts = curb_array(arena);
	for (const char *const *text = help->texts; *text; text++)
		curb_push(texts, curb_string(arena, curb_tr(req, *text, NULL)));
	return texts;
}

/* About the server itself, to an administrator who looks after a part of its places. */
static bool is_beyond(struct curb_req *req, const struct curb_home_help *help)
{
	return (help->roles & CURB_HELP_MACHINE) && (curb_req_user(req)->roles & CURB_ADMIN) &&
	       !curb_may(req, CURB_ADMIN, &(struct curb_id){ "" });
}

static struct curb_value *sections_of(struct curb_req *req, struct home *home, uint32_t role)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *sections = curb_array(arena);
	struct curb_home_part parts[HOME_PARTS];
	size_t n = home_parts(home, parts);
	for (size_t i = 0; i < n; i++)
		for (const struct curb_home_help *help = parts[i].help; help && help->title; help++) {
			if (!(help->roles & role) || is_beyond(req, help))
				continue;
			struct curb_value *section = curb_object(arena);
			curb_put_str(section, "title", curb_tr(req, help->title, NULL));
			curb_put(section, "texts", texts_of(req, help));
			curb_push(sections, section);
		}
	return sections;
}

static void put_others(struct curb_req *req, const struct help_role *shown, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *others = curb_array(arena);
	for (size_t i = 0; i < ROLES; i++) {
		if (&roles[i] == shown)
			continue;
		struct curb_value *other = curb_object(arena);
		curb_put_text(other, "href", curb_printf(arena, "/help/%s", roles[i].word));
		curb_put_str(other, "title", curb_tr(req, roles[i].title, NULL));
		curb_push(others, other);
	}
	curb_put(model, "others", others);
}

static int show(struct curb_req *req, struct home *home, const struct help_role *role)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	curb_put_str(model, "title", curb_tr(req, role->title, NULL));
	curb_put(model, "sections", sections_of(req, home, role->role));
	put_others(req, role, model);
	return curb_reply_page(req, 200, "help", model);
}

/* The page of the first role of hers that has one; a trainee's for everybody else. */
static int get_help(struct curb_req *req, void *state)
{
	uint32_t own = curb_req_user(req)->roles;
	for (size_t i = ROLES; i-- > 1;)
		if (roles[i].role & own)
			return show(req, state, &roles[i]);
	return show(req, state, &roles[0]);
}

static int get_help_of_role(struct curb_req *req, void *state)
{
	struct curb_str word = curb_req_param(req, "role");
	for (size_t i = 0; i < ROLES; i++)
		if (curb_str_is(word, roles[i].word))
			return show(req, state, &roles[i]);
	return curb_fail(CURB_ENOTFOUND, "There is no help of this name; look at the list of all help pages");
}

const struct curb_route home_routes[] = {
	{ "GET", "/help", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_help, CURB_LANE_ANY },
	{ "GET", "/help/:role", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_help_of_role,
	  CURB_LANE_ANY },
	{ 0 },
};
