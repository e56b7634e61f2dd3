/* Service doctor.v1: what a part knows to be true of its own rows, looked at when somebody asks (curbcut doctor).
 * The rule: whoever keeps a cache or a reference offers a check of it; the doctor asks all and knows none.
 *
 * A check is offered in start and withdrawn in stop. It runs on a thread of the core's, one at a time, in a snapshot.
 */
#ifndef CURB_DOCTOR_H
#define CURB_DOCTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/db.h"
#include "curb/service.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CURB_DOCTOR_SERVICE "doctor.v1"

/* Who is told. */
struct curb_doctor_call {
	void (*found)(void *arg,
	              const char *text); /* one thing that is wrong and where it is; no name of a person */
	bool (*cancelled)(void *arg);    /* looked at now and then: CURB_EBUSY then */
	void *arg;
};

struct curb_doctor_check {
	void *self;
	const char *name; /* static; the owner's own: it is withdrawn by it */
	const char *
		sound; /* static: what holds when nothing was found, "the sums of … are those of the entries" */
	const char *remedy; /* static: what to do about what is found */
	/* 0 also when something was found. An error means that the check could not be made. */
	int (*run)(void *self, struct curb_tx *tx, const struct curb_doctor_call *call);
};

struct curb_doctor_api {
	struct curb_service_head head;
	/* CURB_EABI when there is a check of that name or no room. */
	int (*offer)(const struct curb_doctor_api *self, const struct curb_doctor_check *check);
	void (*withdraw)(const struct curb_doctor_api *self, const char *name);
};

#ifdef __cplusplus
}
#endif
#endif
