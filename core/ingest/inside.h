/* Between the files of ingest. */
#ifndef CURB_INGEST_INSIDE_H
#define CURB_INGEST_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "ingest.h"
#include "intake.h"

struct ingest {
	struct ingest_options o; /* its texts are the three below */
	char *upload_folder, *worker, *public_origin;
	struct content_api api;
	pthread_mutex_t lock; /* guards watcher */
	const struct content_watcher *watcher;
	atomic_int under_way; /* imports that may have blobs without rows */
};

/* ---- rows.c: reading; fills the service ---- */
void rows_fill_service(struct content_api *api);

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

/* ---- upload.c ---- */
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
void upload_unlink(const struct ingest *ingest, const struct curb_id *id);
int upload_forget(struct curb_tx *tx, const struct curb_id *id);
/* Files without a living row, and rows past their time. */
int upload_sweep(struct ingest *ingest);

#endif
