#include "cm.h"

#include <stdlib.h>
#include <unistd.h>

#include "boxes.h"
#include "curb/cleanup.h"

#define PICTURE "-f lavfi -i testsrc2=size=320x180:rate=25:duration=10 "
#define SOUND "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=10 "
#define X264 "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 50 -bf 2 -b:v 200k "
#define AAC "-c:a aac -b:a 64k "

static const char *lesson(void)
{
	return got_make("lesson.mp4", PICTURE SOUND X264 AAC);
}

static void hash_of(const char *path, const char *stream, char *ret_hash, size_t n)
{
	char command[512];
	(void)snprintf(command, sizeof command,
	               "ffmpeg -nostdin -v error -i '%s' -map 0:%s -c copy -bsf:v h264_mp4toannexb -f "
	               "streamhash -hash md5 -",
	               path, stream);
	got_line(command, ret_hash, n);
	assert_true(strlen(ret_hash) > 10);
}

static void probe_of(const char *path, const char *what, char *ret_line, size_t n)
{
	char command[512];
	(void)snprintf(command, sizeof command, "ffprobe -v error -of csv=p=0 %s '%s'", what, path);
	got_line(command, ret_line, n);
}

static const char *flat_of(const struct got *got, const char *name)
{
	static char path[160];
	(void)snprintf(path, sizeof path, "%s/%s", got_folder(), name);
	got_write_flat(got, got_track(got, "flat", 0), path);
	return path;
}

static void check_same_pictures(const char *source, const char *flat)
{
	char before[256], after[256];
	hash_of(source, "v:0", before, sizeof before);
	hash_of(flat, "v:0", after, sizeof after);
	assert_string_equal(before, after);
}

static void remux__tracks_are_fragments_with_an_index(void **unused)
{
	(void)unused;
	struct got got = got_all(lesson());
	assert_true(got.ok);
	assert_int_equal(got.finding_count, 0);
	const struct curb_value *video = got_track(&got, "video", 0), *audio = got_track(&got, "audio", 0);
	assert_non_null(video);
	assert_non_null(audio);
	assert_int_equal(
		boxes_check_fragments(got_file(&got, video, "file"), got_file(&got, video, "index"), 0), 3);
	assert_int_equal(
		boxes_check_fragments(got_file(&got, audio, "file"), got_file(&got, audio, "index"), 0), 3);
	assert_true(curb_str_is(curb_get_str(got.unit, "kind"), "video"));
	assert_in_range(curb_get_int(got.unit, "duration_ms", 0), 9990, 10030);
	assert_true(curb_str_is(curb_get_str(video, "codec"), "avc1.64000c"));
	assert_true(curb_str_is(curb_get_str(audio, "codec"), "mp4a.40.2"));
	assert_true(curb_str_is(curb_get_str(video, "type"), "video/mp4"));
	assert_int_equal(curb_get_int(video, "width", 0), 320);
	assert_int_equal(curb_get_int(video, "height", 0), 180);
	got_free(&got);
}

static void remux__flat_file_has_the_same_streams(void **unused)
{
	(void)unused;
	struct got got = got_all(lesson());
	assert_true(got.ok);
	const char *flat = flat_of(&got, "flat.mp4");
	check_same_pictures(lesson(), flat);
	char line[128];
	probe_of(flat, "-show_entries format=start_time,nb_streams", line, sizeof line);
	assert_string_equal(line, "2,0.000000");
	probe_of(flat, "-select_streams v -count_frames -show_entries stream=nb_read_frames", line,
	         sizeof line);
	assert_string_equal(line, "250");
	probe_of(flat, "-select_streams v -read_intervals %+#1 -show_entries packet=pts_time", line,
	         sizeof line);
	assert_string_equal(line, "0.000000");
	got_free(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remux__tracks_are_fragments_with_an_index),
		cmocka_unit_test(remux__flat_file_has_the_same_streams),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
