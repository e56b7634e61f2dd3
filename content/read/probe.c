#include "probe.h"

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <unistd.h>

enum { IO_BUFFER = 256 << 10, LABEL_MAX = 200, CHAPTERS_MAX = 2000, SIDE_MAX = 16384 };
static const int64_t chapter_ms_max = INT64_C(10) * 86400 * 1000;

static const char formats[] = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mp3,ogg,flac,wav";
/* Decoders are opened to learn a stream's parameters only: native ones, no foreign library. */
static const char codecs[] = "h264,aac,opus,vp9,mp3float,mp3,flac";

int64_t media_pread(const struct media_source *source, uint64_t offset, void *bytes, size_t n)
{
	if (offset >= source->size)
		return 0;
	uint64_t left = source->size - offset;
	size_t want = left < n ? (size_t)left : n, got = 0;
	while (got < want) {
		ssize_t r = pread(source->fd, (char *)bytes + got, want - got,
		                  (off_t)(source->offset + offset + got));
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (int64_t)got;
}

static int read_some(void *opaque, uint8_t *bytes, int n)
{
	struct probe *probe = opaque;
	int64_t got = media_pread(probe->source, probe->at, bytes, (size_t)n);
	if (got < 0)
		return AVERROR(EIO);
	if (got == 0) {
		probe->short_read |= probe->at < probe->source->size;
		return AVERROR_EOF;
	}
	probe->at += (uint64_t)got;
	return (int)got;
}

static int64_t seek_to(void *opaque, int64_t offset, int whence)
{
	struct probe *probe = opaque;
	if (whence == AVSEEK_SIZE)
		return (int64_t)probe->source->size;
	int64_t base = whence == SEEK_CUR ? (int64_t)probe->at :
	               whence == SEEK_END ? (int64_t)probe->source->size :
	                                    0;
	int64_t to;
	if (__builtin_add_overflow(base, offset, &to) || to < 0)
		return AVERROR(EINVAL);
	probe->at = (uint64_t)to;
	return to;
}

static int deny_open(AVFormatContext *in, AVIOContext **ret_io, const char *url, int flags,
                     AVDictionary **options)
{
	(void)ret_io;
	(void)url;
	(void)flags;
	(void)options;
	struct probe *probe = in->opaque;
	probe->denied = true;
	return AVERROR(EACCES);
}

static AVFormatContext *new_context(struct probe *probe)
{
	AVFormatContext *in = avformat_alloc_context();
	unsigned char *buffer = av_malloc(IO_BUFFER);
	probe->io = buffer ? avio_alloc_context(buffer, IO_BUFFER, 0, probe, read_some, NULL, seek_to) : NULL;
	if (!in || !probe->io) {
		if (!probe->io)
			av_free(buffer);
		avformat_free_context(in);
		return NULL;
	}
	in->opaque = probe;
	in->pb = probe->io;
	in->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
	in->io_open = deny_open;
	in->format_whitelist = av_strdup(formats);
	in->codec_whitelist = av_strdup(codecs);
	in->protocol_whitelist = av_strdup("");
	in->max_streams = 64;
	return in;
}

static int look_at_streams(AVFormatContext *in)
{
	unsigned n = in->nb_streams;
	AVDictionary **options = curb_xcalloc(n ? n : 1, sizeof *options);
	for (unsigned i = 0; i < n; i++)
		(void)av_dict_set(&options[i], "threads", "1", 0);
	int err = avformat_find_stream_info(in, options);
	for (unsigned i = 0; i < n; i++)
		av_dict_free(&options[i]);
	free(options);
	return err;
}

bool probe_open(struct probe *probe, const struct media_source *source)
{
	*probe = (struct probe){ .source = source };
	AVFormatContext *in = new_context(probe);
	if (!in)
		return false;
	int err = avformat_open_input(&in, NULL, NULL, NULL);
	if (err < 0) { /* it freed the context */
		probe->odd_format = err == AVERROR(EINVAL);
		return false;
	}
	probe->in = in;
	if (look_at_streams(in) < 0)
		return false;
	probe->streams = (int)in->nb_streams;
	return true;
}

void probe_close(struct probe *probe)
{
	avformat_close_input(&probe->in);
	if (probe->io)
		av_freep(&probe->io->buffer);
	avio_context_free(&probe->io);
}

static bool aac_servable(const AVCodecParameters *par)
{
	bool plain = par->profile == FF_PROFILE_UNKNOWN || par->profile == FF_PROFILE_AAC_LOW;
	bool he = par->profile == FF_PROFILE_AAC_HE || par->profile == FF_PROFILE_AAC_HE_V2;
	return (plain || he) && par->extradata_size >= 2;
}

/* 4:2:0 in eight bits: what hardware decoders of old phones can do; High 10 and 4:4:4 stay black. */
static bool h264_servable(const AVCodecParameters *par)
{
	switch (par->profile & ~(FF_PROFILE_H264_CONSTRAINED | FF_PROFILE_H264_INTRA)) {
	case FF_PROFILE_H264_BASELINE:
	case FF_PROFILE_H264_MAIN:
	case FF_PROFILE_H264_EXTENDED:
	case FF_PROFILE_H264_HIGH: return par->extradata_size >= 7;
	default: return false;
	}
}

static bool size_servable(const AVCodecParameters *par)
{
	return par->width > 0 && par->height > 0 && par->width <= SIDE_MAX && par->height <= SIDE_MAX;
}

bool probe_servable(const AVCodecParameters *par)
{
	switch (par->codec_id) {
	case AV_CODEC_ID_H264: return h264_servable(par) && size_servable(par);
	case AV_CODEC_ID_AV1:
	case AV_CODEC_ID_VP9: return size_servable(par);
	case AV_CODEC_ID_AAC:
		return aac_servable(par) && par->sample_rate > 0 && par->ch_layout.nb_channels > 0;
	case AV_CODEC_ID_OPUS: return par->extradata_size >= 19;
	default: return false;
	}
}

bool probe_encrypted(const AVStream *stream)
{
	uint32_t tag = stream->codecpar->codec_tag;
	return tag == MKTAG('e', 'n', 'c', 'v') || tag == MKTAG('e', 'n', 'c', 'a') ||
	       tag == MKTAG('d', 'r', 'm', 'i') || tag == MKTAG('d', 'r', 'm', 's') ||
	       av_dict_get(stream->metadata, "enc_key_id", NULL, 0) ||
	       av_stream_get_side_data(stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO, NULL);
}

bool probe_is_picture(const AVStream *stream)
{
	return stream->disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS);
}

bool probe_is_text(const AVStream *stream)
{
	switch (stream->codecpar->codec_id) {
	case AV_CODEC_ID_MOV_TEXT:
	case AV_CODEC_ID_SUBRIP:
	case AV_CODEC_ID_TEXT:
	case AV_CODEC_ID_WEBVTT:
	case AV_CODEC_ID_ASS: return stream->codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE;
	default: return false;
	}
}

/* ISO 639-2 (both forms) to the two-letter codes that BCP 47 asks for, of languages our authors use. */
static const char lang_table[][3][4] = {
	{ "zho", "chi", "zh" }, { "eng", "eng", "en" }, { "bod", "tib", "bo" }, { "uig", "uig", "ug" },
	{ "mon", "mon", "mn" }, { "zha", "zha", "za" }, { "iii", "iii", "ii" }, { "kaz", "kaz", "kk" },
	{ "kor", "kor", "ko" }, { "jpn", "jpn", "ja" }, { "fra", "fre", "fr" }, { "deu", "ger", "de" },
	{ "spa", "spa", "es" }, { "rus", "rus", "ru" }, { "ara", "ara", "ar" }, { "por", "por", "pt" },
	{ "ita", "ita", "it" }, { "vie", "vie", "vi" }, { "tha", "tha", "th" }, { "hin", "hin", "hi" },
};

static bool lang_well_formed(struct curb_str lang)
{
	if (lang.len < 2 || lang.len > 35)
		return false;
	for (size_t i = 0; i < lang.len; i++) {
		char c = lang.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && (i < 2 || !(c == '-' || (c >= '0' && c <= '9'))))
			return false;
	}
	return true;
}

struct curb_str probe_lang(struct curb_arena *arena, const AVStream *stream)
{
	const AVDictionaryEntry *entry = av_dict_get(stream->metadata, "language", NULL, 0);
	struct curb_str lang = curb_str(entry ? entry->value : NULL);
	if (!lang.ptr || !lang_well_formed(lang) || curb_str_is(lang, "und") || curb_str_is(lang, "mul") ||
	    curb_str_is(lang, "zxx"))
		return curb_str(NULL);
	for (size_t i = 0; i < sizeof lang_table / sizeof *lang_table; i++)
		if (curb_str_is_nocase(lang, lang_table[i][0]) || curb_str_is_nocase(lang, lang_table[i][1]))
			return curb_str(lang_table[i][2]);
	return curb_dup(arena, lang);
}

static struct curb_str text_of(const AVDictionary *dict, const char *key)
{
	const AVDictionaryEntry *entry = av_dict_get(dict, key, NULL, 0);
	struct curb_str text = curb_str_trim(curb_str(entry ? entry->value : NULL));
	bool good = text.len && text.len <= LABEL_MAX && curb_utf8_valid(text);
	return good ? text : curb_str(NULL);
}

struct curb_str probe_label(const AVStream *stream)
{
	return text_of(stream->metadata, "title");
}

int64_t probe_duration_ms(const struct probe *probe)
{
	int64_t duration = probe->in->duration;
	return duration > 0 && duration != AV_NOPTS_VALUE ? duration / 1000 : 0;
}

void probe_chapters(const struct probe *probe, struct curb_arena *arena, struct curb_value *unit,
                    int64_t shift_ms)
{
	struct curb_value *nav = curb_value_get(unit, "nav");
	if (!nav && probe->in->nb_chapters) {
		nav = curb_array(arena);
		curb_put(unit, "nav", nav);
	}
	unsigned n = probe->in->nb_chapters < CHAPTERS_MAX ? probe->in->nb_chapters : CHAPTERS_MAX;
	for (unsigned i = 0; i < n; i++) {
		const AVChapter *chapter = probe->in->chapters[i];
		struct curb_str title = text_of(chapter->metadata, "title");
		int64_t start = av_rescale_q(chapter->start, chapter->time_base, (AVRational){ 1, 1000 });
		if (!title.ptr)
			title = curb_str(curb_printf(arena, "%u", i + 1));
		if (start < -chapter_ms_max || start > chapter_ms_max)
			continue;
		struct curb_value *item = curb_object(arena);
		curb_put_int(item, "level", 1);
		curb_put_str(item, "text", title);
		curb_put_int(item, "start_ms", start + shift_ms < 0 ? 0 : start + shift_ms);
		curb_push(nav, item);
	}
}
