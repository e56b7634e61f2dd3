/* The rows of captions that a program drafts. */
#include "caption_draft.h"

#include <unistd.h>

#include "content/media_index.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "work.h"

static struct curb_str some(struct curb_str text)
{
	return text.ptr ? text : curb_str("");
}

bool caption_lesson(const struct content_version *base, const struct curb_value *package,
                    struct curb_value *unit, struct caption_lesson *ret_lesson)
{
	const struct curb_value *tracks = curb_value_get(unit, "tracks"), *sound = NULL;
	bool picture = false;
	for (size_t i = 0; i < curb_value_count(tracks); i++) {
		const struct curb_value *track = curb_value_at(tracks, i);
		struct curb_str kind = curb_get_str(track, "kind");
		if (curb_str_is(kind, "captions"))
			return false;
		picture = picture || media_is_picture(kind);
		if (!sound && curb_str_is(kind, "audio"))
			sound = track;
	}
	if (!picture || !sound)
		return false;
	struct curb_str lang = curb_get_str(sound, "lang");
	*ret_lesson = (struct caption_lesson){
		.course = &base->course,
		.unit = unit,
		.key = curb_get_str(unit, "key"),
		.sound = curb_get_str(curb_value_get(sound, "file"), "sha256"),
		.lang = some(lang.len ? lang : curb_get_str(package, "lang")),
		.duration_ms = curb_get_int(unit, "duration_ms", 0),
	};
	return true;
}

int caption_draft_row(struct curb_tx *tx, const struct caption_lesson *lesson,
                      struct caption_draft *ret_draft, bool *ret_there)
{
	static const char sql[] =
		"SELECT job, lang, cues IS NOT NULL, cue_n, read_n, edition FROM core_caption_draft "
		"WHERE course = $1 AND lesson = $2 AND sound = $3";
	struct curb_arena *arena = curb_tx_arena(tx);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(
		&curb_core_host, tx, sql,
		CURB_BINDS(curb_bind_id(lesson->course), curb_text(lesson->key), curb_text(lesson->sound)),
		&stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_there = err == 1;
	if (err)
		*ret_draft = (struct caption_draft){
			.job = curb_col_id(stmt, 0),
			.lang = curb_dup(arena, curb_col_text(stmt, 1)),
			.drafted = curb_col_int(stmt, 2) != 0,
			.count = curb_col_int(stmt, 3),
			.read = curb_col_int(stmt, 4),
			.edition = curb_col_int(stmt, 5),
		};
	return 0;
}

int caption_draft_cues(struct curb_tx *tx, const struct caption_lesson *lesson, struct curb_str *ret_cues)
{
	static const char sql[] = "SELECT cues FROM core_caption_draft WHERE course = $1 AND lesson = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(lesson->course), curb_text(lesson->key)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "No captions are drafted for this lesson");
	*ret_cues = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0));
	return 0;
}

const char *caption_draft_missing(const struct ingest *ingest)
{
	if (!ingest->captioner)
		return CURB_TEXT("This server has no program that drafts captions. Whoever runs it can name "
		                 "one in its "
		                 "configuration: captioner.");
	if (access(ingest->captioner, X_OK) != 0)
		return CURB_TEXT(
			"The program that drafts captions is not installed here. Whoever runs the server "
			"named it in its configuration: captioner.");
	if (!ingest->program || access(ingest->program, X_OK) != 0)
		return CURB_TEXT(
			"Captions cannot be drafted here: the program that decodes the sound, ffmpeg, is not "
			"installed.");
	return NULL;
}

/* ---- writing ---- */

static struct curb_str payload_of(struct curb_tx *tx, const struct caption_lesson *lesson)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(4096);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "course", lesson->course->text);
	curb_json_kstr(&j, "lesson", lesson->key);
	curb_json_kstr(&j, "sound", lesson->sound);
	curb_json_kstr(&j, "lang", lesson->lang);
	curb_json_kint(&j, "duration_ms", lesson->duration_ms);
	curb_json_end(&j, '}');
	return curb_dup(curb_tx_arena(tx), curb_buf_view(&out));
}

static bool under_way(struct curb_tx *tx, const struct curb_id *id)
{
	struct work_job job;
	return work_job(tx, curb_id_str(id), &job) == 0 && !job.ended_ms;
}

/* A job for another sound of the lesson, which nobody can see or stop any more. */
static int call_off_other(struct curb_tx *tx, const struct caption_lesson *lesson)
{
	static const char sql[] =
		"SELECT job FROM core_caption_draft WHERE course = $1 AND lesson = $2 AND sound <> $3";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(
		&curb_core_host, tx, sql,
		CURB_BINDS(curb_bind_id(lesson->course), curb_text(lesson->key), curb_text(lesson->sound)),
		&stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	struct curb_id job = curb_col_id(stmt, 0);
	if (work_current())
		(void)work_cancel(work_current(), tx, curb_id_str(&job)); /* it may have ended */
	return 0;
}

int caption_draft_want(struct curb_tx *tx, const struct caption_lesson *lesson, const struct curb_id *person)
{
	static const char sql[] =
		"INSERT INTO core_caption_draft (course, lesson, sound, lang, job, cue_n, read_n, "
		"edition) VALUES ($1, $2, $3, $4, $5, 0, 0, 0) "
		"ON CONFLICT (course, lesson) DO UPDATE SET sound = $3, lang = $4, job = $5, "
		"cues = NULL, cue_n = 0, read_n = 0, edition = core_caption_draft.edition + 1";
	struct caption_draft draft;
	struct curb_id job = { "" };
	bool there = false;
	int err = caption_draft_row(tx, lesson, &draft, &there);
	if (!err && there && (draft.drafted || under_way(tx, &draft.job)))
		return curb_fail(CURB_ECONFLICT, "A draft of these captions is there, or is being made");
	if (!err)
		err = call_off_other(tx, lesson);
	if (!err)
		err = curb_job_enqueue(&curb_core_host, tx, "captions", person, payload_of(tx, lesson), &job);
	return err ? err :
	             curb_exec(&curb_core_host, tx, sql,
	                       CURB_BINDS(curb_bind_id(lesson->course), curb_text(lesson->key),
	                                  curb_text(lesson->sound), curb_text(lesson->lang),
	                                  curb_bind_id(&job)),
	                       NULL);
}

static bool still_lacks(const struct curb_value *package, struct curb_str lesson)
{
	const struct curb_value *units = curb_value_get(package, "units");
	for (size_t i = 0; i < curb_value_count(units); i++) {
		const struct curb_value *tracks = curb_value_get(curb_value_at(units, i), "tracks");
		bool captions = false;
		for (size_t k = 0; k < curb_value_count(tracks); k++)
			captions = captions ||
			           curb_str_is(curb_get_str(curb_value_at(tracks, k), "kind"), "captions");
		if (curb_str_eq(curb_get_str(curb_value_at(units, i), "key"), lesson))
			return !captions;
	}
	return false;
}

int caption_drafts_call_off(struct curb_tx *tx, const struct curb_id *course,
                            const struct curb_value *package)
{
	static const char sql[] =
		"SELECT lesson, job FROM core_caption_draft WHERE course = $1 AND cues IS NULL";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(course)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct curb_id job = curb_col_id(stmt, 1);
		if (!still_lacks(package, curb_col_text(stmt, 0)) && work_current())
			(void)work_cancel(work_current(), tx, curb_id_str(&job)); /* it may have ended */
		err = 0;
	}
	return err;
}

static int check_changed(int err, int64_t changed)
{
	if (!err && !changed)
		return curb_fail(CURB_ECONFLICT, "This draft was changed meanwhile; look at it again");
	return err;
}

int caption_draft_save(struct curb_tx *tx, const struct caption_lesson *lesson, int64_t edition,
                       struct curb_str cues, int64_t read)
{
	static const char sql[] =
		"UPDATE core_caption_draft SET cues = $4, read_n = $5, edition = edition + 1 "
		"WHERE course = $1 AND lesson = $2 AND edition = $3 AND cues IS NOT NULL AND cue_n >= $5";
	int64_t changed = 0;
	int err = curb_exec(&curb_core_host, tx, sql,
	                    CURB_BINDS(curb_bind_id(lesson->course), curb_text(lesson->key),
	                               curb_int(edition), curb_text(cues), curb_int(read)),
	                    &changed);
	return check_changed(err, changed);
}

int caption_draft_drop(struct curb_tx *tx, const struct caption_lesson *lesson, int64_t edition)
{
	static const char sql[] =
		"DELETE FROM core_caption_draft WHERE course = $1 AND lesson = $2 AND edition = $3";
	struct caption_draft draft = { .count = 0 };
	bool there = false;
	int64_t changed = 0;
	int err = caption_draft_row(tx, lesson, &draft, &there);
	if (!err && there && work_current())
		(void)work_cancel(work_current(), tx, curb_id_str(&draft.job)); /* it may have ended */
	if (!err)
		err = curb_exec(
			&curb_core_host, tx, sql,
			CURB_BINDS(curb_bind_id(lesson->course), curb_text(lesson->key), curb_int(edition)),
			&changed);
	return check_changed(err, changed);
}
