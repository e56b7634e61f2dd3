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

static void check_whole(const struct got *got, const char *source, const char *flat_name)
{
	const struct curb_value *video = got_track(got, "video", 0), *audio = got_track(got, "audio", 0);
	assert_true(got->ok);
	(void)boxes_check_fragments(got_file(got, video, "file"), got_file(got, video, "index"), 0);
	if (audio)
		(void)boxes_check_fragments(got_file(got, audio, "file"), got_file(got, audio, "index"), 0);
	check_same_pictures(source, flat_of(got, flat_name));
}

/* MKV has no decode times and milliseconds only: pictures must still be decoded evenly, sound sit on its grid. */
static void remux__mkv_gets_decode_times(void **unused)
{
	(void)unused;
	const char *mkv = got_make("lesson30.mkv",
	                           "-f lavfi -i testsrc2=size=160x90:rate=30:duration=5 " SOUND X264 AAC);
	struct got got = got_all(mkv);
	check_whole(&got, mkv, "flat-mkv.mp4");
	struct curb_str video = got_file(&got, got_track(&got, "video", 0), "file");
	struct curb_str trun = boxes_find(
		curb_str_from(video,
	                      (size_t)boxes_big(got_file(&got, got_track(&got, "video", 0), "index"), 0, 8)),
		"moof/traf/trun");
	uint64_t flags = boxes_big(trun, 1, 3), count = boxes_big(trun, 4, 4);
	assert_true(flags & 0x100);
	size_t step = 4 + (flags & 0x200 ? 4u : 0) + (flags & 0x400 ? 4u : 0) + (flags & 0x800 ? 4u : 0);
	for (uint64_t i = 0; i < count; i++) /* 16 ticks a millisecond, 33 or 34 ms a picture */
		assert_in_range(boxes_big(trun, 12 + (flags & 4 ? 4u : 0) + i * step, 4), 528, 544);
	struct curb_str audio = got_file(&got, got_track(&got, "audio", 0), "file");
	struct curb_str tfhd = boxes_find(
		curb_str_from(audio,
	                      (size_t)boxes_big(got_file(&got, got_track(&got, "audio", 0), "index"), 0, 8)),
		"moof/traf/tfhd");
	trun = boxes_find(
		curb_str_from(audio,
	                      (size_t)boxes_big(got_file(&got, got_track(&got, "audio", 0), "index"), 0, 8)),
		"moof/traf/trun");
	assert_false(boxes_big(trun, 1, 3) & 0x100); /* all of one length, said once */
	assert_int_equal(boxes_big(tfhd, boxes_big(tfhd, 1, 3) & 2 ? 12 : 8, 4), 1024);
	got_free(&got);
}

static void remux__picture_starts_at_zero_wherever_it_started(void **unused)
{
	(void)unused;
	const char *late = got_make("late.mkv", "-itsoffset 7 -i lesson.mp4 -c copy -copyts");
	struct got got = got_all(late);
	check_whole(&got, late, "flat-late.mp4");
	assert_in_range(curb_get_int(got.unit, "shift_ms", 0) + 7100, 0,
	                110); /* captions beside it go the same way */
	got_free(&got);
}

/* Sound before the picture is not cut off: the first picture waits for it. */
static void remux__sound_before_the_picture_is_kept(void **unused)
{
	(void)unused;
	const char *path = got_make("prelude.mkv",
	                            "-itsoffset 2 -i lesson.mp4 -i lesson.mp4 -map 0:v -map 1:a -c copy");
	struct got got = got_all(path);
	check_whole(&got, path, "flat-prelude.mp4");
	assert_in_range(curb_get_int(got_track(&got, "video", 0), "duration_ms", 0), 11900, 12100);
	got_free(&got);
}

static void remux__cut_without_encoding_is_told(void **unused)
{
	(void)unused;
	(void)lesson();
	struct got got = got_all(got_make("cut.mp4", "-ss 3.3 -i lesson.mp4 -c copy"));
	assert_true(got.ok);
	assert_true(got_found(&got, "media.edited"));
	const struct curb_value *video = got_track(&got, "video", 0);
	(void)boxes_check_fragments(got_file(&got, video, "file"), got_file(&got, video, "index"), 0);
	got_free(&got);
}

static void remux__long_groups_of_pictures_are_told(void **unused)
{
	(void)unused;
	const char *path = got_make("longgop.mp4",
	                            "-f lavfi -i testsrc2=size=160x90:rate=25:duration=20 -c:v libx264 "
	                            "-preset ultrafast -pix_fmt yuv420p -g 1000 -sc_threshold 0");
	struct got got = got_all(path);
	assert_true(got_found(&got, "media.gop"));
	const struct curb_value *video = got_track(&got, "video", 0);
	assert_int_equal(
		boxes_check_fragments(got_file(&got, video, "file"), got_file(&got, video, "index"), 0), 1);
	got_free(&got);
}

static void remux__vp9_and_opus_in_webm(void **unused)
{
	(void)unused;
	struct got got = got_all(got_make(
		"lesson.webm", "-f lavfi -i testsrc2=size=160x90:rate=25:duration=6 -f lavfi -i "
			       "sine=sample_rate=24000:duration=6 -c:v libvpx-vp9 -deadline realtime "
			       "-cpu-used 8 -g 25 -c:a libopus -b:a 32k"));
	assert_true(got.ok);
	const struct curb_value *video = got_track(&got, "video", 0), *audio = got_track(&got, "audio", 0);
	assert_true(curb_str_starts(curb_get_str(video, "codec"), "vp09.00."));
	assert_true(curb_str_is(curb_get_str(audio, "codec"), "opus"));
	assert_int_equal(
		boxes_check_fragments(got_file(&got, video, "file"), got_file(&got, video, "index"), 0), 2);
	(void)boxes_check_fragments(got_file(&got, audio, "file"), got_file(&got, audio, "index"), 0);
	struct curb_str stsd = boxes_find(got_file(&got, audio, "file"), "moov/trak/mdia/minf/stbl/stsd");
	struct curb_str ops = boxes_find(curb_str_from(stsd, 8 + 8 + 28), "dOps");
	assert_int_equal(boxes_big(ops, 4, 4), 48000); /* the sample entry's rate: Chromium refuses another */
	got_free(&got);
}

static void remux__av1(void **unused)
{
	(void)unused;
	struct got got = got_all(got_make(
		"lesson-av1.mp4", "-f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -c:v libaom-av1 "
				  "-cpu-used 8 -usage realtime -g 25"));
	assert_true(got.ok);
	const struct curb_value *video = got_track(&got, "video", 0);
	assert_true(curb_str_starts(curb_get_str(video, "codec"), "av01.0."));
	(void)boxes_check_fragments(got_file(&got, video, "file"), got_file(&got, video, "index"), 0);
	got_free(&got);
}

static void remux__each_sound_has_a_flat_file(void **unused)
{
	(void)unused;
	(void)lesson();
	struct got got = got_all(got_make(
		"two.mkv", "-i lesson.mp4 -map 0:v -map 0:a -map 0:a -c copy -metadata:s:a:0 language=chi "
			   "-metadata:s:a:1 language=eng -metadata:s:a:1 title=Described "
			   "-disposition:a:1 visual_impaired"));
	assert_true(got.ok);
	assert_true(curb_str_is(curb_get_str(got_track(&got, "audio", 0), "lang"), "zh"));
	const struct curb_value *described = got_track(&got, "audio-description", 0);
	assert_true(curb_str_is(curb_get_str(described, "label"), "Described"));
	assert_true(curb_str_is(curb_get_str(got_track(&got, "flat", 0), "lang"), "zh"));
	assert_true(curb_str_is(curb_get_str(got_track(&got, "flat", 1), "lang"), "en"));
	got_free(&got);
}

static void remux__captions_inside_become_webvtt(void **unused)
{
	(void)unused;
	(void)lesson();
	char path[160];
	(void)snprintf(path, sizeof path, "%s/in.srt", got_folder());
	got_write(curb_str("1\n00:00:01,000 --> 00:00:02,500\n1 < 2 & \xe4\xbd\xa0\xe5\xa5\xbd\n\n"
	                   "2\n00:00:03,000 --> 00:00:04,000\nsecond\n"),
	          path);
	static const char *const coded[][2] = {
		{ "subs.mp4", "-i lesson.mp4 -i in.srt -c copy -c:s mov_text -metadata:s:s:0 language=eng" },
		{ "subs.mkv", "-i lesson.mp4 -i in.srt -c copy -c:s srt -metadata:s:s:0 language=eng" },
		{ "ass.mkv", "-i lesson.mp4 -i in.srt -c copy -c:s ass -metadata:s:s:0 language=eng" },
		{ "late-subs.mkv",
		  "-itsoffset 5 -i lesson.mp4 -itsoffset 5 -i in.srt -c copy -c:s srt -copyts" },
	};
	for (size_t i = 0; i < sizeof coded / sizeof *coded; i++) {
		struct got got = got_all(got_make(coded[i][0], coded[i][1]));
		assert_true(got.ok);
		const struct curb_value *text = got_track(&got, "subtitles", 0);
		text = text ? text : got_track(&got, "captions", 0);
		assert_non_null(text);
		struct curb_str vtt = got_file(&got, text, "file");
		assert_true(curb_str_starts(vtt, "WEBVTT"));
		assert_non_null(memmem(vtt.ptr, vtt.len, "1 &lt; 2 &amp; \xe4\xbd\xa0\xe5\xa5\xbd", 21));
		assert_non_null(memmem(vtt.ptr, vtt.len, "00:03.000 --> ", 14));
		got_free(&got);
	}
}

static void remux__turned_picture_stays_turned(void **unused)
{
	(void)unused;
	(void)lesson();
	struct got got = got_all(got_make("turned.mp4", "-i lesson.mp4 -c copy -metadata:s:v rotate=90"));
	assert_true(got.ok);
	char line[64];
	probe_of(flat_of(&got, "flat-turned.mp4"),
	         "-select_streams v -show_entries stream_side_data=rotation", line, sizeof line);
	assert_true(strstr(line, "90") != NULL);
	got_free(&got);
}

static void remux__slice_of_a_larger_file(void **unused)
{
	(void)unused;
	char command[512], line[64];
	(void)snprintf(
		command, sizeof command,
		"cd %s && (head -c 777 /dev/zero; cat %s; head -c 99 /dev/zero) > zip && stat -c %%s %s",
		got_folder(), lesson(), lesson());
	got_line(command, line, sizeof line);
	(void)snprintf(command, sizeof command, "%s/zip", got_folder());
	struct got got = got_slice(command, 777, strtoull(line, NULL, 10), media_ingest);
	check_whole(&got, lesson(), "flat-slice.mp4");
	got_free(&got);
}

static void remux__real_video(void **unused)
{
	(void)unused;
	static const char path[] = CURB_CORPORA "/video/mountains_31175.mp4";
	if (access(path, R_OK) != 0) {
		print_message("skipped: no corpora\n");
		skip();
	}
	(void)lesson(); /* ffmpeg is there */
	struct got got = got_all(path);
	check_whole(&got, path, "flat-mountains.mp4");
	assert_int_equal(curb_get_int(got.unit, "duration_ms", 0), 8000);
	got_free(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remux__tracks_are_fragments_with_an_index),
		cmocka_unit_test(remux__flat_file_has_the_same_streams),
		cmocka_unit_test(remux__mkv_gets_decode_times),
		cmocka_unit_test(remux__picture_starts_at_zero_wherever_it_started),
		cmocka_unit_test(remux__sound_before_the_picture_is_kept),
		cmocka_unit_test(remux__cut_without_encoding_is_told),
		cmocka_unit_test(remux__long_groups_of_pictures_are_told),
		cmocka_unit_test(remux__vp9_and_opus_in_webm),
		cmocka_unit_test(remux__av1),
		cmocka_unit_test(remux__each_sound_has_a_flat_file),
		cmocka_unit_test(remux__captions_inside_become_webvtt),
		cmocka_unit_test(remux__turned_picture_stays_turned),
		cmocka_unit_test(remux__slice_of_a_larger_file),
		cmocka_unit_test(remux__real_video),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
