/* What of a lesson its page shows. The full layout has all of it on one page; the simple one the player and the next step,
 * and a page of its own for each of the rest. */
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/needs.h"
#include "curb/words.h"
#include "player.h"

static const struct part {
	const char *word; /* ?show=… */
	const char *label;
	const char *icon;
	const char *list; /* of the model: without it there is nothing to show */
} parts[] = {
	{ "chapters", CURB_TEXT("Chapters"), "book", "chapters" },
	{ "text", CURB_TEXT("Transcript"), "text", "transcript" },
	{ "more", CURB_TEXT("More about this lesson"), "add", NULL },
};
enum { PARTS = sizeof parts / sizeof *parts };

/* Who wants the text before the player has it there. */
static bool is_there(struct curb_req *req, const struct part *part, const struct curb_value *model)
{
	if (strcmp(part->word, "text") == 0 && curb_req_needs(req)->transcript_first)
		return false;
	return !part->list || curb_value_count(curb_value_get(model, part->list)) > 0;
}

static const struct part *asked(struct curb_req *req, const struct curb_value *model)
{
	struct curb_str show = curb_req_query(req, "show");
	for (size_t i = 0; i < PARTS; i++)
		if (curb_str_is(show, parts[i].word) && is_there(req, &parts[i], model))
			return &parts[i];
	return NULL;
}

/* What she asked for comes along, wherever she goes within the lesson: where she is, and whether there is a picture. */
static void put_along(struct curb_req *req, struct curb_value *show)
{
	int64_t n = 0;
	if (curb_str_int(curb_req_query(req, "chapter"), &n) && n > 0)
		curb_put_int(show, "chapter", n);
	if (curb_req_query(req, "sound").ptr)
		curb_put_text(show, "sound", player_sound_only(req) ? "only" : "no");
	if (player_form(req))
		curb_put_text(show, "form", player_form(req));
	if (curb_str_int(curb_req_query(req, "from"), &n) && n >= 0)
		curb_put_int(show, "from", n);
	if (curb_req_needs(req)->as)
		curb_put_text(show, "as", curb_req_needs(req)->as);
}

static const char *address(struct curb_req *req, const struct curb_value *model, const char *part)
{
	static const char *const along[] = { "chapter", "sound", "form", "from", "as" };
	struct curb_arena *arena = curb_req_arena(req);
	const struct curb_value *show = curb_value_get(model, "show");
	struct curb_str base = curb_get_str(model, "base");
	const char *to = curb_printf(arena, "%.*s%s%s", (int)base.len, base.ptr, part ? "?show=" : "",
	                             part ? part : "");
	for (size_t i = 0; i < sizeof along / sizeof *along; i++) {
		const struct curb_value *value = curb_value_get(show, along[i]);
		if (!value)
			continue;
		struct curb_str text = curb_value_type(value) == CURB_INT ? curb_value_digits(value) :
		                                                            curb_value_str(value);
		to = curb_printf(arena, "%s%c%s=%.*s", to, strchr(to, '?') ? '&' : '?', along[i],
		                 (int)text.len, text.ptr);
	}
	return to;
}

static void put_links(struct curb_req *req, const struct curb_value *model, struct curb_value *show)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *links = curb_array(arena);
	for (size_t i = 0; i < PARTS; i++) {
		if (!is_there(req, &parts[i], model))
			continue;
		struct curb_value *link = curb_object(arena);
		curb_put_text(link, "href", address(req, model, parts[i].word));
		curb_put_str(link, "label", curb_tr(req, parts[i].label, NULL));
		curb_put_text(link, "icon", parts[i].icon);
		curb_push(links, link);
	}
	curb_put(show, "links", links);
}

static const char *page_of(struct curb_req *req, const struct content_unit *unit)
{
	static const char *const pages[][2] = { { "video", "videos" },
		                                { "audiobook", "books" },
		                                { "document", "documents" } };
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (curb_str_is(unit->kind, pages[i][0]))
			return curb_req_looked(
				req, curb_printf(curb_req_arena(req), "/%s/%s", pages[i][1], unit->id.text));
	return NULL;
}

/* The lesson behind this one that plays here, else the way home. */
static int put_next(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                    struct curb_value *show)
{
	struct curb_value *next = curb_object(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	const struct content_unit *units = NULL;
	const char *page = NULL;
	size_t n = 0;
	int err = d->content->units(d->content, curb_req_tx(req), curb_id_str(&unit->version), &units, &n);
	for (size_t i = 0; !err && i < n && !page; i++) {
		if (units[i].position <= unit->position)
			continue;
		page = page_of(req, &units[i]);
		curb_put_str(values, "name", units[i].name);
	}
	curb_put_text(next, "href", page ? page : "/");
	if (page)
		curb_put_text(next, "icon", "play");
	curb_put_str(next, "label",
	             page ? curb_tr(req, "Next lesson: {name}", values) :
	                    curb_tr(req, "Back to my first page", NULL));
	curb_put(show, "next", next);
	return err;
}

static void put_part(struct curb_req *req, const struct part *part, struct curb_value *show,
                     struct curb_value *model)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "part", curb_tr(req, part->label, NULL));
	curb_put_str(values, "lesson", curb_get_str(model, "title"));
	curb_put_str(model, "title", curb_tr(req, "{part}: {lesson}", values));
	curb_put_bool(show, part->word, true);
	curb_put_bool(show, "part", true);
	curb_put_text(show, "back", address(req, model, NULL));
}

/* An easy text and pinyin of the lesson, for who chose them. */
static int put_aid(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                   struct curb_value *model)
{
	const struct curb_needs *needs = curb_req_needs(req);
	const struct content_aid *aids = NULL, *aid = NULL;
	size_t n = 0;
	int err = needs->easy_read || needs->pinyin ?
	                  d->content->aids(d->content, curb_req_tx(req), curb_id_str(&unit->version), &aids,
	                                   &n) :
	                  0;
	for (size_t i = 0; !err && i < n && !aid; i++)
		aid = strcmp(aids[i].unit.text, unit->id.text) == 0 ? &aids[i] : NULL;
	if (!aid)
		return err;
	struct curb_value *title = curb_words_ruby(req, curb_get_str(model, "title"), unit->name,
	                                           aid->name_pinyin);
	if (title)
		curb_put(model, "title_ruby", title);
	if (!needs->easy_read || !aid->easy.len)
		return 0;
	struct curb_value *easy = curb_object(curb_req_arena(req)),
			  *pieces = curb_words_ruby(req, aid->easy, aid->easy, aid->easy_pinyin);
	curb_put_str(easy, "text", aid->easy);
	if (pieces)
		curb_put(easy, "parts", pieces);
	curb_put(model, "easy", easy);
	return 0;
}

int player_put_view(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                    struct curb_value *model)
{
	const struct curb_needs *needs = curb_req_needs(req);
	struct curb_value *show = curb_object(curb_req_arena(req));
	const struct part *part = needs->simple ? asked(req, model) : NULL;
	curb_put(model, "show", show);
	curb_put_bool(show, "held", curb_ledger_takes(curb_req_tx(req)) != 0);
	curb_put_bool(show, "simple", needs->simple);
	put_along(req, show);
	curb_put_bool(show, "sizes",
	              !needs->simple || (part ? strcmp(part->word, "more") == 0 : needs->save_data));
	curb_put_bool(show, "keys", !needs->simple || (needs->keyboard_hints && !part));
	if (part)
		put_part(req, part, show, model);
	int err = put_aid(d, req, unit, model);
	if (err || part)
		return err;
	curb_put_bool(show, "player", true);
	for (size_t i = 0; !needs->simple && i < PARTS; i++)
		curb_put_bool(show, parts[i].word, true);
	if (!needs->simple)
		return 0;
	if (needs->transcript_first)
		curb_put_bool(show, "text", true);
	put_links(req, model, show);
	return put_next(d, req, unit, show);
}
