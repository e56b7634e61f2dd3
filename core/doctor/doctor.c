#include "doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

/* ---- checks of others ---- */

static struct doctor *doctor_of(const struct curb_doctor_api *self)
{
	return CURB_CONTAINER_OF(self, struct doctor, api);
}

static size_t find(const struct doctor *doctor, const char *name)
{
	size_t i = 0;
	while (i < doctor->count && strcmp(doctor->checks[i].name, name) != 0)
		i++;
	return i;
}

static int offer(const struct curb_doctor_api *self, const struct curb_doctor_check *check)
{
	struct doctor *doctor = doctor_of(self);
	CURB_LOCKED(lock, &doctor->lock);
	if (find(doctor, check->name) < doctor->count)
		return curb_fail(CURB_EABI, "the doctor has a check %s already", check->name);
	if (doctor->count == DOCTOR_CHECKS)
		return curb_fail(CURB_EABI, "more than %d checks of the doctor", DOCTOR_CHECKS);
	doctor->checks[doctor->count++] = *check;
	return 0;
}

static void withdraw(const struct curb_doctor_api *self, const char *name)
{
	struct doctor *doctor = doctor_of(self);
	CURB_LOCKED(lock, &doctor->lock);
	size_t i = find(doctor, name);
	if (i < doctor->count)
		doctor->checks[i] = doctor->checks[--doctor->count];
}

struct doctor *doctor_new(void)
{
	struct doctor *doctor = curb_xcalloc(1, sizeof *doctor);
	(void)pthread_mutex_init(&doctor->lock, NULL);
	doctor->api = (struct curb_doctor_api){ { sizeof doctor->api }, offer, withdraw };
	return doctor;
}

void doctor_free(struct doctor *doctor)
{
	if (!doctor)
		return;
	(void)pthread_mutex_destroy(&doctor->lock);
	free(doctor);
}

const struct curb_doctor_api *doctor_service(const struct doctor *doctor)
{
	return &doctor->api;
}

/* ---- telling ---- */

void look_found(void *arg, const char *text)
{
	struct look *look = arg;
	if (look->found++ < TOLD_MOST)
		look->report->say(look->report->arg, DOCTOR_DAMAGED, text, look->remedy);
}

bool look_cancelled(void *arg)
{
	const struct look *look = arg;
	return look->report->cancelled(look->report->arg);
}

void look_end(struct look *look, int err, const char *sound)
{
	char text[TEXT_SIZE];
	if (look_cancelled(look)) /* what was not looked at to the end is neither sound nor damaged */
		return;
	if (err)
		look_found(look, curb_error_text());
	if (look->found == 0)
		look->report->say(look->report->arg, DOCTOR_SOUND, sound, NULL);
	if (look->found <= TOLD_MOST)
		return;
	(void)snprintf(text, sizeof text, "and %lld more like these", (long long)(look->found - TOLD_MOST));
	look->report->say(look->report->arg, DOCTOR_DAMAGED, text, look->remedy);
}
