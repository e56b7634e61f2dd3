#include "entry.h"

#include <stdlib.h>

#include "curb/err.h"

/* Major types of RFC 8949 section 3.1. */
enum { UNSIGNED = 0, NEGATIVE = 1, BYTES = 2, TEXT = 3, MAP = 5 };
/* Behind the major type: up to 23 the value itself, from 24 on how many bytes of it follow. */
enum { IN_1 = 24, IN_2 = 25, IN_4 = 26, IN_8 = 27 };

/* ---- writing ---- */

static void add_head(struct curb_buf *out, unsigned major, uint64_t value)
{
	unsigned first = major << 5;
	if (value < IN_1) {
		curb_buf_u8(out, (uint8_t)(first | value));
	} else if (value <= UINT8_MAX) {
		curb_buf_u8(out, (uint8_t)(first | IN_1));
		curb_buf_u8(out, (uint8_t)value);
	} else if (value <= UINT16_MAX) {
		curb_buf_u8(out, (uint8_t)(first | IN_2));
		curb_buf_u16(out, (uint16_t)value);
	} else if (value <= UINT32_MAX) {
		curb_buf_u8(out, (uint8_t)(first | IN_4));
		curb_buf_u32(out, (uint32_t)value);
	} else {
		curb_buf_u8(out, (uint8_t)(first | IN_8));
		curb_buf_u64(out, value);
	}
}

static bool is_name(struct curb_str name)
{
	if (name.len == 0 || name.len > ENTRY_NAME)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if ((name.ptr[i] < 'a' || name.ptr[i] > 'z') && name.ptr[i] != '_')
			return false;
	return true;
}

/* By the bytes of the encoded name: the shorter one first. */
static int compare(const void *left, const void *right)
{
	struct curb_str a = ((const struct entry_fact *)left)->name,
			b = ((const struct entry_fact *)right)->name;
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return memcmp(a.ptr, b.ptr, a.len);
}

static void add_fact(struct curb_buf *out, const struct entry_fact *fact)
{
	add_head(out, TEXT, fact->name.len);
	curb_buf_str(out, fact->name);
	if (fact->kind == ENTRY_NUMBER) {
		uint64_t number = (uint64_t)fact->number;
		add_head(out, fact->number < 0 ? NEGATIVE : UNSIGNED, fact->number < 0 ? ~number : number);
		return;
	}
	add_head(out, fact->kind == ENTRY_TEXT ? TEXT : BYTES, fact->bytes.len);
	curb_buf_str(out, fact->bytes);
}

int entry_write(struct curb_buf *out, struct entry_fact *facts, size_t n)
{
	size_t begin = out->len;
	if (n == 0 || n > ENTRY_FACTS)
		return curb_fail(CURB_EINTERNAL, "an entry has 1 to %d facts, not %zu", ENTRY_FACTS, n);
	qsort(facts, n, sizeof *facts, compare);
	add_head(out, MAP, n);
	for (size_t i = 0; i < n; i++) {
		if (!is_name(facts[i].name) || (i > 0 && compare(&facts[i - 1], &facts[i]) == 0))
			return curb_fail(CURB_EINTERNAL,
			                 "an entry's facts have names of their own, not %.*s twice",
			                 (int)facts[i].name.len, facts[i].name.ptr);
		if (facts[i].kind == ENTRY_TEXT && !curb_utf8_valid(facts[i].bytes))
			return curb_fail(CURB_EINTERNAL, "the fact %.*s of an entry is not UTF-8",
			                 (int)facts[i].name.len, facts[i].name.ptr);
		add_fact(out, &facts[i]);
	}
	if (curb_buf_check(out) || out->len - begin > ENTRY_MOST)
		return curb_fail(CURB_ETOOBIG, "an entry of the ledger has at most %d bytes", ENTRY_MOST);
	return 0;
}

/* ---- reading ---- */

struct reader {
	const unsigned char *at, *end;
};

/* False on a head that ends early or could be shorter. */
static bool read_head(struct reader *in, unsigned *ret_major, uint64_t *ret_value)
{
	if (in->at == in->end)
		return false;
	unsigned info = *in->at & 0x1f;
	*ret_major = *in->at++ >> 5;
	*ret_value = info;
	if (info < IN_1)
		return true;
	if (info > IN_8)
		return false;
	size_t n = (size_t)1 << (info - IN_1);
	if ((size_t)(in->end - in->at) < n)
		return false;
	uint64_t value = 0;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | *in->at++;
	*ret_value = value;
	return n == 1 ? value >= IN_1 : value >> (4 * n) != 0;
}

static bool read_bytes(struct reader *in, uint64_t n, struct curb_str *ret_bytes)
{
	if (n > (uint64_t)(in->end - in->at))
		return false;
	*ret_bytes = curb_str_n((const char *)in->at, (size_t)n);
	in->at += n;
	return true;
}

static bool read_value(struct reader *in, struct entry_fact *fact)
{
	unsigned major;
	uint64_t value;
	if (!read_head(in, &major, &value))
		return false;
	if (major == UNSIGNED || major == NEGATIVE) {
		fact->kind = ENTRY_NUMBER;
		fact->number = major == UNSIGNED ? (int64_t)value : -1 - (int64_t)value;
		return value <= INT64_MAX;
	}
	fact->kind = major == TEXT ? ENTRY_TEXT : ENTRY_BYTES;
	if ((major != TEXT && major != BYTES) || !read_bytes(in, value, &fact->bytes))
		return false;
	return major == BYTES || curb_utf8_valid(fact->bytes);
}

static bool read_fact(struct reader *in, struct entry_fact *ret_fact)
{
	struct entry_fact fact = { .number = 0 };
	unsigned major;
	uint64_t len;
	if (!read_head(in, &major, &len) || major != TEXT || !read_bytes(in, len, &fact.name) ||
	    !is_name(fact.name) || !read_value(in, &fact))
		return false;
	*ret_fact = fact;
	return true;
}

int entry_read(struct curb_str bytes, struct entry_fact ret_facts[static ENTRY_FACTS], size_t *ret_n)
{
	struct reader in = { (const unsigned char *)bytes.ptr, (const unsigned char *)bytes.ptr + bytes.len };
	unsigned major;
	uint64_t n = 0;
	bool ok = bytes.len <= ENTRY_MOST && read_head(&in, &major, &n) && major == MAP && n > 0 &&
	          n <= ENTRY_FACTS;
	for (uint64_t i = 0; ok && i < n; i++)
		ok = read_fact(&in, &ret_facts[i]) &&
		     (i == 0 || compare(&ret_facts[i - 1], &ret_facts[i]) < 0);
	if (!ok || in.at != in.end)
		return curb_fail(CURB_EINVAL, "this is not an entry of the ledger: it was cut or changed");
	*ret_n = (size_t)n;
	return 0;
}

const struct entry_fact *entry_find(const struct entry_fact *facts, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (curb_str_is(facts[i].name, name))
			return &facts[i];
	return NULL;
}
