/* A part of a document: the worker's JSON, in which places and pictures are numbers, becomes a tree in which they are addresses.
 * What it says is believed as little as an upload: core/page writes known elements and attributes alone. */
#include "curb/err.h"
#include "curb/needs.h"
#include "document.h"

enum { PART_MOST = 8 << 20 };

struct rewriting {
	struct curb_req *req;
	const struct text *text;
	size_t here;
};

static const char *place_id(struct curb_arena *arena, int64_t at_ms)
{
	return curb_printf(arena, "p%lld", (long long)at_ms);
}

static void put_link(const struct rewriting *r, const struct curb_value *known, struct curb_value *to)
{
	struct curb_arena *arena = curb_req_arena(r->req);
	int64_t part = curb_get_int(known, "part", 0), at_ms = curb_get_int(known, "at", 0);
	if (part < 1 || (uint64_t)part > r->text->part_count || at_ms < 0)
		return;
	const char *place = at_ms ? curb_printf(arena, "#%s", place_id(arena, at_ms)) : "";
	bool here = (size_t)part - 1 == r->here && at_ms;
	curb_put_text(to, "href",
	              here ? place :
	                     curb_printf(arena, "%s%s",
	                                 curb_req_looked(r->req,
	                                                 curb_printf(arena, "/documents/%s?part=%lld",
	                                                             r->text->unit.id.text, (long long)part)),
	                                 place));
}

static bool put_picture(const struct rewriting *r, const struct curb_value *known, struct curb_value *to)
{
	int64_t place = curb_get_int(known, "picture", -1);
	if (place < 0 || (uint64_t)place >= r->text->track_count)
		return false;
	const struct content_track *track = &r->text->tracks[place];
	if (!curb_str_is(track->kind, "picture"))
		return false;
	curb_put_text(to, "src", delivery_address(r->req, "/documents/pictures", track));
	return true;
}

/* What is known of an element, in the words of HTML. NULL: there is no such picture, and its words are all there is. */
static struct curb_value *rewrite_known(const struct rewriting *r, struct curb_str name,
                                        const struct curb_value *known)
{
	struct curb_arena *arena = curb_req_arena(r->req);
	struct curb_value *to = curb_object(arena);
	bool link = curb_str_is(name, "a");
	int64_t at_ms = curb_get_int(known, link ? "here" : "at", -1);
	for (size_t i = 0; i < curb_value_count(known); i++) {
		struct curb_str value = curb_value_str(curb_value_member(known, i));
		if (value.ptr)
			curb_put_str(to, curb_cstr(arena, curb_value_key(known, i)), value);
	}
	if (at_ms >= 0)
		curb_put_text(to, "id", place_id(arena, at_ms));
	if (link)
		put_link(r, known, to);
	if (curb_str_is(name, "page"))
		curb_put_str(to, "aria-label", curb_get_str(known, "page"));
	return curb_str_is(name, "img") && !put_picture(r, known, to) ? NULL : to;
}

static void rewrite_into(const struct rewriting *r, const struct curb_value *list, size_t from,
                         struct curb_value *to);

static void rewrite(const struct rewriting *r, struct curb_value *node, struct curb_value *into)
{
	struct curb_arena *arena = curb_req_arena(r->req);
	if (curb_value_type(node) == CURB_STRING)
		curb_push(into, node);
	if (curb_value_type(node) != CURB_ARRAY)
		return;
	struct curb_str name = curb_value_str(curb_value_at(node, 0));
	const struct curb_value *known = curb_value_at(node, 1);
	bool some = curb_value_type(known) == CURB_OBJECT;
	struct curb_value *to = curb_array(arena), *said = rewrite_known(r, name, some ? known : NULL);
	if (!name.ptr)
		return;
	if (!said) {
		curb_push(into, curb_string(arena, curb_get_str(known, "alt")));
		return;
	}
	curb_push(to, curb_string(arena, name));
	curb_push(to, said);
	rewrite_into(r, node, some ? 2 : 1, to);
	curb_push(into, to);
}

static void rewrite_into(const struct rewriting *r, const struct curb_value *list, size_t from,
                         struct curb_value *to)
{
	for (size_t i = from; i < curb_value_count(list); i++)
		rewrite(r, curb_value_at(list, i), to);
}

int text_put_part(struct document *d, struct curb_req *req, const struct text *text, size_t part,
                  struct curb_value *model)
{
	const struct content_api *content = d->delivery.content;
	const struct rewriting r = { req, text, part };
	struct curb_value *whole = NULL, *blocks = curb_array(curb_req_arena(req));
	struct curb_str bytes, lang = text->parts[part]->lang;
	int err = content->bytes(content, curb_req_tx(req), text->parts[part]->blob, PART_MOST, &bytes);
	if (!err)
		err = curb_json_parse(curb_req_arena(req), bytes, &whole);
	if (err)
		return err;
	rewrite_into(&r, curb_value_get(whole, "blocks"), 0, blocks);
	curb_put(model, "blocks", blocks);
	curb_put_str(model, "text_lang", lang.len ? lang : curb_get_str(model, "content_lang"));
	struct curb_str dir = curb_get_str(whole, "dir");
	if (curb_str_is(dir, "rtl") || curb_str_is(dir, "ltr"))
		curb_put_str(model, "text_dir", dir);
	return 0;
}
