#include "curb/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "curb/str.h"

enum { TEXT_SIZE = 512 };

static _Thread_local struct {
	char text[TEXT_SIZE], local[TEXT_SIZE];
	curb_translate_fn translate;
	void *arg;
	const char *context;
} mine;

/* A text that was cut at the end of the buffer may end within a character; the broken rest is dropped. */
static void mend_end(char *text, int wanted)
{
	if (wanted < TEXT_SIZE)
		return;
	size_t lead = TEXT_SIZE - 2;
	while (lead > TEXT_SIZE - 5 && ((unsigned char)text[lead] & 0xc0) == 0x80)
		lead--;
	if (!curb_utf8_valid(curb_str(text + lead)))
		text[lead] = '\0';
}

/* The formats are source texts, and msgfmt --check-format holds translations to the same arguments. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
int curb_fail(int err, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	mend_end(mine.text, vsnprintf(mine.text, TEXT_SIZE, format, args));
	va_end(args);
	const char *local = mine.translate ? mine.translate(mine.arg, format) : format;
	va_start(args, format);
	mend_end(mine.local, vsnprintf(mine.local, TEXT_SIZE, local, args));
	va_end(args);
	return err;
}
#pragma GCC diagnostic pop

const char *curb_error_text(void)
{
	return mine.text;
}

const char *curb_error_local(void)
{
	return mine.local;
}

static void set(char *to, const char *text)
{
	if (text[0])
		mend_end(to, snprintf(to, TEXT_SIZE, "%s", text));
	else
		to[0] = '\0'; /* each write is begun so */
}

void curb_error_set(const char *text, const char *local)
{
	set(mine.text, text);
	set(mine.local, local);
}

void curb_error_translator(curb_translate_fn translate, void *arg)
{
	mine.translate = translate;
	mine.arg = arg;
}

void curb_error_translator_now(curb_translate_fn *ret_translate, void **ret_arg)
{
	*ret_translate = mine.translate;
	*ret_arg = mine.arg;
}

int curb_err_status(int err)
{
	static const short statuses[] = {
		[0] = 200,
		[-CURB_EINVAL] = 400,
		[-CURB_EAUTH] = 401,
		[-CURB_EDENIED] = 403,
		[-CURB_ENOTFOUND] = 404,
		[-CURB_EMETHOD] = 405,
		[-CURB_ECONFLICT] = 409,
		[-CURB_EPRECOND] = 412,
		[-CURB_ETOOBIG] = 413,
		[-CURB_ETYPE] = 415,
		[-CURB_ERANGE] = 416,
		[-CURB_EUNFIT] = 422,
		[-CURB_ESLOW] = 429,
		[-CURB_EINTERNAL] = 500,
		[-CURB_EBUSY] = 503,
		[-CURB_EFULL] = 507,
		[-CURB_EABI] = 500,
		[-CURB_EGONE] = 410,
		[-CURB_ETIME] = 408,
		[-CURB_EVERSION] = 505,
		[-CURB_ELATE] = 503,
	};
	int n = (int)(sizeof statuses / sizeof *statuses);
	return err <= 0 && -err < n ? statuses[-err] : 500;
}

void curb_assert_context(const char *text)
{
	mine.context = text;
}

void curb_assert_failed(const char *expr, const char *file, int line)
{
	(void)fprintf(stderr, "assertion failed: %s at %s:%d while %s\n", expr, file, line,
	              mine.context ? mine.context : "starting");
	abort();
}
