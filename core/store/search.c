/* Search indexes: an FTS5 table per declared search, which keeps no text of its own (the rows of the plugin's table are
 * its content) and follows that table by three triggers. core_search remembers the shape that was built, so a changed
 * declaration builds it anew. */
#include <stdlib.h>

#include "hanbigram.h"
#include "inside.h"

enum { SQL_MAX = 16 * 1024, COLUMNS_MAX = 16, PHRASES_MAX = 16, MATCH_MAX = 4096, RANKED_MOST = 2000 };

#define SHAPE_VERSION "hanbigram-1"

/* ---- names ---- */

static bool is_name(struct curb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!(s.ptr[i] == '_' || (s.ptr[i] >= 'a' && s.ptr[i] <= 'z') ||
		      (i && s.ptr[i] >= '0' && s.ptr[i] <= '9')))
			return false;
	return s.len > 0 && s.len < 64;
}

static int check_declaration(const struct curb_host *host, const struct curb_search *search)
{
	if (!is_name(curb_str(search->table)) || !guard_owns(host->owner, search->table))
		return curb_fail(CURB_EINVAL, "%s may not search %s", host->owner, search->table);
	struct curb_str columns = curb_str(search->columns), weights = curb_str(search->weights), part;
	int names = 0, numbers = 0;
	for (; curb_str_cut(&columns, ',', &part); names++)
		if (!is_name(curb_str_trim(part)))
			return curb_fail(CURB_EINVAL, "search of %s: bad column %.*s", search->table,
			                 (int)part.len, part.ptr);
	for (int64_t n; curb_str_cut(&weights, ',', &part); numbers++)
		if (!curb_str_int(curb_str_trim(part), &n) || n < 0)
			return curb_fail(CURB_EINVAL, "search of %s: bad weight %.*s", search->table,
			                 (int)part.len, part.ptr);
	if (names < 1 || names > COLUMNS_MAX || names != numbers)
		return curb_fail(CURB_EINVAL, "search of %s: %d columns and %d weights", search->table, names,
		                 numbers);
	return 0;
}

/* ---- SQL ---- */

/* The columns with `before` in front of each, separated by commas. */
static void put_list(struct curb_buf *sql, const char *list, const char *before)
{
	struct curb_str rest = curb_str(list), part;
	for (const char *comma = ""; curb_str_cut(&rest, ',', &part); comma = ", ") {
		curb_buf_text(sql, comma);
		curb_buf_text(sql, before);
		curb_buf_str(sql, curb_str_trim(part));
	}
}

static void put_index(struct curb_buf *sql, const struct curb_search *s)
{
	curb_buf_printf(sql, "CREATE VIRTUAL TABLE %s_fts USING fts5(", s->table);
	put_list(sql, s->columns, "");
	curb_buf_printf(sql, ", content='%s', content_rowid='rowid', tokenize='hanbigram', prefix='1')",
	                s->table);
}

static void put_remove(struct curb_buf *sql, const struct curb_search *s)
{
	curb_buf_printf(sql, "INSERT INTO %s_fts(%s_fts, rowid, ", s->table, s->table);
	put_list(sql, s->columns, "");
	curb_buf_text(sql, ") VALUES ('delete', old.rowid, ");
	put_list(sql, s->columns, "old.");
	curb_buf_text(sql, "); ");
}

static void put_add(struct curb_buf *sql, const struct curb_search *s)
{
	curb_buf_printf(sql, "INSERT INTO %s_fts(rowid, ", s->table);
	put_list(sql, s->columns, "");
	curb_buf_text(sql, ") VALUES (new.rowid, ");
	put_list(sql, s->columns, "new.");
	curb_buf_text(sql, "); ");
}

enum { INSERTED, DELETED, UPDATED, TRIGGERS };
static const char *const trigger_names[TRIGGERS] = { "insert", "delete", "update" };

static void put_trigger(struct curb_buf *sql, const struct curb_search *s, int which)
{
	curb_buf_printf(sql, "CREATE TRIGGER %s_fts_%s AFTER %s", s->table, trigger_names[which],
	                trigger_names[which]);
	if (which == UPDATED) {
		curb_buf_text(sql, " OF ");
		put_list(sql, s->columns, "");
	}
	curb_buf_printf(sql, " ON %s BEGIN ", s->table);
	if (which != INSERTED)
		put_remove(sql, s);
	if (which != DELETED)
		put_add(sql, s);
	curb_buf_text(sql, "END");
}

/* Rows of equal weight come in the order they were added. The table is asked for the rows of the page only: a common
 * word has tens of thousands. */
static void put_query(struct curb_buf *sql, const struct curb_search *s)
{
	curb_buf_printf(sql, "SELECT t.id FROM (SELECT rowid AS number, bm25(%s_fts, ", s->table);
	put_list(sql, s->weights, "");
	curb_buf_printf(
		sql,
		") AS weight FROM %s_fts WHERE %s_fts MATCH $1 ORDER BY 2, 1 LIMIT $2 OFFSET $3) AS found "
		"JOIN %s t ON t.rowid = found.number ORDER BY found.weight, found.number",
		s->table, s->table, s->table);
}

/* To weigh a hundred thousand rows that all have a word takes half a second, and tells none of them from the others. */
static void put_plain_query(struct curb_buf *sql, const struct curb_search *s)
{
	curb_buf_printf(
		sql,
		"SELECT t.id FROM (SELECT rowid AS number FROM %s_fts WHERE %s_fts MATCH $1 ORDER BY rowid "
		"LIMIT $2 OFFSET $3) AS found JOIN %s t ON t.rowid = found.number ORDER BY found.number",
		s->table, s->table, s->table);
}

static void put_count_query(struct curb_buf *sql, const struct curb_search *s)
{
	curb_buf_printf(sql, "SELECT count(*) FROM (SELECT 1 FROM %s_fts WHERE %s_fts MATCH $1 LIMIT $2)",
	                s->table, s->table);
}

static int run_buf(struct store_conn *conn, struct curb_buf *sql)
{
	int err = curb_buf_check(sql);
	if (!err)
		err = conn_run(conn, sql->data, NULL);
	curb_buf_clear(sql);
	return err;
}

/* ---- building ---- */

struct making {
	struct curb_host *host;
	const struct curb_search *searches;
};

static int bind_run(struct store_conn *conn, const char *sql, const char *const *texts, bool *ret_row)
{
	sqlite3_stmt *raw = NULL;
	conn->guard = GUARD_STORE;
	int rc = sqlite3_prepare_v2(conn->db, sql, -1, &raw, NULL);
	for (int i = 0; rc == SQLITE_OK && texts[i]; i++)
		rc = sqlite3_bind_text(raw, i + 1, texts[i], -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(raw);
	if (ret_row)
		*ret_row = rc == SQLITE_ROW;
	(void)sqlite3_finalize(raw);
	conn->guard = GUARD_SHUT;
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? 0 : conn_fail(conn, rc, sql);
}

/* A migration that rebuilds the table drops its triggers with it: then the index is stale as well. */
static int is_current(struct store_conn *conn, const struct curb_search *s, const char *shape,
                      bool *ret_current)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(64 * 1024);
	int err = bind_run(conn, "SELECT 1 FROM core_search WHERE table_name = $1 AND shape = $2",
	                   (const char *const[]){ s->table, shape, NULL }, ret_current);
	for (int i = 0; !err && *ret_current && i < TRIGGERS; i++)
		err = bind_run(
			conn,
			"SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = $1 AND tbl_name = $2",
			(const char *const[]){ curb_printf(arena, "%s_fts_%s", s->table, trigger_names[i]),
		                               s->table, NULL },
			ret_current);
	return err;
}

static int drop_index(struct store_conn *conn, const char *table, struct curb_buf *sql)
{
	int err = 0;
	for (int i = 0; !err && i < TRIGGERS; i++) {
		curb_buf_printf(sql, "DROP TRIGGER IF EXISTS %s_fts_%s", table, trigger_names[i]);
		err = run_buf(conn, sql);
	}
	curb_buf_printf(sql, "DROP TABLE IF EXISTS %s_fts", table);
	return err ? err : run_buf(conn, sql);
}

static int build_index(struct store_conn *conn, const struct making *m, const struct curb_search *s,
                       const char *shape, struct curb_buf *sql)
{
	int err = drop_index(conn, s->table, sql);
	put_index(sql, s);
	if (!err)
		err = run_buf(conn, sql);
	for (int i = 0; !err && i < TRIGGERS; i++) {
		curb_buf_clear(sql);
		put_trigger(sql, s, i);
		err = run_buf(conn, sql);
	}
	curb_buf_clear(sql);
	curb_buf_printf(sql, "INSERT INTO %s_fts(%s_fts) VALUES ('rebuild')", s->table, s->table);
	if (!err)
		err = run_buf(conn, sql);
	if (!err)
		err = bind_run(conn,
		               "INSERT INTO core_search (owner, table_name, shape) VALUES ($1, $2, $3) "
		               "ON CONFLICT (table_name) DO UPDATE SET shape = excluded.shape",
		               (const char *const[]){ m->host->owner, s->table, shape, NULL }, NULL);
	return err;
}

static int make_one(struct store_conn *conn, const struct making *m, const struct curb_search *s)
{
	CURB_AUTO(buf) struct curb_buf sql = curb_buf(SQL_MAX), shape = curb_buf(SQL_MAX);
	bool current = false;
	curb_buf_printf(&shape, "%s|%s", SHAPE_VERSION, s->columns);
	int err = is_current(conn, s, shape.data, &current);
	if (err || current)
		return err;
	int rc = conn_fixed(conn, FIXED_BEGIN_WRITE);
	if (rc != SQLITE_OK)
		return conn_fail(conn, rc, "BEGIN");
	err = build_index(conn, m, s, shape.data, &sql);
	if (!err) {
		rc = conn_fixed(conn, FIXED_COMMIT);
		err = rc == SQLITE_OK ? 0 : conn_fail(conn, rc, "COMMIT");
	}
	if (err && !conn->broken && !sqlite3_get_autocommit(conn->db))
		(void)conn_fixed(conn, FIXED_ROLLBACK);
	return err;
}

/* Published last, so that a reader that finds it finds its index too. */
static void publish(struct curb_store *store, const struct making *m, const struct curb_search *s)
{
	struct curb_buf sql = curb_buf(SQL_MAX), plain = curb_buf(SQL_MAX), count = curb_buf(SQL_MAX);
	put_query(&sql, s);
	put_plain_query(&plain, s);
	put_count_query(&count, s);
	CURB_ASSERT(!sql.failed && !plain.failed && !count.failed);
	struct search *search = curb_xcalloc(1, sizeof *search);
	search->owner = curb_xstrdup(m->host->owner);
	search->table = curb_xstrdup(s->table);
	search->sql = sql.data;
	search->plain = plain.data;
	search->count = count.data;
	search->next = atomic_load(&store->searches);
	atomic_store(&store->searches, search);
}

static int make_task(struct curb_store *store, void *arg)
{
	const struct making *m = arg;
	for (const struct curb_search *s = m->searches; s && s->table; s++) {
		int err = check_declaration(m->host, s);
		if (!err)
			err = make_one(store->writer, m, s);
		if (err)
			return err;
		publish(store, m, s);
	}
	return 0;
}

int store_make_searches(struct curb_store *store, struct curb_host *host, const struct curb_search *searches)
{
	CURB_ASSERT(host && host->magic == CURB_HOST_MAGIC);
	struct making m = { .host = host, .searches = searches };
	return writer_task(store, make_task, &m);
}

int searches_settle(struct curb_store *store)
{
	CURB_AUTO(buf) struct curb_buf sql = curb_buf(SQL_MAX);
	int err = 0;
	for (const struct search *s = atomic_load(&store->searches); s && !err; s = s->next) {
		curb_buf_printf(&sql, "INSERT INTO %s_fts(%s_fts) VALUES ('optimize')", s->table, s->table);
		err = run_buf(store->writer, &sql);
	}
	return err;
}

void searches_free(struct curb_store *store)
{
	struct search *next;
	for (struct search *s = atomic_load(&store->searches); s; s = next) {
		next = s->next;
		free(s->owner);
		free(s->table);
		free(s->sql);
		free(s->plain);
		free(s->count);
		free(s);
	}
}

/* ---- asking ---- */

/* What a person typed as an expression that is never a syntax error: each run of characters of one kind is a quoted
 * phrase, all must match; one Han character alone matches as the beginning of a pair. */
static void put_match(struct curb_buf *out, struct curb_str words)
{
	int phrases = 0;
	for (size_t at = 0; at < words.len && phrases < PHRASES_MAX;) {
		size_t start = at, end = at, count = 0;
		enum hanbigram_kind kind = hanbigram_kind(curb_utf8_next(words, &at));
		for (end = at, count = 1; kind != HANBIGRAM_NONE && at < words.len; end = at, count++)
			if (hanbigram_kind(curb_utf8_next(words, &at)) != kind)
				break;
		at = end;
		if (kind == HANBIGRAM_NONE)
			continue;
		curb_buf_text(out, phrases++ ? " AND \"" : "\"");
		curb_buf_str(out, curb_str_n(words.ptr + start, end - start));
		curb_buf_text(out, kind == HANBIGRAM_HAN && count == 1 ? "\" *" : "\"");
	}
	if (!phrases)
		curb_buf_text(out, "\"\""); /* matches nothing */
}

/* Whether so many rows match that they are not weighed. */
static int count_hits(struct curb_host *host, struct curb_tx *tx, const struct search *search,
                      struct curb_str match, bool *ret_many)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(host, tx, search->count, CURB_BINDS(curb_text(match), curb_int(RANKED_MOST + 1)),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_many = curb_col_int(stmt, 0) > RANKED_MOST;
	return 0;
}

int curb_search(struct curb_host *host, struct curb_tx *tx, const char *table, struct curb_str words,
                int64_t limit, int64_t offset, struct curb_stmt **ret_stmt)
{
	CURB_ASSERT(host && host->magic == CURB_HOST_MAGIC);
	CURB_ASSERT(tx && tx->magic == TX_MAGIC);
	const struct search *search = atomic_load(&tx->conn->store->searches);
	while (search && (strcmp(search->table, table) != 0 || strcmp(search->owner, host->owner) != 0))
		search = search->next;
	if (!search)
		return curb_fail(CURB_EINTERNAL, "%s has declared no search of %s", host->owner, table);
	CURB_AUTO(buf) struct curb_buf match = curb_buf(MATCH_MAX);
	put_match(&match, words);
	if (match.failed)
		return curb_fail(CURB_ETOOBIG, "the search words are too long; use fewer");
	struct curb_str text = curb_dup(curb_tx_arena(tx), curb_buf_view(&match));
	bool many = false;
	int err = count_hits(host, tx, search, text, &many);
	if (err)
		return err;
	return curb_query(host, tx, many ? search->plain : search->sql,
	                  CURB_BINDS(curb_text(text), curb_int(limit), curb_int(offset)), ret_stmt);
}
