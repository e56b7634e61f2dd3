#include "pseudo.h"

#include <stdlib.h>
#include <string.h>

#include "curb/buf.h"
#include "curb/err.h"
#include "pages.h"

enum { TEXT_MAX = 1 << 20, FILE_HEAD = 28, ROW = 8 };

static const char *accented(char c)
{
	static const char *const small[26] = { "á", "ƀ", "ç", "ð", "é", "ƒ", "ĝ", "ĥ", "í",
		                               "ĵ", "ķ", "ļ", "ɱ", "ñ", "ó", "þ", "ǫ", "ŕ",
		                               "š", "ţ", "ú", "ṽ", "ŵ", "ẋ", "ý", "ž" };
	static const char *const large[26] = { "Á", "Ɓ", "Ç", "Ð", "É", "Ƒ", "Ĝ", "Ĥ", "Í",
		                               "Ĵ", "Ķ", "Ļ", "Ṁ", "Ñ", "Ó", "Þ", "Ǫ", "Ŕ",
		                               "Š", "Ţ", "Ú", "Ṽ", "Ŵ", "Ẋ", "Ý", "Ž" };
	return c >= 'a' && c <= 'z' ? small[c - 'a'] : c >= 'A' && c <= 'Z' ? large[c - 'A'] : NULL;
}

/* Length of what must stay as it is at `s`: a {name}, or a part of a format. */
static size_t kept(const char *s)
{
	if (*s == '{')
		return strcspn(s, "}") + 1;
	if (*s != '%')
		return 0;
	size_t n = 1 + strspn(s + 1, ".*0123456789");
	n += strspn(s + n, "hlz");
	return s[n] && strchr("sdufcx%", s[n]) ? n + 1 : 1;
}

static const char *pseudo_text(struct curb_arena *arena, const char *source, bool leftwards)
{
	struct curb_buf out = curb_buf(TEXT_MAX);
	curb_buf_text(&out, leftwards ? "⟦\xE2\x80\xAE" : "⟦"); /* right-to-left override … */
	for (const char *s = source; *s;) {
		size_t n = kept(s);
		const char *letter = accented(*s);
		if (n) {
			curb_buf_add(&out, s, n);
			s += n;
			continue;
		}
		if (letter && strchr("aeiouAEIOU", *s))
			curb_buf_text(&out, letter);
		if (letter)
			curb_buf_text(&out, letter);
		else
			curb_buf_char(&out, *s);
		s++;
	}
	curb_buf_text(&out, leftwards ? "\xE2\x80\xAC⟧" : "⟧"); /* … and its end */
	const char *text = curb_cstr(arena, curb_buf_view(&out));
	curb_buf_free(&out);
	return text;
}

static void put_u32(struct curb_buf *out, size_t value)
{
	for (int shift = 0; shift < 32; shift += 8)
		curb_buf_char(out, (char)(value >> shift & 255));
}

/* Lengths and places of texts that begin at `at`; behind the last of them. */
static size_t put_rows(struct curb_buf *out, const char *const *texts, size_t count, size_t at)
{
	for (size_t i = 0; i < count; i++) {
		put_u32(out, strlen(texts[i]));
		put_u32(out, at);
		at += strlen(texts[i]) + 1;
	}
	return at;
}

static int add_catalog(struct pages *pages, const char *owner, const struct mo *mo, const char *file,
                       bool leftwards)
{
	const char **sources = curb_alloc_n(pages->arena, mo->count + 1, sizeof *sources);
	const char **texts = curb_alloc_n(pages->arena, mo->count + 1, sizeof *texts);
	size_t count = 0;
	for (uint32_t i = 0; i < mo->count; i++) {
		const char *source = mo_source(mo, i);
		if (!*source)
			continue;
		const char *behind = strchr(source, '\4'); /* of a context */
		sources[count] = source;
		texts[count++] = pseudo_text(pages->arena, behind ? behind + 1 : source, leftwards);
	}
	struct curb_buf out = curb_buf(TEXT_MAX);
	const size_t head[] = { 0x950412de, 0, count, FILE_HEAD, FILE_HEAD + count * ROW, 0, 0 };
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		put_u32(&out, head[i]);
	size_t at = put_rows(&out, sources, count, FILE_HEAD + 2 * count * ROW);
	(void)put_rows(&out, texts, count, at);
	for (size_t i = 0; i < 2 * count; i++) {
		const char *text = i < count ? sources[i] : texts[i - count];
		curb_buf_add(&out, text, strlen(text) + 1);
	}
	int err = curb_buf_check(&out);
	struct curb_str bytes = curb_dup(pages->arena, curb_buf_view(&out));
	curb_buf_free(&out);
	const struct curb_embedded messages[] = { { file, (const unsigned char *)bytes.ptr, bytes.len },
		                                  { 0 } };
	return err ? err : pages_add(pages, owner, NULL, messages, NULL);
}

int pseudo_add(struct pages *pages)
{
	size_t count = pages->catalog_count, lang = pages_lang_number(pages, curb_str("zh-CN"));
	int err = 0;
	for (size_t i = 0; getenv("CURBCUT_PSEUDO") && i < count && !err; i++) {
		struct pages_catalog row = pages->catalogs[i]; /* the table moves when it grows */
		if (row.lang != lang)
			continue;
		err = add_catalog(pages, row.owner, &row.mo, "en-XA.mo", false);
		if (!err)
			err = add_catalog(pages, row.owner, &row.mo, "ar-XB.mo", true);
	}
	return err;
}
