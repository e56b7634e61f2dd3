/* curbcut institution add: an institution and, when it is new, its region. */
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

static void put_given(struct curb_json *j, const char *key, const char *value)
{
	if (value)
		curb_json_ktext(j, key, value);
}

int institution_add_main(int argc, char **argv)
{
	struct control_ask control = { .line = command_print };
	const char *name = NULL, *region = NULL, *region_name = NULL, *parent = NULL;
	const struct command_option options[] = { { "config", &control.config_file, NULL },
		                                  { "data", &control.data, NULL },
		                                  { "name", &name, NULL },
		                                  { "region", &region, NULL },
		                                  { "region-name", &region_name, NULL },
		                                  { "parent", &parent, NULL },
		                                  { 0 } };
	if (command_options(argc, argv, options) < 0)
		return 2;
	CURB_AUTO(buf) struct curb_buf request = curb_buf(64 << 10);
	struct curb_json j = curb_json(&request);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "command", "institution add");
	put_given(&j, "name", name);
	put_given(&j, "region", region);
	put_given(&j, "region_name", region_name);
	put_given(&j, "parent", parent);
	curb_json_end(&j, '}');
	control.request = curb_buf_view(&request);
	return control_do(&control) ? command_failed("institution add") : 0;
}
