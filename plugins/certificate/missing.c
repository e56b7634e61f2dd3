/* What somebody lacks for a certificate, in sentences. */
#include "certificate.h"
#include "curb/err.h"
#include "curb/words.h"

struct sentences {
	struct curb_req *req;
	int64_t hour_s;
	bool own; /* they are read by whom they are about */
	struct curb_str all;
};

static void say(struct sentences *s, struct curb_str text)
{
	struct curb_value *values = curb_object(curb_req_arena(s->req));
	curb_put_str(values, "first", s->all);
	curb_put_str(values, "second", text);
	s->all = s->all.len ? curb_tr(s->req, "{first} {second}", values) : text;
}

/* Rounded up: what is said to be missing is enough. */
static struct curb_str hours_of(const struct sentences *s, int64_t seconds)
{
	return curb_words_hours(s->req, (seconds * 100 + s->hour_s - 1) / s->hour_s);
}

static void say_hours(struct sentences *s, const char *source, int64_t seconds)
{
	if (seconds > 0)
		say(s, tr_one(s->req, source, "hours", hours_of(s, seconds)));
}

static void say_waits(struct sentences *s, const struct credit_earned *hours)
{
	struct curb_value *values = curb_object(curb_req_arena(s->req));
	if (hours->waits_s <= 0)
		return;
	curb_put_str(values, "waits", hours_of(s, hours->waits_s));
	curb_put_str(values, "offline", hours_of(s, hours->wanted_s));
	say(s,
	    curb_tr(s->req,
	            hours->wanted_s > 0 ?
	                    CURB_TEXT("{waits} online hours wait for offline hours: {offline} more offline "
	                              "hours, and they count.") :
	                    CURB_TEXT("{waits} online hours do not count: the online share of this class "
	                              "is 0."),
	            values));
}

static void say_standing(struct sentences *s, const char *part, enum standing standing)
{
	struct curb_value *values = curb_object(curb_req_arena(s->req));
	if (standing == STANDING_PASSED)
		return;
	curb_put_str(values, "part", curb_tr(s->req, part, NULL));
	curb_put_str(values, "state", standing_text(s->req, standing));
	say(s, curb_tr(s->req,
	               s->own && standing == STANDING_FAILED ?
	                       CURB_TEXT("{part} was not passed. You can sit it again. Ask your teacher.") :
	                       CURB_TEXT("{part}: {state}."),
	               values));
}

struct curb_str certificate_missing(struct curb_req *req, const struct credit_class *class,
                                    const struct earned *earned, bool own)
{
	struct sentences s = { req, class->hour_s, own, curb_str("") };
	const struct credit_earned *hours = &earned->hours;
	int64_t missing_s = hours->complete_s - hours->counted_s,
		offline_s = earned->planned_offline_s - hours->offline_s;
	say_hours(&s, CURB_TEXT("{hours} class hours are missing in all."), missing_s);
	say_hours(&s,
	          offline_s <= missing_s ? CURB_TEXT("Of these, {hours} offline.") :
	                                   CURB_TEXT("{hours} offline hours are missing."),
	          offline_s);
	say_waits(&s, hours);
	say_hours(&s, CURB_TEXT("{hours} hours wait for a countersignature."), hours->pending_s);
	say_standing(&s, CURB_TEXT("Theory"), earned->assessed.theory);
	say_standing(&s, CURB_TEXT("Practice"), earned->assessed.practice);
	return s.all;
}
