/* Between the files of the doctor. */
#ifndef CURB_DOCTOR_INSIDE_H
#define CURB_DOCTOR_INSIDE_H

#include <pthread.h>

#include "doctor.h"

enum { DOCTOR_CHECKS = 32, TEXT_SIZE = 1024, TOLD_MOST = 100 };

struct doctor {
	struct curb_doctor_api api;
	pthread_mutex_t lock; /* guards checks and count */
	struct curb_doctor_check checks[DOCTOR_CHECKS];
	size_t count;
};

/* One thing that is looked at: its findings have one remedy, and behind TOLD_MOST they are only counted. */
struct look {
	const struct doctor_report *report;
	const char *remedy;
	int64_t found;
};
void look_found(void *look, const char *text);
bool look_cancelled(void *look);
/* The end of it: what holds, or how many more there were. `err`: it could not be made (curb_error_text says why), which is a
 * finding of its own. */
void look_end(struct look *look, int err, const char *sound);

#endif
