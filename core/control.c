/* The server's side of control.sock. */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "app.h"
#include "control_wire.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/log.h"

enum { ARENA_MAX = 64 << 20, REQUEST_WAIT_S = 10, CALLS_MOST = 32 };

struct control {
	struct app *app;
	int listener, wake; /* wake: an eventfd, readable when the thread is to end */
	atomic_bool stopping;
	pthread_t thread;
	pthread_mutex_t lock;      /* guards calls */
	pthread_cond_t ended;      /* a call has */
	int calls;                 /* under way, each on a thread of its own */
	pthread_mutex_t long_lock; /* held by the one call that takes long */
	char path[PATH_SIZE];
};

struct serving {
	struct control *control;
	int peer;
	bool gone; /* nobody reads any more */
};

/* ---- one call ---- */

static void send_line(struct control_call *call, struct curb_str json)
{
	struct serving *serving = call->arg;
	if (!serving->gone && wire_send_line(serving->peer, json))
		serving->gone = true;
}

static bool is_cancelled(const struct control_call *call)
{
	const struct serving *serving = call->arg;
	struct pollfd look = { .fd = serving->peer, .events = POLLRDHUP };
	return serving->gone || atomic_load(&serving->control->stopping) ||
	       (poll(&look, 1, 0) > 0 && (look.revents & (POLLRDHUP | POLLHUP | POLLERR)));
}

/* Calls that take long go one behind the other; whoever was waiting when the server stops is told so at once. */
static int serve_call(struct control *control, struct control_call *call)
{
	if (!control_takes_long(call))
		return control_serve(call);
	CURB_LOCKED(lock, &control->long_lock);
	return is_cancelled(call) ?
	               curb_fail(CURB_EBUSY, "the server is about to stop; try again in a moment") :
	               control_serve(call);
}

static void serve_one(struct control *control, int peer)
{
	struct timeval wait = { .tv_sec = REQUEST_WAIT_S };
	(void)setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	(void)setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MAX);
	CURB_AUTO(buf) struct curb_buf text = curb_buf(CONTROL_REQUEST_MAX);
	struct serving serving = { .control = control, .peer = peer };
	struct control_call call = { .app = control->app,
		                     .arena = arena,
		                     .line = send_line,
		                     .cancelled = is_cancelled,
		                     .arg = &serving };
	struct curb_value *request = NULL;
	int err = wire_receive_request(peer, &text, call.fds, &call.fd_count);
	if (!err)
		err = curb_json_parse(arena, curb_buf_view(&text), &request);
	call.request = request;
	if (!err)
		err = serve_call(control, &call);
	wire_send_end(peer, err);
	struct curb_str name = curb_get_str(request, "command");
	curb_log(err ? CURB_WARN : CURB_INFO, "control command=\"%.*s\" err=%d", (int)name.len,
	         name.ptr ? name.ptr : "", err);
	for (int i = 0; i < call.fd_count; i++)
		(void)close(call.fds[i]);
	if (text.data)
		explicit_bzero(text.data, text.len); /* a password may be in it */
}

/* ---- threads ---- */

struct calling {
	struct control *control;
	int peer;
};

static void *call_main(void *arg)
{
	struct calling calling = *(struct calling *)arg;
	free(arg);
	serve_one(calling.control, calling.peer);
	(void)close(calling.peer);
	CURB_LOCKED(lock, &calling.control->lock);
	calling.control->calls--;
	(void)pthread_cond_broadcast(&calling.control->ended);
	return NULL;
}

/* Waits until there are fewer than `most` calls; false when the server stops meanwhile. */
static bool wait_calls(struct control *control, int most)
{
	CURB_LOCKED(lock, &control->lock);
	while (control->calls >= most && !atomic_load(&control->stopping))
		(void)pthread_cond_wait(&control->ended, &control->lock);
	return !atomic_load(&control->stopping);
}

/* The descriptor is the call's from here on. */
static void begin_call(struct control *control, int peer)
{
	struct calling *calling = curb_xcalloc(1, sizeof *calling);
	*calling = (struct calling){ control, peer };
	(void)pthread_mutex_lock(&control->lock);
	control->calls++;
	(void)pthread_mutex_unlock(&control->lock);
	pthread_t thread;
	if (pthread_create(&thread, NULL, call_main, calling) == 0)
		(void)pthread_detach(thread);
	else
		(void)call_main(calling); /* no thread to be had: it is served here, and the next one waits */
}

static void *thread_main(void *arg)
{
	struct control *control = arg;
	struct pollfd wait[2] = { { .fd = control->listener, .events = POLLIN },
		                  { .fd = control->wake, .events = POLLIN } };
	while (wait_calls(control, CALLS_MOST)) {
		if (poll(wait, 2, -1) < 0 || !(wait[0].revents & POLLIN))
			continue;
		int peer = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);
		if (peer >= 0)
			begin_call(control, peer);
	}
	return NULL;
}

/* ---- start and stop ---- */

/* The lock on the data folder is ours, so a socket that lies there was left by one that died. */
static int listen_at(const char *data, char ret_path[static PATH_SIZE], int *ret_fd)
{
	CURB_AUTO(fd) int folder = -1;
	struct sockaddr_un address;
	int err = wire_address(data, &folder, &address);
	if (err)
		return err;
	(void)snprintf(ret_path, PATH_SIZE, "%s/%s", data, WIRE_NAME);
	(void)unlink(ret_path);
	CURB_AUTO(fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* The folder is 0700 and the umask 077; it is left alone, for other threads make files by now. */
	bool bound = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
	             chmod(ret_path, 0600) == 0;
	if (!bound || listen(fd, 16) != 0)
		return curb_fail(CURB_EINTERNAL, "the socket %s cannot be made", ret_path);
	*ret_fd = fd;
	fd = -1;
	return 0;
}

int control_start(struct app *app, struct control **ret_control)
{
	struct control *control = curb_xcalloc(1, sizeof *control);
	control->app = app;
	(void)pthread_mutex_init(&control->lock, NULL);
	(void)pthread_mutex_init(&control->long_lock, NULL);
	(void)pthread_cond_init(&control->ended, NULL);
	control->listener = -1;
	control->wake = eventfd(0, EFD_CLOEXEC);
	int err = control->wake < 0 ? curb_fail(CURB_EINTERNAL, "no eventfd") :
	                              listen_at(app->config->data, control->path, &control->listener);
	if (!err && pthread_create(&control->thread, NULL, thread_main, control))
		err = curb_fail(CURB_EINTERNAL, "the thread of control.sock cannot be made");
	if (!err) {
		*ret_control = control;
		return 0;
	}
	if (control->listener >= 0)
		(void)close(control->listener);
	if (control->wake >= 0)
		(void)close(control->wake);
	free(control);
	return err;
}

void control_stop(struct control *control)
{
	if (!control)
		return;
	atomic_store(&control->stopping, true);
	(void)eventfd_write(control->wake, 1);
	(void)pthread_mutex_lock(&control->lock);
	(void)pthread_cond_broadcast(&control->ended);
	(void)pthread_mutex_unlock(&control->lock);
	(void)pthread_join(control->thread, NULL);
	(void)pthread_mutex_lock(&control->lock);
	while (control->calls > 0) /* each looks whether the server stops */
		(void)pthread_cond_wait(&control->ended, &control->lock);
	(void)pthread_mutex_unlock(&control->lock);
	(void)unlink(control->path);
	(void)close(control->listener);
	(void)close(control->wake);
	(void)pthread_cond_destroy(&control->ended);
	(void)pthread_mutex_destroy(&control->long_lock);
	(void)pthread_mutex_destroy(&control->lock);
	free(control);
}
