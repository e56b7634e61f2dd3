/* Between the files of ingest. */
#ifndef CURB_INGEST_INSIDE_H
#define CURB_INGEST_INSIDE_H

#include <pthread.h>

#include "ingest.h"
#include "intake.h"

enum { INGEST_HOLDERS = 16 };

struct ingest {
	struct ingest_options o; /* its texts are those below */
	char *upload_folder, *worker, *program, *public_origin, *captioner, *captioner_reads, *captioner_runs;
	struct content_api api;
	struct placed *placed;
	pthread_mutex_t lock; /* guards watcher and tables */
	const struct content_watcher *watcher;
	int tables;              /* spreadsheets and captions that are being read while somebody waits */
	pthread_mutex_t leaving; /* guards the two below, and is held while blobs without rows are removed */
	int under_way;           /* imports that may have blobs without rows */
	bool left_over;          /* some were left; the next start removes them */
	pthread_mutex_t holding; /* guards the two below */
	struct content_holder holders[INGEST_HOLDERS];
	size_t holder_count;
};

/* ---- rows.c: reading; fills the service ---- */
void rows_fill_service(struct content_api *api);

/* ---- placed.c: tracks with their place that were read before; any thread ---- */
struct placed *placed_new(void);
void placed_free(struct placed *all);
/* Texts are arena of tx. False: it is to be read. */
bool placed_recall(struct placed *all, struct curb_tx *tx, struct curb_str id,
                   struct content_placed *ret_placed);
/* Of what a reader's snapshot showed. */
void placed_remember(struct placed *all, const struct content_placed *placed);

/* ---- table.c ---- */
/* As content_api says of `table`. */
int table_read(const struct content_api *self, struct curb_arena *arena, struct curb_str bytes,
               struct curb_str lang, const struct content_table **ret_table);

/* One of the few files that are read while somebody waits: false when there are too many of them. */
bool table_take_place(struct ingest *ingest);
void table_leave_place(struct ingest *ingest);
/* Bytes as a file that the worker can read; the descriptor is yours. */
int table_spool(struct curb_str bytes, int *ret_fd);

/* ---- version.c: in a write function ---- */
struct version_make {
	struct ingest *ingest;
	const struct curb_value *package; /* of intake_package */
	struct curb_id course;            /* "": a new one */
	struct curb_id after;             /* the version that was changed, which must be the last; "": any */
	struct curb_id person;
	bool publish;
	int64_t now_ms;
	/* One version of a pack, of intake_package: it keeps its id, its number, which must be the next one here, and its time, and
	 * a course that is not here begins with it. NULL: an ordinary package. */
	const struct curb_value *of_pack;
	struct curb_id made_course, made_version; /* results */
};
int version_make(struct curb_tx *tx, void *arg);
/* What the keeper of courses says of a version, into its row; nothing while there is none. In a request. */
int version_about(struct ingest *ingest, struct curb_req *req, const struct content_version *version,
                  struct curb_value *row);
/* The row of a file of a package; NULL: none. */
int version_add_blob(struct curb_tx *tx, const struct curb_value *file, int64_t now_ms);

/* ---- findings.c ---- */
/* Writes "findings":[{severity,code,where,a,b,what,means,mend}] as a member; texts in `lang`, {a} and {b} are the facts in them. */
void findings_put(struct ingest *ingest, struct curb_arena *arena, const struct intake_package *package,
                  struct curb_str lang, struct curb_json *j);
/* One for a page, in the language of who looks: where, what, means, mend, code and href. Arena of req. */
struct curb_value *findings_item(struct curb_req *req, const struct intake_finding *finding);
/* The same of one that findings_put() wrote. An older server kept no facts, and a code may be gone: then in the words of that day. */
struct curb_value *findings_kept_item(struct curb_req *req, const struct curb_value *kept);

/* ---- lacks.c: as content_api says of `lacks` and `lack_words` ---- */
int lacks_of(const struct content_api *self, struct curb_tx *tx, struct curb_str version,
             const struct content_lack **ret_lacks, size_t *ret_n);
struct curb_value *lacks_words(const struct content_api *self, struct curb_req *req,
                               const struct content_lack *lack);

/* ---- later.c: as content_api says of `later_tracks` ---- */
int later_tracks(const struct content_api *self, struct curb_tx *tx, const struct content_unit *unit,
                 struct curb_str version, const struct content_track **ret_tracks, size_t *ret_n);

/* ---- holders.c: who names blobs ---- */
/* Fills the service, with the tracks of courses as the first holder. */
void holders_begin(struct ingest *ingest);
/* In a write function: those of now are known from now on. */
int holders_remember(struct curb_tx *tx, struct ingest *ingest);
/* The name of one that is known and away; "": none. In any transaction; arena of tx. */
int holders_away(struct curb_tx *tx, struct ingest *ingest, struct curb_str *ret_name);
/* Whether anybody holds it. In any transaction. */
int holders_hold(struct curb_tx *tx, struct ingest *ingest, struct curb_str sha256, bool *ret_held);

/* ---- unused.c: the job that removes blobs that nobody holds ---- */
int unused_run(struct curb_job *job, void *state);

/* ---- leavings.c: blobs that no row names ---- */
/* Around an import. From the first to the last a mark lies in the folder of uploads: a start that finds it looks for
 * what a crash left. */
void leavings_begin(struct ingest *ingest);
void leavings_end(struct ingest *ingest);
/* Of these the mark alone: for whoever removes rows first and their blobs behind. */
void leavings_mark(struct ingest *ingest);
void leavings_unmark(struct ingest *ingest);
/* Removes the blobs of a package that came to nothing. Another import may be about to name one of them, so this waits
 * for the next start when there is one, or when the database cannot be believed. */
void leavings_drop(struct ingest *ingest, struct curb_arena *arena, const struct curb_value *package);
/* Rows may yet name what lies there: the next start looks. */
void leavings_leave(struct ingest *ingest);
/* At the start: what a crash left. */
int leavings_sweep(struct ingest *ingest);

/* ---- upload.c ---- */
enum { UPLOAD_NAME_LONGEST = 255 };
#define UPLOAD_MOST (20ULL << 30) /* bytes */
static const int64_t upload_life_ms = 7LL * 24 * 3600 * 1000;
struct upload {
	struct curb_id id, person;
	struct curb_str name; /* arena */
	int64_t length, made_ms, expires_ms;
	struct curb_id job;
};
int upload_row(struct curb_tx *tx, struct curb_str id, struct upload *ret_upload);
/* The upload that the newest of its jobs is this one. CURB_ENOTFOUND: it is not kept any more, or was taken up by another job. */
int upload_of_job(struct curb_tx *tx, const struct curb_id *job, struct upload *ret_upload);
/* The file of an upload: bytes that came so far are its size. The descriptor is yours. */
int upload_open(const struct ingest *ingest, const struct curb_id *id, bool make, int *ret_fd,
                int64_t *ret_size);
/* True while a job that has not ended holds the upload. */
int upload_held(struct curb_tx *tx, const struct upload *upload, bool *ret_held);
void upload_unlink(const struct ingest *ingest, const struct curb_id *id);
int upload_forget(struct curb_tx *tx, const struct curb_id *id);
/* Uploads past their time that no job holds. */
struct upload_expired {
	struct curb_id ids[64];
	size_t n;
};
/* In a write function: their rows go; their files go behind the commit. */
int upload_expire(struct curb_tx *tx, int64_t now_ms, struct upload_expired *ret_expired);
void upload_unlink_expired(const struct ingest *ingest, const struct upload_expired *expired);
/* In a write function: a row for an upload, and room for it by those that have expired. */
int upload_add(struct curb_tx *tx, const struct upload *upload, struct upload_expired *ret_expired);
/* Files without a living row, and rows past their time. */
int upload_sweep(struct ingest *ingest);

/* ---- queue.c: an upload becomes a job ---- */
struct import_queueing {
	struct ingest *ingest;
	struct upload upload;
	struct curb_str payload;
	struct curb_id job; /* result */
};
int import_queue(struct curb_tx *tx, void *arg); /* a write function of a struct import_queueing */
/* For a version of `course` (absent: a new course); `check`: only findings are wanted, and the upload stays. Arena. */
struct curb_str import_payload(struct curb_req *req, const struct upload *upload, struct curb_str course,
                               bool check);
/* The field `check` is "yes". */
bool import_check_wanted(struct curb_req *req);
/* The field `course`, when there is something in it, is a course of this person's. */
int import_check_course(struct curb_req *req);
int import_post(struct curb_req *req, void *state);

/* ---- base.c: a version as the package it was made of ---- */
/* The last version of the course of the path, when it is hers. CURB_ENOTFOUND. */
int base_course(struct curb_req *req, const struct ingest *ingest, struct content_version *ret_version);
/* As intake_package has it, to be changed and made into the next version; each unit and track has its "id" beside. The
 * places of tracks must stay: others name them. Arena of tx. */
int base_package(const struct ingest *ingest, struct curb_tx *tx, const struct content_version *version,
                 struct curb_value **ret_package);

/* ---- pack_text.c: a version in the one form in which packs have it; equal versions have equal texts ---- */
void pack_put_version(const struct curb_value *package, struct curb_json *j);

/* ---- pack_in.c: a pack that was read, against what is here ---- */
struct pack_taking {
	const struct ingest *ingest;
	struct curb_value *package; /* of intake_package; sizes of what it does not bring are filled in */
	struct curb_id course;      /* what was chosen; "": any */
	/* results */
	struct curb_id its_course;
	size_t here;      /* so many of its versions, the first, are here already */
	const char *code; /* of the finding; NULL: none */
	struct curb_str fact;
};
/* Looks only. Arena: facts. */
int pack_compare(struct pack_taking *taking, struct curb_arena *arena);

/* ---- revise.c: a changed package becomes the next version ---- */
/* Writes it and sends her to `back`. CURB_ECONFLICT: somebody made another one meanwhile, or learners are at work in it. */
int revise(struct curb_req *req, struct ingest *ingest, const struct content_version *base,
           const struct curb_value *package, const char *back);
/* The same, and `also` in its transaction. */
int revise_and(struct curb_req *req, struct ingest *ingest, const struct content_version *base,
               const struct curb_value *package, const char *back, int (*also)(struct curb_tx *tx, void *arg),
               void *arg);
/* The track of that id within the package, and its unit. False: there is none. */
bool revise_find(const struct curb_value *package, struct curb_str track, struct curb_value **ret_unit,
                 size_t *ret_at);
/* "-1.5" or "１．５" with at most `digits` decimals, as an integer of 10^-digits. */
bool revise_decimal(struct curb_arena *arena, struct curb_str typed, int digits, int64_t *ret_value);
/* What a page needs to say that something is wrong with a field: model.mistakes, and KEY_error at it. */
void revise_mistake(struct curb_req *req, struct curb_value *model, const char *field, struct curb_str text);

/* ---- mended.c: one file of captions through the worker, while its author waits ---- */
struct mended {
	struct intake_package result;                       /* refused: only its findings */
	struct curb_value *captions, *transcript, *changes; /* of its tracks; the transcript may be NULL */
};
struct mended_wanted {
	const char *kind;
	struct curb_str lang;
	int64_t media_ms, shift_ms;
	bool split, overlaps;
	bool all; /* `changes` tells every caption: see wire.h */
	bool behind; /* it takes none of the places for those who wait: nobody does, or all that was typed would be lost */
};
/* Runs it over the file `fd`. What it stored is the caller's to name or to drop, between leavings_begin and leavings_end.
 * Arena: at least 32 MiB. CURB_EBUSY: others are being read. */
int mended_run(struct ingest *ingest, struct curb_arena *arena, int fd, const char *name,
               const struct mended_wanted *wanted, struct mended *ret_mended);
/* Whether a track of a package is of that kind and language. */
bool mended_is(const struct curb_value *track, const char *kind, struct curb_str lang);
/* Its captions and transcript into a unit of a package: in the place of one of the same kind and language, else behind all others, for
 * places are what other tracks are named by. */
void mended_put(struct curb_value *unit, const struct mended_wanted *wanted, const struct mended *mended);
/* Whether a track can leave its unit: a flat one names those in front of it by their places, so none of these may move. */
bool mended_can_take_out(const struct curb_value *unit, size_t at);
/* `count` of them from `at` on. */
void mended_take_out(struct curb_value *unit, size_t at, size_t count);
/* Behind it, when `err` came of what was done with its files: those that no row names go. */
void mended_drop(struct ingest *ingest, struct curb_arena *arena, const struct mended *mended, int err);
enum { MENDED_FILE_MOST = 4 << 20 };
/* The findings for a page, as findings_item() says them. Arena of req. */
struct curb_value *mended_findings(struct curb_req *req, const struct intake_package *result);

/* ---- compare.c ---- */
/* What is different in `now`, both of base_package: an array of at most `most` sentences. Arena of req. */
struct curb_value *compare_packages(struct curb_req *req, const struct curb_value *was,
                                    const struct curb_value *now, size_t most);

/* ---- draft_course.c, draft_compare.c, draft_captions.c, draft_add.c, draft_open.c, draft_versions.c: the pages of an author's draft ---- */
int draft_course_page(struct curb_req *req, void *state);
int draft_course_post(struct curb_req *req, void *state);
int draft_captions_page(struct curb_req *req, void *state);
int draft_captions_post(struct curb_req *req, void *state);
int draft_add_page(struct curb_req *req, void *state);
int draft_add_post(struct curb_req *req, void *state);
/* Whether a lesson of the package is not read: only to such ones captions and descriptions are added. */
bool draft_add_some(const struct curb_value *package);
int draft_open_page(struct curb_req *req, void *state);
int draft_open_post(struct curb_req *req, void *state);
/* Whether captions in the picture of a lesson count, or could. */
bool draft_open_some(const struct content_version *base, struct curb_value *package);
/* Languages that authors choose from: the tag of the i-th; NULL past the last. */
const char *draft_lang(size_t i);
/* The same as options of a select, with the one of now chosen, which may be another. Arena of req. */
struct curb_value *draft_lang_options(struct curb_req *req, struct curb_str now);
int draft_compare_page(struct curb_req *req, void *state);
int draft_versions_page(struct curb_req *req, void *state);
int draft_versions_post(struct curb_req *req, void *state);

/* ---- codes.c: the list of all findings, for everybody ---- */
int codes_page(struct curb_req *req, void *state);
int codes_group_page(struct curb_req *req, void *state);
/* Where a code is explained. Arena. */
const char *codes_address(struct curb_arena *arena, struct curb_str code);

/* ---- handin.c, package.c, checked.c: the pages of an author's package ---- */
struct work_job;
/* What an import that has not ended is doing, and how far it is, in the words of the request's language. Arena. */
struct curb_str package_doing(struct curb_req *req, const struct work_job *job);
struct curb_str package_far(struct curb_req *req, const struct work_job *job);
int handin_page(struct curb_req *req, void *state);
int handin_post(struct curb_req *req, void *state);
int package_page(struct curb_req *req, void *state);
/* The job of the path, when it is an import of hers. CURB_ENOTFOUND. */
int package_job(struct curb_req *req, struct work_job *ret_job);
/* Sends her to the page of a job. */
int package_go_to(struct curb_req *req, const struct curb_id *job);
/* POST /packages/:job/import: what was only checked is taken in; what was stopped or failed is read again. */
int checked_import(struct curb_req *req, void *state);

#endif
