/* Reading the rows of content: the service content.v1. */
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"
#include "rendition.h"

#define VERSION_COLUMNS                                                                                   \
	"v.id, v.course, v.number, v.name, v.lang, v.description, v.provider, v.occupation, v.keywords, " \
	"v.programme, "                                                                                   \
	"v.person, v.made_ms "
#define UNIT_COLUMNS                                                                            \
	"u.id, u.version, u.position, u.key, u.name, u.kind, u.hours_c, u.duration_ms, u.nav, " \
	"u.open_captions_by, u.open_captions_ms "
#define PLACE_COLUMNS \
	"u.id, u.version, u.position, u.key, NULL, u.kind, u.hours_c, u.duration_ms, NULL, '', 0, v.course "
#define TRACK_COLUMNS                                                                                 \
	"t.id, t.unit, t.position, t.kind, t.lang, t.label, t.type, t.codec, t.blob, t.idx, t.size, " \
	"t.duration_ms, "                                                                             \
	"t.start_ms, t.width, t.height, t.bitrate "

static struct curb_str kept(struct curb_tx *tx, struct curb_stmt *stmt, int column)
{
	return curb_dup(curb_tx_arena(tx), curb_col_text(stmt, column));
}

static void read_version(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct content_version *)row = (struct content_version){
		.id = curb_col_id(stmt, 0),
		.course = curb_col_id(stmt, 1),
		.number = curb_col_int(stmt, 2),
		.name = kept(tx, stmt, 3),
		.lang = kept(tx, stmt, 4),
		.description = kept(tx, stmt, 5),
		.provider = kept(tx, stmt, 6),
		.occupation = kept(tx, stmt, 7),
		.keywords = kept(tx, stmt, 8),
		.programme = kept(tx, stmt, 9),
		.person = curb_col_id(stmt, 10),
		.made_ms = curb_col_int(stmt, 11),
	};
}

/* The columns of a unit from `c` on. */
static struct content_unit unit_at(struct curb_tx *tx, struct curb_stmt *stmt, int c)
{
	return (struct content_unit){
		.id = curb_col_id(stmt, c),
		.version = curb_col_id(stmt, c + 1),
		.position = curb_col_int(stmt, c + 2),
		.key = kept(tx, stmt, c + 3),
		.name = kept(tx, stmt, c + 4),
		.kind = kept(tx, stmt, c + 5),
		.hours_c = curb_col_int(stmt, c + 6),
		.duration_ms = curb_col_int(stmt, c + 7),
		.nav = kept(tx, stmt, c + 8),
		.open_captions_by = curb_col_id(stmt, c + 9),
		.open_captions_ms = curb_col_int(stmt, c + 10),
	};
}

static void read_unit(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct content_unit *)row = unit_at(tx, stmt, 0);
}

static void read_track(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct content_track *)row = (struct content_track){
		.id = curb_col_id(stmt, 0),
		.unit = curb_col_id(stmt, 1),
		.position = curb_col_int(stmt, 2),
		.kind = kept(tx, stmt, 3),
		.lang = kept(tx, stmt, 4),
		.label = kept(tx, stmt, 5),
		.type = kept(tx, stmt, 6),
		.codec = kept(tx, stmt, 7),
		.blob = kept(tx, stmt, 8),
		.index = kept(tx, stmt, 9),
		.size = curb_col_int(stmt, 10),
		.duration_ms = curb_col_int(stmt, 11),
		.start_ms = curb_col_int(stmt, 12),
		.width = curb_col_int(stmt, 13),
		.height = curb_col_int(stmt, 14),
		.bitrate = curb_col_int(stmt, 15),
	};
}

static void read_placed(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	enum { BEHIND_TRACK = 16, BEHIND_UNIT = BEHIND_TRACK + 11 };
	struct content_placed *placed = row;
	read_track(tx, stmt, &placed->track);
	placed->unit = unit_at(tx, stmt, BEHIND_TRACK);
	placed->course = curb_col_id(stmt, BEHIND_UNIT);
}

static void read_aid(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct content_aid *)row = (struct content_aid){
		.unit = curb_col_id(stmt, 0),
		.easy = kept(tx, stmt, 1),
		.name_pinyin = kept(tx, stmt, 2),
		.description_pinyin = kept(tx, stmt, 3),
		.easy_pinyin = kept(tx, stmt, 4),
	};
}

typedef void (*read_row_fn)(struct curb_tx *tx, struct curb_stmt *stmt, void *row);

static int read_one(struct curb_tx *tx, const char *sql, struct curb_str id, read_row_fn read, void *ret_row)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(id)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "This lesson or course is not here");
	read(tx, stmt, ret_row);
	return 0;
}

static int read_all(struct curb_tx *tx, const char *sql, struct curb_str parent, size_t size,
                    read_row_fn read, char **ret_rows, size_t *ret_n)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(parent)), &stmt);
	size_t n = 0, cap = 0;
	char *rows = NULL;
	while (!err && (err = curb_step(stmt)) > 0) {
		if (n == cap) {
			cap = cap ? cap * 2 : 8;
			char *more = curb_alloc_n(curb_tx_arena(tx), cap, size);
			if (n)
				memcpy(more, rows, n * size);
			rows = more;
		}
		read(tx, stmt, rows + n++ * size);
		err = 0;
	}
	if (err)
		return err;
	*ret_rows = rows;
	*ret_n = n;
	return 0;
}

static int version(const struct content_api *self, struct curb_tx *tx, struct curb_str id,
                   struct content_version *ret_version)
{
	(void)self;
	return read_one(tx, "SELECT " VERSION_COLUMNS "FROM core_version v WHERE v.id = $1", id, read_version,
	                ret_version);
}

static int unit(const struct content_api *self, struct curb_tx *tx, struct curb_str id,
                struct content_unit *ret_unit)
{
	(void)self;
	return read_one(tx, "SELECT " UNIT_COLUMNS "FROM core_unit u WHERE u.id = $1", id, read_unit,
	                ret_unit);
}

static int placed(const struct content_api *self, struct curb_tx *tx, struct curb_str id,
                  struct content_placed *ret_placed)
{
	struct placed *known = CURB_CONTAINER_OF(self, struct ingest, api)->placed;
	if (placed_recall(known, tx, id, ret_placed))
		return 0;
	int err = read_one(tx,
	                   "SELECT " TRACK_COLUMNS ", " PLACE_COLUMNS "FROM core_track t "
	                   "JOIN core_unit u ON u.id = t.unit JOIN core_version v ON v.id = u.version "
	                   "WHERE t.id = $1",
	                   id, read_placed, ret_placed);
	if (!err)
		placed_remember(known, ret_placed);
	return err;
}

static int units(const struct content_api *self, struct curb_tx *tx, struct curb_str of_version,
                 const struct content_unit **ret_units, size_t *ret_n)
{
	(void)self;
	char *rows = NULL;
	int err = read_all(tx,
	                   "SELECT " UNIT_COLUMNS "FROM core_unit u WHERE u.version = $1 ORDER BY u.position",
	                   of_version, sizeof **ret_units, read_unit, &rows, ret_n);
	if (!err)
		*ret_units = (const struct content_unit *)(void *)rows;
	return err;
}

static int tracks(const struct content_api *self, struct curb_tx *tx, struct curb_str of_unit,
                  const struct content_track **ret_tracks, size_t *ret_n)
{
	(void)self;
	char *rows = NULL;
	int err = read_all(tx,
	                   "SELECT " TRACK_COLUMNS "FROM core_track t WHERE t.unit = $1 ORDER BY t.position",
	                   of_unit, sizeof **ret_tracks, read_track, &rows, ret_n);
	if (!err)
		*ret_tracks = (const struct content_track *)(void *)rows;
	return err;
}

static int version_tracks(const struct content_api *self, struct curb_tx *tx, struct curb_str of_version,
                          const struct content_track **ret_tracks, size_t *ret_n)
{
	(void)self;
	char *rows = NULL;
	int err = read_all(tx,
	                   "SELECT " TRACK_COLUMNS "FROM core_unit u JOIN core_track t ON t.unit = u.id "
	                   "WHERE u.version = $1 ORDER BY u.position, t.position",
	                   of_version, sizeof **ret_tracks, read_track, &rows, ret_n);
	if (!err)
		*ret_tracks = (const struct content_track *)(void *)rows;
	return err;
}

static int aids(const struct content_api *self, struct curb_tx *tx, struct curb_str of_version,
                const struct content_aid **ret_aids, size_t *ret_n)
{
	(void)self;
	char *rows = NULL;
	int err = read_all(tx,
	                   "SELECT unit, easy, name_pinyin, description_pinyin, easy_pinyin FROM core_aid "
	                   "WHERE version = $1",
	                   of_version, sizeof **ret_aids, read_aid, &rows, ret_n);
	if (!err)
		*ret_aids = (const struct content_aid *)(void *)rows;
	return err;
}

static int own_aid(const struct content_api *self, struct curb_tx *tx, struct curb_str of_version,
                   struct content_aid *ret_aid)
{
	(void)self;
	return read_one(tx,
	                "SELECT unit, easy, name_pinyin, description_pinyin, easy_pinyin FROM core_aid "
	                "WHERE version = $1 AND unit = ''",
	                of_version, read_aid, ret_aid);
}

static int question(const struct content_api *self, struct curb_tx *tx, struct curb_str of_unit,
                    int64_t chapter, struct content_question *ret_question)
{
	(void)self;
	static const char sql[] =
		"SELECT text, answers, right_answer FROM core_question WHERE unit = $1 AND chapter = $2";
	struct curb_arena *arena = curb_tx_arena(tx);
	struct curb_value *answers = NULL;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(of_unit), curb_int(chapter)),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return CURB_ENOTFOUND;
	struct content_question found = { .text = kept(tx, stmt, 0), .right = curb_col_int(stmt, 2) };
	err = curb_json_parse(arena, kept(tx, stmt, 1), &answers);
	found.count = curb_value_count(answers);
	struct curb_str *texts = curb_alloc_n(arena, found.count + 1, sizeof *texts);
	for (size_t i = 0; i < found.count; i++)
		texts[i] = curb_value_str(curb_value_at(answers, i));
	found.answers = texts;
	if (!err)
		*ret_question = found;
	return err;
}

static int read_whole(int fd, char *to, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = pread(fd, to + done, size - done, (off_t)done);
		if (n <= 0)
			return curb_fail(CURB_EINTERNAL, "a stored file ends before its size");
		done += (size_t)n;
	}
	return 0;
}

static int bytes(const struct content_api *self, struct curb_tx *tx, struct curb_str blob, uint64_t max,
                 struct curb_str *ret_bytes)
{
	const struct ingest *ingest = CURB_CONTAINER_OF(self, struct ingest, api);
	CURB_AUTO(fd) int fd = -1;
	uint64_t size = 0;
	int err = blobs_read(ingest->o.blobs, blob, &fd, &size);
	if (err)
		return err;
	if (size > max)
		return curb_fail(CURB_ETOOBIG, "a stored file of %llu bytes is too large to be read at once",
		                 (unsigned long long)size);
	char *copy = curb_alloc(curb_tx_arena(tx), (size_t)size + 1);
	err = read_whole(fd, copy, (size_t)size);
	if (!err)
		*ret_bytes = curb_str_n(copy, (size_t)size);
	return err;
}

static int watch(const struct content_api *self, const struct content_watcher *watcher)
{
	struct ingest *ingest = CURB_CONTAINER_OF(self, struct ingest, api);
	CURB_LOCKED(lock, &ingest->lock);
	if (watcher && ingest->watcher)
		return curb_fail(CURB_ECONFLICT, "somebody keeps the courses already");
	ingest->watcher = watcher;
	return 0;
}

void rows_fill_service(struct content_api *api)
{
	*api = (struct content_api){
		.head = { sizeof *api },
		.version = version,
		.unit = unit,
		.placed = placed,
		.units = units,
		.tracks = tracks,
		.version_tracks = version_tracks,
		.bytes = bytes,
		.watch = watch,
		.aids = aids,
		.own_aid = own_aid,
		.table = table_read,
		.question = question,
		.renditions = rendition_rows,
		.watched = rendition_watched,
		.lacks = lacks_of,
		.lack_words = lacks_words,
		.later_tracks = later_tracks,
	};
}
