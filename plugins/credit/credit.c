/* Credit: classes, plays and hours. The tables of the plugin and its life. */
#include <stdlib.h>

#include "credit_embedded.h"
#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/service.h"
#include "erase.h"
#include "move.h"
#include "placed.h"
#include "points.h"
#include "presence.h"
#include "reading.h"
#include "version.h"

static const struct curb_setting settings[] = {
	{ "class_hour_minutes", CURB_SETTING_INT, "45",
	  "minutes of a class hour, where no rule has entered them" },
	{ "online_share", CURB_SETTING_INT, "400",
	  "most online hours of a class, in thousandths of its total, where no rule has entered them" },
	{ "playback_rate", CURB_SETTING_INT, "3000",
	  "fastest playback that counts, in thousandths of normal speed, where no rule has entered it" },
	{ "close_days", CURB_SETTING_INT, "30",
	  "days after its last one in which attendance of a class can still be entered" },
	{ "utc_offset_minutes", CURB_SETTING_INT, "480", "the place's own time, for the days of the record" },
	{ 0 },
};

static const struct curb_search searches[] = {
	{ "credit_cohort", "programme", "1" },
	{ 0 },
};

static const char *const provides[] = { CREDIT_SERVICE, CURB_STUDY_SERVICE, NULL };
static const char *const needs[] = { CONTENT_SERVICE, CURB_HOME_SERVICE, CURB_DOCTOR_SERVICE,
	                             CURB_ERASURE_SERVICE, NULL };
static const char *const wants[] = { CATALOG_SERVICE, NULL };
static const char *const prefixes[] = { "/api/v1/cohorts",
	                                "/api/v1/attendance",
	                                "/api/v1/plays",
	                                "/api/v1/trainees",
	                                "/record",
	                                "/classes",
	                                "/attendance",
	                                "/points",
	                                "/policies",
	                                "/waivers",
	                                "/api/v1/waivers",
	                                "/audit",
	                                "/moves",
	                                "/api/v1/moves",
	                                "/erasures",
	                                "/tasks",
	                                NULL };

/* ---- service credit.v1 ---- */

static struct credit *credit_of(const struct credit_api *self)
{
	return CURB_CONTAINER_OF(self, struct credit, api);
}

static int set_player(const struct credit_api *self, const char *kind, const struct credit_player *player)
{
	struct credit *c = credit_of(self);
	CURB_LOCKED(lock, &c->players_lock);
	size_t free_row = CREDIT_PLAYERS_MOST;
	for (size_t i = 0; i < CREDIT_PLAYERS_MOST; i++) {
		bool same = c->players[i].kind && strcmp(c->players[i].kind, kind) == 0;
		if (same && player)
			return curb_fail(CURB_ECONFLICT, "units of kind %s have a player already", kind);
		if (same)
			c->players[i].kind = NULL;
		if (!c->players[i].kind && free_row == CREDIT_PLAYERS_MOST)
			free_row = i;
	}
	if (!player)
		return 0;
	if (free_row == CREDIT_PLAYERS_MOST)
		return curb_fail(CURB_ECONFLICT, "no room for a player of %s", kind);
	c->players[free_row].kind = kind;
	c->players[free_row].player = *player;
	return 0;
}

struct credit_player credit_player_of(struct credit *c, struct curb_str kind)
{
	CURB_LOCKED(lock, &c->players_lock);
	for (size_t i = 0; i < CREDIT_PLAYERS_MOST; i++)
		if (c->players[i].kind && curb_str_is(kind, c->players[i].kind))
			return c->players[i].player;
	return (struct credit_player){ 0 };
}

static bool known_delivered(const struct credit_api *self, const struct credit_delivery *delivery)
{
	return delivered_known(credit_of(self)->delivered, delivery);
}

static void remember_delivered(const struct credit_api *self, const struct credit_delivery *delivery)
{
	delivered_remember(credit_of(self)->delivered, delivery);
}

static int delivered(const struct credit_api *self, struct curb_tx *tx,
                     const struct credit_delivery *delivery)
{
	struct credit *c = credit_of(self);
	struct span span = { (uint32_t)delivery->from_s, (uint32_t)delivery->to_s };
	struct ranges before;
	int err = credit_delivered_of(c, tx, &delivery->person, &delivery->unit, &before);
	if (err || ranges_cover(&before, span))
		return err;
	struct ranges more = ranges_of(curb_tx_arena(tx), &span, 1);
	struct ranges after = ranges_union(curb_tx_arena(tx), &before, &more);
	return credit_delivered_save(c, tx, &delivery->person, &delivery->unit, &after);
}

static bool can_earn(const struct credit_choice *choice, const struct credit_standing *standing)
{
	return choice->credited_s < standing->unit_s && choice->online_s < choice->cap_s;
}

/* The first class in which the unit can still earn hours; when there is none, the first. */
static void choose(const struct content_unit *unit, const struct credit_choice *choices, size_t n,
                   struct credit_standing *ret_standing)
{
	for (size_t i = n; i-- > 0;) {
		const struct credit_choice *choice = &choices[i];
		const struct credit_standing here = {
			.cohort = choice->cohort,
			.resume_s = choice->position_s,
			.seen_s = choice->seen_s,
			.credited_s = choice->credited_s,
			.unit_s = count_unit_s(unit->hours_c, choice->hour_s, unit->duration_ms / 1000),
		};
		bool last_resort = i == 0 && !curb_id_some(&ret_standing->cohort);
		if (last_resort || can_earn(choice, &here))
			*ret_standing = here;
	}
}

static int put_check(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                     const struct content_unit *unit, struct credit_standing *standing)
{
	struct credit_cohort cohort;
	struct presence presence;
	int err = credit_cohort_by_id(c, tx, curb_id_str(&standing->cohort), &cohort);
	if (err || cohort.presence_s == 0)
		return err;
	err = presence_of(c, tx, person, &cohort.id, &presence);
	return err ? err : presence_tell(c, tx, cohort.presence_s, &presence, &unit->id, &standing->check);
}

static int standing(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *person,
                    const struct content_unit *unit, struct credit_standing *ret_standing)
{
	struct credit *c = credit_of(self);
	struct credit_standing found = { 0 };
	struct credit_choice *choices = NULL;
	size_t n = 0;
	int err = credit_choices(c, tx, person, unit, credit_now().wall_ms, &choices, &n);
	if (!err && n == 0)
		err = credit_place_of(c, tx, person, &unit->id, &found.resume_s);
	if (!err && n == 0)
		err = points_standing(c, tx, person, unit, &found);
	if (err)
		return err;
	choose(unit, choices, n, &found);
	err = curb_id_some(&found.cohort) ? put_check(c, tx, person, unit, &found) : 0;
	if (!err)
		*ret_standing = found;
	return err;
}

static int keep_place(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *person,
                      const struct curb_id *unit, int64_t position_s, int64_t now_ms)
{
	return credit_place_save(credit_of(self), tx, person, unit, position_s, now_ms);
}

static int earned(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *cohort,
                  const struct curb_id *person, struct credit_earned *ret_earned)
{
	struct credit_cohort found;
	int err = credit_cohort_by_id(credit_of(self), tx, curb_id_str(cohort), &found);
	return err ? err : credit_earned_of(credit_of(self), tx, &found, person, ret_earned);
}

/* ---- life ---- */

static int read_settings(struct credit *c)
{
	const int64_t otherwise[POLICY_FIELDS] = {
		[POLICY_HOUR] = curb_setting_int(c->host, "class_hour_minutes"),
		[POLICY_SHARE] = curb_setting_int(c->host, "online_share"),
		[POLICY_BASIS] = COUNT_BOTH,
		[POLICY_DAILY] = POLICY_NONE,
		[POLICY_RATE] = curb_setting_int(c->host, "playback_rate"),
		[POLICY_COMPLETION] = 1000,
		[POLICY_DECIDES] = POLICY_COUNTY,
		[POLICY_KEEP] = POLICY_NONE,
	};
	memcpy(c->settings, otherwise, sizeof otherwise);
	c->utc_offset_ms = curb_setting_int(c->host, "utc_offset_minutes") * 60 * 1000;
	c->close_ms = curb_setting_int(c->host, "close_days") * 24 * 3600 * 1000;
	if (otherwise[POLICY_HOUR] <= 0 || otherwise[POLICY_SHARE] < 0 || otherwise[POLICY_SHARE] > 1000 ||
	    otherwise[POLICY_RATE] <= 0)
		return curb_fail(
			CURB_EINVAL,
			"settings of credit: class_hour_minutes and playback_rate must be more than 0, "
			"online_share between 0 and 1000");
	return 0;
}

static int init(struct curb_host *host, void **ret_state)
{
	struct credit *c = curb_xcalloc(1, sizeof *c);
	*ret_state = c;
	c->host = host;
	(void)pthread_mutex_init(&c->players_lock, NULL);
	(void)pthread_mutex_init(&c->links_lock, NULL);
	c->delivered = delivered_new();
	c->api = (struct credit_api){
		.head = { sizeof c->api },
		.set_player = set_player,
		.known_delivered = known_delivered,
		.delivered = delivered,
		.remember_delivered = remember_delivered,
		.standing = standing,
		.keep_place = keep_place,
		.earned = earned,
		.open_page = credit_open_page,
		.leave_page = credit_leave_page,
	};
	credit_known(&c->api);
	c->study = (struct curb_study){ .head = { sizeof c->study },
		                        .classes = credit_study_classes,
		                        .links = credit_study_links };
	int err = read_settings(c);
	if (!err)
		err = credit_carry(c);
	if (!err)
		err = curb_host_write(host, curb_str(NULL), placed_fill, c);
	if (!err)
		err = curb_publish(host, CREDIT_SERVICE, &c->api.head);
	return err ? err : curb_publish(host, CURB_STUDY_SERVICE, &c->study.head);
}

static int start(struct curb_host *host, void *state)
{
	struct credit *c = state;
	int err = curb_service(host, CONTENT_SERVICE, sizeof *c->content, (const void **)&c->content);
	if (err)
		return err;
	err = curb_service(host, CATALOG_SERVICE, sizeof *c->catalog, (const void **)&c->catalog);
	if (err && err != CURB_ENOTFOUND)
		return err;
	credit_count_versions(c);
	err = curb_service(host, CURB_HOME_SERVICE, sizeof *c->home, (const void **)&c->home);
	const struct curb_home_part part = credit_home_part(c);
	if (!err)
		err = c->home->offer(c->home, &part);
	if (!err)
		err = curb_service(host, CURB_DOCTOR_SERVICE, sizeof *c->doctor, (const void **)&c->doctor);
	const struct curb_doctor_check check = credit_doctor_check(c), points = points_doctor_check(c);
	if (!err)
		err = c->doctor->offer(c->doctor, &check);
	if (!err)
		err = c->doctor->offer(c->doctor, &points);
	if (!err)
		err = curb_service(host, CURB_ERASURE_SERVICE, sizeof *c->erasure,
		                   (const void **)&c->erasure);
	const struct curb_erasure_part part_of_erasing = erase_part(c);
	return err ? err : c->erasure->offer(c->erasure, &part_of_erasing);
}

static void stop(void *state)
{
	struct credit *c = state;
	c->erasure->withdraw(c->erasure, "credit");
	c->doctor->withdraw(c->doctor, "points");
	c->doctor->withdraw(c->doctor, "credit");
	c->home->withdraw(c->home, "credit");
	if (c->catalog)
		c->catalog->count_with(c->catalog, NULL);
}

static void fini(void *state)
{
	struct credit *c = state;
	if (!c)
		return;
	delivered_free(c->delivered);
	(void)pthread_mutex_destroy(&c->players_lock);
	(void)pthread_mutex_destroy(&c->links_lock);
	free(c);
}

const struct curb_plugin curb_plugin = {
	CURB_PLUGIN_HEAD,
	.name = "credit",
	.version = "1.0.0",
	.provides = provides,
	.needs = needs,
	.wants = wants,
	.migrations = credit_migrations,
	.routes = credit_routes,
	.searches = searches,
	.prefixes = prefixes,
	.templates = credit_templates,
	.messages = credit_messages,
	.assets = credit_assets,
	.config = settings,
	.init = init,
	.start = start,
	.stop = stop,
	.fini = fini,
};
