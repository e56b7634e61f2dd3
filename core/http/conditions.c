/* Preconditions (RFC 9110, 13). Replies carry entity tags and no dates of change; conditions by date are passed over, as
 * 13.1.3 and 13.1.4 have it.
 */
#include "inside.h"

/* The entity tag at the front of a list, cut off; weak ones are told. */
static bool cut_tag(struct curb_str *list, struct curb_str *ret_tag, bool *ret_weak)
{
	*list = curb_str_trim(*list);
	while (list->len > 0 && list->ptr[0] == ',')
		*list = curb_str_trim(curb_str_from(*list, 1));
	*ret_weak = curb_str_starts(*list, "W/");
	struct curb_str tag = curb_str_from(*list, *ret_weak ? 2 : 0);
	if (tag.len < 2 || tag.ptr[0] != '"')
		return false;
	const char *end = memchr(tag.ptr + 1, '"', tag.len - 1);
	if (!end)
		return false;
	*ret_tag = curb_str_n(tag.ptr, (size_t)(end - tag.ptr) + 1);
	*list = curb_str_from(tag, ret_tag->len);
	return true;
}

static bool list_has(struct curb_str list, const char *etag, bool strong)
{
	if (curb_str_is(curb_str_trim(list), "*"))
		return etag[0] != '\0';
	struct curb_str tag;
	bool weak = false;
	while (cut_tag(&list, &tag, &weak))
		if (etag[0] && curb_str_is(tag, etag) && !(strong && weak))
			return true;
	return false;
}

int conditions_check(const struct http_head *head, bool safe, const char *etag)
{
	struct curb_str match = head_get(head, "If-Match");
	if (match.ptr && !list_has(match, etag, true))
		return 412;
	struct curb_str none = head_get(head, "If-None-Match");
	if (none.ptr && list_has(none, etag, false))
		return safe ? 304 : 412;
	return 0;
}

bool if_range_holds(struct curb_str if_range, const char *etag)
{
	return !if_range.ptr || (etag[0] && curb_str_is(curb_str_trim(if_range), etag));
}
