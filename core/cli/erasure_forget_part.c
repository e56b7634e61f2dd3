/* curbcut erasure forget-part: nobody waits any more for a plugin that was removed. */
#include <stdio.h>

#include "app.h"
#include "commands.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "erasure.h"

int erasure_forget_part_serve(struct control_call *call)
{
	struct curb_str name = curb_get_str(call->request, "name");
	CURB_AUTO(buf) struct curb_buf line = curb_buf(4096);
	struct curb_json j = curb_json(&line);
	if (!name.len)
		return curb_fail(CURB_EINVAL, "a name is needed");
	int err = erasure_forget_part(call->app->erasure, name);
	if (err)
		return err;
	curb_json_begin(&j, '{');
	curb_json_kstr(&j, "forgotten", name);
	curb_json_end(&j, '}');
	call->line(call, curb_buf_view(&line));
	return curb_buf_check(&line);
}

int erasure_forget_part_main(int argc, char **argv)
{
	struct control_ask control = { .line = command_print };
	const struct command_option options[] = { { "config", &control.config_file, NULL },
		                                  { "data", &control.data, NULL },
		                                  { 0 } };
	int first = command_options(argc, argv, options);
	if (first < 0)
		return 2;
	if (first + 1 != argc) {
		(void)fprintf(stderr, "curbcut erasure forget-part: the name of one part is needed\n");
		return 2;
	}
	CURB_AUTO(buf) struct curb_buf request = curb_buf(64 << 10);
	struct curb_json j = curb_json(&request);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "command", "erasure forget-part");
	curb_json_ktext(&j, "name", argv[first]);
	curb_json_end(&j, '}');
	control.request = curb_buf_view(&request);
	return control_do(&control) ? command_failed("erasure forget-part") : 0;
}
