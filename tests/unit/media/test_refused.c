#include "cm.h"

#include <stdlib.h>
#include <unistd.h>

#include "boxes.h"
#include "curb/cleanup.h"

#define PICTURE "-f lavfi -i testsrc2=size=160x90:rate=25:duration=3 "
#define SOUND "-f lavfi -i sine=duration=3 "
#define X264 "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25 "

static void check_refused(const char *name, const char *args, const char *code)
{
	struct got got = got_all(got_make(name, args));
	assert_false(got.ok);
	assert_true(got_found(&got, code));
	got_free(&got);
}

static void refused__codecs_that_browsers_do_not_play(void **unused)
{
	(void)unused;
	check_refused("hevc.mp4",
	              PICTURE "-c:v libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p",
	              "media.codec");
	check_refused("mpeg4.mp4", PICTURE "-c:v mpeg4", "media.codec");
	check_refused("high10.mp4", PICTURE "-c:v libx264 -preset ultrafast -pix_fmt yuv420p10le",
	              "media.codec");
	check_refused("ac3.mp4", PICTURE SOUND X264 "-c:a ac3", "media.codec");
	check_refused("sound.wav", SOUND "-c:a pcm_s16le", "media.codec");
	check_refused("mp3in.mp4", PICTURE SOUND X264 "-c:a libmp3lame", "media.codec");
}

static void refused__protected_against_copying(void **unused)
{
	(void)unused;
	check_refused("locked.mp4",
	              PICTURE X264
	              "-encryption_scheme cenc-aes-ctr -encryption_key 76a6c65c5ea762046bd749a2e632ccbb "
	              "-encryption_kid a7e61c373e219033c21091fa607bf3b8",
	              "media.encrypted");
}

static void refused__no_picture_and_no_sound(void **unused)
{
	(void)unused;
	char path[160];
	(void)snprintf(path, sizeof path, "%s/only.srt", got_folder());
	got_write(curb_str("1\n00:00:01,000 --> 00:00:02,000\nalone\n"), path);
	check_refused("text.mp4", "-i only.srt -c:s mov_text", "media.empty");
}

static struct got cut_at(const char *path, struct curb_str bytes, size_t n, const char *name)
{
	char cut[160];
	(void)snprintf(cut, sizeof cut, "%s/%s", got_folder(), name);
	got_write(curb_str_n(bytes.ptr, n), cut);
	(void)path;
	return got_all(cut);
}

static struct curb_buf load(const char *path)
{
	struct curb_buf bytes = curb_buf((size_t)64 << 20);
	FILE *file = fopen(path, "rbe");
	assert_non_null(file);
	char block[4096];
	for (size_t n = fread(block, 1, sizeof block, file); n; n = fread(block, 1, sizeof block, file))
		curb_buf_add(&bytes, block, n);
	assert_int_equal(fclose(file), 0);
	return bytes;
}

static void refused__table_of_contents_missing(void **unused)
{
	(void)unused;
	const char *path = got_make("tail.mp4", PICTURE SOUND X264 "-c:a aac");
	CURB_AUTO(buf) struct curb_buf bytes = load(path);
	for (size_t i = 1; i < 20; i++) {
		struct got got = cut_at(path, curb_buf_view(&bytes), bytes.len * i / 20, "cut-tail.mp4");
		assert_false(got.ok);
		assert_true(got_found(&got, "media.no_moov"));
		got_free(&got);
	}
}

static void refused__cut_short_at_twenty_places(void **unused)
{
	(void)unused;
	static const char *const made[][2] = {
		{ "front.mp4", PICTURE SOUND X264 "-c:a aac -movflags +faststart" },
		{ "front.mkv", PICTURE SOUND X264 "-c:a aac" },
	};
	for (size_t k = 0; k < 2; k++) {
		const char *path = got_make(made[k][0], made[k][1]);
		CURB_AUTO(buf) struct curb_buf bytes = load(path);
		for (size_t i = 1; i < 20; i++) {
			struct got got = cut_at(path, curb_buf_view(&bytes), bytes.len * i / 20, "cut-front");
			assert_false(got.ok);
			assert_true(got_found(&got, "media.cut_short") || got_found(&got, "media.no_moov"));
			got_free(&got);
		}
	}
}

static void refused__mp3_cut_short(void **unused)
{
	(void)unused;
	const char *path = got_make("whole.mp3", SOUND "-c:a libmp3lame -b:a 64k");
	CURB_AUTO(buf) struct curb_buf bytes = load(path);
	struct got got = cut_at(path, curb_buf_view(&bytes), bytes.len / 2, "half.mp3");
	assert_true(got_found(&got, "media.cut_short"));
	got_free(&got);
}

/* Bytes changed at places that repeat from run to run: it may be read or refused, with a finding, and must come back. */
static void refused__damaged_files_come_back(void **unused)
{
	(void)unused;
	static const char *const made[][2] = {
		{ "damage.mp4", PICTURE SOUND X264 "-c:a aac -movflags +faststart" },
		{ "damage.mkv", PICTURE SOUND X264 "-c:a aac" },
		{ "damage.mp3", SOUND "-c:a libmp3lame -b:a 64k" },
	};
	uint32_t state = 7;
	for (size_t k = 0; k < sizeof made / sizeof *made; k++) {
		CURB_AUTO(buf) struct curb_buf bytes = load(got_make(made[k][0], made[k][1]));
		for (int i = 0; i < 40; i++) {
			CURB_AUTO(buf) struct curb_buf copy = curb_buf(bytes.max);
			curb_buf_str(&copy, curb_buf_view(&bytes));
			for (int m = 0; m < 20; m++) {
				state = state * 1664525 + 1013904223;
				size_t place = state % (m % 2 ? copy.len : copy.len < 4000 ? copy.len : 4000);
				copy.data[place] = (char)(state >> 24);
			}
			struct got got = cut_at(NULL, curb_buf_view(&copy), copy.len, "damaged");
			assert_true(got.ok || got.finding_count > 0);
			got_free(&got);
		}
	}
}

static void refused__what_is_no_media(void **unused)
{
	(void)unused;
	static const char *const texts[] = { "",
		                             "x",
		                             "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/x.ts\n",
		                             "ffconcat version 1.0\nfile /etc/passwd\n",
		                             "\x1a\x45\xdf\xa3",
		                             "OggS",
		                             "ID3",
		                             "\xff\xfb",
		                             "....ftypisom" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct got got = cut_at(NULL, curb_str(texts[i]), strlen(texts[i]), "garbage.mp4");
		assert_false(got.ok);
		assert_int_equal(got.finding_count, 1);
		got_free(&got);
	}
}

static void looks__by_first_bytes(void **unused)
{
	(void)unused;
	assert_true(media_looks_like(curb_str_n("\0\0\0\x18"
	                                        "ftypisom",
	                                        12),
	                             curb_str("a.bin")));
	assert_true(media_looks_like(curb_str_n("\x1a\x45\xdf\xa3", 4), curb_str("a")));
	assert_true(media_looks_like(curb_str("OggS"), curb_str("a")));
	assert_true(media_looks_like(curb_str("ID3\x03"), curb_str("a")));
	assert_true(media_looks_like(curb_str_n("\xff\xfb\x90\x00", 4), curb_str("a.MP3")));
	assert_false(media_looks_like(curb_str_n("\xff\xfb\x90\x00", 4), curb_str("a.txt")));
	assert_false(media_looks_like(curb_str("PK\x03\x04"), curb_str("a.mp4")));
	assert_false(media_looks_like(curb_str("#EXTM3U\n"), curb_str("a.mp4")));
	assert_false(media_looks_like(curb_str(""), curb_str("a.mp4")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused__codecs_that_browsers_do_not_play),
		cmocka_unit_test(refused__protected_against_copying),
		cmocka_unit_test(refused__no_picture_and_no_sound),
		cmocka_unit_test(refused__table_of_contents_missing),
		cmocka_unit_test(refused__cut_short_at_twenty_places),
		cmocka_unit_test(refused__mp3_cut_short),
		cmocka_unit_test(refused__damaged_files_come_back),
		cmocka_unit_test(refused__what_is_no_media),
		cmocka_unit_test(looks__by_first_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
