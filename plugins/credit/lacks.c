/* The gate of accessibility where a class is opened: what its courses lack for whom is told, and nobody is kept out by it. It is
 * read from the courses alone: who is on the roster, and what she needs, is never looked at. */
#include "curb/err.h"
#include "pages.h"

enum { LACKS_MOST = 20, LACKS_ANSWERED = 200 }; /* on a page of at most 30 KB; in an answer that is kept */

static int of_version(struct curb_req *req, struct credit *c, struct curb_str version,
                      const struct content_lack **ret_lacks, size_t *ret_n)
{
	return c->content->lacks(c->content, curb_req_tx(req), version, ret_lacks, ret_n);
}

int lacks_put(struct curb_req *req, struct credit *c, const struct curb_str *versions, size_t n,
              struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *groups = curb_array(arena), *values = curb_object(arena);
	size_t all = 0;
	int err = 0;
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *group = curb_object(arena), *items = curb_array(arena);
		const struct content_lack *lacks = NULL;
		struct content_version version;
		size_t lacks_n = 0;
		err = c->content->version(c->content, curb_req_tx(req), versions[i], &version);
		if (!err)
			err = of_version(req, c, versions[i], &lacks, &lacks_n);
		if (err)
			return err;
		for (size_t k = 0; k < lacks_n; k++, all++)
			if (all < LACKS_MOST)
				curb_push(items, c->content->lack_words(c->content, req, &lacks[k]));
		curb_put_str(group, "name", version.name);
		curb_put_str(group, "lang", version.lang);
		curb_put(group, "items", items);
		if (curb_value_count(items) > 0)
			curb_push(groups, group);
	}
	curb_put(model, "lacks", groups);
	curb_put_int(values, "number", (int64_t)all - LACKS_MOST);
	if (all > LACKS_MOST)
		curb_put_str(model, "lacks_more", curb_tr(req, "And {number} more of this kind", values));
	return err;
}

int lacks_list(struct curb_req *req, struct credit *c, const struct curb_str *versions, size_t n,
               struct curb_value **ret_list)
{
	struct curb_value *list = curb_array(curb_req_arena(req));
	int err = 0;
	for (size_t i = 0; !err && i < n; i++) {
		const struct content_lack *lacks = NULL;
		size_t lacks_n = 0;
		err = of_version(req, c, versions[i], &lacks, &lacks_n);
		for (size_t k = 0; !err && k < lacks_n && curb_value_count(list) < LACKS_ANSWERED; k++) {
			const struct curb_value *words = c->content->lack_words(c->content, req, &lacks[k]);
			struct curb_value *item = curb_object(curb_req_arena(req));
			curb_put_str(item, "version", versions[i]);
			curb_put_int(item, "lesson", lacks[k].position);
			curb_put_text(item, "code", lacks[k].code);
			curb_put_str(item, "what", curb_get_str(words, "what"));
			curb_put_str(item, "means", curb_get_str(words, "means"));
			curb_push(list, item);
		}
	}
	if (!err)
		*ret_list = list;
	return err;
}
