/* FTS5 tokenizer: Han, kana and Hangul as overlapping pairs, everything else as whole words in lower case.
 *
 * 按摩师 in a document gives 按摩, 摩师 and 师: the last character stands alone too, so that each character begins a
 * token and one character is found as a prefix. In a query the lone last one is left out, or a phrase would
 * only match at the end of a run.
 */
#include "hanbigram.h"

#include "inside.h"

enum { TOKEN_MAX = 64 * 4 };

/* ---- characters ---- */

static bool in(uint32_t c, uint32_t first, uint32_t last)
{
	return c >= first && c <= last;
}

static bool is_han(uint32_t c)
{
	return in(c, 0x4e00, 0x9fff) || in(c, 0x3400, 0x4dbf) || c == 0x3005 || c == 0x3007 ||
	       in(c, 0x3041, 0x30ff) || in(c, 0xac00, 0xd7af) || in(c, 0xf900, 0xfaff) ||
	       in(c, 0x20000, 0x3fffd);
}

/* Full-width letters and digits, common in Chinese text, are those they stand for. */
static uint32_t fold(uint32_t c)
{
	if (in(c, 0xff10, 0xff5a))
		c -= 0xfee0;
	if (in(c, 'A', 'Z') || (in(c, 0xc0, 0xde) && c != 0xd7) || in(c, 0x391, 0x3a9) || in(c, 0x410, 0x42f))
		return c + 0x20;
	if (in(c, 0x400, 0x40f))
		return c + 0x50;
	bool even_is_capital = in(c, 0x100, 0x137) || in(c, 0x14a, 0x177) || in(c, 0x1e00, 0x1eff);
	if (even_is_capital)
		return c | 1;
	if ((in(c, 0x139, 0x148) || in(c, 0x179, 0x17e)) && c % 2)
		return c + 1;
	return c;
}

static bool is_word(uint32_t folded)
{
	if (folded < 0x80)
		return in(folded, 'a', 'z') || in(folded, '0', '9');
	return folded == 0xaa || folded == 0xb5 || folded == 0xba ||
	       (in(folded, 0xc0, 0x1fff) && folded != 0xd7 && folded != 0xf7 && folded != 0x37e) ||
	       in(folded, 0x2c00, 0x2dff) || in(folded, 0xa640, 0xabff);
}

enum hanbigram_kind hanbigram_kind(uint32_t c)
{
	if (is_han(c))
		return HANBIGRAM_HAN;
	return is_word(fold(c)) ? HANBIGRAM_WORD : HANBIGRAM_NONE;
}

static size_t put_utf8(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* ---- runs ---- */

typedef int (*token_fn)(void *arg, int flags, const char *token, int len, int start, int end);

struct walk {
	struct curb_str text;
	size_t at;
	bool query;
	token_fn token;
	void *arg;
};

static enum hanbigram_kind peek(const struct walk *w, size_t *ret_after, uint32_t *ret_c)
{
	if (w->at >= w->text.len)
		return HANBIGRAM_NONE;
	*ret_after = w->at;
	*ret_c = curb_utf8_next(w->text, ret_after);
	return hanbigram_kind(*ret_c);
}

static int take_word(struct walk *w)
{
	char token[TOKEN_MAX];
	size_t len = 0, start = w->at, after = 0;
	uint32_t c = 0;
	while (peek(w, &after, &c) == HANBIGRAM_WORD) {
		if (len + 4 <= sizeof token)
			len += put_utf8(fold(c), token + len);
		w->at = after;
	}
	return w->token(w->arg, 0, token, (int)len, (int)start, (int)w->at);
}

static int give(const struct walk *w, size_t start, size_t end)
{
	return w->token(w->arg, 0, w->text.ptr + start, (int)(end - start), (int)start, (int)end);
}

static int take_han(struct walk *w)
{
	size_t before = w->at, after = 0, count = 0;
	uint32_t c = 0;
	int rc = SQLITE_OK;
	while (rc == SQLITE_OK && peek(w, &after, &c) == HANBIGRAM_HAN) {
		if (count++)
			rc = give(w, before, after);
		before = w->at;
		w->at = after;
	}
	if (rc == SQLITE_OK && (!w->query || count == 1))
		rc = give(w, before, w->at);
	return rc;
}

static int tokenize(Fts5Tokenizer *self, void *arg, int flags, const char *text, int len, token_fn token)
{
	(void)self;
	struct walk w = { .text = curb_str_n(text, len > 0 ? (size_t)len : 0),
		          .query = flags & FTS5_TOKENIZE_QUERY,
		          .token = token,
		          .arg = arg };
	int rc = SQLITE_OK;
	while (rc == SQLITE_OK && w.at < w.text.len) {
		size_t after = 0;
		uint32_t c = 0;
		switch (peek(&w, &after, &c)) {
		case HANBIGRAM_HAN: rc = take_han(&w); break;
		case HANBIGRAM_WORD: rc = take_word(&w); break;
		case HANBIGRAM_NONE: w.at = after; break;
		}
	}
	return rc;
}

/* ---- what SQLite wants ---- */

static int make(void *context, const char **args, int count, Fts5Tokenizer **ret_self)
{
	(void)context;
	(void)args;
	(void)count;
	static char none; /* it has no state, but NULL would mean failure */
	*ret_self = (Fts5Tokenizer *)(void *)&none;
	return SQLITE_OK;
}

static void drop(Fts5Tokenizer *self)
{
	(void)self;
}

int hanbigram_register(struct store_conn *conn)
{
	static fts5_tokenizer tokenizer = { make, drop, tokenize };
	fts5_api *api = NULL;
	sqlite3_stmt *raw = NULL;
	int rc = sqlite3_prepare_v2(conn->db, "SELECT fts5(?1)", -1, &raw, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_pointer(raw, 1, &api, "fts5_api_ptr", NULL);
	if (rc == SQLITE_OK)
		(void)sqlite3_step(raw);
	rc = sqlite3_finalize(raw);
	if (rc == SQLITE_OK && api)
		rc = api->xCreateTokenizer(api, "hanbigram", NULL, &tokenizer, NULL);
	if (rc != SQLITE_OK || !api)
		return conn_fail(conn, rc == SQLITE_OK ? SQLITE_ERROR : rc, "fts5");
	return 0;
}
