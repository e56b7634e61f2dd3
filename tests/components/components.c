/* Every component in every state on one page, in both languages: what the browser tests look at. */
#include <stdlib.h>
#include <string.h>

#include "components_embedded.h"
#include "curb/arena.h"
#include "curb/err.h"
#include "curb/json.h"
#include "curb/plugin.h"
#include "curb/request.h"

/* The words of the page in the language of the request. Arena. */
static int read_words(struct curb_req *req, struct curb_value **ret_words)
{
	struct curb_str lang = curb_req_lang(req);
	const struct curb_embedded *file = components_assets;
	char name[64];
	size_t n = lang.len < sizeof name - 6 ? lang.len : 0;
	memcpy(name, lang.ptr, n);
	memcpy(name + n, ".json", 6);
	while (file->name && strcmp(file->name, name) != 0)
		file++;
	if (!file->name)
		return curb_fail(CURB_ENOTFOUND, "There are no words of this language.");
	return curb_json_parse(curb_req_arena(req), curb_str_n((const char *)file->bytes, file->size),
	                       ret_words);
}

static int show(struct curb_req *req, const char *name, int status)
{
	struct curb_value *words = NULL;
	int err = read_words(req, &words);
	if (err)
		return err;
	return curb_reply_page(req, status, name, words);
}

static int get_all(struct curb_req *req, void *state)
{
	(void)state;
	return show(req, "components", 200);
}

static int get_confirm(struct curb_req *req, void *state)
{
	(void)state;
	return show(req, "question", 200);
}

/* What a form with mistakes is answered; GET of this address is not there, as with forms of other pages. */
static int post_wrong(struct curb_req *req, void *state)
{
	(void)state;
	return show(req, "wrong", 422);
}

static int get_group(struct curb_req *req, void *state)
{
	(void)state;
	return show(req, "group", 200);
}

/* What stands on the pages of a lesson, of a class and of a problem. */
static int get_lesson(struct curb_req *req, void *state)
{
	(void)state;
	return show(req, "lesson", 200);
}

static int init(struct curb_host *host, void **ret_state)
{
	(void)host;
	*ret_state = NULL;
	return 0;
}

static const struct curb_route routes[] = {
	{ "GET", "/test/components", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_all,
	  CURB_LANE_ANY },
	{ "GET", "/test/components/confirm", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_confirm,
	  CURB_LANE_ANY },
	{ "GET", "/test/components/group", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_group,
	  CURB_LANE_ANY },
	{ "GET", "/test/components/lesson", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_lesson,
	  CURB_LANE_ANY },
	{ "POST", "/test/components/wrong", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_FORM, 0, post_wrong,
	  CURB_LANE_ANY },
	{ 0 },
};

static const char *const prefixes[] = { "/test", NULL };

const struct curb_plugin curb_plugin = {
	CURB_PLUGIN_HEAD, .name = "components", .version = "0.1.0",
	.routes = routes, .prefixes = prefixes, .templates = components_templates,
	.init = init,
};
