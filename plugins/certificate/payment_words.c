/* What the pages of payments say in words. */
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/words.h"
#include "payment.h"

struct curb_str payment_name(struct curb_req *req, const struct payment_line *line)
{
	return line->name.len ? line->name : curb_tr(req, "Somebody who was erased", NULL);
}

struct curb_str payment_hours(struct curb_req *req, const struct payment_line *line, int64_t seconds)
{
	return curb_words_hours(req, seconds * 100 / line->hour_s);
}

struct curb_str payment_what(struct curb_req *req, const struct payment *payment)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "place", payment->place);
	curb_put_str(values, "programme", payment->programme);
	if (payment->programme.len)
		return curb_tr(req, "{programme}, {place}", values);
	curb_put_str(values, "first", curb_words_day(req, payment->wanted.first_day));
	curb_put_str(values, "last", curb_words_day(req, payment->wanted.last_day));
	return curb_tr(req, "{place}, certificates from {first} to {last}", values);
}

struct curb_value *payment_faults(struct curb_req *req, const struct payment_fault *faults, size_t n)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *list = curb_array(arena);
	for (size_t i = 0; i < n; i++) {
		struct curb_value *values = curb_object(arena);
		curb_put_str(values, "name", faults[i].name);
		curb_put_str(values, "programme", faults[i].programme);
		curb_put_str(values, "what", curb_tr(req, faults[i].text, NULL));
		curb_push(list, curb_string(arena, curb_tr(req,
		                                           faults[i].name.len ?
		                                                   CURB_TEXT("{name}, {programme}: {what}") :
		                                                   CURB_TEXT("{programme}: {what}"),
		                                           values)));
	}
	return list;
}

/* ---- entries ---- */

struct telling {
	struct curb_req *req;
	const struct curb_fact *facts;
	size_t n;
};

static int64_t number_of(const struct telling *t, const char *name)
{
	const struct curb_fact *fact = curb_fact_find(t->facts, t->n, name);
	return fact ? fact->number : 0;
}

static struct curb_str word_of(const struct telling *t, const char *name)
{
	const struct curb_fact *fact = curb_fact_find(t->facts, t->n, name);
	return fact && fact->text.ptr ? fact->text : curb_str("");
}

static struct curb_str tell_time(const struct telling *t, const char *source, const char *fact)
{
	struct curb_value *values = curb_object(curb_req_arena(t->req));
	int64_t seconds = number_of(t, fact);
	curb_put_str(values, "time", curb_words_span(t->req, seconds < 0 ? -seconds : seconds));
	return curb_tr(t->req, source, values);
}

static struct curb_str tell_online(const struct telling *t)
{
	return tell_time(t, CURB_TEXT("Recorded lesson: {time} counted"), "granted");
}

static struct curb_str tell_moved(const struct telling *t)
{
	return tell_time(t,
	                 number_of(t, "granted") < 0 ?
	                         CURB_TEXT("The trainee moved: {time} of recorded lessons taken out") :
	                         CURB_TEXT("The trainee moved: {time} of recorded lessons brought in"),
	                 "granted");
}

static struct curb_str tell_present(const struct telling *t)
{
	return curb_tr(t->req, "The trainee signed in to a lesson", NULL);
}

static struct curb_str tell_sheet(const struct telling *t)
{
	return tell_time(t, CURB_TEXT("Attendance entered: {time}"), "seconds");
}

static struct curb_str tell_correction(const struct telling *t)
{
	return tell_time(t,
	                 number_of(t, "seconds") < 0 ? CURB_TEXT("Attendance corrected: {time} less") :
	                                               CURB_TEXT("Attendance corrected: {time} more"),
	                 "seconds");
}

static struct curb_str tell_countersign(const struct telling *t)
{
	bool live = curb_str_is(word_of(t, "mode"), "live"), less = number_of(t, "seconds") < 0;
	return tell_time(t,
	                 less ? CURB_TEXT("A correction countersigned: {time} less count") :
	                 live ? CURB_TEXT("Live online lesson countersigned: {time} count") :
	                        CURB_TEXT("Attendance countersigned: {time} count"),
	                 "seconds");
}

static struct curb_str outcome_words(const struct telling *t, const char *part)
{
	struct curb_str word = word_of(t, part);
	return outcome_text(t->req,
	                    curb_str_is(word, "passed") ? OUTCOME_PASSED :
	                    curb_str_is(word, "failed") ? OUTCOME_FAILED :
	                                                  OUTCOME_NONE,
	                    -1);
}

static struct curb_str tell_assessment(const struct telling *t)
{
	struct curb_value *values = curb_object(curb_req_arena(t->req));
	curb_put_str(values, "theory", outcome_words(t, "theory"));
	curb_put_str(values, "practice", outcome_words(t, "practice"));
	return curb_tr(t->req, "Final assessment entered. Theory: {theory}. Practice: {practice}", values);
}

static struct curb_str tell_certificate(const struct telling *t)
{
	struct curb_value *values = curb_object(curb_req_arena(t->req));
	curb_put_str(values, "online", curb_words_hours(t->req, number_of(t, "online_c")));
	curb_put_str(values, "offline", curb_words_hours(t->req, number_of(t, "offline_c")));
	return curb_tr(t->req, "Certificate issued: {online} online and {offline} offline class hours",
	               values);
}

static struct curb_str tell_class(const struct telling *t)
{
	struct curb_value *values = curb_object(curb_req_arena(t->req));
	curb_put_str(values, "hours", curb_words_hours(t->req, number_of(t, "total")));
	curb_put_str(values, "share", curb_words_hours(t->req, number_of(t, "share") * 10));
	return curb_tr(t->req,
	               "The class opened: {hours} class hours, of every hundred at most {share} online",
	               values);
}

static struct curb_str tell_waiver(const struct telling *t)
{
	struct curb_value *values = curb_object(curb_req_arena(t->req));
	curb_put_str(values, "share", curb_words_hours(t->req, number_of(t, "share") * 10));
	return curb_tr(t->req,
	               "An exception was granted: of every hundred class hours at most {share} online",
	               values);
}

static struct curb_str tell_result_signed(const struct telling *t)
{
	return curb_tr(t->req, "Final assessment countersigned", NULL);
}

static struct curb_str tell_asked(const struct telling *t)
{
	return curb_tr(t->req, "Somebody asked for a certificate to be withdrawn", NULL);
}

static struct curb_str tell_withdrawn(const struct telling *t)
{
	return number_of(t, "renew") ?
	               curb_tr(t->req, "A certificate gave way to one with another name", NULL) :
	               curb_tr(t->req, "A certificate was withdrawn", NULL);
}

static struct curb_str tell_owned(const struct telling *t)
{
	return curb_tr(t->req, "Came from another record of the same person", NULL);
}

struct curb_str payment_entry_words(struct curb_req *req, const struct curb_fact *facts, size_t n)
{
	static const struct {
		const char *kind;
		struct curb_str (*tell)(const struct telling *t);
	} kinds[] = {
		{ "online", tell_online },
		{ "moved", tell_moved },
		{ "present", tell_present },
		{ "sheet", tell_sheet },
		{ "correction", tell_correction },
		{ "countersign", tell_countersign },
		{ "assessment", tell_assessment },
		{ "assessment_countersign", tell_result_signed },
		{ "assessment_moved", tell_owned },
		{ "certificate_moved", tell_owned },
		{ "class", tell_class },
		{ "waiver_granted", tell_waiver },
		{ "certificate", tell_certificate },
		{ "withdrawal", tell_asked },
		{ "withdrawal_countersign", tell_withdrawn },
	};
	const struct telling t = { req, facts, n };
	struct curb_str kind = word_of(&t, "kind");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (curb_str_is(kind, kinds[i].kind))
			return kinds[i].tell(&t);
	return kind;
}
