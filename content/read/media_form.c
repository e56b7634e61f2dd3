/* Media that browsers do not play: the server has a form of them made, which then goes the ordinary way. */
#include <unistd.h>

#include "media_inside.h"

enum { TEXTS_MAX = 16, LENGTH_SLACK_MS = 3000 };

static const char *wanted(const struct media_job *job)
{
	if (job->want)
		return job->want;
	if (job->as && strcmp(job->as, "sign") == 0)
		return WIRE_WANT_PICTURE;
	return job->as || job->chapter ? WIRE_WANT_SOUND : WIRE_WANT_ALL;
}

const char *media_form_texts(const struct media_job *job, const struct probe *probe)
{
	const char *texts = "";
	for (int i = 0, n = 0; i < probe->streams && n < TEXTS_MAX && !job->as && !job->chapter; i++) {
		if (!probe_is_text(probe->in->streams[i]))
			continue;
		/* Matroska has no place for the texts of MP4 */
		bool other = probe->in->streams[i]->codecpar->codec_id == AV_CODEC_ID_MOV_TEXT;
		texts = curb_printf(job->arena, "%s%d%c", texts, i, other ? 's' : 'c');
		n++;
	}
	return texts;
}

static void tell_length(const struct media_job *job, int64_t claimed_ms)
{
	int64_t slack = claimed_ms / 50 > LENGTH_SLACK_MS ? claimed_ms / 50 : LENGTH_SLACK_MS;
	if (claimed_ms - job->end_ms > slack)
		media_note(job, "media.length", media_seconds(job, claimed_ms),
		           media_seconds(job, job->end_ms));
}

bool media_form(struct media_job *job, struct curb_str codec, const char *texts)
{
	const struct media_source *original = job->source;
	if (!wire_may_form(job->wire) || job->formed)
		return media_refuse(job, "media.codec", original->name, codec);
	struct wire_wish wish = { original->fd, original->offset, original->size, wanted(job), texts };
	int64_t claimed_ms = 0;
	enum wire_made made = wire_form(job->wire, &wish, &claimed_ms);
	if (made == WIRE_NO_MAKER)
		return media_refuse(job, "media.codec", original->name, codec);
	if (made == WIRE_UNMADE)
		return media_refuse(job, "media.unreadable", original->name, curb_str(NULL));
	off_t size = lseek(WIRE_FORM_FD, 0, SEEK_END);
	struct media_source form = { WIRE_FORM_FD, 0, size < 0 ? 0 : (uint64_t)size, original->name };
	job->source = &form;
	job->formed = true;
	bool ok = media_remux(job, MEDIA_MATROSKA);
	job->source = original;
	job->formed = false;
	if (ok && !job->want) {
		media_note(job, "media.formed", original->name, codec);
		tell_length(job, claimed_ms);
	}
	return ok;
}
