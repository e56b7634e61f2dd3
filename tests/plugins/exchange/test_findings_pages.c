/* Findings as files: however many there are, each line is in one of them. */
#include "cm.h"
#include "curb/cleanup.h"
#include "exchange.h"

#include "findings_pages.c"

enum { RECORDS = LOOKED_AT_MOST, ARENA_MOST = 256 << 20 };

static struct curb_arena *arena;
static struct curb_value *shown;
static const char *asked;
static size_t lines;
static int replied;

/* ---- the request, and what the pages are made with ---- */

struct curb_arena *curb_req_arena(struct curb_req *req)
{
	(void)req;
	return arena;
}

struct curb_tx *curb_req_tx(struct curb_req *req)
{
	(void)req;
	return NULL;
}

struct curb_str curb_req_query(struct curb_req *req, const char *name)
{
	(void)req;
	return curb_str(strcmp(name, "part") == 0 ? asked : NULL);
}

int curb_req_institutions(struct curb_req *req, uint32_t roles, const struct curb_id **ret_ids, size_t *ret_n)
{
	(void)req;
	(void)roles;
	*ret_ids = NULL;
	*ret_n = 0;
	return 0;
}

bool curb_may_at(struct curb_req *req, uint32_t roles, struct curb_str place)
{
	(void)req;
	(void)roles;
	(void)place;
	return true;
}

struct curb_str curb_tr(struct curb_req *req, const char *source, const struct curb_value *values)
{
	(void)req;
	(void)values;
	return curb_str(source);
}

void push_cell(struct curb_req *req, struct curb_value *cells, const char *label, struct curb_str text,
               const char *href)
{
	(void)req;
	(void)cells;
	(void)label;
	(void)text;
	(void)href;
}

void put_columns(struct curb_req *req, struct curb_value *model, const char *const *list)
{
	(void)req;
	(void)model;
	(void)list;
}

int curb_reply_page(struct curb_req *req, int status, const char *name, struct curb_value *model)
{
	(void)req;
	(void)status;
	(void)name;
	shown = model;
	return 0;
}

void csv_begin(struct curb_buf *out)
{
	lines = 0;
	curb_buf_text(out, "mark");
}

void csv_cell(struct curb_buf *out, struct curb_str text, char behind)
{
	curb_buf_char(out, '"');
	curb_buf_str(out, text);
	curb_buf_char(out, '"');
	curb_buf_char(out, behind);
	lines += behind == '\n';
}

int csv_reply(struct curb_req *req, struct curb_buf *out, const char *name)
{
	(void)req;
	(void)name;
	replied = curb_buf_check(out);
	curb_buf_free(out);
	return replied;
}

/* ---- the records: each with half a dozen findings, and texts as long as they may be ---- */

int curb_person_number(struct curb_tx *tx, const struct curb_id *person,
                       const unsigned char key[CURB_NUMBER_KEY], struct curb_person_number *ret_number)
{
	(void)tx;
	(void)person;
	(void)key;
	*ret_number = (struct curb_person_number){ .mark = curb_str(NULL) };
	return 0;
}

int records_each(struct exchange *x, struct curb_tx *tx, const struct curb_id *institutions, size_t n,
                 records_fn one, void *arg)
{
	static char text[RECORD_TEXT];
	bool enough = false;
	int err = 0;
	(void)x;
	(void)tx;
	(void)institutions;
	(void)n;
	memset(text, 'a', sizeof text);
	for (int i = 0; !err && i < RECORDS; i++) {
		const struct curb_str long_one = curb_str_n(text, sizeof text);
		const struct record record = {
			.class_id = curb_id_of(curb_str("01900000-0000-7000-8000-000000000002")),
			.person = curb_str(curb_printf(arena, "%064d", i)),
			.programme = long_one,
			.institution = long_one,
			.name = long_one,
			.starts_ms = 10,
			.hour_s = 2700,
			.total_s = 1,
			.counted_s = 2,
			.code = curb_str("7K3MXA92HJ4PRTC8"),
			.issued_ms = 1,
		};
		err = one(arg, &record.class_id, &record, &enough);
	}
	return err;
}

int servers_all(struct exchange *x, struct curb_tx *tx, struct server **ret, size_t *ret_n)
{
	(void)x;
	(void)tx;
	*ret = NULL;
	*ret_n = 0;
	return 0;
}

int kept_of(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, int64_t skip, int64_t most,
            struct kept **ret, size_t *ret_n, int64_t *ret_total)
{
	(void)x;
	(void)tx;
	(void)server;
	(void)skip;
	(void)most;
	(void)ret;
	*ret_n = 0;
	*ret_total = 0;
	return 0;
}

/* ---- tests ---- */

static void bug_many_findings__are_all_in_files(void **state)
{
	struct exchange x = { .host = NULL };
	size_t sum = 0;
	(void)state;
	arena = curb_arena_new(ARENA_MOST);
	assert_int_equal(exchange_page_findings(NULL, &x), 0);
	size_t files = curb_value_count(curb_value_get(shown, "files"));
	assert_true(files > 1);
	for (size_t i = 1; i <= files; i++) {
		char part[32];
		(void)snprintf(part, sizeof part, "%zu", i);
		curb_arena_reset(arena);
		asked = part;
		assert_int_equal(exchange_get_findings(NULL, &x), 0);
		assert_true(lines > 1);
		sum += lines - 1; /* without its head */
	}
	assert_true(sum >= (size_t)5 * RECORDS);
	asked = "99";
	assert_int_equal(exchange_get_findings(NULL, &x), 0);
	assert_int_equal(lines, 1); /* behind the last one there is none */
	curb_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(bug_many_findings__are_all_in_files) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
