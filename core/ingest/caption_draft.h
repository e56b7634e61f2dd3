/* Captions that a program drafts of a lesson, read through by its author before they are a track.
 * The rule: until then they lie in rows that no version names, and only the pages of the author's draft look there.
 */
#ifndef CURB_INGEST_CAPTION_DRAFT_H
#define CURB_INGEST_CAPTION_DRAFT_H

#include "inside.h"

/* The cues of ten hours and more; of a longer caption the first part is kept. */
enum { CAPTION_CUES_MOST = 20000, CAPTION_TEXT_MOST = 4000, CAPTION_JSON_MOST = 4 << 20 };

/* A lesson of a package (base_package) that lacks captions and has a sound to write down. */
struct caption_lesson {
	const struct curb_id *course;
	struct curb_value *unit;
	struct curb_str key, sound,
		lang; /* of the unit; SHA-256 of its first sound; of the speech, "" when it is not known */
	int64_t duration_ms;
};
/* False: it has no picture or no sound, or it has captions. */
bool caption_lesson(const struct content_version *base, const struct curb_value *package,
                    struct curb_value *unit, struct caption_lesson *ret_lesson);

struct caption_draft {
	struct curb_id job;
	struct curb_str lang; /* arena of tx */
	bool drafted;         /* its captions are there */
	int64_t count, read, edition;
};
/* False in *ret_there: none was asked for, or of another sound. */
int caption_draft_row(struct curb_tx *tx, const struct caption_lesson *lesson,
                      struct caption_draft *ret_draft, bool *ret_there);

/* The captions of a draft that is drafted. Arena of tx. CURB_ENOTFOUND. */
int caption_draft_cues(struct curb_tx *tx, const struct caption_lesson *lesson, struct curb_str *ret_cues);

/* Why none can be drafted here, as source text; NULL: one can. */
const char *caption_draft_missing(const struct ingest *ingest);

/* In a write function: a draft is wanted, and queued for `person`; what was left of an earlier one goes. CURB_ECONFLICT: it is there, or
 * under way. */
int caption_draft_want(struct curb_tx *tx, const struct caption_lesson *lesson, const struct curb_id *person);
/* In a write function, when `package` becomes the course's version: jobs for lessons that it has no more, or with captions, end. Words
 * that are there stay, for an earlier version may be taken again. */
int caption_drafts_call_off(struct curb_tx *tx, const struct curb_id *course,
                            const struct curb_value *package);
/* In write functions: what was read and changed so far; that it is not needed any more, its job is called off. CURB_ECONFLICT: it is of
 * another edition by now. */
int caption_draft_save(struct curb_tx *tx, const struct caption_lesson *lesson, int64_t edition,
                       struct curb_str cues, int64_t read);
int caption_draft_drop(struct curb_tx *tx, const struct caption_lesson *lesson, int64_t edition);

/* ---- caption_cues.c ---- */
/* What the worker tells of all captions, as rows keep it; appended. CURB_EUNFIT: more than captions can be. */
int caption_cues_take(const struct curb_value *all, struct curb_buf *out, size_t *ret_count);
int caption_cues_too_much(void); /* CURB_EUNFIT, with the bounds */
/* The cues of a row: an array of {"s","e","t"}. Arena. */
int caption_cues_read(struct curb_arena *arena, struct curb_str cues, struct curb_value **ret_cues);
void caption_cues_put(const struct curb_value *cues, struct curb_buf *out);
/* As WebVTT, with the words taken as words: those without any are left out. */
void caption_cues_vtt(const struct curb_value *cues, struct curb_buf *out);

/* ---- caption_job.c ---- */
int caption_job_run(struct curb_job *job, void *state); /* state: struct ingest */

/* ---- draft_machine.c: what is drafted of which lesson; draft_reading.c: one of them, read through ---- */
/* Whether a lesson has sound and lacks captions. */
bool draft_machine_some(const struct content_version *base, const struct curb_value *package);
/* The lesson of that id, or whose id it was in an earlier version of the course. CURB_ENOTFOUND: there is none, or it is none of those. */
int draft_machine_open(struct curb_tx *tx, const struct content_version *base,
                       const struct curb_value *package, struct curb_str id,
                       struct caption_lesson *ret_lesson);
int draft_machine_page(struct curb_req *req, void *state);
int draft_machine_post(struct curb_req *req, void *state);
/* Arena. */
const char *draft_reading_address(struct curb_arena *arena, const struct caption_lesson *lesson);
int draft_reading_page(struct curb_req *req, void *state);
int draft_reading_post(struct curb_req *req, void *state);

#endif
