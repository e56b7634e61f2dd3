/* A version read back as the package it was made of: what an author changes is made into the next version, with the same
 * bytes. */
#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/request.h"
#include "inside.h"

static int put_json(struct curb_arena *arena, struct curb_value *to, const char *name, struct curb_str text)
{
	struct curb_value *value = NULL;
	if (!text.len)
		return 0;
	int err = curb_json_parse(arena, text, &value);
	if (!err)
		curb_put(to, name, value);
	return err;
}

static void put_text(struct curb_value *to, const char *name, struct curb_str text)
{
	if (text.len)
		curb_put_str(to, name, text);
}

static void put_file(struct curb_arena *arena, struct curb_value *to, const char *name, struct curb_str blob,
                     int64_t size)
{
	struct curb_value *file = curb_object(arena);
	if (!blob.len)
		return;
	curb_put_str(file, "sha256", blob);
	curb_put_int(file, "size", size);
	curb_put(to, name, file);
}

static struct curb_value *track_value(struct curb_arena *arena, const struct content_track *track)
{
	struct curb_value *to = curb_object(arena);
	curb_put_str(to, "id", curb_id_str(&track->id));
	curb_put_str(to, "kind", track->kind);
	put_text(to, "lang", track->lang);
	put_text(to, "label", track->label);
	curb_put_str(to, "type", track->type);
	put_text(to, "codec", track->codec);
	put_file(arena, to, "file", track->blob, track->size);
	put_file(arena, to, "index", track->index, 0); /* its row is there and keeps its own size */
	curb_put_int(to, "duration_ms", track->duration_ms);
	curb_put_int(to, "start_ms", track->start_ms);
	curb_put_int(to, "width", track->width);
	curb_put_int(to, "height", track->height);
	curb_put_int(to, "bitrate", track->bitrate);
	return to;
}

static void put_aid(struct curb_value *to, const struct content_aid *aids, size_t n,
                    const struct curb_id *unit)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(aids[i].unit.text, unit->text) != 0)
			continue;
		put_text(to, "easy", aids[i].easy);
		put_text(to, "name_pinyin", aids[i].name_pinyin);
		put_text(to, "description_pinyin", aids[i].description_pinyin);
		put_text(to, "easy_pinyin", aids[i].easy_pinyin);
	}
}

static int put_questions(struct curb_tx *tx, const struct curb_id *unit, struct curb_value *to)
{
	static const char sql[] = "SELECT chapter, text, answers, right_answer FROM core_question "
				  "WHERE unit = $1 ORDER BY chapter";
	struct curb_arena *arena = curb_tx_arena(tx);
	struct curb_value *list = curb_array(arena);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(unit)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct curb_value *question = curb_object(arena);
		curb_put_int(question, "chapter", curb_col_int(stmt, 0));
		curb_put_str(question, "text", curb_dup(arena, curb_col_text(stmt, 1)));
		err = put_json(arena, question, "answers", curb_dup(arena, curb_col_text(stmt, 2)));
		curb_put_int(question, "right", curb_col_int(stmt, 3));
		curb_push(list, question);
	}
	if (!err && curb_value_count(list))
		curb_put(to, "questions", list);
	return err;
}

static void put_open_captions(struct curb_arena *arena, struct curb_value *to,
                              const struct content_unit *unit)
{
	struct curb_value *looked = curb_object(arena);
	if (!curb_id_some(&unit->open_captions_by))
		return;
	curb_put_str(looked, "by", curb_id_str(&unit->open_captions_by));
	curb_put_int(looked, "ms", unit->open_captions_ms);
	curb_put(to, "open_captions", looked);
}

static int unit_value(const struct ingest *ingest, struct curb_tx *tx, const struct content_unit *unit,
                      struct curb_value *to)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct curb_value *list = curb_array(arena);
	const struct content_track *tracks = NULL;
	size_t n = 0;
	curb_put_str(to, "id", curb_id_str(&unit->id));
	curb_put_str(to, "key", unit->key);
	curb_put_str(to, "name", unit->name);
	curb_put_str(to, "kind", unit->kind);
	curb_put_int(to, "hours", unit->hours_c);
	curb_put_int(to, "duration_ms", unit->duration_ms);
	put_open_captions(arena, to, unit);
	int err = put_json(arena, to, "nav", unit->nav);
	if (!err)
		err = ingest->api.tracks(&ingest->api, tx, curb_id_str(&unit->id), &tracks, &n);
	for (size_t i = 0; !err && i < n; i++)
		curb_push(list, track_value(arena, &tracks[i]));
	curb_put(to, "tracks", list);
	return err ? err : put_questions(tx, &unit->id, to);
}

static int put_units(const struct ingest *ingest, struct curb_tx *tx, struct curb_str version,
                     struct curb_value *package)
{
	const struct content_unit *units = NULL;
	const struct content_aid *aids = NULL;
	size_t n = 0, aids_n = 0;
	const struct curb_id itself = { "" };
	struct curb_value *list = curb_array(curb_tx_arena(tx));
	int err = ingest->api.units(&ingest->api, tx, version, &units, &n);
	if (!err)
		err = ingest->api.aids(&ingest->api, tx, version, &aids, &aids_n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *unit = curb_object(curb_tx_arena(tx));
		err = unit_value(ingest, tx, &units[i], unit);
		put_aid(unit, aids, aids_n, &units[i].id);
		curb_push(list, unit);
	}
	if (!err)
		put_aid(package, aids, aids_n, &itself);
	curb_put(package, "units", list);
	return err;
}

static int reader_of(struct curb_tx *tx, struct curb_str version, struct curb_value *package)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, "SELECT reader FROM core_version WHERE id = $1",
	                     CURB_BINDS(curb_text(version)), &stmt);
	if (!err && (err = curb_step(stmt)) > 0) {
		curb_put_str(package, "reader", curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0)));
		err = 0;
	}
	return err;
}

int base_package(const struct ingest *ingest, struct curb_tx *tx, const struct content_version *version,
                 struct curb_value **ret_package)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct curb_value *package = curb_object(arena), *words = curb_array(arena);
	struct curb_str id = curb_id_str(&version->id), rest = version->keywords, word;
	curb_put_str(package, "name", version->name);
	curb_put_str(package, "lang", version->lang);
	curb_put_str(package, "description", version->description);
	curb_put_str(package, "provider", version->provider);
	curb_put_str(package, "occupation", version->occupation);
	while (curb_str_cut(&rest, ' ', &word))
		curb_push(words, curb_string(arena, word));
	curb_put(package, "keywords", words);
	int err = put_json(arena, package, "programme", version->programme);
	if (!err)
		err = reader_of(tx, id, package);
	if (!err)
		err = put_units(ingest, tx, id, package);
	if (!err)
		*ret_package = package;
	return err;
}

/* ---- whose it is, and which version is the last ---- */

int base_course(struct curb_req *req, const struct ingest *ingest, struct content_version *ret_version)
{
	static const char sql[] = "SELECT n.id FROM core_version f JOIN core_version n ON n.course = "
				  "f.course WHERE f.course = $1 "
				  "AND f.number = 1 AND f.person = $2 ORDER BY n.number DESC LIMIT 1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(
		&curb_core_host, curb_req_tx(req), sql,
		CURB_BINDS(curb_text(curb_req_param(req, "course")), curb_bind_id(&curb_req_user(req)->id)),
		&stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "This course is not here");
	struct curb_id id = curb_col_id(stmt, 0);
	return ingest->api.version(&ingest->api, curb_req_tx(req), curb_id_str(&id), ret_version);
}
