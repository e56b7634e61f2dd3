/* Renditions: smaller forms of lessons with a picture, for bad lines, made behind the import.
 * The rule: a row in core_rendition is a form that is wanted; its job makes its tracks, whole or not at all.
 */
#ifndef CURB_INGEST_RENDITION_H
#define CURB_INGEST_RENDITION_H

#include "content/media_index.h"
#include "inside.h"

enum { RENDITION_FORMS = 3 };
/* The i-th form, largest first, as rows, addresses and the worker name it. Static. */
const char *rendition_form(size_t i);

/* What forms of a unit are made of: its first picture and its first sound (NULL: none). */
struct rendition_source {
	const struct content_track *picture, *sound;
	const struct content_track *tracks; /* of the unit, by position */
	size_t count;
};
/* False when the unit has no picture. */
bool rendition_source(const struct content_track *tracks, size_t n, struct rendition_source *ret_source);
/* Whether the form is smaller than what it is made of. */
bool rendition_fits(const struct rendition_source *source, size_t form);
/* Whether pieces of a flat track are of both (of the picture alone when there is no sound), of nothing else, and no more than these
 * altogether: a list of pieces that came with a pack may say anything. */
bool rendition_of_both(const struct rendition_source *source, const struct media_piece *pieces, size_t n);

/* In a write function: the forms of all units of a version are wanted, and queued for `person`; those that others have share them. */
int rendition_want_all(struct ingest *ingest, struct curb_tx *tx, struct curb_str version,
                       const struct curb_id *person);
/* In a write function: one form of one unit, also again when its last job failed or was called off. CURB_ENOTFOUND: the unit has
 * none of it; CURB_ECONFLICT: it is there, or under way. */
int rendition_want(struct ingest *ingest, struct curb_tx *tx, struct curb_str unit, struct curb_str form,
                   const struct curb_id *person);

/* The job kind's function; state: struct ingest. */
int rendition_run(struct curb_job *job, void *state);

/* ---- rendition_rows.c ---- */
/* As content_api says of `renditions` and `watched`. */
int rendition_rows(const struct content_api *self, struct curb_tx *tx, struct curb_str unit,
                   const struct content_rendition **ret_renditions, size_t *ret_n);
void rendition_watched(const struct content_api *self, struct curb_tx *tx, struct curb_str unit);
/* The row of a form. False: there is none. */
struct rendition_row {
	struct curb_id job;
	int64_t made_ms;
};
int rendition_row(struct curb_tx *tx, const struct rendition_source *source, size_t form,
                  struct rendition_row *ret_row, bool *ret_there);

/* ---- draft_forms.c ---- */
int draft_forms_page(struct curb_req *req, void *state);
int draft_forms_post(struct curb_req *req, void *state);

#endif
