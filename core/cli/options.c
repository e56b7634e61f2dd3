/* The words of a command line that begin with "--". */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "commands.h"

enum { OPTIONS_MOST = 16 };

int command_options(int argc, char **argv, const struct command_option *options)
{
	struct option known[OPTIONS_MOST + 1] = { { NULL, 0, NULL, 0 } };
	for (int i = 0; i < OPTIONS_MOST && options[i].name; i++)
		known[i] = (struct option){ options[i].name,
			                    options[i].value ? required_argument : no_argument, NULL, 0 };
	int found, which;
	while ((found = getopt_long(argc, argv, "", known, &which)) == 0)
		if (options[which].value)
			*options[which].value = optarg;
		else
			*options[which].flag = true;
	return found == -1 ? optind : -1;
}

const char *command_path(struct curb_arena *arena, const char *name)
{
	char here[PATH_MAX];
	return name[0] == '/' || !getcwd(here, sizeof here) ? name : curb_printf(arena, "%s/%s", here, name);
}

void command_print(void *arg, struct curb_str json)
{
	(void)arg;
	(void)printf("%.*s\n", (int)json.len, json.ptr);
	(void)fflush(stdout);
}
