/* Text that came to a lesson with another version of its course: a class keeps its version, and has what helps in hearing and seeing it. */
#include <string.h>

#include "content/media_index.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

static bool is_played(const struct content_track *track)
{
	return media_is_picture(track->kind) || curb_str_is(track->kind, "audio");
}

/* Text in step with what is played, or of it. */
static bool helps(const struct content_track *track)
{
	static const char *const kinds[] = { "captions", "subtitles", "descriptions", "transcript" };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (curb_str_is(track->kind, kinds[i]))
			return true;
	return false;
}

static bool same_place(const struct content_track *a, const struct content_track *b)
{
	return curb_str_eq(a->kind, b->kind) && curb_str_eq(a->blob, b->blob) && a->start_ms == b->start_ms;
}

static bool has_kind(const struct content_track *a, const struct content_track *b)
{
	return curb_str_eq(a->kind, b->kind) && curb_str_eq(a->lang, b->lang);
}

typedef bool (*alike_fn)(const struct content_track *a, const struct content_track *b);

static bool among(const struct content_track *tracks, size_t n, const struct content_track *track,
                  alike_fn alike)
{
	for (size_t i = 0; i < n; i++)
		if (alike(&tracks[i], track))
			return true;
	return false;
}

/* Whether all that is played of the one is in the other. */
static bool played_in(const struct content_track *these, size_t n, const struct content_track *others,
                      size_t others_n)
{
	for (size_t i = 0; i < n; i++)
		if (is_played(&these[i]) && !among(others, others_n, &these[i], same_place))
			return false;
	return true;
}

/* The unit of the same key; "" in *ret_id: there is none. */
static int unit_like(struct curb_tx *tx, const struct content_unit *unit, struct curb_str version,
                     struct curb_id *ret_id)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, "SELECT id FROM core_unit WHERE version = $1 AND key = $2",
	                     CURB_BINDS(curb_text(version), curb_text(unit->key)), &stmt);
	*ret_id = (struct curb_id){ "" };
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	*ret_id = curb_col_id(stmt, 0);
	return 0;
}

int later_tracks(const struct content_api *self, struct curb_tx *tx, const struct content_unit *unit,
                 struct curb_str version, const struct content_track **ret_tracks, size_t *ret_n)
{
	const struct content_track *own = NULL, *others = NULL;
	size_t own_n = 0, others_n = 0, n = 0;
	struct curb_id other = { "" };
	int err = self->tracks(self, tx, curb_id_str(&unit->id), &own, &own_n);
	*ret_tracks = own;
	*ret_n = own_n;
	if (!err && !curb_str_is(version, unit->version.text))
		err = unit_like(tx, unit, version, &other);
	if (!err && curb_id_some(&other))
		err = self->tracks(self, tx, curb_id_str(&other), &others, &others_n);
	if (err || !others_n || !played_in(own, own_n, others, others_n) ||
	    !played_in(others, others_n, own, own_n))
		return err;
	struct content_track *all = curb_alloc_n(curb_tx_arena(tx), own_n + others_n, sizeof *all);
	for (size_t i = 0; i < own_n; i++)
		all[n++] = own[i];
	for (size_t i = 0; i < others_n; i++)
		if (helps(&others[i]) && !among(own, own_n, &others[i], has_kind))
			all[n++] = others[i];
	*ret_tracks = all;
	*ret_n = n;
	return 0;
}
