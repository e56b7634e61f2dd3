/* The worker: opens what it will need, closes the walls, reads the upload. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "captioner.h"
#include "form.h"
#include "mend.h"
#include "reader.h"
#include "rendition.h"
#include "sandbox.h"
#include "table.h"

/* Libraries open files when they are first used: a time zone, a source of chance, tables. So they are used once. */
static void warm_up(void)
{
	enum { ROOM = 65536 };
	struct curb_arena *arena = curb_arena_new(ROOM);
	struct curb_value *value = NULL;
	(void)setenv("TZ", "UTC0", 1);
	tzset();
	(void)curb_json_parse(arena, curb_str("{\"seed\":1}"), &value);
	curb_arena_free(arena);
	media_before_walls();
}

int main(int argc, char **argv)
{
	enum { OF_FORM = 8, OF_CAPTIONER = 7, ASKED = 3 };
	const char *task = argc > 2 ? argv[2] : "";
	if (argc == OF_FORM && strcmp(task, WIRE_FORM) == 0) {
		form_make(argv + ASKED);
		return FORM_NO_WALLS;
	}
	if (argc == OF_CAPTIONER && strcmp(task, WIRE_CAPTIONER) == 0) {
		captioner_become(argv + ASKED);
		return FORM_NO_WALLS;
	}
	struct reader_tools tools = { .names = zip_names_open(), .charsets = captions_charsets_open() };
	warm_up();
	if (!tools.names || !tools.charsets || !sandbox_close(SANDBOX_ALL))
		return EXIT_FAILURE;
	struct wire *wire = wire_new(WIRE_PIPE_FD);
	bool rendition = argc > ASKED && strcmp(task, WIRE_RENDITION) == 0;
	if (strcmp(task, WIRE_FORMS) == 0 || rendition)
		wire_allow_forms(wire);
	if (strcmp(task, WIRE_TABLE) == 0)
		table_read(wire, &tools);
	else if (argc > 3 && strcmp(task, WIRE_CAPTIONS) == 0)
		mend_read(wire, &tools, argv[1], argv[3]);
	else if (rendition)
		rendition_read(wire, argv[ASKED]);
	else
		package_read(wire, &tools, argc > 1 ? argv[1] : "");
	wire_free(wire);
	_exit(EXIT_SUCCESS); /* what runs at exit wants calls that are walled off */
}
