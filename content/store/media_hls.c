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

/* What a playlist is made of. A small sound stands in a group of its own, in the place of the first plain one. */
struct master {
	const struct media_hls_track *tracks;
	size_t n, low, replaced; /* the small sound and whose place it takes; n: none */
};

static bool in_group(const struct master *m, size_t i, bool low)
{
	if (is_text(&m->tracks[i]))
		return true;
	if (!is_sound(&m->tracks[i]))
		return false;
	return low ? i == m->low || (i != m->replaced && !m->tracks[i].low) : !m->tracks[i].low;
}

/* Names within a group must differ: the second of the same name gets a number. */
static void add_name(struct curb_buf *out, const struct master *m, size_t i, bool low)
{
	const struct media_hls_track *tracks = m->tracks;
	int before = 1;
	for (size_t k = 0; k < i; k++)
		before += is_sound(&tracks[k]) == is_sound(&tracks[i]) && in_group(m, k, low) &&
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

static void add_media(struct curb_buf *out, const struct master *m, size_t i, bool low, bool is_default)
{
	const struct media_hls_track *track = &m->tracks[i];
	curb_buf_text(out, !is_sound(track) ? "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"text\",NAME=" :
	                   low              ? "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"low\",NAME=" :
	                                      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=");
	add_name(out, m, i, low);
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

/* The sound of a group that is on from the start: the chosen one, else the first plain one, else the first. */
static size_t default_sound(const struct master *m, bool low)
{
	const struct media_hls_track *tracks = m->tracks;
	size_t n = m->n, first = n, plain = n;
	for (size_t i = 0; i < n; i++) {
		if (!is_sound(&tracks[i]) || !in_group(m, i, low))
			continue;
		if (tracks[i].chosen)
			return i;
		first = first < n ? first : i;
		plain = plain < n || tracks[i].kind != MEDIA_HLS_AUDIO ? plain : i;
	}
	return plain < n ? plain : first;
}

static void add_codecs(struct curb_buf *out, const struct master *m, size_t variant, bool low)
{
	const struct media_hls_track *tracks = m->tracks;
	CURB_AUTO(buf) struct curb_buf list = curb_buf(4096);
	curb_buf_str(&list, tracks[variant].codec);
	for (size_t i = 0; i < m->n; i++) {
		bool known = i == variant || !is_sound(&tracks[i]) || !in_group(m, i, low) ||
		             !tracks[i].codec.len;
		for (size_t k = 0; k < i && !known; k++)
			known = is_sound(&tracks[k]) && in_group(m, k, low) &&
			        curb_str_eq(tracks[k].codec, tracks[i].codec);
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

static void add_variant(struct curb_buf *out, const struct master *m, size_t variant)
{
	const struct media_hls_track *track = &m->tracks[variant];
	uint64_t loudest = 0;
	bool low = track->low && m->low < m->n, sound = false, text = false;
	for (size_t i = 0; i < m->n; i++) {
		text |= is_text(&m->tracks[i]);
		if (!is_sound(&m->tracks[i]) || !in_group(m, i, low))
			continue;
		sound = true;
		if (i != variant && m->tracks[i].bandwidth > loudest)
			loudest = m->tracks[i].bandwidth;
	}
	if (is_sound(track)) /* it is in the group itself: another is played in its place, not beside it */
		loudest = loudest > track->bandwidth ? loudest - track->bandwidth : 0;
	curb_buf_printf(out, "#EXT-X-STREAM-INF:BANDWIDTH=%" PRIu64, track->bandwidth + loudest);
	add_codecs(out, m, variant, low);
	if (track->width > 0 && track->height > 0)
		curb_buf_printf(out, ",RESOLUTION=%" PRId64 "x%" PRId64, track->width, track->height);
	curb_buf_text(out, !sound ? "" : low ? ",AUDIO=\"low\"" : ",AUDIO=\"sound\"");
	curb_buf_text(out, text ? ",SUBTITLES=\"text\"" : "");
	curb_buf_text(out, ",CLOSED-CAPTIONS=NONE\n");
	add_uri_line(out, track->uri);
}

static void add_group(struct curb_buf *out, const struct master *m, bool low)
{
	size_t first = default_sound(m, low);
	for (size_t i = 0; i < m->n; i++)
		if (is_sound(&m->tracks[i]) && in_group(m, i, low))
			add_media(out, m, i, low, i == first);
}

/* A variant alone of its kind: pictures, a small sound, else the sound that is on from the start. */
static bool is_variant(const struct master *m, size_t i, bool pictures)
{
	if (m->tracks[i].kind == MEDIA_HLS_VIDEO || i == m->low)
		return true;
	return !pictures && m->low == m->n && i == default_sound(m, false);
}

void media_hls_master(const struct media_hls_track *tracks, size_t n, struct curb_buf *out)
{
	struct master m = { tracks, n, n, n };
	bool pictures = false, whole = false; /* whole: a picture that goes with the ordinary sounds */
	for (size_t i = 0; i < n; i++) {
		pictures |= tracks[i].kind == MEDIA_HLS_VIDEO;
		whole |= tracks[i].kind == MEDIA_HLS_VIDEO && !tracks[i].low;
		if (tracks[i].low && is_sound(&tracks[i]))
			m.low = i;
		else if (m.replaced == n && tracks[i].kind == MEDIA_HLS_AUDIO)
			m.replaced = i;
	}
	curb_buf_text(out, "#EXTM3U\n#EXT-X-VERSION:7\n");
	if (whole || m.low == n)
		add_group(out, &m, false);
	if (m.low < n)
		add_group(out, &m, true);
	for (size_t i = 0; i < n; i++)
		if (is_text(&tracks[i]))
			add_media(out, &m, i, false, tracks[i].chosen);
	for (size_t i = 0; i < n; i++)
		if (is_variant(&m, i, pictures))
			add_variant(out, &m, i);
}
