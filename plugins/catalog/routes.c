#include "catalog.h"
#include "curb/err.h"

int catalog_read_filter(struct curb_req *req, struct catalog_filter *ret_filter)
{
	enum { QUERY_LONGEST = 200, LAST_PAGE = 100000 };
	struct catalog_filter filter = { .q = curb_str_trim(curb_req_query(req, "q")),
		                         .category = curb_req_query(req, "category"),
		                         .page = 1 };
	struct curb_str page = curb_req_query(req, "page"), feature = curb_req_query(req, "feature");
	if (filter.q.len > QUERY_LONGEST)
		return curb_fail(CURB_EINVAL, "Search for fewer words; at most %d bytes are looked at",
		                 QUERY_LONGEST);
	if (page.len && (!curb_str_int(page, &filter.page) || filter.page < 1 || filter.page > LAST_PAGE))
		return curb_fail(CURB_EINVAL, "page must be a whole number from 1 on");
	if (feature.len && !(filter.features = catalog_feature_of(feature)))
		return curb_fail(CURB_EINVAL, "There is no feature of that name");
	*ret_filter = filter;
	return 0;
}

static void put_features(struct curb_json *j, int64_t features)
{
	curb_json_key(j, "features");
	curb_json_begin(j, '[');
	for (int i = 0; catalog_feature_word(i); i++)
		if (features & 1 << i)
			curb_json_text(j, catalog_feature_word(i));
	curb_json_end(j, ']');
}

/* The members that list and single course share. */
static void put_course(struct curb_json *j, const struct catalog_course *course)
{
	curb_json_ktext(j, "id", course->id.text);
	curb_json_kstr(j, "name", course->name);
	curb_json_key(j, "hours");
	curb_json_milli(j, course->hours_c * 10);
	put_features(j, course->features);
}

int catalog_get_courses(struct curb_req *req, void *state)
{
	struct catalog_filter filter;
	struct catalog_course *courses = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = catalog_read_filter(req, &filter);
	if (!err)
		err = catalog_find(state, curb_req_tx(req), &filter, &courses, &n, &total);
	if (err)
		return err;
	struct curb_buf out = curb_buf(1 << 20);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_key(&j, "items");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < n; i++) {
		curb_json_begin(&j, '{');
		put_course(&j, &courses[i]);
		curb_json_kint(&j, "units", courses[i].units);
		curb_json_end(&j, '}');
	}
	curb_json_end(&j, ']');
	curb_json_kint(&j, "total", total);
	curb_json_key(&j, "next");
	if (filter.page * CATALOG_PAGE < total)
		curb_json_int(&j, filter.page + 1);
	else
		curb_json_null(&j);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}

/* ---- one course ---- */

static void put_track(struct curb_json *j, const struct content_track *track)
{
	curb_json_begin(j, '{');
	curb_json_ktext(j, "id", track->id.text);
	curb_json_kstr(j, "kind", track->kind);
	if (track->lang.len)
		curb_json_kstr(j, "lang", track->lang);
	if (track->label.len)
		curb_json_kstr(j, "label", track->label);
	curb_json_kstr(j, "type", track->type);
	curb_json_kint(j, "size", track->size);
	curb_json_end(j, '}');
}

/* `*at` walks along the version's tracks, which come in the order of the units. */
static void put_unit(struct curb_json *j, const struct content_unit *unit, const struct content_track *tracks,
                     size_t n, size_t *at)
{
	curb_json_begin(j, '{');
	curb_json_ktext(j, "id", unit->id.text);
	curb_json_kstr(j, "name", unit->name);
	curb_json_kstr(j, "kind", unit->kind);
	curb_json_key(j, "hours");
	curb_json_milli(j, unit->hours_c * 10);
	curb_json_key(j, "duration_s");
	curb_json_milli(j, unit->duration_ms);
	if (curb_id_some(&unit->open_captions_by))
		curb_json_kbool(j, "openCaptions", true);
	curb_json_key(j, "tracks");
	curb_json_begin(j, '[');
	for (; *at < n && strcmp(tracks[*at].unit.text, unit->id.text) == 0; (*at)++)
		put_track(j, &tracks[*at]);
	curb_json_end(j, ']');
	curb_json_end(j, '}');
}

static int put_units(struct catalog *c, struct curb_tx *tx, const struct curb_id *version,
                     struct curb_json *j)
{
	const struct content_unit *units = NULL;
	const struct content_track *tracks = NULL;
	size_t units_n = 0, tracks_n = 0, at = 0;
	int err = c->content->units(c->content, tx, curb_id_str(version), &units, &units_n);
	if (!err)
		err = c->content->version_tracks(c->content, tx, curb_id_str(version), &tracks, &tracks_n);
	curb_json_key(j, "units");
	curb_json_begin(j, '[');
	for (size_t i = 0; !err && i < units_n; i++)
		put_unit(j, &units[i], tracks, tracks_n, &at);
	curb_json_end(j, ']');
	return err;
}

int catalog_get_course(struct curb_req *req, void *state)
{
	struct catalog_course course;
	struct catalog_course next;
	int err = catalog_open(state, req, curb_req_param(req, "id"), &course);
	if (!err)
		err = catalog_open_version(state, req, &course);
	if (!err)
		err = catalog_next_for(state, req, &course, &next);
	if (err)
		return err;
	struct curb_buf out = curb_buf(4 << 20);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	put_course(&j, &course);
	curb_json_ktext(&j, "version", course.version.text);
	curb_json_ktext(&j, "state", catalog_state_word(course.state));
	if (curb_id_some(&course.of))
		curb_json_ktext(&j, "of", course.of.text);
	if (curb_id_some(&next.id))
		curb_json_ktext(&j, "next", next.id.text);
	curb_json_kstr(&j, "inLanguage", course.lang);
	curb_json_kstr(&j, "description", course.description);
	curb_json_kstr(&j, "provider", course.provider);
	curb_json_kstr(&j, "occupation", course.occupation);
	err = put_units(state, curb_req_tx(req), &course.version, &j);
	if (!err)
		err = catalog_json_lacks(req, state, &course, &j);
	curb_json_end(&j, '}');
	if (!err)
		return curb_reply_json(req, 200, &out);
	curb_buf_free(&out);
	return err;
}
