/* What a version lacks for whom: the checks of the day it was handed in, over the tracks that it has now, and what no import
 * tells because it is asked for by a class. */
#include <string.h>

#include "a11y/a11y_checks.h"
#include "content/finding.h"
#include "curb/err.h"
#include "curb/request.h"
#include "inside.h"

enum { OF_A_UNIT = 8 }; /* more than there are rules for one */

struct gathering {
	struct content_lack *list;
	size_t n, room;
	const struct content_unit *unit;
};

static void add(struct gathering *g, const char *code, struct curb_str fact)
{
	const struct content_unit *unit = g->unit;
	struct curb_str key = unit->key.len ? unit->key : curb_str("");
	if (g->n < g->room)
		g->list[g->n++] =
			(struct content_lack){ unit->id, unit->position, key, unit->name, fact, code };
}

static void take(void *arg, const char *code, struct curb_str where, struct curb_str a, struct curb_str b)
{
	(void)where;
	(void)a;
	add(arg, code, b);
}

/* The tracks of one unit, and what somebody found in its picture, as the checks read them. */
static struct curb_value *package_of(struct curb_tx *tx, struct curb_str lang,
                                     const struct content_unit *unit, const struct content_track *tracks,
                                     size_t n)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct curb_value *package = curb_object(arena), *units = curb_array(arena),
			  *one = curb_object(arena), *list = curb_array(arena);
	for (size_t i = 0; i < n; i++) {
		struct curb_value *track = curb_object(arena);
		if (strcmp(tracks[i].unit.text, unit->id.text) != 0)
			continue;
		curb_put_str(track, "kind", tracks[i].kind);
		if (tracks[i].lang.len)
			curb_put_str(track, "lang", tracks[i].lang);
		curb_push(list, track);
	}
	curb_put_str(one, "kind", unit->kind);
	curb_put(one, "tracks", list);
	if (curb_id_some(&unit->open_captions_by))
		curb_put(one, "open_captions", curb_object(arena));
	curb_push(units, one);
	curb_put_str(package, "lang", lang);
	curb_put(package, "units", units);
	return package;
}

static bool has(const struct content_unit *unit, const struct content_track *tracks, size_t n,
                const char *kind)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(tracks[i].unit.text, unit->id.text) == 0 && curb_str_is(tracks[i].kind, kind))
			return true;
	return false;
}

static bool has_easy(const struct content_aid *aids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (aids[i].easy.len)
			return true;
	return false;
}

int lacks_of(const struct content_api *self, struct curb_tx *tx, struct curb_str id,
             const struct content_lack **ret_lacks, size_t *ret_n)
{
	struct content_version version;
	const struct content_unit *units = NULL;
	const struct content_track *tracks = NULL;
	const struct content_aid *aids = NULL;
	size_t units_n = 0, tracks_n = 0, aids_n = 0;
	int err = self->version(self, tx, id, &version);
	if (!err)
		err = self->units(self, tx, id, &units, &units_n);
	if (!err)
		err = self->version_tracks(self, tx, id, &tracks, &tracks_n);
	if (!err)
		err = self->aids(self, tx, id, &aids, &aids_n);
	if (err)
		return err;
	struct gathering g = { .room = units_n * OF_A_UNIT + 1 };
	g.list = curb_alloc_n(curb_tx_arena(tx), g.room, sizeof *g.list);
	for (size_t i = 0; i < units_n; i++) {
		g.unit = &units[i];
		a11y_check_package(package_of(tx, version.lang, g.unit, tracks, tracks_n), take, &g);
		if (has(g.unit, tracks, tracks_n, "audio") && !has(g.unit, tracks, tracks_n, "sign"))
			add(&g, "a11y.no-sign", curb_str(NULL));
	}
	const struct content_unit whole = { .name = version.name };
	g.unit = &whole;
	if (!has_easy(aids, aids_n))
		add(&g, "a11y.no-easy", curb_str(NULL));
	*ret_lacks = g.list;
	*ret_n = g.n;
	return 0;
}

struct curb_value *lacks_words(const struct content_api *self, struct curb_req *req,
                               const struct content_lack *lack)
{
	(void)self;
	return findings_item(req, &(const struct intake_finding){
					  .row = content_finding_code(lack->code, strlen(lack->code)),
					  .where = curb_str(""),
					  .a = lack->name,
					  .b = lack->fact,
				  });
}
