/* First ffmpeg makes a WAV file of the sound, then the captioner reads it; each runs alone behind the walls for programs of others. */
#include "captioner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum { LONGEST_MS = 12 * 3600 * 1000, SILENT_MS = 10 * 60 * 1000, LINE = 256 };
enum { FD_INPUT = 3, NO_WALLS = 90 }; /* as content/read/form.h has them */
enum { WAV_HEAD = 44, RATE = 16000, SAMPLE = 2 };
enum {
	DECODED = 200,
	ALMOST = 950
}; /* permille: behind the sound, and the most that the captioner's own words are believed */

struct running {
	const struct captioner_job *job;
	struct curb_buf *out; /* of the captioner */
	int permille;
	char line[LINE];
	size_t len;
	struct captioner_ended *ended;
	size_t said;
};

static void tell(struct running *r, int64_t permille)
{
	if (permille <= r->permille)
		return;
	r->permille = (int)permille;
	if (r->job->progress)
		r->job->progress(r->job->arg, r->permille);
}

static void tell_share(struct running *r, int64_t us, int from, int to)
{
	int64_t all_us = r->job->sound_ms * 1000;
	if (all_us > 0 && us > 0)
		tell(r, from + (us < all_us ? (int64_t)((double)(to - from) * (double)us / (double)all_us) :
		                              to - from));
}

typedef void (*hear_line_fn)(struct running *r);

static void hear_lines(struct running *r, const char *bytes, size_t n, hear_line_fn hear)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n' || bytes[i] == '\r') {
			r->line[r->len] = '\0';
			hear(r);
			r->len = 0;
		} else if (r->len < LINE - 1) {
			r->line[r->len++] = bytes[i];
		}
	}
}

static void hear_decoded(struct running *r)
{
	static const char done[] = "out_time_us=";
	if (strncmp(r->line, done, sizeof done - 1) == 0)
		tell_share(r, strtoll(r->line + sizeof done - 1, NULL, 10), 0, DECODED);
}

static void hear_cue(struct running *r)
{
	static const char arrow[] = " --> ";
	const char *to = strstr(r->line, arrow);
	if (to)
		tell_share(r, intake_clock_us(to + sizeof arrow - 1), DECODED, ALMOST);
}

static int hear_ffmpeg(void *arg, const char *bytes, size_t n)
{
	hear_lines(arg, bytes, n, hear_decoded);
	return 0;
}

static int hear_captioner(void *arg, const char *bytes, size_t n)
{
	struct running *r = arg;
	curb_buf_add(r->out, bytes, n);
	hear_lines(r, bytes, n, hear_cue);
	return curb_buf_check(r->out);
}

/* The last of it is kept. */
static void overhear(void *arg, const char *bytes, size_t n)
{
	struct running *r = arg;
	char *said = r->ended->said;
	size_t take = n < CAPTIONER_SAID ? n : CAPTIONER_SAID, room = CAPTIONER_SAID - take,
	       keep = r->said < room ? r->said : room;
	memmove(said, said + r->said - keep, keep);
	memcpy(said + keep, bytes + n - take, take);
	r->said = keep + take;
	said[r->said] = '\0';
}

/* ---- one program ---- */

struct program {
	const char *const *argv;
	struct intake_give gives[4];
	size_t give_count;
	int pipe_as;  /* the descriptor by which it is heard */
	int aside_as; /* another that it may write to; 0: none */
	int64_t silent_ms;
	int (*hear)(void *arg, const char *bytes, size_t n);
};

static int give_pipe(struct program *p, int as, int *ret_in, int *ret_out)
{
	int err = as ? intake_pipe(ret_in, ret_out) : 0;
	if (as && !err)
		p->gives[p->give_count++] = (struct intake_give){ *ret_out, as };
	return err;
}

static void shut(int *fd)
{
	curb_auto_fd(fd);
	*fd = -1;
}

/* CURB_EBUSY: its time was over; CURB_ETOOBIG: it wrote too much. */
static int run_program(struct running *r, struct program *p)
{
	const struct captioner_job *job = r->job;
	CURB_AUTO(fd) int in = -1, aside = -1, out = -1, aside_out = -1;
	int status = 0;
	pid_t pid = 0;
	struct intake_listening listening = {
		.longest_ms = job->wall_ms ? job->wall_ms : LONGEST_MS,
		.silent_ms = p->silent_ms,
		.cancelled = job->cancelled,
		.cancel_arg = job->arg,
		.hear = p->hear,
		.overhear = overhear,
		.arg = r,
	};
	r->len = 0;
	int err = give_pipe(p, p->pipe_as, &in, &out);
	if (!err)
		err = give_pipe(p, p->aside_as, &aside, &aside_out);
	if (!err)
		err = intake_spawn(job->worker, (char *const *)(uintptr_t)p->argv, p->gives, p->give_count,
		                   &pid);
	if (err)
		return err;
	shut(&out);
	shut(&aside_out);
	listening.aside = aside > 0 ? aside : 0;
	err = intake_listen(&listening, in);
	if (!err)
		err = intake_wait(pid);
	intake_end(pid, err != 0, &status);
	r->ended->code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	return err;
}

/* ---- the sound ---- */

static void put_u32(unsigned char *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (unsigned char)(value >> (8 * i));
}

/* Of one channel of 16 bits: RIFF WAVE, fmt, data. */
static int put_head(int wav, uint32_t bytes)
{
	unsigned char head[WAV_HEAD] = "RIFF....WAVEfmt \x10\0\0\0\1\0\1\0....\0\0\0\0\2\0\x10\0data";
	put_u32(head + 4, bytes + WAV_HEAD - 8);
	put_u32(head + 24, RATE);
	put_u32(head + 28, RATE * SAMPLE);
	put_u32(head + 40, bytes);
	return pwrite(wav, head, sizeof head, 0) == (ssize_t)sizeof head ? 0 : intake_check_room(wav);
}

static int decode(struct running *r, int wav)
{
	const struct captioner_job *job = r->job;
	CURB_AUTO(fd) int sound = intake_reopen(job->sound);
	struct stat about;
	struct captioner_ended *ended = r->ended;
	if (sound < 0 || fstat(sound, &about) < 0 || lseek(wav, WAV_HEAD, SEEK_SET) < 0)
		return curb_fail(CURB_EINTERNAL, "the sound of a lesson, errno %d", errno);
	char size[24];
	(void)snprintf(size, sizeof size, "%lld", (long long)about.st_size);
	const char *const argv[] = {
		"curbcut-worker", "", "form", job->ffmpeg, "speech", "0", size, "", NULL
	};
	struct program ffmpeg = { .argv = argv,
		                  .gives = { { wav, STDOUT_FILENO }, { sound, FD_INPUT } },
		                  .give_count = 2,
		                  .pipe_as = STDERR_FILENO,
		                  .silent_ms = SILENT_MS,
		                  .hear = hear_ffmpeg };
	int err = run_program(r, &ffmpeg);
	if (err && err != CURB_EBUSY)
		return err;
	ended->end = err ? CAPTIONER_LATE : ended->code == NO_WALLS ? CAPTIONER_NO_WALLS : CAPTIONER_NO_SOUND;
	off_t end = lseek(wav, 0, SEEK_END);
	if (err || ended->code != 0)
		return intake_check_room(wav);
	if (end <= WAV_HEAD || end > UINT32_MAX)
		return 0;
	ended->end = CAPTIONER_DONE;
	return put_head(wav, (uint32_t)(end - WAV_HEAD));
}

/* ---- the captions ---- */

static int write_down(struct running *r, int wav)
{
	const struct captioner_job *job = r->job;
	CURB_AUTO(fd) int input = intake_reopen(wav);
	struct captioner_ended *ended = r->ended;
	const char *const argv[] = { "curbcut-worker", "",        "captioner", job->program,
		                     job->reads,       job->runs, job->lang,   NULL };
	struct program captioner = { .argv = argv,
		                     .gives = { { input, STDIN_FILENO } },
		                     .give_count = 1,
		                     .pipe_as = STDOUT_FILENO,
		                     .aside_as = STDERR_FILENO,
		                     .silent_ms = LONGEST_MS, /* it may tell all at its end */
		                     .hear = hear_captioner };
	tell(r, DECODED);
	int err = run_program(r, &captioner);
	if (err && err != CURB_EBUSY && err != CURB_ETOOBIG)
		return err;
	ended->end = err == CURB_EBUSY       ? CAPTIONER_LATE :
	             err == CURB_ETOOBIG     ? CAPTIONER_TOO_MUCH :
	             ended->code == 0        ? CAPTIONER_DONE :
	             ended->code == NO_WALLS ? CAPTIONER_NO_WALLS :
	                                       CAPTIONER_FAILED;
	return 0;
}

int captioner_run(const struct captioner_job *job, struct curb_buf *out, struct captioner_ended *ret)
{
	CURB_AUTO(fd) int wav = -1;
	int low = -1;
	struct running *r = malloc(sizeof *r);
	if (!r)
		return curb_fail(CURB_EINTERNAL, "captioner: out of memory");
	*ret = (struct captioner_ended){ .end = CAPTIONER_NO_SOUND };
	*r = (struct running){ .job = job, .out = out, .ended = ret };
	int err = blobs_scratch(job->blobs, &low);
	wav = err ? -1 : intake_lift(low);
	if (!err)
		err = wav < 0 ? curb_fail(CURB_EINTERNAL, "no descriptor is free") : decode(r, wav);
	if (!err && ret->end == CAPTIONER_DONE)
		err = write_down(r, wav);
	free(r);
	return err;
}
