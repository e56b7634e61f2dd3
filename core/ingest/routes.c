/* What authors bring and change: the addresses of uploads, packages and drafts. */
#include "caption_draft.h"
#include "inside.h"
#include "rendition.h"
#include "tus.h"

enum { DRAFT_FORM_MOST = 256 << 10 };
enum { AUTHORS = CURB_AUTHOR | CURB_STAFF };

const struct curb_route ingest_routes[] = {
	{ "OPTIONS", "/files", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, tus_options,
	  CURB_LANE_ANY },
	{ "POST", "/files", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, tus_create, CURB_LANE_ANY },
	{ "GET", "/files/:id", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, tus_head, CURB_LANE_ANY },
	{ "PATCH", "/files/:id", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_PARTS, UPLOAD_MOST, tus_patch,
	  CURB_LANE_HEAVY },
	{ "DELETE", "/files/:id", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, tus_delete, CURB_LANE_ANY },
	{ "POST", "/api/v1/imports", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_JSON, 4096, import_post,
	  CURB_LANE_ANY },
	{ "GET", "/packages/new", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, handin_page, CURB_LANE_ANY },
	{ "POST", "/packages/new", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_RAW, UPLOAD_MOST, handin_post,
	  CURB_LANE_HEAVY },
	{ "GET", "/packages/findings", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, codes_page,
	  CURB_LANE_ANY },
	{ "GET", "/packages/findings/:group", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0,
	  codes_group_page, CURB_LANE_ANY },
	{ "GET", "/packages/courses/:course", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, draft_course_page,
	  CURB_LANE_ANY },
	{ "POST", "/packages/courses/:course", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_FORM, DRAFT_FORM_MOST,
	  draft_course_post, CURB_LANE_ANY },
	{ "GET", "/packages/courses/:course/tracks/:track", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0,
	  draft_captions_page, CURB_LANE_HEAVY },
	{ "POST", "/packages/courses/:course/tracks/:track", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_FORM, 0,
	  draft_captions_post, CURB_LANE_HEAVY },
	{ "GET", "/packages/courses/:course/captions", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0,
	  draft_add_page, CURB_LANE_ANY },
	{ "POST", "/packages/courses/:course/captions", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_PARTS,
	  MENDED_FILE_MOST + DRAFT_FORM_MOST, draft_add_post, CURB_LANE_HEAVY },
	{ "GET", "/packages/courses/:course/drafted", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0,
	  draft_machine_page, CURB_LANE_ANY },
	{ "POST", "/packages/courses/:course/drafted", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_FORM, 0,
	  draft_machine_post, CURB_LANE_ANY },
	{ "GET", "/packages/courses/:course/reading/:unit", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0,
	  draft_reading_page, CURB_LANE_ANY },
	{ "POST", "/packages/courses/:course/reading/:unit", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_FORM,
	  DRAFT_FORM_MOST, draft_reading_post, CURB_LANE_HEAVY },
	{ "GET", "/packages/courses/:course/versions", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0,
	  draft_versions_page, CURB_LANE_ANY },
	{ "POST", "/packages/courses/:course/versions", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_FORM, 0,
	  draft_versions_post, CURB_LANE_ANY },
	{ "GET", "/packages/courses/:course/forms", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0,
	  draft_forms_page, CURB_LANE_ANY },
	{ "POST", "/packages/courses/:course/forms", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_FORM, 0,
	  draft_forms_post, CURB_LANE_ANY },
	{ "POST", "/packages/:job/import", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_FORM, 0, checked_import,
	  CURB_LANE_ANY },
	{ "GET", "/packages/:job", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, package_page, CURB_LANE_ANY },
	{ 0 },
};
