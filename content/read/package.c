/* From the first bytes to the result: the readers bid, the best one reads. */
#include <unistd.h>

#include "a11y/a11y_checks.h"
#include "reader.h"

static const struct content_reader *const readers[] = { &course_reader, &lpf_reader,   &daisy202_reader,
	                                                &daisy3_reader, &epub_reader,  &pages_reader,
	                                                &folder_reader, &media_reader, &pack_reader };

static const struct content_reader *best_reader(const struct reader_job *job)
{
	const struct content_reader *best = NULL;
	int highest = 0;
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		int bid = readers[i]->bid(job);
		if (bid <= highest)
			continue;
		highest = bid;
		best = readers[i];
	}
	return best;
}

/* A name from outside: control characters and broken bytes are not shown to anybody. */
static struct curb_str shown_name(struct curb_arena *arena, const char *name)
{
	enum { LONGEST = 300 };
	struct curb_str s = curb_str(name);
	if (s.len == 0 || s.len > LONGEST || !curb_utf8_valid(s))
		return curb_str("?");
	char *copy = curb_alloc(arena, s.len + 1);
	for (size_t i = 0; i < s.len; i++)
		copy[i] = (unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7F || s.ptr[i] == '/' ? '_' :
		                                                                                  s.ptr[i];
	return curb_str_n(copy, s.len);
}

static bool looks_like_zip(const struct reader_job *job)
{
	struct curb_str ending = name_ending(job->name);
	return zip_looks_like(job->first) || curb_str_is_nocase(ending, "zip") ||
	       curb_str_is_nocase(ending, "lpf") || curb_str_is_nocase(ending, "epub");
}

static void tell_lack(void *arg, const char *code, struct curb_str where, struct curb_str a,
                      struct curb_str b)
{
	wire_finding(arg, code, where, a, b);
}

/* What learners would miss is told of the newest version: the others are there already, or were replaced. */
static void tell_pack(struct reader_job *job)
{
	size_t n = curb_value_count(job->versions);
	bool fits = wire_result_of_many(job->wire, job->package);
	a11y_check_package(curb_value_at(job->versions, n - 1), tell_lack, job->wire);
	for (size_t i = 0; fits && i + 1 < n; i++)
		fits = wire_result_of_many(job->wire, curb_value_at(job->versions, i));
	wire_result(job->wire, curb_value_at(job->versions, n - 1));
}

static void read_with(struct reader_job *job, const struct content_reader *reader)
{
	struct curb_str none = { NULL, 0 };
	if (!reader) {
		wire_finding(job->wire, "package.unknown", none, none, none);
		return;
	}
	curb_put_text(job->package, "reader", reader->name);
	if (reader->book)
		book_read_package(job, reader);
	else
		reader->read(job);
	if (wire_refusals(job->wire) == 0)
		reader_check_rest(job);
	if (wire_refusals(job->wire))
		return;
	if (job->versions) {
		tell_pack(job);
		return;
	}
	package_tidy(job);
	a11y_check_package(job->package, tell_lack, job->wire);
	wire_result(job->wire, job->package);
}

void package_read(struct wire *wire, const struct reader_tools *tools, const char *name)
{
	enum { FIRST = 4096, ARENA = 512 * 1024 * 1024 };
	char first[FIRST];
	uint64_t scratch_used = 0;
	struct reader_job job = { .arena = curb_arena_new(ARENA),
		                  .wire = wire,
		                  .tools = tools,
		                  .root = curb_str(""),
		                  .scratch_used = &scratch_used };
	off_t size = lseek(WIRE_UPLOAD_FD, 0, SEEK_END);
	ssize_t n = pread(WIRE_UPLOAD_FD, first, sizeof first, 0);
	job.name = shown_name(job.arena, name);
	job.upload = (struct media_source){ WIRE_UPLOAD_FD, 0, size < 0 ? 0 : (uint64_t)size, job.name };
	job.first = curb_str_n(first, n < 0 ? 0 : (size_t)n);
	job.package = curb_object(job.arena);
	if (!looks_like_zip(&job) || reader_open_zip(&job, &job.upload))
		read_with(&job, best_reader(&job));
	curb_arena_free(job.arena);
}
