/* curbcut user add: the first accounts of a server, before anybody can sign in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "commands.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"

enum { PASSWORD_MAX = 1024 };

/* ---- where the data is ---- */

struct adding {
	struct people_new person;
	struct curb_str role;
	struct curb_id id;
};

static int add_fn(struct curb_tx *tx, void *arg)
{
	struct adding *adding = arg;
	int64_t now_ms = curb_wall_ms();
	int err = people_add(tx, &adding->person, now_ms, &adding->id);
	if (err)
		return err;
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_str(detail, "role", adding->role);
	const struct curb_change change = { .about = curb_id_str(&adding->id),
		                            .place = adding->person.institution.len ?
		                                             adding->person.institution :
		                                             adding->person.region,
		                            .act = CURB_TEXT("added this person, role: {role}"),
		                            .detail = detail };
	return curb_note_change(tx, &change, now_ms);
}

static void tell(struct control_call *call, const struct adding *adding, struct curb_str role)
{
	CURB_AUTO(buf) struct curb_buf line = curb_buf(4096);
	struct curb_json j = curb_json(&line);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", adding->id.text);
	curb_json_kstr(&j, "name", adding->person.name);
	curb_json_kstr(&j, "role", role);
	curb_json_end(&j, '}');
	call->line(call, curb_buf_view(&line));
}

int user_add_serve(struct control_call *call)
{
	struct curb_str role = curb_get_str(call->request, "role");
	struct adding adding = { .person = { .name = curb_get_str(call->request, "name"),
		                             .role = people_role(role),
		                             .region = curb_get_str(call->request, "region"),
		                             .institution = curb_get_str(call->request, "institution") },
		                 .role = role };
	if (!adding.person.name.len)
		return curb_fail(CURB_EINVAL, "--name is missing");
	if (!adding.person.role)
		return curb_fail(CURB_EINVAL, "there is no role %.*s", (int)role.len,
		                 role.ptr ? role.ptr : "");
	char hash[128];
	int err = people_password_hash(curb_get_str(call->request, "password"), hash);
	if (err)
		return err;
	adding.person.password_hash = hash;
	struct store_write write = { .fn = add_fn, .arg = &adding };
	err = store_write(call->app->store, &write);
	if (!err)
		tell(call, &adding, role);
	return err;
}

/* ---- the asking side ---- */

/* The first line of standard input without its end. */
static int read_password(char ret_password[static PASSWORD_MAX + 2])
{
	if (!fgets(ret_password, PASSWORD_MAX + 2, stdin))
		return curb_fail(CURB_EINVAL, "no password on standard input");
	ret_password[strcspn(ret_password, "\r\n")] = '\0';
	return 0;
}

struct arguments {
	const char *name, *role, *region, *institution;
};

static int ask(struct control_ask *control, const struct arguments *a, const char *password)
{
	CURB_AUTO(buf) struct curb_buf request = curb_buf(CONTROL_REQUEST_MAX);
	struct curb_json j = curb_json(&request);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "command", "user add");
	curb_json_ktext(&j, "name", a->name);
	curb_json_ktext(&j, "role", a->role);
	if (a->region)
		curb_json_ktext(&j, "region", a->region);
	if (a->institution)
		curb_json_ktext(&j, "institution", a->institution);
	curb_json_ktext(&j, "password", password);
	curb_json_end(&j, '}');
	control->request = curb_buf_view(&request);
	int err = control_do(control);
	explicit_bzero(request.data, request.len);
	return err;
}

int user_add_main(int argc, char **argv)
{
	struct control_ask control = { .line = command_print };
	struct arguments a = { .name = NULL };
	const struct command_option options[] = { { "config", &control.config_file, NULL },
		                                  { "data", &control.data, NULL },
		                                  { "name", &a.name, NULL },
		                                  { "role", &a.role, NULL },
		                                  { "region", &a.region, NULL },
		                                  { "institution", &a.institution, NULL },
		                                  { 0 } };
	int first = command_options(argc, argv, options);
	if (first < 0)
		return 2;
	char password[PASSWORD_MAX + 2] = "";
	int err = 0;
	if (first < argc || !a.name || !a.role)
		err = curb_fail(CURB_EINVAL, "--name and --role are needed, and nothing but options");
	if (!err)
		err = read_password(password);
	if (!err)
		err = ask(&control, &a, password);
	explicit_bzero(password, sizeof password);
	return err ? command_failed("user add") : 0;
}
