/* Easy texts and pinyin of courses and lessons, for who chose them; nobody else's page asks for them. */
#include "catalog.h"
#include "curb/err.h"
#include "curb/needs.h"
#include "curb/words.h"

int catalog_aids(struct catalog *c, struct curb_req *req, const struct curb_id *version,
                 struct catalog_aids *ret_aids)
{
	const struct curb_needs *needs = curb_req_needs(req);
	*ret_aids = (struct catalog_aids){ .rows = NULL };
	if (!needs->easy_read && !needs->pinyin)
		return 0;
	return c->content->aids(c->content, curb_req_tx(req), curb_id_str(version), &ret_aids->rows,
	                        &ret_aids->n);
}

int catalog_card_aids(struct catalog *c, struct curb_req *req, const struct curb_id *version,
                      struct catalog_aids *ret_aids)
{
	const struct curb_needs *needs = curb_req_needs(req);
	*ret_aids = (struct catalog_aids){ .rows = NULL };
	if (!needs->easy_read && !needs->pinyin)
		return 0;
	struct content_aid *own = curb_alloc(curb_req_arena(req), sizeof *own);
	int err = c->content->own_aid(c->content, curb_req_tx(req), curb_id_str(version), own);
	if (!err)
		*ret_aids = (struct catalog_aids){ .rows = own, .n = 1 };
	return err == CURB_ENOTFOUND ? 0 : err;
}

static const struct content_aid *find(const struct catalog_aids *aids, const char *unit)
{
	for (size_t i = 0; i < aids->n; i++)
		if (strcmp(aids->rows[i].unit.text, unit) == 0)
			return &aids->rows[i];
	return NULL;
}

static void put_ruby(struct curb_req *req, struct curb_value *row, const char *key, const char *ruby_key,
                     struct curb_str part, struct curb_str pinyin)
{
	struct curb_value *pieces = curb_words_ruby(req, curb_get_str(row, key), part, pinyin);
	if (pieces)
		curb_put(row, ruby_key, pieces);
}

void catalog_put_aid(struct curb_req *req, const struct catalog_aids *aids, const char *unit,
                     struct curb_str name, struct curb_value *row)
{
	const struct content_aid *aid = find(aids, unit);
	struct curb_str text = curb_get_str(row, "text");
	if (!aid)
		return;
	put_ruby(req, row, "title", "title_ruby", name, aid->name_pinyin);
	bool easy = curb_req_needs(req)->easy_read && aid->easy.len > 0;
	if (easy)
		curb_put_str(row, "text", aid->easy);
	put_ruby(req, row, "text", "text_ruby", easy ? aid->easy : text,
	         easy ? aid->easy_pinyin : aid->description_pinyin);
	if (easy && text.len)
		curb_put_str(row, "full_text", text);
}
