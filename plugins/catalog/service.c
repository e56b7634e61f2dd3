#include "catalog.h"

#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"

static const struct {
	const char *word, *text;
} states[CATALOG_STATES] = {
	[CATALOG_DRAFT] = { "draft", CURB_TEXT("Draft") },
	[CATALOG_WAITING] = { "waiting", CURB_TEXT("Waits for approval") },
	[CATALOG_RETURNED] = { "returned", CURB_TEXT("Sent back to be mended") },
	[CATALOG_PUBLISHED] = { "published", CURB_TEXT("Published") },
	[CATALOG_RETIRED] = { "retired", CURB_TEXT("Retired") },
};

const char *catalog_state_word(enum catalog_state state)
{
	return states[state].word;
}

struct curb_str catalog_state_text(struct curb_req *req, enum catalog_state state)
{
	return curb_tr(req, states[state].text, NULL);
}

static const struct {
	const char *word, *text;
	const char *kinds[3]; /* of tracks that give the feature */
} features[CATALOG_FEATURES] = {
	{ "captions", CURB_TEXT("Captions"), { "captions", "subtitles", NULL } },
	{ "transcript", CURB_TEXT("Transcript"), { "transcript", NULL, NULL } },
	{ "signLanguage", CURB_TEXT("Sign language"), { "sign", NULL, NULL } },
	{ "audioDescription",
	  CURB_TEXT("Spoken description of the picture"),
	  { "audio-description", "descriptions", NULL } },
	{ "audiobook", CURB_TEXT("Audio-book"), { NULL, NULL, NULL } },
	{ "chapters", CURB_TEXT("Chapters"), { "chapters", NULL, NULL } },
};

const char *catalog_feature_word(int i)
{
	return i < CATALOG_FEATURES ? features[i].word : NULL;
}

struct curb_str catalog_feature_text(struct curb_req *req, int i)
{
	return curb_tr(req, features[i].text, NULL);
}

int64_t catalog_feature_of(struct curb_str word)
{
	for (int i = 0; i < CATALOG_FEATURES; i++)
		if (curb_str_is(word, features[i].word))
			return 1 << i;
	return 0;
}

static int64_t features_of_track(const struct content_track *track)
{
	int64_t bits = 0;
	for (int i = 0; i < CATALOG_FEATURES; i++)
		for (int k = 0; k < 3 && features[i].kinds[k]; k++)
			if (curb_str_is(track->kind, features[i].kinds[k]))
				bits |= 1 << i;
	return bits;
}

static int add_up(struct catalog *c, struct curb_tx *tx, const struct curb_id *version,
                  struct catalog_course *course)
{
	const struct content_unit *units = NULL;
	const struct content_track *tracks = NULL;
	size_t units_n = 0, tracks_n = 0;
	int err = c->content->units(c->content, tx, curb_id_str(version), &units, &units_n);
	if (!err)
		err = c->content->version_tracks(c->content, tx, curb_id_str(version), &tracks, &tracks_n);
	if (err)
		return err;
	for (size_t i = 0; i < units_n; i++) {
		course->hours_c += units[i].hours_c;
		if (curb_str_is(units[i].kind, "audiobook"))
			course->features |= CATALOG_AUDIO;
		if (curb_id_some(&units[i].open_captions_by))
			course->features |= CATALOG_CAPTIONS;
		if (units[i].nav.len > 2)
			course->features |= CATALOG_CHAPTERS;
	}
	for (size_t i = 0; i < tracks_n; i++)
		course->features |= features_of_track(&tracks[i]);
	course->units = (int64_t)units_n;
	return 0;
}

/* All words by which a course is found behind its name. */
static struct curb_str words_of(struct curb_tx *tx, const struct content_version *version)
{
	CURB_AUTO(buf) struct curb_buf words = curb_buf(1 << 20);
	const struct curb_str parts[] = { version->keywords, version->occupation, version->provider,
		                          version->description };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		curb_buf_str(&words, parts[i]);
		curb_buf_char(&words, '\n');
	}
	return curb_dup(curb_tx_arena(tx), curb_buf_view(&words));
}

int catalog_make_public(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course,
                        int64_t now_ms)
{
	struct content_version version;
	int err = c->content->version(c->content, tx, curb_id_str(&course->version), &version);
	if (!err)
		err = catalog_set_state(c, tx, &course->id, CATALOG_PUBLISHED, now_ms);
	if (!err)
		err = catalog_published_add(c, tx, course, now_ms);
	return err ? err : catalog_list_for_search(c, tx, course, words_of(tx, &version));
}

static bool open_to_all(const struct catalog_course *course)
{
	return course->state == CATALOG_PUBLISHED || course->state == CATALOG_RETIRED;
}

int catalog_take_version(struct catalog *c, struct curb_tx *tx, const struct content_version *version,
                         struct catalog_course *course)
{
	course->version = version->id;
	course->name = version->name;
	course->lang = version->lang;
	course->description = version->description;
	course->provider = version->provider;
	course->occupation = version->occupation;
	course->hours_c = course->units = course->features = 0;
	return add_up(c, tx, &version->id, course);
}

/* A version may be added to a course by the person who owns it, or by whoever runs the machine. */
static int check_owner(const struct content_version *version, const struct catalog_course *before)
{
	if (curb_id_some(&version->person) && strcmp(version->person.text, before->owner.text) != 0)
		return curb_fail(CURB_EDENIED,
		                 "This course belongs to somebody else; import it as a course of your own");
	if (before->state == CATALOG_WAITING)
		return curb_fail(CURB_ECONFLICT,
		                 "This course waits for approval; take it back first, then hand in "
		                 "the new version");
	return 0;
}

/* The row that a version goes to: that of its course, or, while that is open to learners, the draft's beside it. */
static int find_row(struct catalog *c, struct curb_tx *tx, const struct content_version *version,
                    bool publish_it, struct catalog_course *course)
{
	struct catalog_course before, next;
	int err = catalog_course_by_id(c, tx, curb_id_str(&version->course), &before);
	if (err == CURB_ENOTFOUND && version->number == 1)
		return 0;
	if (!err)
		err = check_owner(version, &before);
	if (err || !open_to_all(&before))
		return err;
	err = catalog_next_of(c, tx, &before.id, &next);
	if (err && err != CURB_ENOTFOUND)
		return err;
	bool some = err == 0;
	err = some ? check_owner(version, &next) : 0;
	if (err)
		return err;
	if (publish_it) /* a draft of before is behind it */
		return some ? catalog_next_end(c, tx, &next) : 0;
	course->of = before.id;
	course->owner = before.owner;
	course->id = some ? next.id : curb_id_new(version->made_ms);
	return 0;
}

/* ---- where a course belongs, and who reviews it ---- */

/* Without an author it belongs to no place: only who covers everything reaches it. */
static int place_of(struct curb_tx *tx, const struct curb_id *owner, struct curb_str *ret_place)
{
	*ret_place = curb_str("");
	int err = curb_id_some(owner) ? curb_person_place(tx, owner, CURB_AUTHOR | CURB_STAFF | CURB_REVIEWER,
	                                                  curb_wall_ms(), ret_place) :
	                                0;
	return err == CURB_ENOTFOUND ? 0 : err;
}

int catalog_version_made(void *self, struct curb_tx *tx, const struct content_version *version,
                         bool publish_it)
{
	struct catalog *c = self;
	struct catalog_course course = {
		.id = version->course,
		.owner = version->person,
		.made_ms = version->made_ms,
	};
	int err = find_row(c, tx, version, publish_it, &course);
	if (!err)
		err = place_of(tx, &course.owner, &course.place);
	if (!err)
		err = catalog_take_version(c, tx, version, &course);
	if (!err)
		err = catalog_course_put(c, tx, &course);
	if (!err && publish_it)
		err = catalog_make_public(c, tx, &course, curb_wall_ms()); /* a version of a pack is older */
	return err;
}

struct finding {
	struct catalog *c;
	size_t n;
};

static int find_some(struct curb_tx *tx, void *arg)
{
	enum { AT_ONCE = 100 }; /* of one write */
	struct finding *finding = arg;
	struct catalog_course *courses = NULL;
	int err = catalog_placeless(finding->c, tx, AT_ONCE, &courses, &finding->n);
	for (size_t i = 0; !err && i < finding->n; i++) {
		struct curb_str place;
		err = place_of(tx, &courses[i].owner, &place);
		if (!err)
			err = catalog_set_place(finding->c, tx, &courses[i].id, place);
	}
	return err;
}

int catalog_find_places(struct catalog *c)
{
	struct finding finding = { c, 1 };
	int err = 0;
	while (!err && finding.n > 0)
		err = curb_host_write(c->host, curb_str(NULL), find_some, &finding);
	return err;
}

bool catalog_reviews(struct curb_req *req, const struct catalog_course *course)
{
	return (curb_req_user(req)->roles & CURB_REVIEWER) && curb_may_at(req, CURB_REVIEWER, course->place);
}

static int latest_first(const void *a, const void *b)
{
	const struct catalog_key *x = a, *y = b;
	return x->made_ms != y->made_ms ? (x->made_ms < y->made_ms) - (x->made_ms > y->made_ms) :
	                                  strcmp(x->id.text, y->id.text);
}

/* What may stand in the part, of all places that she reviews: sorted, the part is cut out of it. */
static int find_keys(struct catalog *c, struct curb_req *req, const struct catalog_part *part,
                     struct catalog_key **ret_keys, size_t *ret_n, int64_t *ret_total)
{
	struct curb_tx *tx = curb_req_tx(req);
	struct catalog_place *places = NULL;
	size_t places_n = 0, covered = 0, n = 0;
	int64_t total = 0, room = 0;
	int err = catalog_places(c, tx, part->state, &places, &places_n);
	for (size_t i = 0; !err && i < places_n; i++) {
		if (!curb_may_at(req, CURB_REVIEWER, places[i].place))
			continue;
		int64_t most = part->skip + part->most;
		room += places[i].courses < most ? places[i].courses : most;
		total += places[i].courses;
		places[covered++] = places[i];
	}
	struct catalog_key *keys = curb_alloc_n(curb_tx_arena(tx), (size_t)room + 1, sizeof *keys);
	for (size_t i = 0; !err && i < covered; i++) {
		size_t here = 0;
		err = catalog_in_place(c, tx, part, places[i].place, keys + n, &here);
		n += here;
	}
	if (err)
		return err;
	qsort(keys, n, sizeof *keys, latest_first);
	*ret_keys = keys;
	*ret_n = n;
	*ret_total = total;
	return 0;
}

int catalog_to_review(struct catalog *c, struct curb_req *req, const struct catalog_part *part,
                      struct catalog_course **ret_courses, size_t *ret_n, int64_t *ret_total)
{
	struct curb_tx *tx = curb_req_tx(req);
	struct catalog_course *courses = curb_alloc_n(curb_tx_arena(tx), (size_t)part->most, sizeof *courses);
	struct catalog_key *keys = NULL;
	size_t keys_n = 0, n = 0;
	int err = find_keys(c, req, part, &keys, &keys_n, ret_total);
	for (size_t i = (size_t)part->skip; !err && i < keys_n && n < (size_t)part->most; i++)
		err = catalog_course_by_id(c, tx, curb_id_str(&keys[i].id), &courses[n++]);
	if (err)
		return err;
	*ret_courses = courses;
	*ret_n = n;
	return 0;
}

static int check_open(struct curb_req *req, const struct catalog_course *course)
{
	const struct curb_user *user = curb_req_user(req);
	bool own = curb_id_some(&user->id) && strcmp(user->id.text, course->owner.text) == 0;
	if (!open_to_all(course) && !own && !catalog_reviews(req, course))
		return curb_fail(CURB_ENOTFOUND, "This course is not here");
	return 0;
}

int catalog_open(struct catalog *c, struct curb_req *req, struct curb_str id, struct catalog_course *ret)
{
	struct catalog_course course;
	int err = catalog_course_by_id(c, curb_req_tx(req), id, &course);
	if (!err)
		err = check_open(req, &course);
	if (!err)
		*ret = course;
	return err;
}

int catalog_may_open(struct catalog *c, struct curb_req *req, const struct curb_id *id)
{
	struct catalog_course course;
	if (catalog_opened_has(c->opened, curb_id_str(id)))
		return 0;
	int err = catalog_course_by_id(c, curb_req_tx(req), curb_id_str(id), &course);
	if (!err && open_to_all(&course))
		catalog_opened_add(c->opened, id);
	return err ? err : check_open(req, &course);
}

/* A version that was never published is a draft for good, also behind others: a reviewer may have sent it back. */
static int check_public(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course,
                        const struct curb_id *id, bool *ret_public)
{
	struct catalog_published published;
	*ret_public = strcmp(id->text, course->version.text) == 0;
	int err = *ret_public ? 0 : catalog_published_by_id(c, tx, &course->id, curb_id_str(id), &published);
	*ret_public = err == 0;
	return err == CURB_ENOTFOUND ? 0 : err;
}

int catalog_may_see(struct catalog *c, struct curb_req *req, const struct curb_id *id,
                    const struct curb_id *version)
{
	struct catalog_course course;
	bool public = false;
	if (catalog_opened_has(c->opened, curb_id_str(version)))
		return 0;
	int err = catalog_course_by_id(c, curb_req_tx(req), curb_id_str(id), &course);
	if (!err && open_to_all(&course))
		err = check_public(c, curb_req_tx(req), &course, version, &public);
	if (!err && public)
		catalog_opened_add(c->opened, version);
	if (err || public)
		return err;
	course.state = CATALOG_DRAFT;
	return check_open(req, &course);
}

int catalog_next_for(struct catalog *c, struct curb_req *req, const struct catalog_course *course,
                     struct catalog_course *ret_next)
{
	struct catalog_course next;
	*ret_next = (struct catalog_course){ .id = { "" } };
	if (!open_to_all(course))
		return 0;
	int err = catalog_next_of(c, curb_req_tx(req), &course->id, &next);
	if (!err && check_open(req, &next) == 0)
		*ret_next = next;
	return err == CURB_ENOTFOUND ? 0 : err;
}
