/* One video or audio file: a course of one unit. */
#include "reader.h"

static int bid(const struct reader_job *job)
{
	enum { BID = 60 };
	return !job->zip && media_looks_like(job->first, job->name) ? BID : 0;
}

static void read_media(struct reader_job *job)
{
	struct curb_str name = name_stem(job->name), none = { NULL, 0 };
	struct curb_value *unit = curb_object(job->arena), *units = curb_array(job->arena);
	if (!media_ingest(job->wire, &job->upload, unit))
		return;
	curb_put_text(unit, "key", "u1");
	curb_put_str(unit, "name", name);
	curb_put_int(unit, "hours", hours_of_media(curb_get_int(unit, "duration_ms", 0)));
	curb_push(units, unit);
	curb_put_str(job->package, "name", name);
	curb_put(job->package, "units", units);
	wire_finding(job->wire, "package.name_guessed", none, name, none);
}

const struct content_reader media_reader = { .name = "media", .bid = bid, .read = read_media };
