/* Captions drafted by a program of others: the server's side of content/read/captioner.h.
 * The rule: what the program wrote is hostile and read by nobody here: it goes to the reader of captions like any upload.
 */
#ifndef CONTENT_CAPTIONER_JOB_H
#define CONTENT_CAPTIONER_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "blobs.h"
#include "curb/buf.h"

struct captioner_job {
	const char *worker;       /* path of the worker's executable */
	const char *ffmpeg;       /* path of the program that decodes the sound */
	const char *program;      /* the captioner */
	const char *reads, *runs; /* paths that it may read and execute besides (sandbox.h); "": none */
	struct blobs *blobs;      /* where its sound lies meanwhile, without a name */
	int sound;        /* descriptor of media of which the first sound is taken; stays the caller's */
	const char *lang; /* of the speech, "" when it is not known */
	int64_t sound_ms; /* how long it lasts, for the progress; 0: not known */
	int64_t wall_ms;  /* the most time each of the two programs may take; 0: twelve hours */
	void (*progress)(void *arg, int permille); /* only grows; may be NULL */
	bool (*cancelled)(void *arg);              /* asked about every quarter of a second; may be NULL */
	void *arg;
};

enum captioner_end {
	CAPTIONER_DONE,
	CAPTIONER_NO_SOUND, /* ffmpeg makes nothing of it */
	CAPTIONER_NO_WALLS, /* it cannot be locked in: no Landlock, or a path that is named is not there */
	CAPTIONER_FAILED,   /* it ended with another code than 0, or by a signal */
	CAPTIONER_LATE,     /* it took too long, and was ended */
	CAPTIONER_TOO_MUCH, /* it wrote more than `out` takes, and was ended */
};

enum { CAPTIONER_SAID = 1024 };
struct captioner_ended {
	enum captioner_end end;
	int code;                      /* of the last program that ran; of its signal, negative */
	char said[CAPTIONER_SAID + 1]; /* the last that the captioner wrote to its standard error, as bytes */
};

/* Runs both programs and waits; what the captioner wrote is appended to `out`, bounded by its limit. When it returns neither runs, and
 * nothing that they made is left but that. CURB_EFULL, CURB_EINTERNAL, CURB_ECONFLICT when it was cancelled. */
int captioner_run(const struct captioner_job *job, struct curb_buf *out, struct captioner_ended *ret);

#endif
