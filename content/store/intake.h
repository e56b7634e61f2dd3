/* Intake: one upload through the worker. The server's side of content/read/wire.h.
 * The rule: the worker is believed in nothing. Lengths, slots, paths, types, codes, counts and JSON are checked here; the
 * bytes are hashed here.
 */
#ifndef CONTENT_INTAKE_H
#define CONTENT_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blobs.h"
#include "content/finding.h"
#include "content/table.h"
#include "curb/arena.h"
#include "curb/json.h"

struct intake_job {
	const char *worker; /* path of the worker's executable */
	const char *
		program; /* path of ffmpeg, which makes forms of media that browsers do not play; NULL: they are refused */
	struct blobs *blobs;
	int upload;       /* descriptor of the upload, readable and seekable; stays the caller's */
	const char *name; /* what the author called the file: a hint for kinds and names */
	bool check_only;  /* findings only: nothing is stored */
	bool table;       /* a spreadsheet, of which the cells are read; nothing is stored */
	/* A file of captions that is mended, and how: as wire.h says of WIRE_CAPTIONS. NULL: an ordinary upload. */
	const char *captions;
	/* The upload is a lesson as it is played, of which this is made: a rendition's "want" of wire.h. NULL: an ordinary upload. */
	const char *rendition;
	int64_t wall_ms; /* the most time it may take; 0: thirty minutes; making a form counts for itself, twelve hours */
	uint64_t max_bytes; /* the most that may be stored; 0: 20 GiB */
	int errors_fd;      /* where the worker's error output goes; -1: nowhere */
	/* only grows; making: a form is being made, which takes long; may be NULL */
	void (*progress)(void *arg, int permille, bool making);
	bool (*cancelled)(void *arg); /* asked about every quarter of a second; may be NULL */
	void *arg;
};

struct intake_finding {
	const struct content_finding_code *row; /* static */
	struct curb_str where, a, b;            /* arena; may be absent */
};

struct intake_package {
	/* The package of wire.h, checked, in the arena: only known fields, and every "file" and "index" is an object
	 * {"sha256","size","type","path"}. NULL when it was refused or only checked. Of a pack ("reader" is "pack"): {"reader","course",
	 * "versions":[…]}, each a package with "version" (its id), "number" and "made_ms", and a file that the pack names without bringing
	 * its bytes is {"sha256","kept":true,"type"}. */
	struct curb_value *package;
	/* The cells of a spreadsheet, checked, in the arena. NULL: it was refused, or is none. */
	const struct content_table *table;
	const struct intake_finding *findings; /* arena, in the order they came */
	size_t count;
	bool refused;
	uint64_t bytes; /* stored */
};

/* Runs the worker over the upload and waits. 0 also when the package was refused (findings say why; a worker that dies
 * is the finding "worker.stopped"); then nothing is left behind. When it returns a package its blobs are durable, and it
 * is the caller's to write the rows that name them or to remove them again.
 * The arena must have room for 16 MiB. CURB_EFULL, CURB_EINTERNAL, CURB_ECONFLICT when it was cancelled. */
int intake_run(struct curb_arena *arena, const struct intake_job *job, struct intake_package *ret_package);

/* A finding's `what` or `mend` (already translated) with {a} and {b} filled. Arena. */
struct curb_str intake_text(struct curb_arena *arena, const char *text, const struct intake_finding *finding);

#endif
