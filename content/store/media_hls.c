#include "content/media_index.h"

#include <inttypes.h>

#include "curb/cleanup.h"

/* Quoted strings of RFC 8216 have no escapes: what would end one is replaced. */
static void add_quoted(struct curb_buf *out, struct curb_str text)
{
	curb_buf_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if ((unsigned char)c >= ' ' && c != 0x7f)
			curb_buf_char(out, c == '"' ? '\'' : c);
	}
	curb_buf_char(out, '"');
}

static void add_uri_line(struct curb_buf *out, struct curb_str uri)
{
	for (size_t i = 0; i < uri.len; i++)
		if ((unsigned char)uri.ptr[i] > ' ' && uri.ptr[i] != 0x7f)
			curb_buf_char(out, uri.ptr[i]);
	curb_buf_char(out, '\n');
}

static void add_seconds(struct curb_buf *out, uint64_t us)
{
	curb_buf_printf(out, "#EXTINF:%" PRIu64 ".%06" PRIu64 ",\n", us / 1000000, us % 1000000);
}

static void begin_playlist(struct curb_buf *out, uint64_t longest_us)
{
	uint64_t target = (longest_us + 999999) / 1000000;
	curb_buf_printf(out, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:%" PRIu64 "\n",
	                target ? target : 1);
	curb_buf_text(out, "#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n");
}

void media_hls_playlist(const struct media_fragment *fragments, size_t n, struct curb_str uri,
                        struct curb_buf *out)
{
	uint64_t longest = 0;
	for (size_t i = 0; i < n; i++)
		longest = fragments[i].duration_us > longest ? fragments[i].duration_us : longest;
	begin_playlist(out, longest);
	curb_buf_text(out, "#EXT-X-MAP:URI=");
	add_quoted(out, uri);
	curb_buf_printf(out, ",BYTERANGE=\"%" PRIu64 "@0\"\n", n ? fragments[0].offset : 0);
	for (size_t i = 0; i < n; i++) {
		add_seconds(out, fragments[i].duration_us);
		curb_buf_printf(out, "#EXT-X-BYTERANGE:%" PRIu64 "@%" PRIu64 "\n", fragments[i].length,
		                fragments[i].offset);
		add_uri_line(out, uri);
	}
	curb_buf_text(out, "#EXT-X-ENDLIST\n");
}

void media_hls_text_playlist(uint64_t duration_us, struct curb_str uri, struct curb_buf *out)
{
	begin_playlist(out, duration_us);
	add_seconds(out, duration_us);
	add_uri_line(out, uri);
	curb_buf_text(out, "#EXT-X-ENDLIST\n");
}

static bool is_sound(const struct media_hls_track *track)
{
	return track->kind == MEDIA_HLS_AUDIO || track->kind == MEDIA_HLS_AUDIO_DESCRIPTION;
}

static bool is_text(const struct media_hls_track *track)
{
	return track->kind == MEDIA_HLS_SUBTITLES || track->kind == MEDIA_HLS_CAPTIONS;
}

static struct curb_str name_of(const struct media_hls_track *track)
{
	if (track->name.len)
		return track->name;
	return track->lang.len ? track->lang : curb_str(is_sound(track) ? "audio" : "text");
}

/* Names within a group must differ: the second of the same name gets a number. */
static void add_name(struct curb_buf *out, const struct media_hls_track *tracks, size_t i)
{
	int before = 1;
	for (size_t k = 0; k < i; k++)
		before += is_sound(&tracks[k]) == is_sound(&tracks[i]) && tracks[k].kind != MEDIA_HLS_VIDEO &&
		          curb_str_eq(name_of(&tracks[k]), name_of(&tracks[i]));
	CURB_AUTO(buf) struct curb_buf name = curb_buf(4096);
	curb_buf_str(&name, name_of(&tracks[i]));
	if (before > 1)
		curb_buf_printf(&name, " %d", before);
	add_quoted(out, curb_buf_view(&name));
}

static const char *characteristics(enum media_hls_kind kind)
{
	switch (kind) {
	case MEDIA_HLS_AUDIO_DESCRIPTION: return "public.accessibility.describes-video";
	case MEDIA_HLS_CAPTIONS:
		return "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-"
		       "and-sound";
	case MEDIA_HLS_VIDEO:
	case MEDIA_HLS_AUDIO:
	case MEDIA_HLS_SUBTITLES: break;
	}
	return NULL;
}

static void add_media(struct curb_buf *out, const struct media_hls_track *tracks, size_t i, bool is_default)
{
	const struct media_hls_track *track = &tracks[i];
	curb_buf_text(out, is_sound(track) ? "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=" :
	                                     "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"text\",NAME=");
	add_name(out, tracks, i);
	if (track->lang.len) {
		curb_buf_text(out, ",LANGUAGE=");
		add_quoted(out, track->lang);
	}
	curb_buf_text(out, is_default ? ",DEFAULT=YES" : ",DEFAULT=NO");
	/* A described sound is for those who ask for it: choosing it by language alone would surprise. */
	bool automatic = is_default || track->kind != MEDIA_HLS_AUDIO_DESCRIPTION;
	curb_buf_text(out, automatic ? ",AUTOSELECT=YES" : ",AUTOSELECT=NO");
	if (characteristics(track->kind))
		curb_buf_printf(out, ",CHARACTERISTICS=\"%s\"", characteristics(track->kind));
	curb_buf_text(out, ",URI=");
	add_quoted(out, track->uri);
	curb_buf_char(out, '\n');
}

static size_t default_sound(const struct media_hls_track *tracks, size_t n)
{
	size_t first = n, plain = n;
	for (size_t i = 0; i < n; i++) {
		if (!is_sound(&tracks[i]))
			continue;
		if (tracks[i].chosen)
			return i;
		first = first < n ? first : i;
		plain = plain < n || tracks[i].kind != MEDIA_HLS_AUDIO ? plain : i;
	}
	return plain < n ? plain : first;
}

static void add_codecs(struct curb_buf *out, const struct media_hls_track *tracks, size_t n, size_t variant)
{
	CURB_AUTO(buf) struct curb_buf list = curb_buf(4096);
	curb_buf_str(&list, tracks[variant].codec);
	for (size_t i = 0; i < n; i++) {
		bool known = i == variant || !is_sound(&tracks[i]) || !tracks[i].codec.len;
		for (size_t k = 0; k < i && !known; k++)
			known = is_sound(&tracks[k]) && curb_str_eq(tracks[k].codec, tracks[i].codec);
		known |= curb_str_eq(tracks[i].codec, tracks[variant].codec);
		if (known)
			continue;
		if (list.len)
			curb_buf_char(&list, ',');
		curb_buf_str(&list, tracks[i].codec);
	}
	curb_buf_text(out, ",CODECS=");
	add_quoted(out, curb_buf_view(&list));
}

static void add_variant(struct curb_buf *out, const struct media_hls_track *tracks, size_t n, size_t variant)
{
	const struct media_hls_track *track = &tracks[variant];
	uint64_t loudest = 0;
	bool sound = false, text = false;
	for (size_t i = 0; i < n; i++) {
		sound |= is_sound(&tracks[i]);
		text |= is_text(&tracks[i]);
		if (i != variant && is_sound(&tracks[i]) && tracks[i].bandwidth > loudest)
			loudest = tracks[i].bandwidth;
	}
	curb_buf_printf(out, "#EXT-X-STREAM-INF:BANDWIDTH=%" PRIu64, track->bandwidth + loudest);
	add_codecs(out, tracks, n, variant);
	if (track->width > 0 && track->height > 0)
		curb_buf_printf(out, ",RESOLUTION=%" PRId64 "x%" PRId64, track->width, track->height);
	curb_buf_text(out, sound ? ",AUDIO=\"sound\"" : "");
	curb_buf_text(out, text ? ",SUBTITLES=\"text\"" : "");
	curb_buf_text(out, ",CLOSED-CAPTIONS=NONE\n");
	add_uri_line(out, track->uri);
}

void media_hls_master(const struct media_hls_track *tracks, size_t n, struct curb_buf *out)
{
	size_t sound = default_sound(tracks, n);
	bool video = false;
	curb_buf_text(out, "#EXTM3U\n#EXT-X-VERSION:7\n");
	for (size_t i = 0; i < n; i++) {
		video |= tracks[i].kind == MEDIA_HLS_VIDEO;
		if (tracks[i].kind != MEDIA_HLS_VIDEO)
			add_media(out, tracks, i, i == sound || (is_text(&tracks[i]) && tracks[i].chosen));
	}
	for (size_t i = 0; i < n; i++)
		if (tracks[i].kind == MEDIA_HLS_VIDEO || (!video && i == sound))
			add_variant(out, tracks, n, i);
}
