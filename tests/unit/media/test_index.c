#include "cm.h"

#include "content/media_index.h"
#include "curb/cleanup.h"
#include "curb/err.h"

static void add_record(struct curb_buf *out, uint64_t offset, uint64_t length, uint64_t start,
                       uint64_t duration)
{
	curb_buf_u64(out, offset);
	curb_buf_u64(out, length);
	curb_buf_u64(out, start);
	curb_buf_u64(out, duration);
}

static const struct media_fragment three[] = {
	{ 1000, 400, 0, 4000000 },
	{ 1400, 600, 4000000, 4000000 },
	{ 2000, 100, 8000000, 1500000 },
};

static void index__records_are_read_and_checked(void **unused)
{
	(void)unused;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(4096);
	const struct media_fragment *fragments = NULL;
	size_t n = 0;
	add_record(&bytes, 1000, 400, 0, 4000000);
	add_record(&bytes, 1400, 600, 4000000, 4000000);
	assert_int_equal(media_index_read(arena, curb_buf_view(&bytes), &fragments, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(fragments[1].offset, 1400);
	assert_int_equal(fragments[1].duration_us, 4000000);
	struct curb_str cut = curb_str_n(bytes.data, bytes.len - 1);
	assert_int_equal(media_index_read(arena, cut, &fragments, &n), CURB_EINVAL);
	assert_int_equal(media_index_read(arena, curb_str_n("", 0), &fragments, &n), CURB_EINVAL);
	add_record(&bytes, 1900, 10, 8000000, 1); /* inside the one before */
	assert_int_equal(media_index_read(arena, curb_buf_view(&bytes), &fragments, &n), CURB_EINVAL);
	curb_buf_clear(&bytes);
	add_record(&bytes, UINT64_MAX - 5, 10, 0, 1);
	assert_int_equal(media_index_read(arena, curb_buf_view(&bytes), &fragments, &n), CURB_EINVAL);
}

static void index__pieces_are_read_and_checked(void **unused)
{
	(void)unused;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(4096);
	const struct media_piece *pieces = NULL;
	size_t n = 0;
	curb_buf_u32(&bytes, 3);
	curb_buf_u32(&bytes, 7);
	curb_buf_u64(&bytes, 11);
	curb_buf_u64(&bytes, 13);
	assert_int_equal(media_pieces_read(arena, curb_buf_view(&bytes), &pieces, &n), 0);
	assert_int_equal(n, 1);
	assert_true(pieces[0].track == 3 && pieces[0].fragment == 7 && pieces[0].offset == 11);
	assert_int_equal(media_pieces_length(pieces, n), 13);
	memset(bytes.data + 8, 0xff, 8);
	assert_int_equal(media_pieces_read(arena, curb_buf_view(&bytes), &pieces, &n), CURB_EINVAL);
}

static void index__bytes_become_seconds(void **unused)
{
	(void)unused;
	struct media_span span = { 0, 0 };
	assert_false(media_span_of_track(three, 3, 0, 1000, &span)); /* the head holds no time */
	assert_true(media_span_of_track(three, 3, 0, 1001, &span));
	assert_int_equal(span.from_us, 0);
	assert_int_equal(span.to_us, 10000);
	assert_true(media_span_of_track(three, 3, 1200, 2050, &span));
	assert_int_equal(span.from_us, 2000000);
	assert_int_equal(span.to_us, 8750000);
	assert_true(media_span_of_track(three, 3, 0, UINT64_MAX, &span));
	assert_int_equal(span.to_us, 9500000);
	assert_false(media_span_of_track(three, 3, 2100, 9999, &span));
}

static void index__ranges_side_by_side_join(void **unused)
{
	(void)unused;
	uint64_t reached = 0;
	for (uint64_t at = 0; at < 2100; at += 7) {
		struct media_span span;
		if (!media_span_of_track(three, 3, at, at + 7, &span))
			continue;
		assert_true(span.from_us <= reached);
		reached = span.to_us;
	}
	assert_int_equal(reached, 9500000);
}

static void index__bytes_of_a_flat_file_become_seconds(void **unused)
{
	(void)unused;
	static const struct media_piece pieces[] = {
		{ 0, 0, 1100, 300 }, { 1, 0, 900, 50 },  { 0, 1, 1500, 500 },
		{ 1, 1, 950, 50 },   { 0, 2, 2050, 50 },
	};
	struct media_span span = { 0, 0 };
	assert_false(media_span_of_flat(pieces, 5, 80, 0, three, 3, 0, 80, &span));
	assert_true(media_span_of_flat(pieces, 5, 80, 0, three, 3, 80, 230, &span));
	assert_int_equal(span.to_us, 2000000);
	assert_true(media_span_of_flat(pieces, 5, 80, 0, three, 3, 230, 680, &span));
	assert_int_equal(span.from_us, 2000000);
	assert_int_equal(span.to_us, 6000000);
	assert_false(media_span_of_flat(pieces, 5, 80, 0, three, 3, 380, 430, &span)); /* sound alone */
	assert_true(media_span_of_flat(pieces, 5, 80, 0, three, 2, 0, 9999,
	                               &span)); /* a fragment that is not there */
	assert_int_equal(span.to_us, 8000000);
}

static void hls__media_playlist(void **unused)
{
	(void)unused;
	CURB_AUTO(buf) struct curb_buf out = curb_buf(4096);
	media_hls_playlist(three, 3, curb_str("v.mp4"), &out);
	assert_string_equal(out.data,
	                    "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n"
	                    "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MAP:URI=\"v.mp4\",BYTERANGE=\"1000@0\"\n"
	                    "#EXTINF:4.000000,\n#EXT-X-BYTERANGE:400@1000\nv.mp4\n"
	                    "#EXTINF:4.000000,\n#EXT-X-BYTERANGE:600@1400\nv.mp4\n"
	                    "#EXTINF:1.500000,\n#EXT-X-BYTERANGE:100@2000\nv.mp4\n#EXT-X-ENDLIST\n");
	assert_int_equal(media_peak(three, 3), 1200);
}

static void hls__text_playlist(void **unused)
{
	(void)unused;
	CURB_AUTO(buf) struct curb_buf out = curb_buf(4096);
	media_hls_text_playlist(9500000, curb_str("zh.vtt"), &out);
	assert_non_null(strstr(out.data, "#EXT-X-TARGETDURATION:10\n"));
	assert_non_null(strstr(out.data, "#EXTINF:9.500000,\nzh.vtt\n#EXT-X-ENDLIST\n"));
}

static void hls__multivariant_playlist(void **unused)
{
	(void)unused;
	const struct media_hls_track tracks[] = {
		{ .kind = MEDIA_HLS_VIDEO,
		  .uri = curb_str("v"),
		  .codec = curb_str("avc1.64000c"),
		  .bandwidth = 1000,
		  .width = 320,
		  .height = 180 },
		{ .kind = MEDIA_HLS_AUDIO_DESCRIPTION,
		  .uri = curb_str("d"),
		  .codec = curb_str("mp4a.40.2"),
		  .lang = curb_str("zh"),
		  .bandwidth = 70 },
		{ .kind = MEDIA_HLS_AUDIO,
		  .uri = curb_str("a"),
		  .codec = curb_str("mp4a.40.2"),
		  .lang = curb_str("zh"),
		  .bandwidth = 64 },
		{ .kind = MEDIA_HLS_CAPTIONS,
		  .uri = curb_str("c"),
		  .lang = curb_str("zh-CN"),
		  .name = curb_str("\xe4\xb8\xad\xe6\x96\x87\"\n") },
	};
	CURB_AUTO(buf) struct curb_buf out = curb_buf(8192);
	media_hls_master(tracks, 4, &out);
	assert_non_null(
		strstr(out.data,
	               "TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"zh\",LANGUAGE=\"zh\",DEFAULT=NO,"
	               "AUTOSELECT=NO,CHARACTERISTICS=\"public.accessibility.describes-video\",URI=\"d\""));
	assert_non_null(
		strstr(out.data, "NAME=\"zh 2\",LANGUAGE=\"zh\",DEFAULT=YES,AUTOSELECT=YES,URI=\"a\""));
	assert_non_null(
		strstr(out.data, "TYPE=SUBTITLES,GROUP-ID=\"text\",NAME=\"\xe4\xb8\xad\xe6\x96\x87'\""));
	assert_non_null(strstr(out.data, "transcribes-spoken-dialog"));
	assert_non_null(strstr(
		out.data, "#EXT-X-STREAM-INF:BANDWIDTH=1070,CODECS=\"avc1.64000c,mp4a.40.2\","
			  "RESOLUTION=320x180,AUDIO=\"sound\",SUBTITLES=\"text\",CLOSED-CAPTIONS=NONE\nv\n"));
}

static void hls__sound_alone_is_a_variant(void **unused)
{
	(void)unused;
	const struct media_hls_track track = {
		.kind = MEDIA_HLS_AUDIO, .uri = curb_str("a"), .codec = curb_str("opus"), .bandwidth = 64
	};
	CURB_AUTO(buf) struct curb_buf out = curb_buf(8192);
	media_hls_master(&track, 1, &out);
	assert_non_null(strstr(out.data, "#EXT-X-STREAM-INF:BANDWIDTH=64,CODECS=\"opus\",AUDIO=\"sound\","));
	assert_true(curb_str_ends(curb_buf_view(&out), "\na\n"));
}

static void hls__a_small_sound_takes_the_place_of_the_first_in_a_group_of_its_own(void **unused)
{
	(void)unused;
	const struct media_hls_track tracks[] = {
		{ .kind = MEDIA_HLS_VIDEO,
		  .uri = curb_str("v"),
		  .codec = curb_str("avc1.64001f"),
		  .bandwidth = 1000 },
		{ .kind = MEDIA_HLS_AUDIO,
		  .uri = curb_str("a"),
		  .codec = curb_str("opus"),
		  .lang = curb_str("zh"),
		  .bandwidth = 96 },
		{ .kind = MEDIA_HLS_AUDIO_DESCRIPTION,
		  .uri = curb_str("d"),
		  .codec = curb_str("opus"),
		  .lang = curb_str("en"),
		  .bandwidth = 90 },
		{ .kind = MEDIA_HLS_VIDEO,
		  .uri = curb_str("w"),
		  .codec = curb_str("avc1.64000d"),
		  .bandwidth = 300,
		  .low = true },
		{ .kind = MEDIA_HLS_AUDIO,
		  .uri = curb_str("b"),
		  .codec = curb_str("mp4a.40.2"),
		  .lang = curb_str("zh"),
		  .bandwidth = 48,
		  .low = true },
	};
	CURB_AUTO(buf) struct curb_buf out = curb_buf(8192);
	media_hls_master(tracks, 5, &out);
	assert_string_equal(
		out.data, "#EXTM3U\n#EXT-X-VERSION:7\n"
			  "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"zh\",LANGUAGE=\"zh\",DEFAULT="
			  "YES,AUTOSELECT=YES,URI=\"a\"\n"
			  "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"en\",LANGUAGE=\"en\",DEFAULT=NO,"
			  "AUTOSELECT=NO,CHARACTERISTICS=\"public.accessibility.describes-video\",URI=\"d\"\n"
			  "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"low\",NAME=\"en\",LANGUAGE=\"en\",DEFAULT=NO,"
			  "AUTOSELECT=NO,CHARACTERISTICS=\"public.accessibility.describes-video\",URI=\"d\"\n"
			  "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"low\",NAME=\"zh\",LANGUAGE=\"zh\",DEFAULT=YES,"
			  "AUTOSELECT=YES,URI=\"b\"\n"
			  "#EXT-X-STREAM-INF:BANDWIDTH=1096,CODECS=\"avc1.64001f,opus\",AUDIO=\"sound\","
			  "CLOSED-CAPTIONS=NONE\nv\n"
			  "#EXT-X-STREAM-INF:BANDWIDTH=390,CODECS=\"avc1.64000d,opus,mp4a.40.2\",AUDIO="
			  "\"low\",CLOSED-CAPTIONS=NONE\nw\n"
			  "#EXT-X-STREAM-INF:BANDWIDTH=90,CODECS=\"mp4a.40.2,opus\",AUDIO=\"low\",CLOSED-"
			  "CAPTIONS=NONE\nb\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(index__records_are_read_and_checked),
		cmocka_unit_test(index__pieces_are_read_and_checked),
		cmocka_unit_test(index__bytes_become_seconds),
		cmocka_unit_test(index__ranges_side_by_side_join),
		cmocka_unit_test(index__bytes_of_a_flat_file_become_seconds),
		cmocka_unit_test(hls__media_playlist),
		cmocka_unit_test(hls__text_playlist),
		cmocka_unit_test(hls__multivariant_playlist),
		cmocka_unit_test(hls__sound_alone_is_a_variant),
		cmocka_unit_test(hls__a_small_sound_takes_the_place_of_the_first_in_a_group_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
