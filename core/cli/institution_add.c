/* curbcut institution add: an institution and, when it is new, its region. */
#include <getopt.h>
#include <stdio.h>

#include "app.h"
#include "commands.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"

struct adding {
	struct curb_str region, region_name, parent, name;
	struct curb_id id;
};

static int add_fn(struct curb_tx *tx, void *arg)
{
	struct adding *adding = arg;
	int err = adding->region_name.len ?
	                  people_region_add(tx, adding->region, adding->parent, adding->region_name) :
	                  0;
	int64_t now_ms = curb_wall_ms();
	if (!err)
		err = people_institution_add(tx, adding->region, adding->name, now_ms, &adding->id);
	if (err)
		return err;
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_str(detail, "name", adding->name);
	const struct curb_change change = { .about = curb_id_str(&adding->id),
		                            .place = curb_id_str(&adding->id),
		                            .act = CURB_TEXT("added the institution {name}"),
		                            .detail = detail };
	return curb_note_change(tx, &change, now_ms);
}

int institution_add_serve(struct control_call *call)
{
	struct adding adding = { .region = curb_get_str(call->request, "region"),
		                 .region_name = curb_get_str(call->request, "region_name"),
		                 .parent = curb_get_str(call->request, "parent"),
		                 .name = curb_get_str(call->request, "name") };
	CURB_AUTO(buf) struct curb_buf line = curb_buf(4096);
	struct curb_json j = curb_json(&line);
	if (!adding.name.len || !adding.region.len)
		return curb_fail(CURB_EINVAL, "--name and --region are needed");
	struct store_write write = { .fn = add_fn, .arg = &adding };
	int err = store_write(call->app->store, &write);
	if (err == CURB_ECONFLICT)
		return curb_fail(
			err,
			"there is a region %.*s already, or its parent is not there; leave --region-name out "
			"to use the one that is there",
			(int)adding.region.len, adding.region.ptr);
	if (err)
		return err;
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", adding.id.text);
	curb_json_kstr(&j, "name", adding.name);
	curb_json_kstr(&j, "region", adding.region);
	curb_json_end(&j, '}');
	call->line(call, curb_buf_view(&line));
	return 0;
}

static void print_line(void *arg, struct curb_str json)
{
	(void)arg;
	(void)printf("%.*s\n", (int)json.len, json.ptr);
}

int institution_add_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "data", required_argument, NULL, 'd' },
		{ "name", required_argument, NULL, 'n' },
		{ "region", required_argument, NULL, 'g' },
		{ "region-name", required_argument, NULL, 'm' },
		{ "parent", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	struct command_data where = { NULL, NULL };
	CURB_AUTO(buf) struct curb_buf request = curb_buf(64 << 10);
	struct curb_json j = curb_json(&request);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "command", "institution add");
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
		switch (option) {
		case 'c': where.config_file = optarg; break;
		case 'd': where.data = optarg; break;
		case 'n': curb_json_ktext(&j, "name", optarg); break;
		case 'g': curb_json_ktext(&j, "region", optarg); break;
		case 'm': curb_json_ktext(&j, "region_name", optarg); break;
		case 'p': curb_json_ktext(&j, "parent", optarg); break;
		default: return 2; /* getopt has said what is wrong */
		}
	curb_json_end(&j, '}');
	struct control_ask control = { .config_file = where.config_file,
		                       .data = where.data,
		                       .request = curb_buf_view(&request),
		                       .line = print_line };
	return control_do(&control) ? command_failed("institution add") : 0;
}
