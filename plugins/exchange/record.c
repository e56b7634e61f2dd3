#include "record.h"

#include <inttypes.h>

#include "bundle.h"
#include "curb/err.h"

static const char head[] = "curbcut-records/v1\n", head_gone[] = "curbcut-records/v2\n"; /* of one length */

enum { NUMBERS = 11 };

/* The numbers of a record, in the order of its line. */
static void numbers_of(struct record *record, int64_t *ret_numbers[static NUMBERS])
{
	int64_t *all[NUMBERS] = { &record->starts_ms, &record->ends_ms,  &record->hour_s,
		                  &record->total_s,   &record->online_s, &record->offline_s,
		                  &record->counted_s, &record->left_ms,  &record->theory,
		                  &record->practice,  &record->issued_ms };
	memcpy(ret_numbers, all, sizeof all);
}

/* ---- writing ---- */

void records_begin(struct curb_buf *out, bool gone)
{
	curb_buf_text(out, gone ? head_gone : head);
}

static void add_text(struct curb_buf *out, struct curb_str text)
{
	size_t n = text.len < RECORD_TEXT ? text.len : RECORD_TEXT;
	while (n < text.len && ((unsigned char)text.ptr[n] & 0xc0) == 0x80)
		n--; /* no character is cut in two */
	for (size_t i = 0; i < n; i++)
		curb_buf_char(out,
		              (unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f ? ' ' : text.ptr[i]);
	curb_buf_char(out, '\t');
}

void record_write(struct curb_buf *out, const struct record *record)
{
	struct record copy = *record;
	int64_t *numbers[NUMBERS];
	numbers_of(&copy, numbers);
	add_text(out, curb_id_str(&record->class_id));
	add_text(out, record->person);
	add_text(out, record->programme);
	add_text(out, record->institution);
	add_text(out, record->name);
	add_text(out, record->code);
	for (int i = 0; i < NUMBERS; i++)
		curb_buf_printf(out, "%" PRId64 "\t", *numbers[i]);
	curb_buf_printf(out, "%" PRId64 "\t", record->entry);
	for (size_t i = 0; i < record->number.len; i++)
		curb_buf_printf(out, "%02x", (unsigned char)record->number.ptr[i]);
	curb_buf_char(out, '\n');
}

/* ---- reading ---- */

static bool text_part(struct curb_str *rest, struct curb_str *ret_text)
{
	if (rest->len == 0 || !memchr(rest->ptr, '\t', rest->len) || !curb_str_cut(rest, '\t', ret_text) ||
	    ret_text->len > RECORD_TEXT || !curb_utf8_valid(*ret_text))
		return false;
	for (size_t i = 0; i < ret_text->len; i++)
		if ((unsigned char)ret_text->ptr[i] < ' ' || ret_text->ptr[i] == 0x7f)
			return false;
	return true;
}

static bool number_part(struct curb_str *rest, int64_t *ret_number)
{
	struct curb_str text;
	return text_part(rest, &text) && text.len < 18 && curb_str_int(text, ret_number) &&
	       *ret_number >= 0 && text.ptr[0] != '-' && (text.len == 1 || text.ptr[0] != '0');
}

static bool box_part(struct curb_arena *arena, struct curb_str text, struct curb_str *ret_box)
{
	size_t n = text.len / 2;
	char *bytes = curb_alloc(arena, n + 1);
	if (n > RECORD_NUMBER || text.len != 2 * n || !curb_unhex(text, bytes, n))
		return false;
	*ret_box = curb_str_n(bytes, n);
	return true;
}

static bool is_person(struct curb_str text)
{
	unsigned char bytes[RECORD_PERSON / 2];
	return text.len == RECORD_PERSON && curb_unhex(text, bytes, sizeof bytes);
}

/* No page reckons with more: hours are shown in hundredths. */
static bool is_bounded(const struct record *record)
{
	const int64_t seconds[] = { record->hour_s, record->total_s, record->online_s, record->offline_s,
		                    record->counted_s };
	const int64_t others[] = { record->starts_ms, record->ends_ms, record->left_ms, record->issued_ms,
		                   record->entry };
	bool bounded = true;
	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
		bounded = bounded && seconds[i] <= RECORD_SECONDS;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		bounded = bounded && others[i] <= RECORD_MOST;
	return bounded;
}

/* What no server of ours says. */
static bool makes_sense(const struct record *record)
{
	return is_bounded(record) && record->hour_s > 0 && record->total_s > 0 &&
	       record->starts_ms < record->ends_ms && record->theory <= RECORD_RESULTS &&
	       record->practice <= RECORD_RESULTS && (record->code.len > 0) == (record->issued_ms > 0) &&
	       record->programme.len > 0;
}

/* Of what is gone nothing is said but whose it was. */
static bool says_nothing(struct record *record)
{
	int64_t *numbers[NUMBERS];
	numbers_of(record, numbers);
	for (int i = 0; i < NUMBERS; i++)
		if (*numbers[i] != 0)
			return false;
	return record->programme.len == 0 && record->institution.len == 0 && record->code.len == 0 &&
	       record->entry == 0 && record->number.len == 0;
}

static bool read_line(struct curb_arena *arena, struct curb_str line, bool gone, struct record *record)
{
	struct curb_str class;
	int64_t *numbers[NUMBERS];
	numbers_of(record, numbers);
	if (!text_part(&line, &class) || !curb_id_parse(class, &record->class_id) ||
	    !curb_str_is(class, record->class_id.text) || !text_part(&line, &record->person) ||
	    !is_person(record->person) || !text_part(&line, &record->programme) ||
	    !text_part(&line, &record->institution) || !text_part(&line, &record->name) ||
	    !text_part(&line, &record->code))
		return false;
	for (int i = 0; i < NUMBERS; i++)
		if (!number_part(&line, numbers[i]))
			return false;
	return number_part(&line, &record->entry) && box_part(arena, line, &record->number) &&
	       (record_gone(record) ? gone && says_nothing(record) : makes_sense(record));
}

int records_read(struct curb_arena *arena, struct curb_str text, struct record **ret_records, size_t *ret_n)
{
	struct record *records = curb_alloc_n(arena, BUNDLE_RECORDS, sizeof *records);
	bool gone = curb_str_starts(text, head_gone);
	bool right = (gone || curb_str_starts(text, head)) && text.ptr[text.len - 1] == '\n';
	struct curb_str rest = curb_str_from(text, sizeof head - 1), line;
	size_t n = 0;
	while (right && rest.len > 0) {
		right = curb_str_cut(&rest, '\n', &line) && n < BUNDLE_RECORDS &&
		        read_line(arena, line, gone, &records[n]);
		n++;
	}
	if (!right)
		return curb_fail(CURB_EINVAL,
		                 "The records in this bundle are not as a server of this kind writes them. "
		                 "Nothing was changed here; tell who runs the other server");
	*ret_records = records;
	*ret_n = n;
	return 0;
}
