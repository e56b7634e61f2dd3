/* A checked package becomes rows, in one write function. */
#include <string.h>

#include "caption_draft.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"
#include "rendition.h"

static struct curb_str text_or_empty(const struct curb_value *object, const char *key)
{
	struct curb_str text = curb_get_str(object, key);
	return text.ptr ? text : curb_str("");
}

/* A member that is kept as JSON: the plan, the navigation points. Absent when it is not there. */
static struct curb_str json_of(struct curb_tx *tx, const struct curb_value *value)
{
	if (curb_value_type(value) == CURB_NULL)
		return curb_str(NULL);
	CURB_AUTO(buf) struct curb_buf out = curb_buf(4 << 20);
	struct curb_json j = curb_json(&out);
	curb_json_value(&j, value);
	return curb_dup(curb_tx_arena(tx), curb_buf_view(&out));
}

static struct curb_str words_of(struct curb_tx *tx, const struct curb_value *list)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(64 << 10);
	for (size_t i = 0; i < curb_value_count(list); i++) {
		if (i)
			curb_buf_char(&out, ' ');
		curb_buf_str(&out, curb_value_str(curb_value_at(list, i)));
	}
	return curb_dup(curb_tx_arena(tx), curb_buf_view(&out));
}

int version_add_blob(struct curb_tx *tx, const struct curb_value *file, int64_t now_ms)
{
	static const char sql[] = "INSERT INTO core_blob (sha256, size, made_ms) VALUES ($1, $2, $3) "
				  "ON CONFLICT (sha256) DO UPDATE SET unused_ms = NULL";
	if (!file)
		return 0;
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_text(curb_get_str(file, "sha256")),
	                            curb_int(curb_get_int(file, "size", 0)), curb_int(now_ms)),
	                 NULL);
}

static int add_track(struct curb_tx *tx, const struct version_make *make, const struct curb_id *unit,
                     const struct curb_value *track, int64_t position)
{
	static const char sql[] = "INSERT INTO core_track (id, unit, position, kind, lang, label, type, "
				  "codec, blob, idx, size, "
				  "duration_ms, start_ms, width, height, bitrate) VALUES ($1, $2, $3, $4, "
				  "$5, $6, $7, $8, $9, $10, $11, "
				  "$12, $13, $14, $15, $16)";
	const struct curb_value *file = curb_value_get(track, "file"),
				*index = curb_value_get(track, "index");
	struct curb_str type = curb_get_str(track, "type");
	struct curb_id id = curb_id_new(make->now_ms);
	int err = version_add_blob(tx, file, make->now_ms);
	if (!err)
		err = version_add_blob(tx, index, make->now_ms);
	if (err)
		return err;
	return curb_exec(
		&curb_core_host, tx, sql,
		CURB_BINDS(curb_bind_id(&id), curb_bind_id(unit), curb_int(position),
	                   curb_text(text_or_empty(track, "kind")), curb_text(curb_get_str(track, "lang")),
	                   curb_text(curb_get_str(track, "label")),
	                   curb_text(type.ptr ? type : text_or_empty(file, "type")),
	                   curb_text(curb_get_str(track, "codec")), curb_text(curb_get_str(file, "sha256")),
	                   curb_text(curb_get_str(index, "sha256")), curb_int(curb_get_int(file, "size", 0)),
	                   curb_int(curb_get_int(track, "duration_ms", 0)),
	                   curb_int(curb_get_int(track, "start_ms", 0)),
	                   curb_int(curb_get_int(track, "width", 0)),
	                   curb_int(curb_get_int(track, "height", 0)),
	                   curb_int(curb_get_int(track, "bitrate", 0))),
		NULL);
}

/* Of the version itself with the unit "". */
static int add_aid(struct curb_tx *tx, const struct version_make *make, const struct curb_id *unit,
                   const struct curb_value *from)
{
	static const char sql[] =
		"INSERT INTO core_aid (version, unit, easy, name_pinyin, description_pinyin, "
		"easy_pinyin) VALUES ($1, $2, $3, $4, $5, $6)";
	struct curb_str easy = text_or_empty(from, "easy"), name = text_or_empty(from, "name_pinyin"),
			description = text_or_empty(from, "description_pinyin");
	if (!easy.len && !name.len && !description.len)
		return 0;
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&make->made_version),
	                            curb_text(unit ? curb_id_str(unit) : curb_str("")), curb_text(easy),
	                            curb_text(name), curb_text(description),
	                            curb_text(text_or_empty(from, "easy_pinyin"))),
	                 NULL);
}

static int add_question(struct curb_tx *tx, const struct curb_id *unit, const struct curb_value *question)
{
	static const char sql[] = "INSERT INTO core_question (unit, chapter, text, answers, right_answer) "
				  "VALUES ($1, $2, $3, $4, $5)";
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(unit), curb_int(curb_get_int(question, "chapter", 0)),
	                            curb_text(text_or_empty(question, "text")),
	                            curb_text(json_of(tx, curb_value_get(question, "answers"))),
	                            curb_int(curb_get_int(question, "right", 0))),
	                 NULL);
}

static int add_unit(struct curb_tx *tx, const struct version_make *make, const struct curb_value *unit,
                    int64_t position)
{
	static const char sql[] =
		"INSERT INTO core_unit (id, version, position, key, name, kind, hours_c, duration_ms, "
		"nav, open_captions_by, open_captions_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
		"$11)";
	const struct curb_value *looked = curb_value_get(unit, "open_captions");
	struct curb_id id = curb_id_new(make->now_ms);
	int err = curb_exec(
		&curb_core_host, tx, sql,
		CURB_BINDS(curb_bind_id(&id), curb_bind_id(&make->made_version), curb_int(position),
	                   curb_text(text_or_empty(unit, "key")), curb_text(text_or_empty(unit, "name")),
	                   curb_text(text_or_empty(unit, "kind")), curb_int(curb_get_int(unit, "hours", 0)),
	                   curb_int(curb_get_int(unit, "duration_ms", 0)),
	                   curb_text(json_of(tx, curb_value_get(unit, "nav"))),
	                   curb_text(text_or_empty(looked, "by")), curb_int(curb_get_int(looked, "ms", 0))),
		NULL);
	if (!err)
		err = add_aid(tx, make, &id, unit);
	const struct curb_value *tracks = curb_value_get(unit, "tracks");
	for (size_t i = 0; !err && i < curb_value_count(tracks); i++)
		err = add_track(tx, make, &id, curb_value_at(tracks, i), (int64_t)i);
	const struct curb_value *questions = curb_value_get(unit, "questions");
	for (size_t i = 0; !err && i < curb_value_count(questions); i++)
		err = add_question(tx, &id, curb_value_at(questions, i));
	return err;
}

static int next_number(struct curb_tx *tx, const struct curb_id *course, int64_t *ret_number)
{
	static const char sql[] = "SELECT coalesce(max(number), 0) + 1 FROM core_version WHERE course = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(course)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_number = curb_col_int(stmt, 0);
	return 0;
}

/* What was changed is the version that its author looked at. */
static int check_last(struct curb_tx *tx, const struct version_make *make, int64_t number)
{
	static const char sql[] = "SELECT id FROM core_version WHERE course = $1 AND number = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	if (!curb_id_some(&make->after))
		return 0;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(&make->made_course), curb_int(number)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	struct curb_id last = err ? curb_col_id(stmt, 0) : (struct curb_id){ "" };
	if (strcmp(last.text, make->after.text) != 0)
		return curb_fail(CURB_ECONFLICT, "This course was changed meanwhile; look at it again");
	return 0;
}

static int add_version(struct curb_tx *tx, const struct version_make *make, struct content_version *version)
{
	static const char sql[] = "INSERT INTO core_version (id, course, number, reader, name, lang, "
				  "description, provider, occupation, "
				  "keywords, programme, person, made_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, "
				  "$8, $9, $10, $11, $12, $13)";
	const struct curb_value *package = make->package;
	*version = (struct content_version){
		.id = make->made_version,
		.course = make->made_course,
		.name = text_or_empty(package, "name"),
		.lang = text_or_empty(package, "lang"),
		.description = text_or_empty(package, "description"),
		.provider = text_or_empty(package, "provider"),
		.occupation = text_or_empty(package, "occupation"),
		.keywords = words_of(tx, curb_value_get(package, "keywords")),
		.programme = json_of(tx, curb_value_get(package, "programme")),
		.person = make->person,
		.made_ms = make->of_pack ? curb_get_int(make->of_pack, "made_ms", 0) : make->now_ms,
	};
	int err = next_number(tx, &version->course, &version->number);
	if (!err)
		err = check_last(tx, make, version->number - 1);
	if (!err && make->of_pack && version->number != curb_get_int(make->of_pack, "number", 0))
		return curb_fail(CURB_ECONFLICT, "This course was changed meanwhile; look at it again");
	if (!err && version->number == 1 && curb_id_some(&make->course) && !make->of_pack)
		return curb_fail(CURB_ENOTFOUND, "There is no course of this number to add a version to");
	if (err)
		return err;
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&version->id), curb_bind_id(&version->course),
	                            curb_int(version->number), curb_text(text_or_empty(package, "reader")),
	                            curb_text(version->name), curb_text(version->lang),
	                            curb_text(version->description), curb_text(version->provider),
	                            curb_text(version->occupation), curb_text(version->keywords),
	                            curb_text(version->programme), curb_bind_id(&version->person),
	                            curb_int(version->made_ms)),
	                 NULL);
}

static const struct content_watcher *watcher_of(struct ingest *ingest)
{
	CURB_LOCKED(lock, &ingest->lock);
	return ingest->watcher;
}

int version_about(struct ingest *ingest, struct curb_req *req, const struct content_version *version,
                  struct curb_value *row)
{
	const struct content_watcher *watcher = watcher_of(ingest);
	return watcher && watcher->about ? watcher->about(watcher->self, req, version, row) : 0;
}

static int tell_watcher(struct curb_tx *tx, const struct version_make *make,
                        const struct content_version *version)
{
	const struct content_watcher *watcher = watcher_of(make->ingest);
	if (!watcher)
		return curb_fail(CURB_EBUSY,
		                 "There is nowhere to put the course: the plugin that keeps courses "
		                 "is not running");
	return watcher->version_made(watcher->self, tx, version, make->publish);
}

int version_make(struct curb_tx *tx, void *arg)
{
	struct version_make *make = arg;
	struct content_version version;
	make->made_version = make->of_pack ? curb_id_of(curb_get_str(make->of_pack, "version")) :
	                                     curb_id_new(make->now_ms);
	make->made_course = curb_id_some(&make->course) ? make->course : curb_id_new(make->now_ms);
	int err = add_version(tx, make, &version);
	if (!err)
		err = add_aid(tx, make, NULL, make->package);
	const struct curb_value *units = curb_value_get(make->package, "units");
	for (size_t i = 0; !err && i < curb_value_count(units); i++)
		err = add_unit(tx, make, curb_value_at(units, i), (int64_t)i + 1);
	if (!err)
		err = caption_drafts_call_off(tx, &make->made_course, make->package);
	if (!err)
		err = rendition_want_all(make->ingest, tx, curb_id_str(&make->made_version), &make->person);
	return err ? err : tell_watcher(tx, make, &version);
}
