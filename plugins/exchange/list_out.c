/* A list for another system: our records in the columns of a map, as a file for spreadsheets. */
#include <time.h>

#include "cells.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/person.h"
#include "lists.h"

enum { FILE_MOST = 16 << 20, YEAR_FIRST = 2000, YEAR_LAST = 2099 };

static int show(const struct list_form *form, int status)
{
	struct curb_req *req = form->req;
	int err = list_put_maps(form, curb_value_str(curb_value_get(form->values, "map")), NULL);
	if (err)
		return err;
	curb_put_bool(form->model, "may_whole", (curb_req_user(req)->roles & CURB_REVIEWER) != 0);
	curb_put_bool(form->model, "no_hours", !form->x->credit);
	return list_reply(form, status, "list", curb_tr(req, "Save a list for another system", NULL));
}

int exchange_page_list(struct curb_req *req, void *state)
{
	const struct list_form form = list_form(req, state);
	return show(&form, 200);
}

/* ---- what is wanted ---- */

struct listing {
	struct exchange *x;
	struct curb_req *req;
	struct map map;
	struct list_scope scope;
	int64_t from_ms, until_ms; /* 0: whenever */
	bool whole;                /* numbers */
	struct curb_buf out;
	int64_t records;
	struct curb_id by, key;
	struct curb_str place;
	int64_t now_ms;
};

/* The first moment of a year, in the time that the whole country keeps. */
static int64_t year_begins(int64_t year)
{
	enum { AHEAD_S = 8 * 3600 };
	struct tm date = { .tm_year = (int)year - 1900, .tm_mday = 1 };
	return ((int64_t)timegm(&date) - AHEAD_S) * 1000;
}

static void read_year(const struct list_form *form, struct listing *listing)
{
	struct curb_str typed = list_typed(form, "year");
	int64_t year = 0;
	if (typed.len == 0)
		return;
	if (!curb_str_int(typed, &year) || year < YEAR_FIRST || year > YEAR_LAST) {
		list_wrong(form, "year", curb_tr(form->req, "Write a year of four digits", NULL));
		return;
	}
	listing->from_ms = year_begins(year);
	listing->until_ms = year_begins(year + 1);
}

static int read_form(const struct list_form *form, struct listing *listing)
{
	struct curb_req *req = form->req;
	listing->whole = curb_str_is(list_typed(form, "whole"), "yes");
	if (listing->whole && !(curb_req_user(req)->roles & CURB_REVIEWER))
		return curb_fail(CURB_EDENIED, "Whole numbers are for those who look after a region");
	int err = list_read_map(form, &listing->map);
	read_year(form, listing);
	return err ? err : list_read_scope(form, &listing->scope);
}

/* ---- that numbers are looked at is entered before they are ---- */

static int note(struct curb_tx *tx, void *arg)
{
	const struct listing *l = arg;
	const struct curb_change change = {
		l->by, l->place, l->place,
		CURB_TEXT("saved a list with whole certificate numbers, for another system"), NULL
	};
	const struct curb_fact facts[] = { { "map", 0, curb_id_str(&l->map.id) },
		                           { "place", 0, l->place },
		                           { "institutions", (int64_t)l->scope.n, { NULL, 0 } } };
	const struct curb_entry entry = { .kind = "exchange_list",
		                          .at_ms = l->now_ms,
		                          .by = l->by,
		                          .role = "reviewer",
		                          .key = curb_id_str(&l->key),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	int err = curb_note_change(tx, &change, l->now_ms);
	return err ? err : curb_ledger_append(tx, &entry, NULL);
}

static int note_numbers(struct listing *l)
{
	l->now_ms = curb_wall_ms();
	l->key = curb_id_new(l->now_ms);
	l->by = curb_req_user(l->req)->id;
	int err = curb_person_place(curb_req_tx(l->req), &l->by, CURB_REVIEWER, l->now_ms, &l->place);
	return err ? err : curb_write(l->req, curb_id_str(&l->by), note, l);
}

/* ---- the file ---- */

static bool carries(const struct map *map, enum column_field field)
{
	bool found = false;
	for (size_t i = 0; i < map->n; i++)
		found = found || map->columns[i].kind->field == field;
	return found;
}

static int add_row(void *arg, const struct curb_id *person, const struct record *record, bool *ret_enough)
{
	struct listing *l = arg;
	struct curb_tx *tx = curb_req_tx(l->req);
	struct curb_str number = curb_str("");
	int err = 0;
	if (record->left_ms ||
	    (l->until_ms && (record->ends_ms < l->from_ms || record->starts_ms >= l->until_ms)))
		return 0;
	if (carries(&l->map, FIELD_NUMBER))
		err = curb_person_number_text(tx, person, l->whole, &number);
	for (size_t i = 0; !err && i < l->map.n; i++) {
		const struct cell cell = cell_of(&l->map.columns[i], record, number);
		csv_cell(&l->out, cell_text(curb_tx_arena(tx), &l->map.columns[i], &cell),
		         i + 1 < l->map.n ? ',' : '\n');
	}
	l->records++;
	*ret_enough = curb_buf_check(&l->out) != 0;
	return err;
}

static int write_file(struct listing *l)
{
	csv_begin(&l->out);
	for (size_t i = 0; i < l->map.n; i++)
		csv_cell(&l->out, l->map.columns[i].heading, i + 1 < l->map.n ? ',' : '\n');
	int err = records_pass(l->x, curb_req_tx(l->req), l->scope.institutions, l->scope.n, add_row, l);
	if (!err && curb_buf_check(&l->out))
		err = curb_fail(CURB_EUNFIT,
		                "There are more records than one list holds; name an institution or a year");
	return err;
}

int exchange_post_list(struct curb_req *req, void *state)
{
	const struct list_form form = list_form(req, state);
	struct listing listing = { .x = state, .req = req, .out = curb_buf(FILE_MOST) };
	int err = read_form(&form, &listing);
	if (err)
		return err;
	if (list_is_wrong(&form))
		return show(&form, 422);
	if (listing.whole && carries(&listing.map, FIELD_NUMBER))
		err = note_numbers(&listing);
	if (!err)
		err = write_file(&listing);
	if (!err && listing.records == 0)
		err = curb_fail(CURB_EUNFIT, "There is no record of that place and year");
	if (!err)
		return csv_reply(req, &listing.out, "list.csv");
	curb_buf_free(&listing.out);
	if (err != CURB_EUNFIT)
		return err;
	list_wrong_error(&form, "place");
	return show(&form, 422);
}
