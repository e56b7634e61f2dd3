/* Audio-books of every kind: a package that is one, and one that lies in a course. */
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
	curb_put_text(unit, "kind", "audiobook");
	if (!reader->book(job, unit, &facts))
		return;
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

bool book_read_unit(struct reader_job *job, struct curb_value *unit)
{
	static const struct content_reader *const kinds[] = { &lpf_reader, &daisy202_reader, &daisy3_reader,
		                                              &epub_reader };
	const struct content_reader *best = &lpf_reader;
	struct book_facts facts;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i]->bid(job) > best->bid(job))
			best = kinds[i];
	return best->book(job, unit, &facts);
}
