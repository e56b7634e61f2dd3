/* curb_texts FILE.html…: the texts to translate of templates, as entries of a .pot file on standard output.
 * They are read by the compiler of templates itself, so what is shown and what is translated cannot differ. */
#include <stdio.h>
#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "template.h"

enum { FILE_MAX = 256 << 10 };

static void print_quoted(const char *text)
{
	(void)fputs("msgid \"", stdout);
	for (; *text; text++) {
		if (strchr("\"\\", *text))
			(void)putchar('\\');
		(void)putchar(*text);
	}
	(void)puts("\"\nmsgstr \"\"\n");
}

static void print_entry(const char *file, uint32_t line, const char *source)
{
	(void)printf("#: %s:%u\n", file, line);
	if (strchr(source, '{'))
		(void)puts("#, python-brace-format");
	print_quoted(source);
}

static void print_texts(const char *file, const struct template *template)
{
	for (size_t i = 0; i < template->count; i++) {
		const struct template_step *step = &template->steps[i];
		if (step->kind == STEP_TEXT)
			print_entry(file, step->line, step->source);
		for (size_t a = 0; a < step->arg_count; a++)
			if (step->args[a].source)
				print_entry(file, step->line, step->args[a].source);
	}
}

/* FILE_MAX: it cannot be read, or is longer than it may be. */
static size_t read_file(const char *file, char *ret_text)
{
	CURB_AUTO(file) FILE *in = fopen(file, "rb");
	if (!in)
		return FILE_MAX;
	return fread(ret_text, 1, FILE_MAX, in);
}

static int read_template(const char *file)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(8 << 20);
	char *text = curb_alloc(arena, FILE_MAX);
	size_t size = read_file(file, text);
	if (size == FILE_MAX)
		return curb_fail(CURB_EINVAL, "Template %s cannot be read, or is over 256 KB.", file);
	struct template *template = NULL;
	int err = template_compile(arena, "", file, curb_str_n(text, size), &template);
	if (!err)
		print_texts(file, template);
	return err;
}

int main(int argc, char **argv)
{
	(void)puts("msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n");
	for (int i = 1; i < argc; i++)
		if (read_template(argv[i])) {
			(void)fprintf(stderr, "%s\n", curb_error_text());
			return 1;
		}
	return 0;
}
