/* Twice the book is about twice the work, also when all of it has one name. What reads books is compiled into this test with a call
 * at every branch, which counts the work; no clock is asked. The package around them is the test's. */
#include <stdio.h>
#include <stdlib.h>

#include "cm.h"
#include "curb/cleanup.h"
#include "spoken.h"

void __sanitizer_cov_trace_pc(void);

static uint64_t steps;

void __sanitizer_cov_trace_pc(void)
{
	steps++;
}

enum { HALF = 4000, BYTES_MAX = 8 << 20, ARENA_MAX = 256 << 20 };

/* ---- a package of files "0.smil", "1.smil", … and one document ---- */

static struct zip_entry *entries;
static size_t entry_count;
static struct curb_str page; /* the bytes of every document */

struct zip_entry *document_beside(const struct document_names *names, struct curb_str from,
                                  struct curb_str url, struct curb_str *ret_fragment)
{
	size_t number = (size_t)strtoul(url.ptr, NULL, 10);
	const char *hash = memchr(url.ptr, '#', url.len);
	(void)names;
	(void)from;
	*ret_fragment = hash ? curb_str_from(url, (size_t)(hash - url.ptr) + 1) : curb_str(NULL);
	return &entries[number % entry_count];
}

bool document_open(struct reader_job *job, struct zip_entry *entry, struct document *ret_document)
{
	(void)job;
	*ret_document = (struct document){ entry, page, "UTF-8" };
	return true;
}

bool document_walk(struct reader_job *job, const struct document *document, const struct xml_walk *walk)
{
	(void)job;
	return xml_read_page(document->bytes, document->encoding, walk) == 0;
}

struct zip_entry *document_named(const struct reader_job *job, const char *name, bool ending)
{
	(void)job;
	(void)name;
	(void)ending;
	return &entries[0];
}

void document_names(const struct reader_job *job, struct document_names *ret_names)
{
	(void)job;
	(void)ret_names;
}

struct curb_str name_ending(struct curb_str path)
{
	(void)path;
	return curb_str("smil");
}

static size_t smils; /* that the contents named */

bool spoken_contents(struct reader_job *job, const struct spoken_book *book, size_t more_points,
                     size_t more_smils)
{
	(void)job;
	(void)more_points;
	(void)more_smils;
	smils = book->smil_count;
	return false;
}

bool spoken_read(struct reader_job *job, const struct spoken_book *book, struct curb_value *unit)
{
	(void)job;
	(void)book;
	(void)unit;
	return false;
}

int64_t spoken_begin_ms(const struct spoken *s, size_t clip)
{
	(void)s;
	return (int64_t)clip;
}

int64_t spoken_end_ms(const struct spoken *s, size_t clip)
{
	(void)s;
	return (int64_t)clip + 1;
}

void tracks_add_spoken(struct reader_job *job, struct curb_value *unit, const struct text_track *text,
                       struct caption_set *set)
{
	(void)job;
	(void)unit;
	(void)text;
	(void)set;
}

bool name_is_lang(struct curb_str lang)
{
	return lang.len > 0;
}

void wire_finding(struct wire *wire, const char *code, struct curb_str where, struct curb_str a,
                  struct curb_str b)
{
	(void)wire;
	(void)where;
	(void)a;
	(void)b;
	fail_msg("%s", code);
}

int wire_refusals(const struct wire *wire)
{
	(void)wire;
	return 0;
}

/* ---- books ---- */

static void repeat(struct curb_buf *out, const char *piece, size_t n)
{
	for (size_t i = 0; i < n; i++)
		curb_buf_text(out, piece);
}

/* One par with all clips first and then as many texts. */
static uint64_t work_of_par(size_t n)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MAX);
	CURB_AUTO(buf) struct curb_buf smil = curb_buf(BYTES_MAX);
	struct smil_times times = { .arena = arena };
	curb_buf_text(&smil, "<smil><par>");
	repeat(&smil, "<audio src=\"a\"/>", n);
	repeat(&smil, "<text src=\"0#x\"/>", n);
	curb_buf_text(&smil, "</par></smil>");
	steps = 0;
	assert_int_equal(smil_read(&times, 0, curb_buf_view(&smil), "UTF-8"), 0);
	assert_int_equal(times.clip_count, n);
	assert_true(curb_str_is(times.clips[0].text, "0#x"));
	assert_true(curb_str_is(times.clips[n - 1].text, "0#x"));
	return steps;
}

/* Clips, elements and entries of the contents that all have one name; every second element is wanted and not read aloud. */
static uint64_t work_of_text(size_t n)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MAX);
	CURB_AUTO(buf) struct curb_buf smil = curb_buf(BYTES_MAX), text = curb_buf(BYTES_MAX);
	struct zip_entry files[] = { { .name = curb_str("t.xhtml") }, { .name = curb_str("contents") } };
	struct zip_entry *smil_files[] = { &files[1] };
	const struct spoken_book book = { .contents = &files[1], .smils = smil_files, .smil_count = 1 };
	struct reader_job job = { .arena = arena };
	struct spoken s = { .job = &job, .book = &book, .times = { .arena = arena } };
	struct spoken_places wanted = { .rows = curb_alloc_n(arena, 2 * n, sizeof *wanted.rows) };
	entries = files;
	entry_count = 1;
	curb_buf_text(&smil, "<smil>");
	repeat(&smil, "<par><text src=\"0#x\"/><audio src=\"a\"/></par>", n);
	curb_buf_text(&smil, "</smil>");
	curb_buf_text(&text, "<html>");
	repeat(&text, "<i id=\"w\"/><b id=\"x\">one</b>", n);
	curb_buf_text(&text, "</html>");
	page = curb_buf_view(&text);
	for (size_t i = 0; i < 2 * n; i++) /* half of them lead nowhere: they wait to the end */
		wanted.rows[wanted.count++] = (struct spoken_place){
			.entry = &files[0], .id = curb_str(i % 2 ? "w" : "none"), .first = n, .last = i
		};
	assert_int_equal(smil_read(&s.times, 0, curb_buf_view(&smil), "UTF-8"), 0);
	steps = 0;
	spoken_listen(&s, &wanted);
	uint64_t done = steps;
	assert_int_equal(s.said.count, n);
	assert_true(curb_str_is(s.said.rows[0].words, "one"));
	assert_true(curb_str_is(s.said.rows[n - 1].words, "one"));
	assert_int_equal(wanted.rows[1].first, wanted.rows[2 * n - 1].first);
	assert_int_equal(wanted.rows[0].first, n);
	return done;
}

/* So many documents, and links to the first that was named. */
static uint64_t work_of_links(size_t n)
{
	enum { PIECE = 40 };
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MAX);
	CURB_AUTO(buf) struct curb_buf ncc = curb_buf(BYTES_MAX);
	struct zip zip = { .entries = curb_alloc_n(arena, n, sizeof *zip.entries), .count = n };
	struct reader_job job = { .arena = arena, .zip = &zip };
	struct book_facts facts;
	char link[PIECE];
	entries = zip.entries;
	entry_count = n;
	curb_buf_text(&ncc, "<html>");
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(link, sizeof link, "<a href=\"%zu.smil#t\"/>", i);
		curb_buf_text(&ncc, link);
	}
	repeat(&ncc, "<a href=\"0.smil#t\"/>", n);
	curb_buf_text(&ncc, "</html>");
	page = curb_buf_view(&ncc);
	steps = 0;
	assert_false(daisy202_reader.book(&job, NULL, &facts));
	assert_int_equal(smils, n);
	return steps;
}

static void linear__in_the_size_of_the_book(void **unused)
{
	static const struct {
		const char *what;
		uint64_t (*work)(size_t n);
		size_t half;
	} shapes[] = {
		{ "clips and texts of one par", work_of_par, HALF },
		{ "elements of one name", work_of_text, HALF },
		{ "links to one document", work_of_links, SPOKEN_SMILS_MAX / 2 },
	};
	(void)unused;
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		uint64_t one = shapes[i].work(shapes[i].half), two = shapes[i].work(2 * shapes[i].half);
		assert_true(one > shapes[i].half); /* the count is of this work */
		if (two > 2 * one + one / 2)       /* sorting is a little more than twice */
			fail_msg("%s: %llu steps, then %llu", shapes[i].what, (unsigned long long)one,
			         (unsigned long long)two);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(linear__in_the_size_of_the_book) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
