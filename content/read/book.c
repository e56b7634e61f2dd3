/* Books of every kind: a package that is one, and one that lies in a course. */
#include "reader.h"

static const struct curb_str none = { NULL, 0 };

static void put_list(struct curb_value *package, const char *key, struct curb_value *list)
{
	if (list)
		curb_put(package, key, list);
}

void book_read_package(struct reader_job *job, const struct content_reader *reader)
{
	struct curb_value *unit = curb_object(job->arena), *units = curb_array(job->arena);
	struct book_facts facts = { .name = none };
	if (!reader->book(job, unit, &facts))
		return;
	if (!curb_value_get(unit, "kind"))
		curb_put_text(unit, "kind", "audiobook");
	struct curb_str name = facts.name.len ? facts.name : name_stem(job->name);
	if (!facts.name.len)
		wire_finding(job->wire, "package.name_guessed", none, name, none);
	curb_put_text(unit, "key", "u1");
	curb_put_str(unit, "name", name);
	curb_put_int(unit, "hours", hours_of_media(curb_get_int(unit, "duration_ms", 0)));
	curb_push(units, unit);
	curb_put_str(job->package, "name", name);
	if (name_is_lang(facts.lang))
		curb_put_str(job->package, "lang", facts.lang);
	curb_put_str(job->package, "description", facts.description);
	curb_put_str(job->package, "provider", facts.provider);
	put_list(job->package, "accessMode", facts.modes);
	put_list(job->package, "accessibilityFeature", facts.features);
	put_list(job->package, "accessibilityHazard", facts.hazards);
	curb_put(job->package, "units", units);
}

static const struct content_reader *best_of(const struct reader_job *job,
                                            const struct content_reader *const *kinds)
{
	const struct content_reader *best = *kinds;
	for (; *kinds; kinds++)
		if ((*kinds)->bid(job) > best->bid(job))
			best = *kinds;
	return best;
}

bool book_read_unit(struct reader_job *job, struct curb_value *unit)
{
	static const struct content_reader *const heard[] = { &lpf_reader, &daisy202_reader, &daisy3_reader,
		                                              &epub_reader, NULL };
	static const struct content_reader *const read[] = { &epub_reader, &pages_reader, NULL };
	struct book_facts facts;
	bool document = curb_str_is(curb_get_str(unit, "kind"), "document");
	const struct content_reader *best = best_of(job, document ? read : heard);
	if (document && best->bid(job) == 0) {
		wire_finding(job->wire, "course.document", none, curb_get_str(unit, "name"), none);
		return false;
	}
	return best->book(job, unit, &facts);
}
