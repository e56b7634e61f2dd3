#include "cm.h"

#include <stdlib.h>
#include <unistd.h>

#include "boxes.h"
#include "content/media_index.h"
#include "curb/cleanup.h"

#define PICTURE "-f lavfi -i testsrc2=size=320x180:rate=25:duration=10 "
#define SOUND "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=10 "
#define X264 "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 50 -bf 2 -b:v 200k "
#define AAC "-c:a aac -b:a 64k "

static const char *lesson(void)
{
	return got_make("lesson.mp4", PICTURE SOUND X264 AAC);
}

static void probe_of(const char *path, const char *what, char *ret_line, size_t n)
{
	char command[512];
	(void)snprintf(command, sizeof command, "ffprobe -v error -of csv=p=0 %s '%s'", what, path);
	got_line(command, ret_line, n);
}

static void write_playlist(const struct got *got, const struct curb_value *track, const char *name)
{
	char path[192];
	const struct media_fragment *fragments = NULL;
	size_t n = 0;
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 20);
	assert_int_equal(media_index_read(got->arena, got_file(got, track, "index"), &fragments, &n), 0);
	(void)snprintf(path, sizeof path, "%s/%s.mp4", got_folder(), name);
	got_write(got_file(got, track, "file"), path);
	media_hls_playlist(fragments, n, curb_str(curb_printf(got->arena, "%s.mp4", name)), &out);
	(void)snprintf(path, sizeof path, "%s/%s.m3u8", got_folder(), name);
	got_write(curb_buf_view(&out), path);
}

static void play__as_hls(void **unused)
{
	(void)unused;
	struct got got = got_all(lesson());
	const struct curb_value *video = got_track(&got, "video", 0), *audio = got_track(&got, "audio", 0);
	write_playlist(&got, video, "hls-v");
	write_playlist(&got, audio, "hls-a");
	const struct media_hls_track tracks[] = {
		{ .kind = MEDIA_HLS_VIDEO,
		  .uri = curb_str("hls-v.m3u8"),
		  .codec = curb_get_str(video, "codec"),
		  .bandwidth = 300000 },
		{ .kind = MEDIA_HLS_AUDIO,
		  .uri = curb_str("hls-a.m3u8"),
		  .codec = curb_get_str(audio, "codec"),
		  .bandwidth = 70000 },
	};
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 20);
	media_hls_master(tracks, 2, &out);
	char path[192], line[64];
	(void)snprintf(path, sizeof path, "%s/hls.m3u8", got_folder());
	got_write(curb_buf_view(&out), path);
	probe_of(path, "-select_streams v -count_frames -show_entries stream=nb_read_frames", line,
	         sizeof line);
	assert_int_equal(strtol(line, NULL, 10), 250);
	probe_of(path, "-show_entries format=nb_streams", line, sizeof line);
	assert_int_equal(strtol(line, NULL, 10), 2);
	got_free(&got);
}

static bool as_sign(struct wire *wire, const struct media_source *source, struct curb_value *unit)
{
	return media_ingest_as(wire, source, unit, "sign", curb_str("csl"));
}

static bool as_description(struct wire *wire, const struct media_source *source, struct curb_value *unit)
{
	return media_ingest_as(wire, source, unit, "audio-description", curb_str("zh"));
}

static void play__second_streams_are_one_track_each(void **unused)
{
	(void)unused;
	struct got got = got_all(lesson());
	size_t before = curb_value_count(curb_value_get(got.unit, "tracks"));
	got_more(&got, lesson(), as_sign);
	assert_true(got.ok);
	assert_int_equal(got.finding_count, 0);
	const struct curb_value *sign = got_track(&got, "sign", 0);
	assert_true(curb_str_is(curb_get_str(sign, "lang"), "csl"));
	assert_true(curb_str_is(curb_get_str(sign, "type"), "video/mp4"));
	got_more(&got, got_make("short.m4a", "-f lavfi -i sine=duration=3 -c:a aac"), as_description);
	assert_true(got_found(&got, "media.unequal"));
	assert_true(curb_str_is(curb_get_str(got_track(&got, "audio-description", 0), "codec"), "mp4a.40.2"));
	assert_int_equal(curb_value_count(curb_value_get(got.unit, "tracks")), before + 2);
	assert_in_range(curb_get_int(got.unit, "duration_ms", 0), 9990, 10030);
	got_free(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(play__as_hls),
		cmocka_unit_test(play__second_streams_are_one_track_each),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
