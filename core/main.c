/* The command line: the words lead to one row of commands.c. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"

static void print_usage(FILE *out)
{
	(void)fprintf(out, "curbcut " CURB_VERSION "\n\n");
	for (const struct command *row = commands; row->name; row++)
		(void)fprintf(out, "  curbcut %s %s\n      %s\n", row->name, row->usage, row->summary);
}

/* How many of the words the name of `row` takes up; 0: they are not its name. */
static int words_of(const struct command *row, int argc, char **argv)
{
	char name[64];
	for (int n = 1; n <= 2 && n <= argc; n++) {
		(void)snprintf(name, sizeof name, n == 1 ? "%s" : "%s %s", argv[0], n == 1 ? "" : argv[1]);
		if (strcmp(name, row->name) == 0)
			return n;
	}
	return 0;
}

int main(int argc, char **argv)
{
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	for (const struct command *row = commands; argc > 1 && row->name; row++) {
		int n = words_of(row, argc - 1, argv + 1);
		if (n)
			return row->main(argc - n, argv + n);
	}
	bool help = argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0);
	print_usage(help ? stdout : stderr);
	return help ? 0 : 2;
}
