/* Words in a package come from everywhere: manifests, names of files, tags inside media. Before it is sent they are cut to
 * what the server takes. */
#include "reader.h"

enum { WORDS_MAX = 500 };

/* At most `most` bytes, cut at a whole character. */
static void cut(struct curb_value *object, const char *key, size_t most)
{
	struct curb_str text = curb_get_str(object, key);
	size_t end = most;
	if (text.len <= most)
		return;
	while (end && ((unsigned char)text.ptr[end] & 0xC0) == 0x80)
		end--;
	curb_put_str(object, key, curb_str_n(text.ptr, end));
}

/* A place without a name is called by its number. */
static void tidy_points(struct reader_job *job, const struct curb_value *nav)
{
	for (size_t i = 0; i < curb_value_count(nav); i++) {
		struct curb_value *point = curb_value_at(nav, i);
		cut(point, "text", WORDS_MAX);
		if (curb_str_trim(curb_get_str(point, "text")).len == 0)
			curb_put_text(point, "text", curb_printf(job->arena, "%zu", i + 1));
	}
}

void package_tidy(struct reader_job *job)
{
	enum { DESCRIPTION_MAX = 20000 };
	static const char *const short_words[] = { "name", "provider", "occupation" };
	const struct curb_value *units = curb_value_get(job->package, "units");
	for (size_t i = 0; i < sizeof short_words / sizeof *short_words; i++)
		cut(job->package, short_words[i], WORDS_MAX);
	cut(job->package, "description", DESCRIPTION_MAX);
	for (size_t i = 0; i < curb_value_count(units); i++) {
		struct curb_value *unit = curb_value_at(units, i);
		const struct curb_value *tracks = curb_value_get(unit, "tracks");
		cut(unit, "name", WORDS_MAX);
		tidy_points(job, curb_value_get(unit, "nav"));
		for (size_t k = 0; k < curb_value_count(tracks); k++)
			cut(curb_value_at(tracks, k), "label", WORDS_MAX);
	}
}
