/* curbcut user add: the first accounts of a server, before anybody can sign in. */
#include <getopt.h>
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

struct arguments {
	struct command_data where;
	const char *name, *role, *region, *institution;
};

static int read_arguments(int argc, char **argv, struct arguments *ret_arguments)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "data", required_argument, NULL, 'd' },
		{ "name", required_argument, NULL, 'n' },
		{ "role", required_argument, NULL, 'r' },
		{ "region", required_argument, NULL, 'g' },
		{ "institution", required_argument, NULL, 'i' },
		{ NULL, 0, NULL, 0 },
	};
	struct arguments *a = ret_arguments;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
		switch (option) {
		case 'c': a->where.config_file = optarg; break;
		case 'd': a->where.data = optarg; break;
		case 'n': a->name = optarg; break;
		case 'r': a->role = optarg; break;
		case 'g': a->region = optarg; break;
		case 'i': a->institution = optarg; break;
		default: return CURB_EINVAL; /* getopt has said what is wrong */
		}
	if (optind == argc && a->name && a->role)
		return 0;
	return curb_fail(CURB_EINVAL, "--name and --role are needed, and nothing but options");
}

/* The first line of standard input without its end. */
static int read_password(char ret_password[static PASSWORD_MAX + 2])
{
	if (!fgets(ret_password, PASSWORD_MAX + 2, stdin))
		return curb_fail(CURB_EINVAL, "no password on standard input");
	ret_password[strcspn(ret_password, "\r\n")] = '\0';
	return 0;
}

static void print_line(void *arg, struct curb_str json)
{
	(void)arg;
	(void)printf("%.*s\n", (int)json.len, json.ptr);
}

static int ask(const struct arguments *a, const char *password)
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
	struct control_ask control = { .config_file = a->where.config_file,
		                       .data = a->where.data,
		                       .request = curb_buf_view(&request),
		                       .line = print_line };
	int err = control_do(&control);
	explicit_bzero(request.data, request.len);
	return err;
}

int user_add_main(int argc, char **argv)
{
	struct arguments arguments = { .name = NULL };
	char password[PASSWORD_MAX + 2] = "";
	int err = read_arguments(argc, argv, &arguments);
	if (!err)
		err = read_password(password);
	if (!err)
		err = ask(&arguments, password);
	explicit_bzero(password, sizeof password);
	return err ? command_failed("user add") : 0;
}
