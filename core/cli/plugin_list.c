/* curbcut plugin list: what is configured, what runs, and why the rest does not. */

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

int plugin_list_main(int argc, char **argv)
{
	return command_list("plugin list", "{\"command\":\"plugin list\"}", argc, argv);
}
