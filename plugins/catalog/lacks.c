/* The gate of accessibility where a course is published: what it lacks for whom is told, and nothing is refused. */
#include "catalog.h"
#include "curb/err.h"

enum { LACKS_MOST = 20 }; /* on a page of at most 30 KB */

bool catalog_lacks_shown(struct curb_req *req, const struct catalog_course *course)
{
	for (int i = 0; i < ACTS; i++)
		if (catalog_may(req, course, (enum catalog_act)i))
			return true;
	return false;
}

int catalog_put_lacks(struct curb_req *req, struct catalog *c, const struct catalog_course *course,
                      struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *list = curb_array(arena), *values = curb_object(arena);
	const struct content_lack *lacks = NULL;
	size_t n = 0;
	if (!catalog_lacks_shown(req, course))
		return 0;
	int err = c->content->lacks(c->content, curb_req_tx(req), curb_id_str(&course->version), &lacks, &n);
	if (err)
		return err;
	for (size_t i = 0; i < n && i < LACKS_MOST; i++)
		curb_push(list, c->content->lack_words(c->content, req, &lacks[i]));
	curb_put_bool(model, "lacks_shown", true);
	curb_put(model, "lacks", list);
	curb_put_int(values, "number", n > LACKS_MOST ? (int64_t)n - LACKS_MOST : 0);
	if (n > LACKS_MOST)
		curb_put_str(model, "lacks_more", curb_tr(req, "And {number} more of this kind", values));
	return 0;
}

int catalog_json_lacks(struct curb_req *req, struct catalog *c, const struct catalog_course *course,
                       struct curb_json *j)
{
	const struct content_lack *lacks = NULL;
	size_t n = 0;
	if (!catalog_lacks_shown(req, course))
		return 0;
	int err = c->content->lacks(c->content, curb_req_tx(req), curb_id_str(&course->version), &lacks, &n);
	curb_json_key(j, "lacks");
	curb_json_begin(j, '[');
	for (size_t i = 0; !err && i < n; i++) {
		const struct curb_value *words = c->content->lack_words(c->content, req, &lacks[i]);
		curb_json_begin(j, '{');
		curb_json_kint(j, "lesson", lacks[i].position);
		curb_json_ktext(j, "code", lacks[i].code);
		curb_json_kstr(j, "what", curb_get_str(words, "what"));
		curb_json_kstr(j, "means", curb_get_str(words, "means"));
		curb_json_end(j, '}');
	}
	curb_json_end(j, ']');
	return err;
}
