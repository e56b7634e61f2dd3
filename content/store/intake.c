#include "intake.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

enum {
	LOOK_MS = 250,
	WALL_MS = 30 * 60 * 1000,
	BUFFER = 2 * (INTAKE_FRAME + INTAKE_HEAD),
	SCRATCH = 4 << 20
};

/* What came through the pipe and is not yet a whole frame. */
struct inbox {
	size_t from, to;
	char bytes[BUFFER];
};

static uint32_t u32(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static int take_frames(struct intake_state *state, struct inbox *in)
{
	while (in->to - in->from >= INTAKE_HEAD) {
		const char *head = in->bytes + in->from;
		size_t length = u32(head + 4);
		if (length > INTAKE_FRAME || head[2] || head[3])
			return curb_fail(CURB_EINVAL, "worker: a frame of %zu bytes", length);
		if (in->to - in->from - INTAKE_HEAD < length)
			break;
		in->from += INTAKE_HEAD + length;
		int err = intake_frame(state, head[0], (unsigned char)head[1],
		                       curb_str_n(head + INTAKE_HEAD, length));
		if (err)
			return err;
	}
	memmove(in->bytes, in->bytes + in->from, in->to - in->from);
	in->to -= in->from;
	in->from = 0;
	return 0;
}

/* 1: more may come, 0: the worker closed the pipe. */
static int read_some(int pipe, struct inbox *in)
{
	ssize_t n = read(pipe, in->bytes + in->to, sizeof in->bytes - in->to);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ?
		               1 :
		               curb_fail(CURB_EINTERNAL, "worker: the pipe, errno %d", errno);
	in->to += (size_t)n;
	return n > 0;
}

/* Reads until the worker closes its end. *ret_late when its time is over. */
static int listen_to(struct intake_state *state, int pipe, struct inbox *in, bool *ret_late)
{
	const struct intake_job *job = state->job;
	int64_t end = curb_tick_ms() + (job->wall_ms ? job->wall_ms : WALL_MS), look = 0;
	for (;;) {
		struct pollfd ready = { .fd = pipe, .events = POLLIN };
		int64_t left = end + state->forms_ms - curb_tick_ms();
		if (job->cancelled && curb_tick_ms() >= look) {
			look = curb_tick_ms() + LOOK_MS;
			if (job->cancelled(job->arg))
				return curb_fail(CURB_ECONFLICT, "the import was stopped");
		}
		if (left <= 0) {
			*ret_late = true;
			return 0;
		}
		if (poll(&ready, 1, left < LOOK_MS ? (int)left : LOOK_MS) <= 0)
			continue;
		int more = read_some(pipe, in);
		int err = more < 0 ? more : take_frames(state, in);
		if (err)
			return err;
		if (!more) /* half a frame is left behind by a worker that died: its end tells why */
			return 0;
	}
}

static void tell_death(struct intake_state *state, int status, bool late, const char *broken)
{
	const char *how = "?";
	if (late)
		how = "time";
	else if (broken)
		how = broken;
	else if (WIFSIGNALED(status))
		how = curb_printf(state->arena, "signal %d", WTERMSIG(status));
	else
		how = curb_printf(state->arena, "exit %d", WEXITSTATUS(status));
	intake_find(state, "worker.stopped", curb_str(NULL), curb_str(how), curb_str(NULL));
}

/* The worker has ended: what does it all come to? */
static int conclude(struct intake_state *state, struct intake_package *ret)
{
	struct curb_value *package = NULL;
	if (!state->refused) {
		int err = state->job->table ? intake_check_table(state, &ret->table) :
		                              intake_check_package(state, &package);
		if (err == CURB_EINVAL)
			tell_death(state, 0, false, "package");
		else if (err)
			return err;
	}
	if (!state->refused && !state->job->check_only && !state->job->table) {
		int err = blob_batch_publish(state->batch);
		if (err)
			return err;
		ret->package = package;
		ret->bytes = state->bytes;
	}
	ret->findings = state->findings;
	ret->count = state->finding_count;
	ret->refused = state->refused;
	return 0;
}

static int run(struct intake_state *state, struct intake_package *ret)
{
	struct intake_process process;
	state->process = &process;
	int err = intake_start(state->job, &process);
	if (err)
		return err;
	struct inbox *in = malloc(sizeof *in);
	bool late = false;
	int status = 0;
	if (in)
		in->from = in->to = 0;
	err = in ? listen_to(state, process.pipe, in, &late) :
	           curb_fail(CURB_EINTERNAL, "worker: out of memory");
	free(in);
	const char *broken = err == CURB_EINVAL ? "frames" : NULL;
	intake_stop(&process, err || late, &status);
	if (err && !broken)
		return err;
	if (broken || late || status != 0 || (!state->ended && !state->refused))
		tell_death(state, status, late, broken);
	return conclude(state, ret);
}

int intake_run(struct curb_arena *arena, const struct intake_job *job, struct intake_package *ret_package)
{
	struct intake_state state = { .arena = arena,
		                      .scratch = curb_arena_new(SCRATCH),
		                      .job = job,
		                      .batch = blob_batch_new(job->blobs) };
	struct intake_package package = { 0 };
	for (size_t i = 0; i < INTAKE_SLOTS; i++)
		state.slots[i] = -1;
	int err = run(&state, &package);
	blob_batch_drop(state.batch);
	curb_arena_free(state.scratch);
	if (!err)
		*ret_package = package;
	return err;
}

struct curb_str intake_text(struct curb_arena *arena, const char *text, const struct intake_finding *finding)
{
	enum { TEXT_MAX = 8192 };
	CURB_AUTO(buf) struct curb_buf out = curb_buf(TEXT_MAX);
	for (const char *at = text; *at; at++) {
		if (strncmp(at, "{a}", 3) == 0 || strncmp(at, "{b}", 3) == 0) {
			curb_buf_str(&out, at[1] == 'a' ? finding->a : finding->b);
			at += 2;
		} else {
			curb_buf_char(&out, *at);
		}
	}
	return curb_dup(arena, curb_buf_view(&out));
}
