#include "inside.h"
#include "page.h"

enum { UNSAID = -1 };

struct wishes {
	int gzip, plain, any;
};

static int *wish_for(struct wishes *wishes, struct curb_str coding)
{
	if (curb_str_is_nocase(coding, "gzip") || curb_str_is_nocase(coding, "x-gzip"))
		return &wishes->gzip;
	if (curb_str_is_nocase(coding, "identity"))
		return &wishes->plain;
	return curb_str_is(coding, "*") ? &wishes->any : NULL;
}

/* One coding with its weight; of what is said twice the lesser counts. */
static void hear(struct wishes *wishes, struct curb_str item)
{
	struct curb_str coding;
	if (!curb_str_cut(&item, ';', &coding))
		return;
	int weight = pages_quality(item), *wish = wish_for(wishes, curb_str_trim(coding));
	if (wish && (*wish == UNSAID || weight < *wish))
		*wish = weight;
}

bool coding_takes_gzip(const struct http_head *head)
{
	struct wishes wishes = { UNSAID, UNSAID, UNSAID };
	for (size_t i = 0; i < head->count; i++) {
		if (!curb_str_is_nocase(head->headers[i].name, "Accept-Encoding"))
			continue;
		struct curb_str rest = head->headers[i].value, item;
		while (curb_str_cut(&rest, ',', &item))
			hear(&wishes, item);
	}
	int gzip = wishes.gzip == UNSAID ? wishes.any : wishes.gzip;
	int plain = wishes.plain == UNSAID ? wishes.any : wishes.plain;
	return gzip > 0 && gzip >= plain;
}
