#include "needs_routes.h"

#include "needs_pages_embedded.h"
#include "pages.h"

#define HELPERS (CURB_HELPER | CURB_STAFF | CURB_TEACHER)

/* FORM: choices only. LONG: with a field to paste into, so that what is too long is told at the field. */
enum { FORM = 16 << 10, LONG = 3 << 20 };

#define ROW(method, path, roles, scope, body, most, handle)                                      \
	{                                                                                        \
		method, path, roles, CURB_SCOPE_##scope, CURB_BODY_##body, most, needs_##handle, \
			CURB_LANE_ANY                                                            \
	}

const struct curb_route needs_routes[] = {
	ROW("GET", "/needs", CURB_ANYONE, PUBLIC, NONE, 0, get_presets),
	ROW("POST", "/needs", CURB_ANYONE, PUBLIC, FORM, FORM, post_presets),
	ROW("GET", "/needs/details", CURB_ANYONE, PUBLIC, NONE, 0, get_details),
	ROW("POST", "/needs/details", CURB_ANYONE, PUBLIC, FORM, FORM, post_details),
	ROW("POST", "/needs/undo", CURB_ANYONE, PUBLIC, FORM, FORM, post_undo),
	ROW("POST", "/needs/keep", CURB_SIGNED_IN, OWN, FORM, FORM, post_keep),
	ROW("GET", "/needs/mine", CURB_SIGNED_IN, OWN, NONE, 0, get_mine),
	ROW("POST", "/needs/helpers", CURB_SIGNED_IN, OWN, FORM, LONG, post_helper),
	ROW("POST", "/needs/helpers/:id/end", CURB_SIGNED_IN, OWN, FORM, FORM, post_helper_end),
	ROW("POST", "/needs/copy", CURB_SIGNED_IN, OWN, FORM, LONG, post_copy),
	ROW("POST", "/needs/forget", CURB_SIGNED_IN, OWN, FORM, FORM, post_forget),
	ROW("GET", "/needs/for/:person", HELPERS, OWN, NONE, 0, get_presets),
	ROW("POST", "/needs/for/:person", HELPERS, OWN, FORM, FORM, post_presets),
	ROW("GET", "/needs/for/:person/details", HELPERS, OWN, NONE, 0, get_details),
	ROW("POST", "/needs/for/:person/details", HELPERS, OWN, FORM, FORM, post_details),
	ROW("POST", "/needs/for/:person/undo", HELPERS, OWN, FORM, FORM, post_undo),
	ROW("GET", "/api/v1/needs", CURB_ANYONE, PUBLIC, NONE, 0, get_json),
	ROW("PUT", "/api/v1/needs", CURB_SIGNED_IN, OWN, JSON, NEEDS_TEXT_MOST, put_json),
	{ 0 },
};
