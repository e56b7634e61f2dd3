/* The asking side of control.sock, and what it does when nobody answers. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app.h"
#include "control.h"
#include "control_wire.h"
#include "curb/cleanup.h"
#include "curb/err.h"

enum { ARENA_MAX = 64 << 20, LINE_MAX_BYTES = 4 << 20 };

/* CURB_ENOTFOUND: no server runs there. */
static int connect_to(const char *data, int *ret_fd)
{
	CURB_AUTO(fd) int folder = -1;
	struct sockaddr_un address;
	int err = wire_address(data, &folder, &address);
	if (err)
		return err;
	CURB_AUTO(fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
		return errno == EACCES ?
		               curb_fail(CURB_EDENIED, "only the account that runs the server may use %s/%s",
		                         data, WIRE_NAME) :
		               CURB_ENOTFOUND;
	*ret_fd = fd;
	fd = -1;
	return 0;
}

/* True and the code when this line is the last. */
static bool is_end(struct curb_arena *arena, struct curb_str line, int *ret_err)
{
	struct curb_value *value = NULL;
	if (curb_json_parse(arena, line, &value) || !curb_value_get(value, "end"))
		return false;
	*ret_err = (int)curb_get_int(value, "end", CURB_EINTERNAL);
	struct curb_str text = curb_get_str(value, "text");
	if (*ret_err)
		(void)curb_fail(*ret_err, "%.*s", (int)text.len, text.ptr ? text.ptr : "");
	return true;
}

static int read_answer(int fd, const struct control_ask *ask)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MAX);
	CURB_AUTO(file) FILE *file = fdopen(dup(fd), "r");
	CURB_AUTO(mem) char *text = NULL;
	size_t size = 0;
	int err = CURB_ETIME;
	ssize_t n;
	while (file && (n = getline(&text, &size, file)) > 0 && n < LINE_MAX_BYTES) {
		struct curb_str line = curb_str_n(text, (size_t)n - (text[n - 1] == '\n'));
		if (is_end(arena, line, &err))
			return err;
		ask->line(ask->arg, line);
		curb_arena_reset(arena);
	}
	return curb_fail(err, "the server ended before it had answered");
}

/* ---- no server: in this process ---- */

static void local_line(struct control_call *call, struct curb_str json)
{
	const struct control_ask *ask = call->arg;
	ask->line(ask->arg, json);
}

static bool never_cancelled(const struct control_call *call)
{
	(void)call;
	return false;
}

static int serve_here(const struct control_ask *ask, struct config *config)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MAX);
	struct curb_value *request = NULL;
	int err = curb_json_parse(arena, ask->request, &request);
	if (err)
		return err;
	struct app app = { .config = config, .lock_fd = -1, .looking = ask->looking };
	struct control_call call = { .app = &app,
		                     .arena = arena,
		                     .request = request,
		                     .fd_count = ask->fd_count,
		                     .line = local_line,
		                     .cancelled = never_cancelled,
		                     .arg = (void *)(uintptr_t)ask };
	for (int i = 0; i < ask->fd_count; i++)
		call.fds[i] = ask->fds[i];
	err = app_open(&app);
	if (!err)
		err = control_serve(&call);
	char text[512];
	(void)snprintf(text, sizeof text, "%s", curb_error_text());
	app_close(&app);
	curb_error_set(text, text);
	return err;
}

bool control_is_served(const char *data)
{
	CURB_AUTO(fd) int fd = -1;
	return connect_to(data, &fd) == 0;
}

int control_do(const struct control_ask *ask)
{
	struct config_option options[] = { { ask->data ? "data" : NULL, ask->data }, { NULL, NULL } };
	struct config *config = NULL;
	int err = config_read(ask->config_file, options, &config);
	if (err)
		return err;
	CURB_AUTO(fd) int fd = -1;
	err = connect_to(config->data, &fd);
	if (err == CURB_ENOTFOUND)
		err = serve_here(ask, config);
	else if (!err) {
		err = wire_send_request(fd, ask->request, ask->fds, ask->fd_count);
		if (!err)
			err = read_answer(fd, ask);
	}
	config_free(config);
	return err;
}
