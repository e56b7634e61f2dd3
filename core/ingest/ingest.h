/* Ingest: uploads come in, packages become versions of courses. The rows of content are the core's.
 * The rule: bytes are durable before rows name them; one write function makes a version visible, or nothing.
 */
#ifndef CURB_INGEST_H
#define CURB_INGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "blobs.h"
#include "content/content_api.h"
#include "curb/home.h"
#include "curb/job.h"
#include "curb/plugin.h"
#include "page.h"
#include "store.h"

struct ingest; /* state of the process */

extern const struct curb_migration ingest_migrations[]; /* of the core's host */

struct ingest_options {
	struct curb_store *store; /* NULL: only checks are made, and there are no uploads */
	struct blobs *blobs;
	const struct pages *pages; /* for findings in the author's language */
	const char *upload_folder; /* in the data folder; made when it is not there */
	const char *worker;        /* path of the worker's executable */
	const char *program;       /* path of ffmpeg; NULL or "": no forms are made */
	bool renditions;           /* by it, smaller forms of lessons are made behind an import */
	const char *captioner;     /* path of the program that drafts captions; NULL or "": none is drafted */
	const char *captioner_reads,
		*captioner_runs;   /* what it may read and execute besides; NULL: nothing */
	uint64_t upload_most;      /* bytes of one upload; 0: 20 GiB */
	const char *public_origin; /* for Location, or NULL: a path alone */
};

/* Removes uploads that have expired. Yours: ingest_close. */
int ingest_open(const struct ingest_options *options, struct ingest **ret_ingest);
void ingest_close(struct ingest *ingest);

/* The service content.v1; state. */
const struct curb_service_head *ingest_service(struct ingest *ingest);

/* Once plugins have started and jobs run: remembers who holds blobs, and has the job look for those that nobody holds. */
int ingest_begin(struct ingest *ingest);

/* What the last look for blobs that nobody holds came to. */
struct ingest_unused {
	int64_t looked_ms;              /* 0: there was none yet */
	int64_t waiting, waiting_bytes; /* found, and kept for a week from then */
	int64_t removed, removed_bytes; /* since the server was set up */
	struct curb_str away;           /* who keeps all by being away; arena of tx; "": nobody */
};
int ingest_unused(struct curb_tx *tx, struct ingest_unused *ret_unused);

/* The kinds "import", "unused", "rendition" and "captions" for work_options.core; their state is the struct ingest. Ended by a zero row. */
extern const struct curb_job_kind ingest_jobs[];

/* tus 1.0 under /files, POST /api/v1/imports, the pages under /packages; their state is the struct ingest. Templates and
 * assets are of the owner "core". */
extern const struct curb_route ingest_routes[];
extern const struct curb_embedded ingest_templates[], ingest_assets[];
/* What stands on an author's first page, and the help for handing in. */
struct curb_home_part ingest_home_part(void);

/* One open file or folder of this machine, imported or only checked on the calling thread: for the command line.
 * Appends one JSON object to `out`: {"file","course","version","state","findings":[…]}. *ret_refused tells
 * whether it was refused; then nothing is left behind. */
struct ingest_local {
	int fd;                       /* the caller's */
	const char *name;             /* what the author calls it */
	struct curb_str course;       /* add a version to this course; absent: a new one */
	struct curb_id author;        /* whose course a new one is; "": nobody's */
	struct curb_str lang;         /* of the findings */
	bool (*cancelled)(void *arg); /* may be NULL */
	void *arg;
	bool publish, check_only;
};
int ingest_local_file(struct ingest *ingest, struct curb_arena *arena, const struct ingest_local *local,
                      struct curb_buf *out, bool *ret_refused);

/* A pack of a course: all its versions with the bytes that they name, in one zip (content/read/course_pack.c). It is the same for the
 * same course and list, on whichever server. */
struct ingest_pack {
	struct curb_str course;
	struct curb_str without; /* SHA-256 in hex, one a line, of bytes that are left out; may be absent */
	int to; /* an empty file of the caller's; what is in it after an error is worth nothing */
	bool (*cancelled)(void *arg); /* may be NULL */
	void *arg;
};
struct ingest_packed {
	int64_t versions, files, left_out, bytes;
};
/* CURB_ENOTFOUND: no such course; CURB_EINVAL: a line of the list is no checksum; CURB_ETOOBIG: more than a pack holds; CURB_EFULL;
 * CURB_ECONFLICT when it was cancelled. */
int ingest_pack_export(struct ingest *ingest, const struct ingest_pack *pack,
                       struct ingest_packed *ret_packed);
/* What this server has of a course, as such a list; nothing when the course is not here. */
int ingest_pack_have(struct ingest *ingest, struct curb_str course, struct curb_buf *out);

#endif
