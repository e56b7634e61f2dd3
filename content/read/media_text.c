/* Captions that lie inside a media file: gathered as SRT or WebVTT text while the file is read once, then through our own
 * parser like any other captions.
 */
#include "captions.h"
#include "curb/cleanup.h"
#include "media_inside.h"
#include "mp4_box.h"

enum { TEXTS_MAX = 16, TEXT_BYTES_MAX = 8 << 20, CUE_BYTES_MAX = 4096, ASS_FIELDS = 8 };

struct text_track {
	const AVStream *stream;
	struct curb_buf text;
	int cues;
};

struct media_texts {
	struct media_job *job;
	struct text_track tracks[TEXTS_MAX];
	int count;
};

struct media_texts *media_texts_new(struct media_job *job, struct probe *probe)
{
	struct media_texts *texts = curb_xcalloc(1, sizeof *texts);
	texts->job = job;
	for (int i = 0; i < probe->streams; i++) {
		const AVStream *stream = probe->in->streams[i];
		if (!probe_is_text(stream) || texts->count == TEXTS_MAX)
			continue;
		struct text_track *track = &texts->tracks[texts->count++];
		track->stream = stream;
		track->text = curb_buf(TEXT_BYTES_MAX);
		if (stream->codecpar->codec_id == AV_CODEC_ID_WEBVTT)
			curb_buf_text(&track->text, "WEBVTT\n\n");
	}
	return texts;
}

void media_texts_free(struct media_texts *texts)
{
	for (int i = 0; texts && i < texts->count; i++)
		curb_buf_free(&texts->tracks[i].text);
	free(texts);
}

/* The dialogue of an ASS event without its styles. */
static void add_ass(struct curb_buf *out, struct curb_str event)
{
	struct curb_str field;
	for (int i = 0; i < ASS_FIELDS; i++)
		if (!curb_str_cut(&event, ',', &field))
			return;
	bool style = false;
	for (size_t i = 0; i < event.len; i++) {
		char c = event.ptr[i], next = i + 1 < event.len ? event.ptr[i + 1] : 0;
		if (c == '\\' && !style && (next == 'N' || next == 'n' || next == 'h')) {
			curb_buf_char(out, next == 'h' ? ' ' : '\n');
			i++;
		} else if (c == '{' || c == '}') {
			style = c == '{';
		} else if (!style) {
			curb_buf_char(out, c);
		}
	}
}

static struct curb_str payload_of(const AVStream *stream, const AVPacket *packet)
{
	struct curb_str bytes = curb_str_n((const char *)packet->data, (size_t)packet->size);
	if (stream->codecpar->codec_id != AV_CODEC_ID_MOV_TEXT)
		return bytes;
	struct curb_str text = curb_str_from(bytes, 2);
	size_t said = mp4_u16(bytes, 0);
	return curb_str_n(text.ptr, said < text.len ? said : text.len);
}

static void add_time(struct curb_buf *out, int64_t ms, char point)
{
	long long all = ms < 0 ? 0 : ms;
	curb_buf_printf(out, "%02lld:%02lld:%02lld%c%03lld", all / 3600000, all / 60000 % 60, all / 1000 % 60,
	                point, all % 1000);
}

/* An empty line or an arrow would end the cue early. */
static void add_lines(struct curb_buf *out, struct curb_str text)
{
	struct curb_str line;
	while (curb_str_cut(&text, '\n', &line)) {
		line = curb_str_trim(line);
		for (size_t i = 0; i < line.len; i++) {
			bool arrow = curb_str_starts(curb_str_from(line, i), "-->");
			curb_buf_char(out, line.ptr[i]);
			i += arrow;
		}
		if (line.len)
			curb_buf_char(out, '\n');
	}
	curb_buf_char(out, '\n');
}

void media_texts_take(void *arg, const AVPacket *packet)
{
	struct media_texts *texts = arg;
	struct text_track *track = NULL;
	for (int i = 0; i < texts->count; i++)
		if (texts->tracks[i].stream->index == packet->stream_index)
			track = &texts->tracks[i];
	if (!track || packet->pts == AV_NOPTS_VALUE || packet->size <= 0 || packet->size > CUE_BYTES_MAX)
		return;
	static const AVRational milli = { 1, 1000 };
	int64_t start = av_rescale_q(packet->pts, track->stream->time_base, milli);
	int64_t length = av_rescale_q(packet->duration, track->stream->time_base, milli);
	CURB_AUTO(buf) struct curb_buf text = curb_buf(CUE_BYTES_MAX);
	if (track->stream->codecpar->codec_id == AV_CODEC_ID_ASS)
		add_ass(&text, payload_of(track->stream, packet));
	else
		curb_buf_str(&text, payload_of(track->stream, packet));
	struct curb_str said = curb_str_trim(curb_buf_view(&text));
	if (!said.len || length <= 0 || start > INT32_MAX || length > INT32_MAX || !curb_utf8_valid(said))
		return;
	char point = track->stream->codecpar->codec_id == AV_CODEC_ID_WEBVTT ? '.' : ',';
	if (point == ',')
		curb_buf_printf(&track->text, "%d\n", ++track->cues);
	add_time(&track->text, start, point);
	curb_buf_text(&track->text, " --> ");
	add_time(&track->text, start + length, point);
	curb_buf_char(&track->text, '\n');
	add_lines(&track->text, said);
}

static void found(void *arg, const char *code, uint32_t line, struct curb_str a, struct curb_str b)
{
	(void)line;
	media_note(arg, code, a, b);
}

static bool same_as_speech(const struct media_job *job, struct curb_str lang)
{
	const struct curb_value *tracks = media_tracks(job);
	for (size_t i = 0; i < curb_value_count(tracks); i++) {
		const struct curb_value *track = curb_value_at(tracks, i);
		if (curb_str_is(curb_get_str(track, "kind"), "audio"))
			return curb_str_eq(curb_get_str(track, "lang"), lang);
	}
	return false;
}

static const char *kind_of(const struct media_job *job, const AVStream *stream, struct curb_str lang)
{
	if (stream->disposition & AV_DISPOSITION_DESCRIPTIONS)
		return "descriptions";
	bool captions = stream->disposition & (AV_DISPOSITION_HEARING_IMPAIRED | AV_DISPOSITION_CAPTIONS);
	return captions || same_as_speech(job, lang) ? "captions" : "subtitles";
}

static void send_file(struct media_job *job, const struct text_track *track, const char *kind,
                      const char *type, const char *ending, struct curb_buf *bytes)
{
	if (bytes->failed)
		return;
	int file = media_send(job, media_path(job, "text", track->stream->index, ending), type, bytes);
	struct curb_value *out = media_track(job, kind, file, -1, type, "", job->end_ms);
	curb_put_str(out, "lang", probe_lang(job->arena, track->stream));
	curb_put_str(out, "label", probe_label(track->stream));
}

static void send_text(struct media_job *job, struct text_track *track, int64_t shift_ms)
{
	struct caption_report report = { found, job };
	struct caption_set set = { 0 };
	/* A tree of its own: cues are copied and thrown away again. */
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new((size_t)TEXT_BYTES_MAX * 16);
	if (track->text.failed || !captions_parse(arena, curb_buf_view(&track->text), &report, &set) ||
	    !set.count)
		return;
	captions_fit(&set, shift_ms, job->end_ms);
	const char *kind = kind_of(job, track->stream, probe_lang(job->arena, track->stream));
	CURB_AUTO(buf) struct curb_buf out = curb_buf((size_t)TEXT_BYTES_MAX * 2);
	captions_write_vtt(&set, &out);
	send_file(job, track, kind, "text/vtt", ".vtt", &out);
	if (curb_str_is(curb_str(kind), "descriptions"))
		return;
	curb_buf_clear(&out);
	captions_write_transcript_json(&set, &out);
	send_file(job, track, "transcript", "application/json", ".json", &out);
}

void media_texts_send(struct media_texts *texts, int64_t shift_ms)
{
	for (int i = 0; i < texts->count; i++)
		send_text(texts->job, &texts->tracks[i], shift_ms);
}
