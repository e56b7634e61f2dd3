/* curbcut plugin list: what is configured, what runs, and why the rest does not. */
#include <getopt.h>
#include <stdio.h>

#include "app.h"
#include "commands.h"
#include "curb/cleanup.h"
#include "curb/err.h"

int plugin_list_serve(struct control_call *call)
{
	struct plugin_slot *slot;
	for (size_t i = 0; (slot = plugins_at(call->app->plugins, i)); i++) {
		CURB_AUTO(buf) struct curb_buf line = curb_buf(4096);
		struct curb_json j = curb_json(&line);
		curb_json_begin(&j, '{');
		curb_json_ktext(&j, "name", slot->name);
		curb_json_kstr(&j, "version", curb_str(slot->plugin.version));
		curb_json_ktext(&j, "state", plugins_state_word(slot->state));
		if (slot->state == PLUGIN_ASIDE)
			curb_json_ktext(&j, "reason", slot->reason);
		curb_json_end(&j, '}');
		call->line(call, curb_buf_view(&line));
	}
	return 0;
}

static void print_line(void *arg, struct curb_str json)
{
	(void)arg;
	(void)printf("%.*s\n", (int)json.len, json.ptr);
}

int plugin_list_main(int argc, char **argv)
{
	static const struct option options[] = { { "config", required_argument, NULL, 'c' },
		                                 { "data", required_argument, NULL, 'd' },
		                                 { NULL, 0, NULL, 0 } };
	struct control_ask ask = { .request = curb_str("{\"command\":\"plugin list\"}"), .line = print_line };
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == 'c')
			ask.config_file = optarg;
		else if (option == 'd')
			ask.data = optarg;
		else
			return 2;
	}
	return control_do(&ask) ? command_failed("plugin list") : 0;
}
