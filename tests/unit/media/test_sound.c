#include "cm.h"

#include <stdlib.h>
#include <unistd.h>

#include "boxes.h"
#include "curb/cleanup.h"
#include "mp3_scan.h"

#define TONE "-f lavfi -i sine=frequency=330:sample_rate=44100:duration=20 "

static const char *chapters(void)
{
	static char path[160];
	(void)snprintf(path, sizeof path, "%s/chapters.txt", got_folder());
	got_write(curb_str(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/"
	                   "1000\nSTART=0\nEND=8000\ntitle=\xe7\xac\xac\xe4\xb8\x80\xe7\xab\xa0\n"
	                   "[CHAPTER]\nTIMEBASE=1/1000\nSTART=8000\nEND=20000\ntitle=Two\n"),
	          path);
	return path;
}

static void check_chapters(const struct got *got)
{
	const struct curb_value *nav = curb_value_get(got->unit, "nav");
	assert_int_equal(curb_value_count(nav), 2);
	assert_true(curb_str_is(curb_get_str(curb_value_at(nav, 0), "text"),
	                        "\xe7\xac\xac\xe4\xb8\x80\xe7\xab\xa0"));
	assert_true(curb_str_is(curb_get_str(curb_value_at(nav, 1), "text"), "Two"));
	assert_int_equal(curb_get_int(curb_value_at(nav, 1), "start_ms", 0), 8000);
	assert_int_equal(curb_get_int(curb_value_at(nav, 1), "level", 0), 1);
}

static void sound__m4b_is_a_book_with_chapters(void **unused)
{
	(void)unused;
	(void)chapters();
	struct got got = got_all(got_make(
		"book.m4b", TONE "-i chapters.txt -map 0:a -map_metadata 1 -c:a aac -b:a 48k -f mp4"));
	assert_true(got.ok);
	assert_true(curb_str_is(curb_get_str(got.unit, "kind"), "audiobook"));
	const struct curb_value *audio = got_track(&got, "audio", 0);
	assert_in_range(
		boxes_check_fragments(got_file(&got, audio, "file"), got_file(&got, audio, "index"), 0), 5,
		6);
	assert_non_null(got_track(&got, "flat", 0));
	assert_true(curb_str_is(curb_get_str(got_track(&got, "flat", 0), "type"), "audio/mp4"));
	check_chapters(&got);
	char path[160], command[256], line[64];
	(void)snprintf(path, sizeof path, "%s/flat-book.m4a", got_folder());
	got_write_flat(&got, got_track(&got, "flat", 0), path);
	(void)snprintf(command, sizeof command,
	               "ffmpeg -nostdin -v error -i '%s' -f null - 2>&1; ffprobe -v error -of csv=p=0 "
	               "-show_entries format=duration '%s'",
	               path, path);
	got_line(command, line, sizeof line);
	assert_in_range((int)(strtod(line, NULL) * 1000), 19950, 20050);
	got_free(&got);
}

static void check_index(struct curb_str index, uint64_t first, uint64_t last, uint64_t duration_us)
{
	uint64_t at = first, us = 0;
	assert_true(index.len && index.len % 32 == 0);
	for (size_t i = 0; i < index.len; i += 32) {
		assert_int_equal(boxes_big(index, i, 8), at);
		assert_int_equal(boxes_big(index, i + 16, 8), us);
		at += boxes_big(index, i + 8, 8);
		us += boxes_big(index, i + 24, 8);
		if (i + 32 < index.len)
			assert_in_range(boxes_big(index, i + 24, 8), 3900000, 5100000);
	}
	assert_in_range(at, last > 200 ? last - 200 : 0, last);
	assert_int_equal(us, duration_us);
}

static void sound__mp3_is_kept_with_an_index_behind_its_tag(void **unused)
{
	(void)unused;
	(void)chapters();
	const char *path = got_make(
		"book.mp3",
		TONE "-i chapters.txt -map 0:a -map_metadata 1 -c:a libmp3lame -q:a 6 -write_id3v1 1");
	struct got got = got_all(path);
	assert_true(got.ok);
	const struct curb_value *audio = got_track(&got, "audio", 0);
	assert_true(curb_str_is(curb_get_str(audio, "type"), "audio/mpeg"));
	struct curb_str file = got_file(&got, audio, "file");
	assert_true(curb_str_starts(file, "ID3"));
	uint64_t tag = 10 + (boxes_big(file, 6, 1) << 21 | boxes_big(file, 7, 1) << 14 |
	                     boxes_big(file, 8, 1) << 7 | boxes_big(file, 9, 1));
	uint64_t ms = (uint64_t)curb_get_int(audio, "duration_ms", 0);
	assert_in_range(ms, 20000, 20100);
	struct curb_str index = got_file(&got, audio, "index");
	uint64_t end_us = boxes_big(index, index.len - 16, 8) + boxes_big(index, index.len - 8, 8);
	assert_in_range(end_us / 1000 + 1, ms, ms + 2);
	check_index(index, tag, file.len, end_us);
	check_chapters(&got);
	assert_true(curb_str_is(curb_get_str(got.unit, "kind"), "audiobook"));
	CURB_AUTO(buf) struct curb_buf source = curb_buf(1 << 20);
	FILE *in = fopen(path, "rbe");
	assert_non_null(in);
	char *room = curb_buf_room(&source, file.len + 1);
	assert_int_equal(fread(room, 1, file.len + 1, in), file.len);
	assert_int_equal(fclose(in), 0);
	assert_memory_equal(room, file.ptr, file.len);
	got_free(&got);
}

static void sound__opus_in_ogg_is_kept(void **unused)
{
	(void)unused;
	struct got got = got_all(got_make("book.ogg", TONE "-c:a libopus -b:a 24k"));
	assert_true(got.ok);
	const struct curb_value *audio = got_track(&got, "audio", 0);
	assert_true(curb_str_is(curb_get_str(audio, "codec"), "opus"));
	assert_in_range(curb_get_int(audio, "duration_ms", 0), 19980, 20030);
	struct curb_str index = got_file(&got, audio, "index"), file = got_file(&got, audio, "file");
	uint64_t first = boxes_big(index, 0, 8);
	assert_true(first > 60 && memcmp(file.ptr + first, "OggS", 4) == 0);
	check_index(index, first, file.len,
	            (uint64_t)boxes_big(index, index.len - 16, 8) + boxes_big(index, index.len - 8, 8));
	got_free(&got);
}

static void sound__vorbis_is_refused_by_name(void **unused)
{
	(void)unused;
	struct got got = got_all(got_make("vorbis.ogg", TONE "-c:a vorbis -strict -2 -ac 2"));
	assert_false(got.ok);
	assert_true(got_found(&got, "media.codec"));
	got_free(&got);
}

static bool as_chapter(struct wire *wire, const struct media_source *source, struct curb_value *unit)
{
	return media_ingest_chapter(wire, source, unit, curb_str("Chapter"));
}

static void sound__chapters_follow_each_other(void **unused)
{
	(void)unused;
	const char *mp3 = got_make("short.mp3", "-f lavfi -i sine=duration=5 -c:a libmp3lame -b:a 64k");
	struct got got = got_slice(mp3, 0, 0, as_chapter);
	assert_true(got.ok);
	int64_t first = curb_get_int(got.unit, "duration_ms", 0);
	assert_in_range(first, 5000, 5100);
	got_more(&got, got_make("short.m4a", "-f lavfi -i sine=duration=3 -c:a aac"), as_chapter);
	assert_true(got.ok);
	const struct curb_value *second = got_track(&got, "audio", 1);
	assert_int_equal(curb_get_int(second, "start_ms", 0), first);
	assert_true(curb_str_is(curb_get_str(second, "label"), "Chapter"));
	assert_in_range(curb_get_int(got.unit, "duration_ms", 0), first + 2950, first + 3100);
	got_free(&got);
}

static void sound__cover_is_a_track_and_no_motion(void **unused)
{
	(void)unused;
	(void)got_make("cover.png", "-f lavfi -i color=red:size=64x64 -frames:v 1");
	struct got got = got_all(got_make(
		"covered.m4a", "-f lavfi -i sine=duration=3 -i cover.png -map 0 -map 1 -c:a aac -c:v copy "
			       "-disposition:v attached_pic"));
	assert_true(got.ok);
	assert_true(curb_str_is(curb_get_str(got.unit, "kind"), "audiobook"));
	const struct curb_value *cover = got_track(&got, "cover", 0);
	assert_true(curb_str_is(curb_get_str(cover, "type"), "image/png"));
	assert_true(curb_str_starts(got_file(&got, cover, "file"), "\x89PNG"));
	got_free(&got);
}

/* A frame of MPEG-1 layer III at 128 kb/s, 44100 Hz: 417 bytes. */
static void add_frame(struct curb_buf *out)
{
	curb_buf_u32(out, 0xfffb9000);
	memset(curb_buf_room(out, 413), 0, 413);
}

static void mp3__junk_between_frames_is_stepped_over(void **unused)
{
	(void)unused;
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(1 << 20);
	for (int i = 0; i < 400; i++) {
		add_frame(&bytes);
		if (i % 50 == 0)
			curb_buf_text(&bytes, "junk\xff\xfbjunk");
	}
	for (size_t step = 1; step < 2000; step = step * 3 + 1) { /* however the bytes come */
		struct mp3_scan scan;
		uint64_t us = 0;
		mp3_scan_init(&scan);
		for (size_t at = 0; at < bytes.len; at += step)
			mp3_scan_feed(&scan, bytes.data + at, bytes.len - at < step ? bytes.len - at : step);
		assert_true(mp3_scan_finish(&scan, &us));
		assert_int_equal(us, 400ull * 1152 * 1000000 / 44100);
		check_index(curb_buf_view(&scan.records.out), 0, bytes.len, us);
		mp3_scan_done(&scan);
	}
}

static void mp3__noise_is_no_sound(void **unused)
{
	(void)unused;
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(1 << 20);
	uint32_t state = 1;
	for (int i = 0; i < 50000; i++) {
		state = state * 1664525 + 1013904223;
		curb_buf_u8(&bytes, (uint8_t)((state >> 24) & 0x7f));
	}
	struct mp3_scan scan;
	uint64_t us = 0;
	mp3_scan_init(&scan);
	mp3_scan_feed(&scan, bytes.data, bytes.len);
	assert_false(mp3_scan_finish(&scan, &us));
	mp3_scan_done(&scan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound__m4b_is_a_book_with_chapters),
		cmocka_unit_test(sound__mp3_is_kept_with_an_index_behind_its_tag),
		cmocka_unit_test(sound__opus_in_ogg_is_kept),
		cmocka_unit_test(sound__vorbis_is_refused_by_name),
		cmocka_unit_test(sound__chapters_follow_each_other),
		cmocka_unit_test(sound__cover_is_a_track_and_no_motion),
		cmocka_unit_test(mp3__junk_between_frames_is_stepped_over),
		cmocka_unit_test(mp3__noise_is_no_sound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
