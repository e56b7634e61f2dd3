#include "desk.h"

#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "eligible_view.h"
#include "inside.h"

/* ---- routes ---- */

enum { READERS = DESK_PEOPLE, ADDERS = CURB_ADMIN | CURB_STAFF, MANY_MOST = 192 << 10 };

#define PEOPLE(method, path, roles, body, handle)                                           \
	{                                                                                   \
		method, path, roles, CURB_SCOPE_INSTITUTION, body, 0, handle, CURB_LANE_ANY \
	}
/* Roles and places: an administrator of a region has them there, the handlers look. */
#define PLACES(method, path, body, handle)                                                  \
	{                                                                                   \
		method, path, CURB_ADMIN, CURB_SCOPE_REGION, body, 0, handle, CURB_LANE_ANY \
	}
#define MACHINE(method, path, body, handle)                                                  \
	{                                                                                    \
		method, path, CURB_ADMIN, CURB_SCOPE_MACHINE, body, 0, handle, CURB_LANE_ANY \
	}

const struct curb_route desk_routes[] = {
	PEOPLE("GET", "/people", READERS, CURB_BODY_NONE, desk_get_people),
	PEOPLE("GET", "/people/new", ADDERS, CURB_BODY_NONE, desk_get_new),
	PEOPLE("POST", "/people", ADDERS, CURB_BODY_FORM, desk_post_people),
	PEOPLE("GET", "/people/many", ADDERS, CURB_BODY_NONE, desk_get_many),
	{ "POST", "/people/many", ADDERS, CURB_SCOPE_INSTITUTION, CURB_BODY_FORM, MANY_MOST, desk_post_many,
	  CURB_LANE_ANY },
	PEOPLE("GET", "/people/:id", READERS, CURB_BODY_NONE, desk_get_person),
	PEOPLE("GET", "/people/:id/eligibility", ELIGIBLE_READERS, CURB_BODY_NONE, desk_get_eligibility),
	PEOPLE("POST", "/people/:id/eligibility", ELIGIBLE_RECORDERS, CURB_BODY_FORM, desk_post_eligibility),
	PEOPLE("POST", "/people/:id/eligibility/decide", ELIGIBLE_DECIDERS, CURB_BODY_FORM,
	       desk_post_eligibility_decision),
	PEOPLE("POST", "/people/:id/eligibility/look", ELIGIBLE_DECIDERS, CURB_BODY_FORM,
	       desk_post_eligibility_look),
	PLACES("POST", "/people/:id/roles", CURB_BODY_FORM, desk_post_role),
	PLACES("GET", "/people/:id/roles/:grant", CURB_BODY_NONE, desk_get_role),
	PLACES("POST", "/people/:id/roles/:grant/end", CURB_BODY_FORM, desk_post_role_end),
	PEOPLE("GET", "/changes", CURB_ADMIN | CURB_AUDITOR, CURB_BODY_NONE, desk_get_changes),

	PLACES("GET", "/places", CURB_BODY_NONE, desk_get_places),
	PLACES("GET", "/places/:id", CURB_BODY_NONE, desk_get_places),
	PLACES("POST", "/places/:id/regions", CURB_BODY_FORM, desk_post_region),
	PLACES("POST", "/places/:id/institutions", CURB_BODY_FORM, desk_post_institution),
	PLACES("POST", "/places/:id/name", CURB_BODY_FORM, desk_post_rename),
	PLACES("POST", "/places/:id/close", CURB_BODY_FORM, desk_post_close),
	PLACES("POST", "/places/:id/open", CURB_BODY_FORM, desk_post_reopen),

	MACHINE("GET", "/machine", CURB_BODY_NONE, desk_get_machine),
	MACHINE("GET", "/machine/plugins", CURB_BODY_NONE, desk_get_plugins),
	MACHINE("GET", "/machine/storage", CURB_BODY_NONE, desk_get_storage),
	MACHINE("GET", "/machine/health", CURB_BODY_NONE, desk_get_health),
	MACHINE("GET", "/machine/backups", CURB_BODY_NONE, desk_get_backups),
	MACHINE("POST", "/machine/backups", CURB_BODY_FORM, desk_post_backups),
	MACHINE("GET", "/machine/keys", CURB_BODY_NONE, desk_get_keys),
	MACHINE("GET", "/machine/log", CURB_BODY_NONE, desk_get_log),
	MACHINE("GET", "/machine/jobs", CURB_BODY_NONE, desk_get_jobs),
	MACHINE("GET", "/machine/jobs/:id", CURB_BODY_NONE, desk_get_job),
	MACHINE("POST", "/machine/jobs/:id/retry", CURB_BODY_FORM, desk_post_job_retry),
	MACHINE("POST", "/machine/jobs/:id/cancel", CURB_BODY_FORM, desk_post_job_cancel),

	PEOPLE("GET", "/api/v1/people", READERS, CURB_BODY_NONE, desk_get_people),
	PEOPLE("GET", "/api/v1/people/:id", READERS, CURB_BODY_NONE, desk_get_person),
	PEOPLE("POST", "/api/v1/people", ADDERS, CURB_BODY_JSON, desk_post_people),
	PLACES("POST", "/api/v1/people/:id/roles", CURB_BODY_JSON, desk_post_role),
	PLACES("DELETE", "/api/v1/people/:id/roles/:grant", CURB_BODY_NONE, desk_post_role_end),
	PEOPLE("GET", "/api/v1/changes", CURB_ADMIN | CURB_AUDITOR, CURB_BODY_NONE, desk_get_changes),
	MACHINE("POST", "/api/v1/jobs/:id/retry", CURB_BODY_JSON, desk_post_job_retry),
	{ 0 },
};

/* ---- life ---- */

struct listing {
	int64_t n;
};

static int list_some(struct curb_tx *tx, void *arg)
{
	enum { AT_ONCE = 200 }; /* of one write */
	struct listing *listing = arg;
	return people_list_rest(tx, AT_ONCE, &listing->n);
}

int desk_open(const struct desk_options *options, struct desk **ret_desk)
{
	struct listing listing = { 1 };
	int err = 0;
	while (!err && listing.n > 0) {
		struct store_write write = { .fn = list_some, .arg = &listing };
		err = store_write(options->store, &write);
	}
	if (err)
		return err;
	struct desk *desk = curb_xcalloc(1, sizeof *desk);
	desk->o = *options;
	desk->started_ms = curb_wall_ms();
	desk->study = (const struct curb_study *)plugins_service(options->plugins, CURB_STUDY_SERVICE,
	                                                         sizeof *desk->study);
	*ret_desk = desk;
	return 0;
}

void desk_close(struct desk *desk)
{
	free(desk);
}
