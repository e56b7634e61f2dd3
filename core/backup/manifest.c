/* What a backup must be: its date, its hashes, the number of the key that its sealed columns need. */
#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/json.h"
#include "inside.h"

static const int64_t made_most =
	253402300799999; /* the end of the year 9999: its name has room for no more */
enum { FORMAT = 1, TEXT_MOST = 4096, ARENA_MOST = 4 << 20, NAME_LENGTH = 24 };

void manifest_name(int64_t made_ms, char *ret_name)
{
	char time[32];
	curb_time_rfc3339(made_ms, time);
	(void)snprintf(ret_name, BACKUP_NAME, "%.13s-%.2s-%.2s.%03dZ", time, time + 14, time + 17,
	               (int)(made_ms % 1000));
}

bool manifest_name_ok(const char *name)
{
	static const char pattern[] = "0000-00-00T00-00-00.000Z";
	if (strlen(name) != NAME_LENGTH)
		return false;
	for (size_t i = 0; i < NAME_LENGTH; i++)
		if (pattern[i] == '0' ? name[i] < '0' || name[i] > '9' : name[i] != pattern[i])
			return false;
	return true;
}

int manifest_put(int at, const struct manifest *manifest)
{
	const struct backup_row *row = &manifest->row;
	CURB_AUTO(buf) struct curb_buf text = curb_buf(TEXT_MOST);
	struct curb_json j = curb_json(&text);
	char made[32];
	curb_time_rfc3339(row->made_ms, made);
	curb_json_begin(&j, '{');
	curb_json_kint(&j, "format", FORMAT);
	curb_json_ktext(&j, "made", made);
	curb_json_kint(&j, "made_ms", row->made_ms);
	curb_json_ktext(&j, "version", row->version);
	curb_json_ktext(&j, "mark", row->mark);
	curb_json_kint(&j, "key_id", row->key_id);
	curb_json_key(&j, "database");
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "sha256", manifest->database);
	curb_json_kint(&j, "bytes", row->database_bytes);
	curb_json_end(&j, '}');
	curb_json_key(&j, "blobs");
	curb_json_begin(&j, '{');
	curb_json_kint(&j, "count", row->blobs);
	curb_json_kint(&j, "bytes", row->blob_bytes);
	curb_json_ktext(&j, "sha256", manifest->list);
	curb_json_end(&j, '}');
	curb_json_kint(&j, "missing", row->missing);
	curb_json_end(&j, '}');
	curb_buf_char(&text, '\n');
	int err = curb_buf_check(&text);
	return err ? err : file_put(at, "manifest.json", curb_buf_view(&text));
}

static bool take_hash(const struct curb_value *object, char ret_hex[static BLOB_HEX + 1])
{
	struct curb_str hex = curb_get_str(object, "sha256");
	if (!blobs_name_ok(hex))
		return false;
	memcpy(ret_hex, hex.ptr, BLOB_HEX);
	ret_hex[BLOB_HEX] = '\0';
	return true;
}

static bool take(const struct curb_value *value, struct manifest *manifest)
{
	const struct curb_value *database = curb_value_get(value, "database"),
				*blobs = curb_value_get(value, "blobs");
	struct backup_row *row = &manifest->row;
	struct curb_str version = curb_get_str(value, "version"), mark = curb_get_str(value, "mark");
	row->made_ms = curb_get_int(value, "made_ms", -1);
	row->key_id = (uint32_t)curb_get_int(value, "key_id", 0);
	row->database_bytes = curb_get_int(database, "bytes", -1);
	row->blobs = curb_get_int(blobs, "count", -1);
	row->blob_bytes = curb_get_int(blobs, "bytes", -1);
	row->missing = curb_get_int(value, "missing", 0);
	(void)snprintf(row->version, sizeof row->version, "%.*s", (int)version.len,
	               version.ptr ? version.ptr : "");
	(void)snprintf(row->mark, sizeof row->mark, "%.*s", (int)mark.len, mark.ptr ? mark.ptr : "");
	row->whole = true;
	return curb_get_int(value, "format", 0) == FORMAT && row->made_ms >= 0 && row->made_ms <= made_most &&
	       row->database_bytes >= 0 && row->blobs >= 0 && row->blob_bytes >= 0 && row->missing >= 0 &&
	       row->missing <= row->blobs && take_hash(database, manifest->database) &&
	       take_hash(blobs, manifest->list);
}

int manifest_get(int at, const char *folder, struct manifest *ret_manifest)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	char name[BACKUP_NAME];
	struct manifest manifest = { .row = { .whole = false } };
	struct curb_value *value = NULL;
	struct curb_str text;
	int err = file_get(at, curb_printf(arena, "%s/manifest.json", folder), arena, &text);
	if (!err)
		err = curb_json_parse(arena, text, &value);
	if (err || !take(value, &manifest))
		return curb_fail(CURB_EUNFIT, "The backup is damaged: %s cannot be read", "manifest.json");
	manifest_name(manifest.row.made_ms, name);
	if (strcmp(folder, ".") != 0 && strcmp(folder, name) != 0)
		return curb_fail(CURB_EUNFIT, "The backup is damaged: %s has changed", "manifest.json");
	*ret_manifest = manifest;
	return 0;
}
