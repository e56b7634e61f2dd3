#include "curb/cleanup.h"
#include "curb/err.h"
#include "paper.h"

#define PAPER                                                                                                \
	"SELECT p.code, p.cohort, p.made_by, p.unit, p.day, p.made_ms, coalesce(f.id, ''), "                 \
	"coalesce(f.sha256, ''), coalesce(s.id, ''), w.sealed_words, EXISTS (SELECT 1 FROM "                 \
	"credit_attended a WHERE a.sheet = s.id AND a.signed_ms IS NOT NULL) FROM credit_paper p "           \
	"LEFT JOIN credit_paper_photo f ON f.id = (SELECT id FROM credit_paper_photo WHERE code = p.code "   \
	"ORDER BY added_ms DESC, id DESC LIMIT 1) LEFT JOIN credit_sheet s ON s.paper = p.code AND s.paper " \
	"<> '' LEFT JOIN credit_paper_words w ON w.photo = f.id AND w.number = (SELECT max(number) FROM "    \
	"credit_paper_words WHERE photo = f.id AND later = 0) "

static void read_paper(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct paper *)row = (struct paper){
		.code = curb_dup(arena, curb_col_text(stmt, 0)),
		.cohort = curb_col_id(stmt, 1),
		.made_by = curb_col_id(stmt, 2),
		.unit = curb_col_int(stmt, 3),
		.day = curb_col_int(stmt, 4),
		.made_ms = curb_col_int(stmt, 5),
		.photo = curb_col_id(stmt, 6),
		.sha256 = curb_dup(arena, curb_col_text(stmt, 7)),
		.sheet = curb_col_id(stmt, 8),
		.words = curb_dup(arena, curb_col_blob(stmt, 9)), /* sealed: opened by paper_by_code */
		.fixed = curb_col_int(stmt, 10) != 0,
	};
}

static const struct credit_rows rows = { sizeof(struct paper), read_paper };

int paper_by_code(struct credit *c, struct curb_tx *tx, struct curb_str code, struct paper *ret_paper)
{
	struct paper *found = NULL;
	size_t n = 0;
	int err = credit_gather(c, tx, PAPER "WHERE p.code = $1",
	                        CURB_BINDS(curb_text(code.ptr ? code : curb_str(""))), rows, &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no printed sheet with this code");
	if (!err && found->words.ptr)
		err = curb_unseal(tx, "credit_paper_words", "sealed_words", &found->photo, found->words,
		                  &found->words);
	if (!err)
		*ret_paper = *found;
	return err;
}

int papers_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, struct paper **ret_papers,
              size_t *ret_n)
{
	int err = credit_gather(c, tx, PAPER "WHERE p.cohort = $1 ORDER BY p.made_ms DESC, p.code LIMIT $2",
	                        CURB_BINDS(curb_bind_id(cohort), curb_int(PAPERS_SHOWN)), rows, ret_papers,
	                        ret_n);
	for (size_t i = 0; !err && i < *ret_n; i++)
		(*ret_papers)[i].words = curb_str(NULL);
	return err;
}

int paper_add(struct credit *c, struct curb_tx *tx, const struct paper *paper)
{
	static const char sql[] = "INSERT INTO credit_paper (code, cohort, unit, day, made_ms, made_by) "
				  "VALUES ($1, $2, $3, $4, $5, $6)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_text(paper->code), curb_bind_id(&paper->cohort),
	                            curb_int(paper->unit), curb_int(paper->day), curb_int(paper->made_ms),
	                            curb_bind_id(&paper->made_by)),
	                 NULL);
}

int paper_seal(struct curb_tx *tx, struct paper_photo *photo, struct curb_str bytes)
{
	return curb_seal(tx, "credit_paper_photo", "sealed_bytes", &photo->id, bytes, &photo->sealed);
}

int paper_seal_words(struct curb_tx *tx, struct paper_photo *photo, struct curb_str words)
{
	return curb_seal(tx, "credit_paper_words", "sealed_words", &photo->id, words, &photo->sealed_words);
}

int paper_add_photo(struct credit *c, struct curb_tx *tx, const struct paper_photo *photo)
{
	static const char sql[] =
		"INSERT INTO credit_paper_photo (id, code, type, sha256, sealed_bytes, added_ms, added_by) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&photo->id), curb_text(photo->code),
	                            curb_cstring(photo->type), curb_text(photo->sha256),
	                            curb_blob(photo->sealed), curb_int(photo->now_ms),
	                            curb_bind_id(&photo->by)),
	                 NULL);
}

int paper_add_words(struct credit *c, struct curb_tx *tx, const struct paper_photo *photo)
{
	static const char sql[] = "INSERT INTO credit_paper_words (photo, number, sealed_words, told_ms, "
				  "told_by, later) SELECT "
				  "$1, 1 + count(*), $2, $3, $4, $5 FROM credit_paper_words WHERE photo = $1";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&photo->id), curb_blob(photo->sealed_words),
	                            curb_int(photo->now_ms), curb_bind_id(&photo->by),
	                            curb_int(photo->later)),
	                 NULL);
}

static void read_told(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct paper_told *)row = (struct paper_told){
		.words = curb_dup(curb_tx_arena(tx), curb_col_blob(stmt, 0)), /* sealed still */
		.by = curb_col_id(stmt, 1),
		.at_ms = curb_col_int(stmt, 2),
	};
}

int paper_told_later(struct credit *c, struct curb_tx *tx, const struct paper *paper,
                     struct paper_told **ret_told, size_t *ret_n)
{
	static const char sql[] =
		"SELECT sealed_words, told_by, told_ms FROM credit_paper_words WHERE photo = $1 "
		"AND later = 1 ORDER BY number";
	int err = credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(&paper->photo)),
	                        (struct credit_rows){ sizeof(struct paper_told), read_told }, ret_told,
	                        ret_n);
	for (size_t i = 0; !err && i < *ret_n; i++)
		err = curb_unseal(tx, "credit_paper_words", "sealed_words", &paper->photo,
		                  (*ret_told)[i].words, &(*ret_told)[i].words);
	return err;
}

int paper_with(struct credit *c, struct curb_tx *tx, const struct paper *but, struct curb_str sha256,
               struct paper *ret_other)
{
	static const char sql[] = PAPER
		"WHERE p.code IN (SELECT code FROM credit_paper_photo WHERE sha256 = $1) "
		"AND p.code <> $2 AND f.sha256 = $1 ORDER BY p.made_ms, p.code LIMIT 1";
	struct paper *found = NULL;
	size_t n = 0;
	int err = credit_gather(c, tx, sql, CURB_BINDS(curb_text(sha256), curb_text(but->code)), rows, &found,
	                        &n);
	if (!err && n == 0)
		return CURB_ENOTFOUND;
	if (!err)
		*ret_other = *found;
	return err;
}

int paper_photo_bytes(struct credit *c, struct curb_tx *tx, const struct curb_id *photo,
                      struct curb_str *ret_bytes, const char **ret_type)
{
	static const char sql[] = "SELECT sealed_bytes, type FROM credit_paper_photo WHERE id = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(photo)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "There is no photo yet");
	*ret_type = curb_str_is(curb_col_text(stmt, 1), "image/png") ? "image/png" : "image/jpeg";
	return curb_unseal(tx, "credit_paper_photo", "sealed_bytes", photo, curb_col_blob(stmt, 0),
	                   ret_bytes);
}
