/* Forms that browsers play, made of what they do not, through the real worker and the real program. */
#include "intake_bench.h"

#include <errno.h>

/* A file that ffmpeg makes; -1: this ffmpeg has no such encoder. */
static int media(const struct bench *bench, const char *name, const char *args)
{
	char command[1200], path[300];
	(void)snprintf(path, sizeof path, "%s.%s", bench->root, name);
	(void)snprintf(command, sizeof command, "ffmpeg -nostdin -v error -y %s '%s' 2>/dev/null", args,
	               path);
	int failed = system(command); // NOLINT(cert-env33-c)
	int fd = failed ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	(void)unlink(path);
	return fd;
}

#define PICTURE "-f lavfi -i testsrc=s=64x48:r=10:d=1 "
#define SOUND "-f lavfi -i sine=d=1 "

static const struct curb_value *first_unit(const struct intake_package *package)
{
	return curb_value_at(curb_value_get(package->package, "units"), 0);
}

/* The nth track of that kind; NULL: none. */
static const struct curb_value *track(const struct intake_package *package, const char *kind, size_t n)
{
	const struct curb_value *tracks = curb_value_get(first_unit(package), "tracks");
	for (size_t i = 0; i < curb_value_count(tracks); i++)
		if (curb_str_is(curb_get_str(curb_value_at(tracks, i), "kind"), kind) && n-- == 0)
			return curb_value_at(tracks, i);
	return NULL;
}

static bool coded(const struct curb_value *track, const char *begin)
{
	return track && curb_str_starts(curb_get_str(track, "codec"), begin);
}

static void form__of_every_kind_is_made(void **state)
{
	static const struct {
		const char *name, *args;
		int pictures, sounds;
	} kinds[] = {
		{ "lesson.avi", PICTURE SOUND "-c:v mpeg4 -c:a mp2", 1, 1 },
		{ "lesson.wmv", PICTURE SOUND "-c:v wmv2 -c:a wmav2", 1, 1 },
		{ "lesson.mpg", PICTURE SOUND "-r 25 -c:v mpeg2video -c:a ac3", 1, 1 },
		{ "lesson.ts", PICTURE SOUND "-r 25 -c:v mpeg2video -c:a mp2", 1, 1 },
		{ "lesson.flv", PICTURE SOUND "-c:v flv -ar 22050 -c:a adpcm_swf", 1, 1 },
		{ "lesson.3gp", PICTURE SOUND "-s 128x96 -c:v h263 -c:a aac", 1, 1 },
		{ "lesson.mkv", PICTURE SOUND "-c:v libx265 -x265-params log-level=none -c:a aac", 1, 1 },
		{ "talk.wav", SOUND "-c:a pcm_s16le", 0, 1 },
		{ "talk.ogg", SOUND "-c:a libvorbis", 0, 1 },
		{ "silent.avi", PICTURE "-c:v mpeg4", 1, 0 },
	};
	struct bench *bench = *state;
	int made = 0;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		CURB_AUTO(fd) int fd = media(bench, kinds[i].name, kinds[i].args);
		if (fd < 0)
			continue; /* not with this ffmpeg */
		struct intake_package package = take(bench, fd, kinds[i].name);
		if (package.refused) {
			print_message("%s\n", kinds[i].name);
			show(&package);
		}
		assert_false(package.refused);
		assert_non_null(find(&package, "media.formed"));
		assert_int_equal(track(&package, "video", 0) != NULL, kinds[i].pictures);
		assert_int_equal(track(&package, "audio", 0) != NULL, kinds[i].sounds);
		assert_true(!kinds[i].pictures || coded(track(&package, "video", 0), "avc1."));
		assert_true(!kinds[i].sounds || coded(track(&package, "audio", 0), "mp4a.40.2"));
		assert_in_range(curb_get_int(first_unit(&package), "duration_ms", 0), 900, 1300);
		made++;
	}
	assert_true(made >= 8);
}

/* AMR has no encoder in Debian: sixty frames of silence, as 3GPP TS 26.101 has them. */
static void form__of_amr(void **state)
{
	enum { FRAMES = 60, FRAME = 13 };
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(4096);
	curb_buf_text(&bytes, "#!AMR\n");
	for (int i = 0; i < FRAMES; i++) {
		char *frame = curb_buf_room(&bytes, FRAME);
		memset(frame, 0, FRAME);
		frame[0] = 0x04;
	}
	CURB_AUTO(fd) int fd = zip_make_fd(&bytes);
	struct intake_package package = take(bench, fd, "note.amr");
	assert_false(package.refused);
	assert_true(coded(track(&package, "audio", 0), "mp4a.40.2"));
	assert_in_range(curb_get_int(first_unit(&package), "duration_ms", 0), 1100, 1400);
}

/* In the folder of the store; it goes with it. */
static void write_beside(const struct bench *bench, const char *name, const char *text)
{
	char path[300];
	(void)snprintf(path, sizeof path, "%s/%s", bench->root, name);
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	(void)fputs(text, file);
	(void)fclose(file);
}

static void form__keeps_captions_chapters_and_languages(void **state)
{
	struct bench *bench = *state;
	char args[900];
	write_beside(bench, "facts",
	             ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle=One\n");
	write_beside(bench, "srt", "1\n00:00:00,100 --> 00:00:00,800\nHello\n");
	(void)snprintf(
		args, sizeof args,
		PICTURE SOUND SOUND
		"-f ffmetadata -i '%s/facts' -i '%s/srt' "
		"-map 0 -map 1 -map 2 -map 4 -map_chapters 3 -c:v mpeg4 -c:a flac -strict -2 -c:s mov_text "
		"-metadata:s:a:0 language=zho -metadata:s:a:1 language=eng -metadata:s:s:0 language=eng",
		bench->root, bench->root);
	CURB_AUTO(fd) int fd = media(bench, "lesson.mp4", args);
	assert_true(fd >= 0);
	struct intake_package package = take(bench, fd, "lesson.mp4");
	assert_false(package.refused);
	assert_true(curb_str_is(curb_get_str(track(&package, "audio", 0), "lang"), "zh"));
	assert_true(curb_str_is(curb_get_str(track(&package, "audio", 1), "lang"), "en"));
	const struct curb_value *texts = track(&package, "captions", 0);
	texts = texts ? texts : track(&package, "subtitles", 0);
	assert_non_null(texts);
	assert_true(curb_str_is(curb_get_str(texts, "lang"), "en"));
	const struct curb_value *nav = curb_value_get(first_unit(&package), "nav");
	assert_true(curb_str_is(curb_get_str(curb_value_at(nav, 0), "text"), "One"));
}

static void form__of_what_lies_in_a_zip(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(fd) int film = media(bench, "a.avi", PICTURE SOUND "-c:v mpeg4 -c:a mp2");
	assert_true(film >= 0);
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(1 << 20);
	CURB_AUTO(buf) struct curb_buf packed = curb_buf(1 << 20);
	CURB_AUTO(buf) struct curb_buf zip = curb_buf(4 << 20);
	char *at = curb_buf_room(&bytes, (size_t)lseek(film, 0, SEEK_END));
	assert_int_equal(pread(film, at, bytes.len, 0), bytes.len);
	zip_make_deflated(&packed, bytes.data, bytes.len);
	const struct zip_item items[] = {
		{ .name = "1.avi", .bytes = bytes.data, .size = bytes.len },
		{ .name = "2.avi",
		  .bytes = packed.data,
		  .size = packed.len,
		  .deflate = true,
		  .unpacked = bytes.len,
		  .crc = zip_make_crc(bytes.data, bytes.len) },
	};
	zip_make(&zip, items, 2);
	CURB_AUTO(fd) int fd = zip_make_fd(&zip);
	struct intake_package package = take(bench, fd, "lessons.zip");
	assert_false(package.refused);
	assert_int_equal(curb_value_count(curb_value_get(package.package, "units")), 2);
	assert_in_range(bench->made_permille, 500, 1000);
	assert_int_equal(bench->progress, 1000);
}

/* ---- without the program, or with one that does not do it ---- */

static struct intake_package take_mark(struct bench *bench, const char *program, const char *behind)
{
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(64);
	curb_buf_add(&bytes, "RIFF\0\0\0\0AVI ", 12);
	curb_buf_text(&bytes, behind);
	CURB_AUTO(fd) int fd = zip_make_fd(&bytes);
	bench->program = program;
	return take(bench, fd, "lesson.avi");
}

static void form__that_cannot_be_made_is_a_refusal(void **state)
{
	static const struct {
		const char *program, *behind, *code;
	} cases[] = {
		{ NULL, "no media", "media.codec" },
		{ CURB_FORM_STUB, "fails", "media.unreadable" },
		{ CURB_FORM_STUB, "nothing", "media.unreadable" },
		{ CURB_FORM_STUB, "closes", "media.unreadable" },
		{ CURB_FORM_STUB, "no media", "media.unreadable" },
		{ "/usr/bin/ffmpeg", "no media", "media.unreadable" },
		{ "/nowhere/ffmpeg", "no media", "media.codec" },
	};
	struct bench *bench = *state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct intake_package package = take_mark(bench, cases[i].program, cases[i].behind);
		if (!find(&package, cases[i].code))
			show(&package);
		assert_true(package.refused);
		assert_non_null(find(&package, cases[i].code));
		assert_int_equal(files_in(bench), 0);
	}
	/* the stub says that half is made, of the share that making has in the whole */
	assert_int_equal(bench->made_permille, 475);
}

/* The job of an upload that the stub makes a form of. */
static struct intake_job stubbed(const struct bench *bench, int fd)
{
	return (struct intake_job){ .worker = CURB_WORKER,
		                    .program = CURB_FORM_STUB,
		                    .blobs = bench->blobs,
		                    .upload = fd,
		                    .name = "lesson.avi",
		                    .errors_fd = -1 };
}

static bool full; /* the disk */

/* In place of the C library's. */
int posix_fallocate(int fd, off_t offset, off_t length)
{
	assert_true(fd >= 0 && offset >= 0 && length > 0);
	return full ? ENOSPC : 0;
}

/* The program says no more than that it failed; a full disk is no fault of the file, and it is tried again. */
static void form__on_a_full_disk_is_no_refusal(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(64);
	curb_buf_add(&bytes, "RIFF\0\0\0\0AVI fails", 17);
	CURB_AUTO(fd) int fd = zip_make_fd(&bytes);
	struct intake_package package = { 0 };
	struct intake_job job = stubbed(bench, fd);
	full = true;
	assert_int_equal(intake_run(bench->arena, &job, &package), CURB_EFULL);
	full = false;
	assert_int_equal(files_in(bench), 0);
}

/* A lesson as it is played becomes smaller, on the same axis of time. */
static void rendition__of_each_form_is_made(void **state)
{
	static const struct {
		const char *form;
		int64_t width, height;
		int sounds;
	} forms[] = { { "360", 480, 360, 1 }, { "240", 320, 240, 1 }, { "low-sound", 0, 0, 1 } };
	struct bench *bench = *state;
	CURB_AUTO(fd)
	int fd = media(bench, "lesson.mp4",
	               PICTURE SOUND "-s 640x480 -pix_fmt yuv420p -c:v libx264 -c:a aac");
	assert_true(fd >= 0);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct intake_package package = { 0 };
		struct intake_job job = { .worker = CURB_WORKER,
			                  .program = "/usr/bin/ffmpeg",
			                  .blobs = bench->blobs,
			                  .upload = fd,
			                  .name = "",
			                  .rendition = forms[i].form,
			                  .errors_fd = -1 };
		assert_int_equal(intake_run(bench->arena, &job, &package), 0);
		assert_false(package.refused);
		const struct curb_value *picture = track(&package, "video", 0),
					*sound = track(&package, "audio", 0);
		assert_int_equal(curb_get_int(picture, "width", 0), forms[i].width);
		assert_int_equal(curb_get_int(picture, "height", 0), forms[i].height);
		assert_true(coded(sound, "mp4a.40.2"));
		assert_non_null(track(&package, "flat", 0));
		assert_null(track(&package, "flat", 1));
		assert_in_range(curb_get_int(first_unit(&package), "duration_ms", 0), 900, 1300);
	}
}

static void rendition__on_a_full_disk_is_no_refusal(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(64);
	curb_buf_add(&bytes, "RIFF\0\0\0\0AVI fails", 17);
	CURB_AUTO(fd) int fd = zip_make_fd(&bytes);
	struct intake_package package = { 0 };
	struct intake_job job = stubbed(bench, fd);
	job.rendition = "240";
	full = true;
	assert_int_equal(intake_run(bench->arena, &job, &package), CURB_EFULL);
	full = false;
	assert_int_equal(files_in(bench), 0);
	assert_int_equal(intake_run(bench->arena, &job, &package), 0);
	assert_true(package.refused); /* the same with room: it is the file */
}

static bool once_it_is_made(void *arg)
{
	return ((struct bench *)arg)->made_permille > 0;
}

static void form__can_be_called_off_or_runs_out_of_time(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(64);
	curb_buf_add(&bytes, "RIFF\0\0\0\0AVI hangs", 17);
	CURB_AUTO(fd) int fd = zip_make_fd(&bytes);
	struct intake_package package = { 0 };
	struct intake_job job = stubbed(bench, fd);
	job.progress = note_progress;
	job.cancelled = once_it_is_made;
	job.arg = bench;
	assert_int_equal(intake_run(bench->arena, &job, &package), CURB_ECONFLICT);
	job.cancelled = NULL;
	job.progress = NULL;
	job.wall_ms = 2000;
	assert_int_equal(intake_run(bench->arena, &job, &package), 0);
	assert_non_null(find(&package, "media.unreadable"));
	assert_int_equal(files_in(bench), 0);
}

static void form__a_lying_worker_gets_none(void **state)
{
	static const char *const lies[] = { "form-fd", "form-far", "form-want", "form-texts", "form-part" };
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(16);
	curb_buf_text(&bytes, "x");
	CURB_AUTO(fd) int fd = zip_make_fd(&bytes);
	bench->program = CURB_FORM_STUB;
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct intake_package package = take_by(bench, CURB_LIAR, fd, lies[i]);
		assert_true(package.refused);
		assert_true(curb_str_is(find(&package, "worker.stopped")->a, "frames"));
	}
	bench->program = NULL; /* nor is any made where there is no program */
	struct intake_package package = take_by(bench, CURB_LIAR, fd, "form-good");
	assert_true(curb_str_is(find(&package, "worker.stopped")->a, "frames"));
}

static int set_up_program(void **state)
{
	int err = set_up(state);
	((struct bench *)*state)->program = "/usr/bin/ffmpeg";
	return err;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(form__of_every_kind_is_made, set_up_program, tear_down),
		cmocka_unit_test_setup_teardown(form__of_amr, set_up_program, tear_down),
		cmocka_unit_test_setup_teardown(form__keeps_captions_chapters_and_languages, set_up_program,
		                                tear_down),
		cmocka_unit_test_setup_teardown(form__of_what_lies_in_a_zip, set_up_program, tear_down),
		cmocka_unit_test_setup_teardown(form__that_cannot_be_made_is_a_refusal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(form__on_a_full_disk_is_no_refusal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(rendition__of_each_form_is_made, set_up, tear_down),
		cmocka_unit_test_setup_teardown(rendition__on_a_full_disk_is_no_refusal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(form__can_be_called_off_or_runs_out_of_time, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(form__a_lying_worker_gets_none, set_up, tear_down),
	};
	if (access("/usr/bin/ffmpeg", X_OK) != 0) {
		print_message("skipped: no ffmpeg\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
