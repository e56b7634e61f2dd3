#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"

enum { REPORT_MOST = 8 << 20, PICTURE_MOST = 2 << 20 };

/* ---- reading files ---- */

/* CURB_ENOTFOUND when it is not there. */
static int read_file(const char *path, size_t most, struct curb_buf *out)
{
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such file in the report");
	*out = curb_buf(most);
	for (;;) {
		char bytes[65536];
		ssize_t n = read(fd, bytes, sizeof bytes);
		if (n < 0)
			return curb_fail(CURB_EINTERNAL, "%s cannot be read", path);
		if (n == 0)
			return curb_buf_check(out);
		curb_buf_add(out, bytes, (size_t)n);
	}
}

static int read_report(struct access *access)
{
	const char *path = curb_printf(access->arena, "%s/report.json", access->folder);
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(REPORT_MOST);
	struct curb_value *report = NULL;
	int err = read_file(path, REPORT_MOST, &bytes);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err; /* nobody made one yet */
	err = curb_json_parse(access->arena, curb_dup(access->arena, curb_buf_view(&bytes)), &report);
	if (!err && (curb_value_type(report) != CURB_OBJECT || curb_get_int(report, "version", 0) != 1))
		err = curb_fail(CURB_EINVAL, "%s is no report of version 1", path);
	if (!err)
		access->report = report;
	return err;
}

struct access *access_open(const char *folder)
{
	struct access *access = curb_xcalloc(1, sizeof *access);
	access->arena = curb_arena_new(8 * (size_t)REPORT_MOST);
	(void)pthread_mutex_init(&access->mutex, NULL);
	(void)snprintf(access->folder, sizeof access->folder, "%s", folder);
	if (read_report(access))
		curb_log(CURB_WARN, "access_report unused=yes reason=\"%s\"", curb_error_text());
	return access;
}

void access_close(struct access *access)
{
	if (!access)
		return;
	(void)pthread_mutex_destroy(&access->mutex);
	curb_arena_free(access->arena);
	free(access);
}

/* The name must be one that the report gives: nothing else in the folder is shown. */
int report_picture(const struct access *access, struct curb_str name, struct curb_buf *out)
{
	const struct curb_value *names = curb_value_get(access->report, "pictures");
	for (size_t i = 0; i < curb_value_count(names); i++) {
		struct curb_str known = curb_value_str(curb_value_at(names, i));
		if (!curb_str_eq(known, name) || memchr(name.ptr, '/', name.len))
			continue;
		char path[sizeof access->folder + 300];
		(void)snprintf(path, sizeof path, "%s/pictures/%.*s", access->folder, (int)name.len,
		               name.ptr);
		return read_file(path, PICTURE_MOST, out);
	}
	return curb_fail(CURB_ENOTFOUND, "The report has no such picture");
}

/* ---- words ---- */

struct word {
	const char *word, *text;
};

static struct curb_str in_words(struct curb_req *req, const struct word *words, struct curb_str word)
{
	for (; words->word; words++)
		if (curb_str_is(word, words->word))
			return curb_tr(req, words->text, NULL);
	return word;
}

static const struct word results[] = {
	{ "supports", CURB_TEXT("Supports") },           { "partly", CURB_TEXT("Partly supports") },
	{ "fails", CURB_TEXT("Does not support") },      { "not-applicable", CURB_TEXT("Not applicable") },
	{ "not-evaluated", CURB_TEXT("Not evaluated") }, { NULL, NULL }
};
static const struct word states[] = { { "passed", CURB_TEXT("Passed") },
	                              { "failed", CURB_TEXT("Failed") },
	                              { "left out", CURB_TEXT("Left out") },
	                              { NULL, NULL } };
static const struct word kinds[] = { { "check", CURB_TEXT("Checked on every page") },
	                             { "test", CURB_TEXT("Test") },
	                             { "journey", CURB_TEXT("Journey") },
	                             { "manual", CURB_TEXT("Looked at by a person") },
	                             { "absent", CURB_TEXT("There is nothing of the kind") },
	                             { NULL, NULL } };

struct curb_str report_text(struct curb_req *req, const struct curb_value *object, const char *key)
{
	const struct curb_value *value = curb_value_get(object, key);
	if (curb_value_type(value) != CURB_OBJECT)
		return curb_value_str(value);
	struct curb_str lang = curb_req_lang(req);
	struct curb_str text = curb_get_str(value, curb_cstr(curb_req_arena(req), lang));
	return text.ptr ? text : curb_get_str(value, "en");
}

/* ---- the summary ---- */

static void put_fact(struct curb_value *facts, struct curb_str term, struct curb_str text)
{
	struct curb_value *fact = curb_object(curb_value_arena(facts));
	curb_put_str(fact, "term", term);
	curb_put_str(fact, "text", text);
	curb_push(facts, fact);
}

static void put_counts(struct curb_req *req, const struct curb_value *report, struct curb_value *model)
{
	static const char *const order[] = { "supports", "partly", "fails", "not-applicable",
		                             "not-evaluated" };
	const struct curb_value *counts = curb_value_get(report, "counts");
	struct curb_value *facts = curb_array(curb_req_arena(req));
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		const char *number = curb_printf(curb_req_arena(req), "%lld",
		                                 (long long)curb_get_int(counts, order[i], 0));
		put_fact(facts, in_words(req, results, curb_str(order[i])), curb_str(number));
	}
	curb_put(model, "counts", facts);
}

static struct curb_str passed_of(struct curb_req *req, const struct curb_value *journey)
{
	const struct curb_value *ways = curb_value_get(journey, "results");
	int64_t passed = 0, made = 0;
	for (size_t i = 0; i < curb_value_count(ways); i++) {
		struct curb_str state = curb_get_str(curb_value_at(ways, i), "state");
		passed += curb_str_is(state, "passed");
		made += !curb_str_is(state, "left out");
	}
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_int(values, "passed", passed);
	curb_put_int(values, "made", made);
	return curb_tr(req, "Passed {passed} of {made} ways", values);
}

static void put_journeys(struct curb_req *req, const struct curb_value *report, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	const struct curb_value *journeys = curb_value_get(report, "journeys");
	struct curb_value *list = curb_array(arena);
	for (size_t i = 0; i < curb_value_count(journeys); i++) {
		const struct curb_value *journey = curb_value_at(journeys, i);
		struct curb_value *item = curb_object(arena);
		struct curb_str id = curb_get_str(journey, "id");
		curb_put_text(item, "href",
		              curb_printf(arena, "/accessibility/journeys/%.*s", (int)id.len, id.ptr));
		curb_put_str(item, "title", report_text(req, journey, "title"));
		curb_put_str(item, "text", passed_of(req, journey));
		curb_push(list, item);
	}
	curb_put(model, "journeys", list);
}

static void put_texts(struct curb_req *req, const struct curb_value *list, const char *key,
                      struct curb_value *model)
{
	struct curb_value *texts = curb_array(curb_req_arena(req));
	for (size_t i = 0; i < curb_value_count(list); i++)
		curb_push(texts,
		          curb_string(curb_req_arena(req), report_text(req, curb_value_at(list, i), "text")));
	curb_put(model, key, texts);
}

void report_summary(struct curb_req *req, const struct access *access, struct curb_value *model)
{
	const struct curb_value *report = access->report;
	curb_put_bool(model, "made", report != NULL);
	if (!report)
		return;
	curb_put_str(model, "made_on", access_day(req, curb_get_int(report, "made_ms", 0)));
	curb_put_str(model, "product", curb_get_str(report, "product"));
	curb_put_str(model, "conclusion", report_text(req, report, "conclusion"));
	put_counts(req, report, model);
	put_journeys(req, report, model);
	put_texts(req, curb_value_get(report, "scope"), "scope", model);
	put_texts(req, curb_value_get(report, "tools"), "tools", model);
	put_texts(req, curb_value_get(report, "barriers"), "barriers", model);
}

/* ---- the criteria ---- */

static void put_cell(struct curb_value *cells, struct curb_str label, struct curb_str text, bool head)
{
	struct curb_value *cell = curb_object(curb_value_arena(cells));
	curb_put_str(cell, "label", label);
	curb_put_str(cell, "text", text);
	curb_put_bool(cell, "head", head);
	curb_push(cells, cell);
}

static struct curb_str evidence(struct curb_req *req, const struct curb_value *criterion)
{
	struct curb_buf out = curb_buf(16384);
	const struct curb_value *list = curb_value_get(criterion, "evidence");
	for (size_t i = 0; i < curb_value_count(list); i++) {
		const struct curb_value *one = curb_value_at(list, i);
		struct curb_str when = curb_get_str(one, "when");
		struct curb_value *values = curb_object(curb_req_arena(req));
		curb_put_str(values, "kind", in_words(req, kinds, curb_get_str(one, "kind")));
		curb_put_str(values, "what", report_text(req, one, "text"));
		curb_put_str(values, "state", in_words(req, states, curb_get_str(one, "state")));
		curb_buf_text(&out, i ? " " : "");
		curb_buf_str(&out, curb_tr(req, "{kind}: {what}, {state}.", values));
		if (when.len) {
			curb_buf_char(&out, ' ');
			curb_buf_str(&out, when);
		}
	}
	struct curb_str text = curb_dup(curb_req_arena(req), curb_buf_view(&out));
	curb_buf_free(&out);
	return text;
}

static struct curb_value *labels_of(struct curb_req *req, const char *const *labels, size_t n)
{
	struct curb_value *columns = curb_array(curb_req_arena(req));
	for (size_t i = 0; i < n; i++) {
		struct curb_value *column = curb_object(curb_req_arena(req));
		curb_put_str(column, "label", curb_tr(req, labels[i], NULL));
		curb_push(columns, column);
	}
	return columns;
}

static struct curb_value *criterion_row(struct curb_req *req, const struct curb_value *criterion,
                                        const char *const labels[static 4])
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
	struct curb_str number = curb_get_str(criterion, "number"),
			name = report_text(req, criterion, "name");
	put_cell(cells, curb_tr(req, labels[0], NULL),
	         curb_str(curb_printf(arena, "%.*s %.*s", (int)number.len, number.ptr, (int)name.len,
	                              name.ptr)),
	         true);
	put_cell(cells, curb_tr(req, labels[1], NULL), curb_get_str(criterion, "clause"), false);
	put_cell(cells, curb_tr(req, labels[2], NULL),
	         in_words(req, results, curb_get_str(criterion, "result")), false);
	put_cell(cells, curb_tr(req, labels[3], NULL), evidence(req, criterion), false);
	curb_put(row, "cells", cells);
	return row;
}

void report_criteria(struct curb_req *req, const struct access *access, struct curb_value *model)
{
	static const char *const labels[] = { CURB_TEXT("Criterion"), CURB_TEXT("Clause of EN 301 549"),
		                              CURB_TEXT("Result"), CURB_TEXT("Shown by") };
	static const char *const levels[] = { "A", "AA" };
	curb_put_bool(model, "made", access->report != NULL);
	const struct curb_value *criteria = curb_value_get(access->report, "criteria");
	struct curb_value *tables = curb_array(curb_req_arena(req));
	for (size_t level = 0; level < 2; level++) {
		struct curb_value *table = curb_object(curb_req_arena(req)),
				  *rows = curb_array(curb_req_arena(req)),
				  *values = curb_object(curb_req_arena(req));
		for (size_t i = 0; i < curb_value_count(criteria); i++)
			if (curb_str_is(curb_get_str(curb_value_at(criteria, i), "level"), levels[level]))
				curb_push(rows, criterion_row(req, curb_value_at(criteria, i), labels));
		curb_put_text(values, "level", levels[level]);
		curb_put_str(table, "caption", curb_tr(req, "Criteria of WCAG 2.2, level {level}", values));
		curb_put(table, "columns", labels_of(req, labels, 4));
		curb_put(table, "rows", rows);
		curb_push(tables, table);
	}
	curb_put(model, "tables", tables);
}

/* ---- one journey ---- */

static struct curb_str way_name(struct curb_req *req, const struct access *access, struct curb_str id)
{
	const struct curb_value *ways = curb_value_get(access->report, "ways");
	for (size_t i = 0; i < curb_value_count(ways); i++)
		if (curb_str_eq(curb_get_str(curb_value_at(ways, i), "id"), id))
			return report_text(req, curb_value_at(ways, i), "name");
	return id;
}

static struct curb_value *way_model(struct curb_req *req, const struct access *access,
                                    const struct curb_value *result)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *way = curb_object(arena);
	struct curb_str picture = curb_get_str(result, "picture");
	int64_t keys = curb_get_int(result, "keys", 0);
	curb_put_str(way, "name", way_name(req, access, curb_get_str(result, "way")));
	curb_put_str(way, "state", in_words(req, states, curb_get_str(result, "state")));
	curb_put_str(way, "sentence", curb_get_str(result, "sentence"));
	curb_put_str(way, "why", curb_get_str(result, "why"));
	curb_put_bool(way, "counted", keys > 0);
	curb_put_int(way, "keys", keys);
	if (picture.len)
		curb_put_text(
			way, "picture",
			curb_printf(arena, "/accessibility/pictures/%.*s", (int)picture.len, picture.ptr));
	return way;
}

int report_journey(struct curb_req *req, const struct access *access, struct curb_str id,
                   struct curb_value *model)
{
	const struct curb_value *journeys = curb_value_get(access->report, "journeys"), *journey = NULL;
	for (size_t i = 0; i < curb_value_count(journeys) && !journey; i++)
		if (curb_str_eq(curb_get_str(curb_value_at(journeys, i), "id"), id))
			journey = curb_value_at(journeys, i);
	if (!journey)
		return curb_fail(CURB_ENOTFOUND, "The report has no journey of that name");
	struct curb_value *ways = curb_array(curb_req_arena(req));
	const struct curb_value *made = curb_value_get(journey, "results");
	for (size_t i = 0; i < curb_value_count(made); i++)
		curb_push(ways, way_model(req, access, curb_value_at(made, i)));
	curb_put_str(model, "title", report_text(req, journey, "title"));
	curb_put_str(model, "about", curb_get_str(journey, "about"));
	curb_put(model, "script", curb_value_get(journey, "script"));
	curb_put(model, "ways", ways);
	return 0;
}
