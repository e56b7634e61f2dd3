/* Why a job failed, in another language: the values of the text as it was filled, put into its translation. */
#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "work.h"

enum { VALUES_MOST = 8, TEXT_MOST = 4096 };

struct values {
	struct curb_str at[VALUES_MOST];
	size_t n;
};

/* Behind the conversion that begins here with a '%'. */
static const char *behind(const char *conversion)
{
	const char *kind = conversion + 1 + strspn(conversion + 1, "0123456789$-+ #.hlzjt");
	return *kind ? kind + 1 : kind;
}

/* Where `text` goes on as `format` does, up to its next conversion or its end; false when it does not. */
static bool find_literal(const char *format, struct curb_str text, size_t from, size_t *ret_at)
{
	size_t len = strcspn(format, "%");
	if (len > text.len - from)
		return false;
	if (!format[len]) { /* the end of both */
		*ret_at = text.len - len;
		return memcmp(text.ptr + *ret_at, format, len) == 0;
	}
	const char *found = len ? memmem(text.ptr + from, text.len - from, format, len) : NULL;
	*ret_at = found ? (size_t)(found - text.ptr) : 0;
	return found != NULL; /* two values with nothing between them cannot be told apart */
}

/* False when `text` was not filled from `format`. */
static bool read_values(const char *format, struct curb_str text, struct values *values)
{
	size_t len = strcspn(format, "%"), at = len;
	if (text.len < len || memcmp(text.ptr, format, len) != 0 || (!format[len] && text.len != len))
		return false;
	for (format += len; *format; format += len) {
		size_t next = 0;
		format = behind(format);
		len = strcspn(format, "%");
		if (values->n == VALUES_MOST || !find_literal(format, text, at, &next))
			return false;
		values->at[values->n++] = curb_str_n(text.ptr + at, next - at);
		at = next + len;
	}
	return true;
}

/* "%2$s" is the second value wherever it stands; "%s" the one behind the last such. */
static size_t index_of(const char *conversion, size_t next)
{
	char *end = NULL;
	unsigned long number = strtoul(conversion + 1, &end, 10);
	return *end == '$' && number ? number - 1 : next;
}

static struct curb_str fill(struct curb_arena *arena, const char *format, const struct values *values)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(TEXT_MOST);
	size_t next = 0;
	while (*format) {
		size_t len = strcspn(format, "%");
		curb_buf_add(&out, format, len);
		format += len;
		if (!*format)
			break;
		size_t i = index_of(format, next++);
		if (i < values->n)
			curb_buf_str(&out, values->at[i]);
		format = behind(format);
	}
	return curb_dup(arena, curb_buf_view(&out));
}

struct curb_str work_reason_now(const struct work_job *job, struct curb_arena *arena)
{
	curb_translate_fn translate = NULL;
	void *arg = NULL;
	curb_error_translator_now(&translate, &arg);
	return work_reason(job, arena, translate, arg);
}

struct curb_str work_reason(const struct work_job *job, struct curb_arena *arena, curb_translate_fn translate,
                            void *arg)
{
	struct values values = { .n = 0 };
	const char *source = job->reason.ptr ? curb_cstr(arena, job->reason) : NULL;
	if (source && !strstr(source, "%%") && read_values(source, job->error, &values))
		return fill(arena, translate(arg, source), &values);
	return curb_dup(arena, curb_str(translate(arg, curb_cstr(arena, job->error))));
}
