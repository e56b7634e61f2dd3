/* Between the files of ingest. */
#ifndef CURB_INGEST_INSIDE_H
#define CURB_INGEST_INSIDE_H

#include <pthread.h>

#include "ingest.h"
#include "intake.h"

struct ingest {
	struct ingest_options o; /* its texts are the three below */
	char *upload_folder, *worker, *public_origin;
	struct content_api api;
	struct placed *placed;
	pthread_mutex_t lock; /* guards watcher and tables */
	const struct content_watcher *watcher;
	int tables;              /* spreadsheets that are being read */
	pthread_mutex_t leaving; /* guards the two below, and is held while blobs without rows are removed */
	int under_way;           /* imports that may have blobs without rows */
	bool left_over;          /* some were left; the next start removes them */
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

/* ---- version.c: in a write function ---- */
struct version_make {
	struct ingest *ingest;
	const struct curb_value *package; /* of intake_package */
	struct curb_id course;            /* "": a new one */
	struct curb_id person;
	bool publish;
	int64_t now_ms;
	struct curb_id made_course, made_version; /* results */
};
int version_make(struct curb_tx *tx, void *arg);

/* ---- findings.c ---- */
/* Writes "findings":[{severity,code,where,what,mend}] as a member in `lang`. */
void findings_put(struct ingest *ingest, struct curb_arena *arena, const struct intake_package *package,
                  struct curb_str lang, struct curb_json *j);

/* ---- leavings.c: blobs that no row names ---- */
/* Around an import. From the first to the last a mark lies in the folder of uploads: a start that finds it looks for
 * what a crash left. */
void leavings_begin(struct ingest *ingest);
void leavings_end(struct ingest *ingest);
/* Removes the blobs of a package that came to nothing. Another import may be about to name one of them, so this waits
 * for the next start when there is one, or when the database cannot be believed. */
void leavings_drop(struct ingest *ingest, struct curb_arena *arena, const struct curb_value *package);
/* At the start: what a crash left. */
int leavings_sweep(struct ingest *ingest);

/* ---- upload.c ---- */
enum { UPLOAD_NAME_LONGEST = 255 };
static const int64_t upload_life_ms = 7LL * 24 * 3600 * 1000;
struct upload {
	struct curb_id id, person;
	struct curb_str name; /* arena */
	int64_t length, made_ms, expires_ms;
	struct curb_id job;
};
int upload_row(struct curb_tx *tx, struct curb_str id, struct upload *ret_upload);
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

/* ---- import.c: an upload becomes a job ---- */
struct import_queueing {
	struct ingest *ingest;
	struct upload upload;
	struct curb_str payload;
	struct curb_id job; /* result */
};
int import_queue(struct curb_tx *tx, void *arg); /* a write function of a struct import_queueing */
struct curb_str import_payload(struct curb_req *req, const struct upload *upload);
/* The field `course`, when there is something in it, is a course of this person's. */
int import_check_course(struct curb_req *req);

/* ---- handin.c, package.c: the pages of an author's package ---- */
int handin_page(struct curb_req *req, void *state);
int handin_post(struct curb_req *req, void *state);
int package_page(struct curb_req *req, void *state);

#endif
