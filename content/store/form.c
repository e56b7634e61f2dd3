/* Making a form that browsers play: the program runs under the worker's other walls; what it says is read for its progress. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

enum { SILENT_MS = 10 * 60 * 1000, LONGEST_MS = 12 * 3600 * 1000, FORMS_MAX = 2000 };
enum { FD_INPUT = 3, LINE = 512, TEXTS_LONGEST = 100, WORKER_UPLOAD = 3, WORKER_SCRATCH = 5 };

/* Answers to the worker, and the exit code of one that could not become the program (content/read/form.h). */
enum { MADE, UNMADE, NO_MAKER, NO_WALLS = 90 };

/* What the worker wishes, checked. */
struct wish {
	int input; /* of ours */
	int64_t offset, size, from, to;
	const char *want, *texts;
};

struct making {
	struct intake_state *state;
	const struct wish *wish;
	int64_t claimed_us; /* that the media last, by their own account; 0: not known */
	char line[LINE];
	size_t len;
};

static int broken(void)
{
	return curb_fail(CURB_EINVAL, "worker: %s", "a form that cannot be");
}

static const char *known_want(struct curb_str want)
{
	static const char *const wants[] = { "all", "picture", "sound", "360", "240", "low-sound" };
	for (size_t i = 0; want.ptr && i < sizeof wants / sizeof *wants; i++)
		if (curb_str_is(want, wants[i]))
			return wants[i];
	return NULL;
}

static bool texts_ok(struct curb_str texts)
{
	for (size_t i = 0; texts.ptr && i < texts.len; i++)
		if (!strchr("0123456789cs", texts.ptr[i]))
			return false;
	return texts.ptr && texts.len <= TEXTS_LONGEST;
}

static int read_wish(struct intake_state *state, struct curb_str payload, struct wish *ret_wish)
{
	struct curb_value *value = NULL;
	curb_arena_reset(state->scratch);
	int err = curb_json_parse(state->scratch, payload, &value);
	if (err)
		return broken();
	int64_t fd = curb_get_int(value, "fd", -1);
	struct stat info;
	*ret_wish = (struct wish){
		.input = fd == WORKER_UPLOAD  ? state->process->upload :
		         fd == WORKER_SCRATCH ? state->process->scratch :
		                                -1,
		.offset = curb_get_int(value, "offset", -1),
		.size = curb_get_int(value, "size", -1),
		.from = curb_get_int(value, "from", -1),
		.to = curb_get_int(value, "to", -1),
		.want = known_want(curb_get_str(value, "want")),
	};
	const struct wish *w = ret_wish;
	if (w->input < 0 || fstat(w->input, &info) < 0 || w->offset < 0 || w->size < 1 ||
	    w->size > info.st_size || w->offset > info.st_size - w->size || w->from < 0 || w->from > w->to ||
	    w->to > 1000 || !w->want || !texts_ok(curb_get_str(value, "texts")))
		return broken();
	ret_wish->texts = curb_cstr(state->scratch, curb_get_str(value, "texts"));
	return 0;
}

/* ---- what the program says ---- */

/* It repeats what stands in the file, which may look like its own lines: nothing but the progress depends on them. */
static void hear_line(struct making *making)
{
	static const char duration[] = "  Duration: ", done[] = "out_time_us=";
	const char *line = making->line;
	if (!making->claimed_us && strncmp(line, duration, sizeof duration - 1) == 0)
		making->claimed_us = intake_clock_us(line + sizeof duration - 1);
	if (strncmp(line, done, sizeof done - 1) != 0 || !making->claimed_us)
		return;
	int64_t us = strtoll(line + sizeof done - 1, NULL, 10);
	us = us < 0 ? 0 : us > making->claimed_us ? making->claimed_us : us;
	const struct wish *wish = making->wish;
	intake_progress(making->state,
	                (int)(wish->from + (int64_t)((double)(wish->to - wish->from) * (double)us /
	                                             (double)making->claimed_us)));
}

static int hear(void *arg, const char *bytes, size_t n)
{
	struct making *making = arg;
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n' || bytes[i] == '\r') {
			making->line[making->len] = '\0';
			hear_line(making);
			making->len = 0;
		} else if (making->len < LINE - 1) {
			making->line[making->len++] = bytes[i];
		}
	}
	return 0;
}

/* Until the program closes its end. */
static int listen_to(struct making *making, int in)
{
	const struct intake_job *job = making->state->job;
	const struct intake_listening listening = {
		.longest_ms = job->wall_ms ? job->wall_ms : LONGEST_MS,
		.silent_ms = SILENT_MS,
		.cancelled = job->cancelled,
		.cancel_arg = job->arg,
		.hear = hear,
		.arg = making,
	};
	return intake_listen(&listening, in);
}

/* ---- the program ---- */

static int start(struct making *making, int out, pid_t *ret_pid)
{
	struct intake_state *state = making->state;
	const struct wish *wish = making->wish;
	const char *offset = curb_printf(state->scratch, "%lld", (long long)wish->offset);
	const char *size = curb_printf(state->scratch, "%lld", (long long)wish->size);
	const char *const argv[] = {
		"curbcut-worker", "", "form", state->job->program, wish->want, offset, size, wish->texts, NULL
	};
	CURB_AUTO(fd) int input = intake_reopen(wish->input);
	const struct intake_give gives[] = { { state->process->form, STDOUT_FILENO },
		                             { out, STDERR_FILENO },
		                             { input, FD_INPUT } };
	if (ftruncate(state->process->form, 0) < 0 || lseek(state->process->form, 0, SEEK_SET) < 0)
		return curb_fail(CURB_EINTERNAL, "the form's file, errno %d", errno);
	return intake_spawn(state->job->worker, (char *const *)(uintptr_t)argv, gives,
	                    sizeof gives / sizeof *gives, ret_pid);
}

int intake_check_room(int fd)
{
	enum { SOME = 1 << 20 };
	off_t end = lseek(fd, 0, SEEK_END);
	int failed = posix_fallocate(fd, end < 0 ? 0 : end, SOME);
	if (failed == ENOSPC || failed == EDQUOT)
		return curb_fail(CURB_EFULL, "the disk is full: free some room and try again");
	return 0;
}

static int make(struct making *making, int *ret_made)
{
	CURB_AUTO(fd) int in = -1;
	int out = -1, status = 0;
	pid_t pid = 0;
	int err = intake_pipe(&in, &out);
	if (!err)
		err = start(making, out, &pid);
	if (out >= 0)
		(void)close(out);
	if (err)
		return err;
	err = listen_to(making, in);
	if (!err)
		err = intake_wait(pid);
	intake_end(pid, err != 0, &status);
	int code = err || !WIFEXITED(status) ? -1 : WEXITSTATUS(status);
	*ret_made = code == 0 ? MADE : code == NO_WALLS ? NO_MAKER : UNMADE;
	if (err && err != CURB_EBUSY)
		return err;
	return *ret_made == MADE ? 0 : intake_check_room(making->state->process->form);
}

static int answer(const struct intake_state *state, int made, int64_t claimed_ms)
{
	unsigned char bytes[16] = { (unsigned char)made };
	for (size_t i = 0; i < 8; i++)
		bytes[8 + i] = (unsigned char)((uint64_t)claimed_ms >> (8 * i));
	/* one that has died is told by its end */
	(void)send(state->process->answers, bytes, sizeof bytes, MSG_NOSIGNAL);
	return 0;
}

int intake_form(struct intake_state *state, struct curb_str payload)
{
	struct wish wish;
	if (!state->job->program || ++state->forms > FORMS_MAX)
		return broken();
	int err = read_wish(state, payload, &wish);
	if (err)
		return err;
	struct making *making = malloc(sizeof *making);
	if (!making)
		return curb_fail(CURB_EINTERNAL, "worker: out of memory");
	*making = (struct making){ .state = state, .wish = &wish };
	int made = UNMADE;
	int64_t begun = curb_tick_ms();
	state->making = true;
	err = make(making, &made);
	state->making = false;
	state->forms_ms += curb_tick_ms() - begun;
	int64_t claimed_ms = making->claimed_us / 1000;
	free(making);
	return err ? err : answer(state, made, claimed_ms);
}
