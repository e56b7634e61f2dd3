/* Captions drafted by a program: through the real walls, with a program that does what it should and ones that do what they must not. */
#include "intake_bench.h"

#include <errno.h>
#include <signal.h>

#include "captioner.h"

#define SOUND "-f lavfi -i sine=d=3:r=44100 "

/* A file that ffmpeg makes. */
static int media(const struct bench *bench, const char *name, const char *args)
{
	char command[1200], path[300];
	(void)snprintf(path, sizeof path, "%s.%s", bench->root, name);
	(void)snprintf(command, sizeof command, "ffmpeg -nostdin -v error -y %s '%s'", args, path);
	assert_int_equal(system(command), 0); // NOLINT(cert-env33-c)
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	(void)unlink(path);
	assert_true(fd >= 0);
	return fd;
}

struct stand {
	struct bench *bench;
	char folder[64], program[128], mode[160];
	int sound, told;
	struct curb_buf out;
	struct captioner_job job;
	struct captioner_ended ended;
};

static void copy_stub(const char *to)
{
	char command[1200];
	(void)snprintf(command, sizeof command, "cp '%s' '%s'", CURB_CAPTIONER_STUB, to);
	assert_int_equal(system(command), 0); // NOLINT(cert-env33-c)
}

static void set_mode(const struct stand *s, const char *mode)
{
	FILE *file = fopen(s->mode, "we");
	assert_non_null(file);
	(void)fputs(mode, file);
	(void)fclose(file);
}

static void note(void *arg, int permille)
{
	struct stand *s = arg;
	assert_true(permille > s->told && permille <= 1000);
	s->told = permille;
}

static void stand_open(struct stand *s, struct bench *bench)
{
	*s = (struct stand){ .bench = bench,
		             .folder = "/tmp/curb-captioner-XXXXXX",
		             .out = curb_buf(1 << 20) };
	assert_non_null(mkdtemp(s->folder));
	(void)snprintf(s->program, sizeof s->program, "%s/captioner", s->folder);
	(void)snprintf(s->mode, sizeof s->mode, "%s.mode", s->program);
	copy_stub(s->program);
	set_mode(s, "good");
	s->sound = media(bench, "talk.m4a", SOUND "-c:a aac");
	s->job = (struct captioner_job){ .worker = CURB_WORKER,
		                         .ffmpeg = "/usr/bin/ffmpeg",
		                         .program = s->program,
		                         .reads = s->mode,
		                         .runs = "",
		                         .blobs = bench->blobs,
		                         .sound = s->sound,
		                         .lang = "zh-CN",
		                         .sound_ms = 3000,
		                         .wall_ms = 60000,
		                         .progress = note,
		                         .arg = s };
}

static void stand_close(struct stand *s)
{
	assert_int_equal(files_in(s->bench), 0);
	(void)close(s->sound);
	(void)unlink(s->mode);
	(void)unlink(s->program);
	(void)rmdir(s->folder);
	curb_buf_free(&s->out);
}

static enum captioner_end run(struct stand *s)
{
	curb_buf_clear(&s->out);
	s->told = -1;
	int err = captioner_run(&s->job, &s->out, &s->ended);
	if (err)
		print_message("%s\n", curb_error_text());
	assert_int_equal(err, 0);
	return s->ended.end;
}

static bool said(const struct stand *s, const char *text)
{
	return s->out.len && strstr(s->out.data, text) != NULL;
}

static void captioner__hears_the_sound_and_its_language(void **state)
{
	struct stand s;
	stand_open(&s, *state);
	assert_int_equal(run(&s), CAPTIONER_DONE);
	assert_true(said(&s, "WEBVTT\n"));
	assert_true(said(&s, "00:02.000 --> 00:03.000\nSecond 3 in zh-CN, heard from 0 "));
	assert_false(said(&s, "Second 5"));
	assert_in_range(s.told, 900, 1000);
	stand_close(&s);
}

/* As the remuxer leaves it: a sound that comes in later than the picture. */
static void captioner__begins_where_the_lesson_begins(void **state)
{
	struct stand s;
	stand_open(&s, *state);
	(void)close(s.sound);
	s.job.sound = s.sound = media(s.bench, "late.mp4",
	                              "-itsoffset 2 " SOUND
	                              "-c:a aac -copyts -movflags frag_keyframe+empty_moov+frag_discont "
	                              "-use_editlist 0 -avoid_negative_ts disabled");
	assert_int_equal(run(&s), CAPTIONER_DONE);
	assert_true(said(&s, "Second 5 in zh-CN, heard from 2 "));
	stand_close(&s);
}

static void captioner__that_does_not_do_it_is_told_apart(void **state)
{
	static const struct {
		const char *mode;
		enum captioner_end end;
	} cases[] = {
		{ "fails", CAPTIONER_FAILED },  { "dies", CAPTIONER_FAILED }, { "much", CAPTIONER_TOO_MUCH },
		{ "line", CAPTIONER_TOO_MUCH }, { "closes", CAPTIONER_LATE }, { "rubbish", CAPTIONER_DONE },
		{ "nothing", CAPTIONER_DONE },
	};
	struct stand s;
	stand_open(&s, *state);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		set_mode(&s, cases[i].mode);
		assert_int_equal(run(&s), cases[i].end);
		assert_in_range(s.out.len, 0, 1 << 20);
	}
	set_mode(&s, "fails");
	(void)run(&s);
	assert_int_equal(s.ended.code, 3);
	assert_int_equal(strlen(s.ended.said), CAPTIONER_SAID);
	assert_string_equal(s.ended.said + CAPTIONER_SAID - strlen("loading no model"), "loading no model");
	set_mode(&s, "dies");
	(void)run(&s);
	assert_int_equal(s.ended.code, -SIGABRT);
	assert_string_equal(s.ended.said, "");
	s.job.wall_ms = 1500;
	set_mode(&s, "hangs");
	assert_int_equal(run(&s), CAPTIONER_LATE);
	stand_close(&s);
}

static void captioner__that_cannot_be_locked_in_is_not_run(void **state)
{
	struct stand s;
	stand_open(&s, *state);
	static const char *const paths[] = { "/nowhere/at/all", "no/slash" };
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		s.job.reads = paths[i];
		assert_int_equal(run(&s), CAPTIONER_NO_WALLS);
		s.job.reads = s.mode;
		s.job.runs = paths[i];
		assert_int_equal(run(&s), CAPTIONER_NO_WALLS);
		s.job.runs = "";
	}
	s.job.program = "/nowhere/captioner";
	assert_int_equal(run(&s), CAPTIONER_NO_WALLS);
	s.job.program = s.program;
	s.job.reads = ""; /* it has no right to see its mode */
	assert_int_equal(run(&s), CAPTIONER_FAILED);
	stand_close(&s);
}

static void captioner__without_sound_is_not_run(void **state)
{
	struct stand s;
	stand_open(&s, *state);
	(void)close(s.sound);
	s.job.sound = s.sound = media(s.bench, "mute.mp4",
	                              "-f lavfi -i testsrc=s=64x48:r=10:d=1 -c:v libx264");
	assert_int_equal(run(&s), CAPTIONER_NO_SOUND);
	assert_int_equal(s.out.len, 0);
	stand_close(&s);
}

/* Nothing but what was named; with `runs` more calls are allowed, and not more is reached by them. */
static void captioner__reaches_nothing_else(void **state)
{
	struct stand s;
	stand_open(&s, *state);
	set_mode(&s, "tries");
	for (int more = 0; more < 2; more++) {
		s.job.runs = more ? s.program : "";
		assert_int_equal(run(&s), CAPTIONER_DONE);
		if (said(&s, "DONE"))
			print_message("%s\n", s.out.data);
		assert_false(said(&s, "DONE"));
		assert_true(said(&s, "fork: refused"));
		assert_true(said(&s, "shell: refused"));
		assert_int_equal(access(s.mode, R_OK), 0);
		assert_int_equal(access("/tmp/curbcut-captioner", F_OK), -1);
	}
	stand_close(&s);
}

static void write_script(const struct stand *s, const char *text)
{
	(void)unlink(s->program);
	FILE *file = fopen(s->program, "we");
	assert_non_null(file);
	(void)fputs(text, file);
	(void)fclose(file);
	assert_int_equal(chmod(s->program, 0700), 0);
}

/* A script needs what it is run by, and may become another program that is named. */
static void captioner__may_be_a_script_when_its_shell_is_named(void **state)
{
	struct stand s;
	char stub[128], runs[400];
	stand_open(&s, *state);
	(void)snprintf(stub, sizeof stub, "%s/stub", s.folder);
	(void)snprintf(runs, sizeof runs, "/bin/sh %s", stub);
	copy_stub(stub);
	char mode[160], text[300];
	(void)snprintf(mode, sizeof mode, "%s.mode", stub);
	assert_int_equal(rename(s.mode, mode), 0);
	(void)snprintf(text, sizeof text, "#!/bin/sh\nexec %s \"$1\"\n", stub);
	write_script(&s, text);
	s.job.reads = mode;
	assert_int_not_equal(run(&s), CAPTIONER_DONE); /* no shell */
	s.job.runs = runs;
	assert_int_equal(run(&s), CAPTIONER_DONE);
	assert_true(said(&s, "Second 3 in zh-CN"));
	s.job.runs = "/bin/sh";
	assert_int_equal(run(&s), CAPTIONER_FAILED);
	(void)unlink(stub);
	(void)unlink(mode);
	stand_close(&s);
}

static bool at_once_it_began(void *arg)
{
	return ((struct stand *)arg)->told > 200;
}

static void captioner__can_be_called_off(void **state)
{
	struct stand s;
	stand_open(&s, *state);
	set_mode(&s, "hangs");
	s.job.cancelled = at_once_it_began;
	s.told = -1;
	assert_int_equal(captioner_run(&s.job, &s.out, &s.ended), CURB_ECONFLICT);
	stand_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(captioner__hears_the_sound_and_its_language, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(captioner__begins_where_the_lesson_begins, set_up, tear_down),
		cmocka_unit_test_setup_teardown(captioner__that_does_not_do_it_is_told_apart, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(captioner__that_cannot_be_locked_in_is_not_run, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(captioner__without_sound_is_not_run, set_up, tear_down),
		cmocka_unit_test_setup_teardown(captioner__reaches_nothing_else, set_up, tear_down),
		cmocka_unit_test_setup_teardown(captioner__may_be_a_script_when_its_shell_is_named, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(captioner__can_be_called_off, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
