/* What is missing, contradicts itself or stands twice: as a page, and as a file for spreadsheets. */
#include "cells.h"
#include "curb/err.h"
#include "curb/person.h"
#include "exchange.h"
#include "findings.h"

/* A file has so many lines that the longest of them fit into it. */
enum { LOOKED_AT_MOST = 5000, SHOWN = 100, FILE_LINES = 4000, FILE_MOST = 16 << 20, PARTS_MOST = 1000 };

struct looking {
	struct exchange *x;
	struct curb_req *req;
	struct looked_at *here, *elsewhere;
	struct curb_str *servers; /* whose record `elsewhere[i]` is */
	size_t here_n, elsewhere_n;
	bool more; /* there are more than were looked at */
};

/* ---- what is looked at ---- */

static int add_here(void *arg, const struct curb_id *person, const struct record *record, bool *ret_enough)
{
	struct looking *l = arg;
	struct curb_person_number number;
	*ret_enough = l->here_n == LOOKED_AT_MOST;
	if (*ret_enough) {
		l->more = true;
		return 0;
	}
	int err = curb_person_number(curb_req_tx(l->req), person, NULL, &number);
	if (!err)
		l->here[l->here_n++] = (struct looked_at){ *record, number.mark };
	return err;
}

static int add_server(struct looking *l, const struct server *server)
{
	size_t room = LOOKED_AT_MOST - l->elsewhere_n;
	struct kept *kept = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = kept_of(l->x, curb_req_tx(l->req), &server->id, 0, (int64_t)room, &kept, &n, &total);
	for (size_t i = 0; !err && i < n; i++) {
		l->servers[l->elsewhere_n] = server->name;
		l->elsewhere[l->elsewhere_n++] = (struct looked_at){ kept[i].record, kept[i].mark };
	}
	l->more = l->more || total > (int64_t)n;
	return err;
}

static int look(struct looking *l)
{
	struct curb_arena *arena = curb_req_arena(l->req);
	struct curb_tx *tx = curb_req_tx(l->req);
	const struct curb_id *institutions = NULL;
	struct server *servers = NULL;
	size_t n = 0;
	l->here = curb_alloc_n(arena, LOOKED_AT_MOST, sizeof *l->here);
	l->elsewhere = curb_alloc_n(arena, LOOKED_AT_MOST, sizeof *l->elsewhere);
	l->servers = curb_alloc_n(arena, LOOKED_AT_MOST, sizeof *l->servers);
	int err = curb_req_institutions(l->req, EXCHANGE_MAKERS, &institutions, &n);
	if (!err)
		err = records_each(l->x, tx, institutions, n, add_here, l);
	if (!err)
		err = servers_all(l->x, tx, &servers, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (curb_may_at(l->req, EXCHANGE_MAKERS, servers[i].region))
			err = add_server(l, &servers[i]);
	return err;
}

/* ---- what was found ---- */

enum { CODE, MEANING, TRAINEE, PROGRAMME, PLACE, SERVER, MEND, LABELS };
static const char *const labels[] = {
	CURB_TEXT("Code"),           CURB_TEXT("What it means"),
	CURB_TEXT("Trainee"),        CURB_TEXT("Training programme"),
	CURB_TEXT("Institution"),    CURB_TEXT("Server"),
	CURB_TEXT("How to mend it"), NULL,
};

static void texts_of(struct curb_req *req, const struct finding *finding, const struct looked_at *looked,
                     struct curb_str server, struct curb_str ret_texts[static LABELS])
{
	const struct finding_words *words = &finding_words[finding->kind];
	ret_texts[CODE] = curb_str(words->code);
	ret_texts[MEANING] = curb_tr(req, words->meaning, NULL);
	ret_texts[TRAINEE] = looked->record.name;
	ret_texts[PROGRAMME] = looked->record.programme;
	ret_texts[PLACE] = looked->record.institution;
	ret_texts[SERVER] = server;
	ret_texts[MEND] = curb_tr(req, words->mend, NULL);
}

/* Each of both lists, told with its texts. */
static size_t each_finding(struct looking *l,
                           void (*one)(void *arg, struct curb_req *req, const struct curb_str *texts),
                           void *arg)
{
	struct curb_arena *arena = curb_req_arena(l->req);
	struct curb_str texts[LABELS], here = curb_tr(l->req, "this server", NULL);
	struct finding *found = NULL;
	size_t n = 0, count = 0;
	findings_in(arena, l->here, l->here_n, &found, &n);
	for (size_t i = 0; i < n; i++, count++) {
		texts_of(l->req, &found[i], &l->here[found[i].record], here, texts);
		one(arg, l->req, texts);
	}
	findings_in(arena, l->elsewhere, l->elsewhere_n, &found, &n);
	for (size_t i = 0; i < n; i++, count++) {
		texts_of(l->req, &found[i], &l->elsewhere[found[i].record], l->servers[found[i].record],
		         texts);
		one(arg, l->req, texts);
	}
	return count;
}

static void push_finding(void *arg, struct curb_req *req, const struct curb_str *texts)
{
	struct curb_value *rows = arg, *row = curb_object(curb_req_arena(req)),
			  *cells = curb_array(curb_req_arena(req));
	if (curb_value_count(rows) == SHOWN)
		return;
	for (int i = 0; i < LABELS; i++)
		push_cell(req, cells, labels[i], texts[i], NULL);
	curb_put(row, "cells", cells);
	curb_push(rows, row);
}

/* One file, or as many as it takes, each with the lines that are in it. */
static void put_files(struct curb_req *req, struct curb_value *model, int64_t count)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *files = curb_array(arena);
	for (int64_t from = 0; from < count; from += FILE_LINES) {
		struct curb_value *file = curb_object(arena), *lines = curb_object(arena);
		int64_t to = from + FILE_LINES < count ? from + FILE_LINES : count;
		curb_put_int(lines, "from", from + 1);
		curb_put_int(lines, "to", to);
		curb_put_text(
			file, "href",
			curb_printf(arena, "/exchange/findings.csv?part=%d", (int)(from / FILE_LINES) + 1));
		curb_put_str(file, "label",
		             count <= FILE_LINES ?
		                     curb_tr(req, "All findings as a file for spreadsheets (CSV)", NULL) :
		                     curb_tr(req, "Findings {from} to {to} as a file for spreadsheets (CSV)",
		                             lines));
		curb_push(files, file);
	}
	curb_put(model, "files", files);
}

int exchange_page_findings(struct curb_req *req, void *state)
{
	struct curb_value *model = curb_object(curb_req_arena(req)), *rows = curb_array(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	struct looking looking = { .x = state, .req = req };
	int err = look(&looking);
	if (err)
		return err;
	size_t count = each_finding(&looking, push_finding, rows);
	curb_put_int(values, "records", (int64_t)(looking.here_n + looking.elsewhere_n));
	curb_put_int(values, "findings", (int64_t)count);
	curb_put_str(model, "sum",
	             curb_tr(req, "Records that were looked at: {records}. Findings: {findings}.", values));
	curb_put_bool(model, "part", count > SHOWN);
	put_files(req, model, (int64_t)count);
	curb_put_bool(model, "more", looking.more);
	put_columns(req, model, labels);
	curb_put(model, "rows", rows);
	curb_put_str(model, "title", curb_tr(req, "What stands out in the records", NULL));
	return curb_reply_page(req, 200, "findings", model);
}

/* A part of the lines. */
struct file {
	struct curb_buf out;
	int64_t from, line; /* the first one that goes into it, and the one that is told next */
};

static void add_line(void *arg, struct curb_req *req, const struct curb_str *texts)
{
	struct file *file = arg;
	int64_t line = file->line++;
	(void)req;
	if (line < file->from || line >= file->from + FILE_LINES)
		return;
	for (int i = 0; i < LABELS; i++)
		csv_cell(&file->out, texts[i], i + 1 < LABELS ? ',' : '\n');
}

int exchange_get_findings(struct curb_req *req, void *state)
{
	struct looking looking = { .x = state, .req = req };
	struct file file = { .out = curb_buf(FILE_MOST) };
	int64_t part = 1;
	int err = look(&looking);
	if (err)
		return err;
	if (!curb_str_int(curb_req_query(req, "part"), &part) || part < 1 || part > PARTS_MOST)
		part = 1;
	file.from = (part - 1) * FILE_LINES;
	csv_begin(&file.out);
	for (int i = 0; i < LABELS; i++)
		csv_cell(&file.out, curb_tr(req, labels[i], NULL), i + 1 < LABELS ? ',' : '\n');
	(void)each_finding(&looking, add_line, &file);
	return csv_reply(req, &file.out,
	                 part == 1 ? "findings.csv" :
	                             curb_printf(curb_req_arena(req), "findings-%d.csv", (int)part));
}
