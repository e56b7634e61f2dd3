/* Bundles that are handed in, and the records from elsewhere. */
#include <unistd.h>

#include "cells.h"
#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"
#include "exchange.h"

enum { FILE_NAME_MOST = 200, RECORDS_SHOWN = 50, RECEIVED_MOST = 4096 };

/* ---- what was sent ---- */

int exchange_bytes(struct curb_req *req, uint64_t from, uint64_t size, struct curb_str *ret_bytes)
{
	if (curb_req_body_fd(req) < 0) {
		*ret_bytes = curb_str_from(curb_req_body(req), (size_t)from);
		ret_bytes->len = (size_t)size;
		return 0;
	}
	char *bytes = curb_alloc(curb_req_arena(req), (size_t)size + 1);
	if (pread(curb_req_body_fd(req), bytes, (size_t)size, (off_t)from) != (ssize_t)size)
		return curb_fail(CURB_EINTERNAL, "a file that came in cannot be read");
	*ret_bytes = curb_str_n(bytes, (size_t)size);
	return 0;
}

static int body_bytes(struct curb_req *req, uint64_t from, uint64_t size, struct curb_str *ret_bytes)
{
	return size > BUNDLE_MOST ?
	               curb_fail(CURB_ETOOBIG, "This file is too large to be a bundle of records") :
	               exchange_bytes(req, from, size, ret_bytes);
}

static int form_bytes(struct curb_req *req, struct curb_str *ret_bytes)
{
	struct curb_file file;
	int err = curb_req_file(req, &file);
	if (err)
		return err;
	if (!file.name.ptr || file.name.len == 0)
		return curb_fail(CURB_EINVAL, "Choose the file that ends in .curb-bundle first");
	if (file.name.len > FILE_NAME_MOST)
		return curb_fail(CURB_EINVAL, "The file name is too long; give it a short one");
	if (file.size == 0)
		return curb_fail(CURB_EINVAL, "This file is empty; choose another one");
	return body_bytes(req, file.from, file.size, ret_bytes);
}

/* ---- applying ---- */

static int apply(struct curb_req *req, struct applying *a)
{
	int err = apply_look(a, curb_req_tx(req));
	if (!err && !curb_may_at(req, EXCHANGE_MAKERS, a->server.region))
		err = curb_fail(
			CURB_EUNFIT,
			"This bundle is of %.*s, which is not in your region. Nothing was taken; give it "
			"to whoever looks after that region",
			(int)a->server.name.len, a->server.name.ptr);
	if (!err)
		err = curb_write(req, curb_id_str(&a->server.id), apply_write, a);
	apply_wipe(a);
	return err;
}

static struct applying applying_of(struct curb_req *req, struct exchange *x, struct curb_str bytes)
{
	return (struct applying){
		.x = x, .bytes = bytes, .by = curb_req_user(req)->id, .role = exchange_role(req)
	};
}

int exchange_post_in(struct curb_req *req, void *state)
{
	struct curb_str bytes = curb_str("");
	struct applying a = applying_of(req, state, bytes);
	int err = form_bytes(req, &a.bytes);
	if (!err)
		err = apply(req, &a);
	if (err && (!curb_req_wants_page(req) || curb_err_status(err) >= 500))
		return err;
	if (err) {
		struct curb_value *errors = curb_object(curb_req_arena(req));
		curb_put_text(errors, "file", curb_error_local());
		return exchange_show(req, state, curb_err_status(err), errors);
	}
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "/exchange/in/%s", a.arrived.id.text)));
}

int exchange_post_in_api(struct curb_req *req, void *state)
{
	struct applying a = applying_of(req, state, curb_str(""));
	int err = body_bytes(req, 0, curb_req_body_size(req), &a.bytes);
	if (!err)
		err = apply(req, &a);
	if (err)
		return err;
	CURB_AUTO(buf) struct curb_buf out = curb_buf(RECEIVED_MOST);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", a.arrived.id.text);
	curb_json_kstr(&j, "server", a.server.name);
	curb_json_kint(&j, "sequence", a.arrived.sequence);
	curb_json_kint(&j, "records", a.arrived.records);
	curb_json_kint(&j, "changed", a.arrived.news);
	curb_json_kint(&j, "entry", a.arrived.entry);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 201, &out);
}

/* ---- one bundle ---- */

int exchange_page_in(struct curb_req *req, void *state)
{
	struct exchange *x = state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *facts = curb_array(arena);
	struct arrived arrived;
	int err = arrived_by_id(x, curb_req_tx(req), curb_req_param(req, "id"), &arrived);
	if (!err && !curb_may_at(req, EXCHANGE_READERS, arrived.region))
		return curb_fail(CURB_ENOTFOUND, "No such bundle came in");
	if (err)
		return err;
	push_fact(req, facts, CURB_TEXT("From"), arrived.server_name);
	push_fact(req, facts, CURB_TEXT("Its number there"), exchange_number(req, arrived.sequence));
	push_fact(req, facts, CURB_TEXT("Made there on"), curb_words_date(req, arrived.made_ms));
	push_fact(req, facts, CURB_TEXT("Applied on"), curb_words_date(req, arrived.applied_ms));
	push_fact(req, facts, CURB_TEXT("Applied by"), exchange_person(req, &arrived.by));
	push_fact(req, facts, CURB_TEXT("Records in it"), exchange_number(req, arrived.records));
	push_fact(req, facts, CURB_TEXT("Records that it changed here"), exchange_number(req, arrived.news));
	push_fact(req, facts, CURB_TEXT("Entry of the ledger"), exchange_number(req, arrived.entry));
	curb_put(model, "facts", facts);
	curb_put_text(model, "from", curb_printf(arena, "/exchange/from/%s", arrived.server.text));
	struct curb_value *values = curb_object(arena);
	curb_put_int(values, "number", arrived.sequence);
	curb_put_str(values, "server", arrived.server_name);
	curb_put_str(model, "title", curb_tr(req, "Bundle {number} of {server} was applied", values));
	return curb_reply_page(req, 200, "arrived", model);
}

/* ---- the records of a server ---- */

enum { TRAINEE, PROGRAMME, PLACE, ONLINE, OFFLINE, COUNTED, RESULTS, CERTIFICATE, LABELS };
static const char *const labels[] = {
	CURB_TEXT("Trainee"),
	CURB_TEXT("Training programme"),
	CURB_TEXT("Institution"),
	CURB_TEXT("Online class hours"),
	CURB_TEXT("Offline class hours"),
	CURB_TEXT("Counted"),
	CURB_TEXT("Final assessment"),
	CURB_TEXT("Certificate"),
	NULL,
};

static struct curb_str hours(struct curb_req *req, const struct record *record, int64_t seconds)
{
	return curb_words_hours(req, seconds * 100 / record->hour_s);
}

static struct curb_str counted_text(struct curb_req *req, const struct record *record)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "counted", hours(req, record, record->counted_s));
	curb_put_str(values, "planned", hours(req, record, record->total_s));
	return record->left_ms ? curb_tr(req, "{counted} of {planned}, has left the class", values) :
	                         curb_tr(req, "{counted} of {planned}", values);
}

static struct curb_str results_text(struct curb_req *req, const struct record *record)
{
	if (record->theory == CERTIFICATE_PASSED && record->practice == CERTIFICATE_PASSED)
		return curb_tr(req, "passed", NULL);
	if (record->theory == CERTIFICATE_FAILED || record->practice == CERTIFICATE_FAILED)
		return curb_tr(req, "not passed", NULL);
	return curb_tr(req, "not complete", NULL);
}

static struct curb_value *row_of(struct curb_req *req, const struct record *record, bool whole)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
	const struct curb_str texts[LABELS] = {
		[TRAINEE] = whole ? record->name : curb_words_masked(arena, record->name),
		[PROGRAMME] = record->programme,
		[PLACE] = record->institution,
		[ONLINE] = hours(req, record, record->online_s),
		[OFFLINE] = hours(req, record, record->offline_s),
		[COUNTED] = counted_text(req, record),
		[RESULTS] = results_text(req, record),
		[CERTIFICATE] = record->code.len ? tr_one(req, CURB_TEXT("issued on {day}"), "day",
		                                          curb_words_date(req, record->issued_ms)) :
		                                   curb_tr(req, "none", NULL),
	};
	for (int i = 0; i < LABELS; i++)
		push_cell(req, cells, labels[i], texts[i], NULL);
	curb_put(row, "cells", cells);
	return row;
}

int exchange_page_from(struct curb_req *req, void *state)
{
	struct exchange *x = state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *rows = curb_array(arena);
	struct server server;
	struct kept *kept = NULL;
	size_t n = 0;
	int64_t page = 1, total = 0;
	if (!curb_str_int(curb_req_query(req, "page"), &page) || page < 1 || page > 100000)
		page = 1;
	int err = server_by_id(x, curb_req_tx(req), curb_req_param(req, "id"), &server);
	if (!err && !curb_may_at(req, EXCHANGE_READERS, server.region))
		return curb_fail(CURB_ENOTFOUND, "There is no such server");
	if (!err)
		err = kept_of(x, curb_req_tx(req), &server.id, (page - 1) * RECORDS_SHOWN, RECORDS_SHOWN,
		              &kept, &n, &total);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++)
		curb_push(rows,
		          row_of(req, &kept[i].record, curb_may_at(req, EXCHANGE_MAKERS, server.region)));
	put_columns(req, model, labels);
	curb_put(model, "rows", rows);
	curb_put_str(model, "title", tr_one(req, CURB_TEXT("Records of {server}"), "server", server.name));
	curb_put_pager(req, model, curb_printf(arena, "/exchange/from/%s?page={page}", server.id.text), page,
	               RECORDS_SHOWN, total);
	return curb_reply_page(req, 200, "from", model);
}
