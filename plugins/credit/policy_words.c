/* Figures of rules in words. */
#include "cells.h"
#include "curb/err.h"
#include "curb/words.h"
#include "pages.h"

static const char *const names[POLICY_FIELDS] = {
	[POLICY_HOUR] = CURB_TEXT("Class hour"),
	[POLICY_SHARE] = CURB_TEXT("Online share"),
	[POLICY_BASIS] = CURB_TEXT("The share is tested on"),
	[POLICY_DAILY] = CURB_TEXT("Online hours a day"),
	[POLICY_RATE] = CURB_TEXT("Fastest playback that counts"),
	[POLICY_COMPLETION] = CURB_TEXT("Hours to complete a class"),
	[POLICY_PRESENCE] = CURB_TEXT("Presence checks"),
	[POLICY_POINTS] = CURB_TEXT("Points for self-study"),
	[POLICY_DECIDES] = CURB_TEXT("Exceptions are decided by"),
	[POLICY_CREDITS] = CURB_TEXT("Credits for each class hour"),
	[POLICY_KEEP] = CURB_TEXT("Records are kept"),
};

struct curb_str policy_field_name(struct curb_req *req, enum policy_field field)
{
	return curb_tr(req, names[field], NULL);
}

struct curb_str policy_tier_words(struct curb_req *req, enum policy_tier tier)
{
	switch (tier) {
	case POLICY_COUNTY: return curb_tr(req, "the federation of the county", NULL);
	case POLICY_CITY: return curb_tr(req, "the federation of the city", NULL);
	case POLICY_PROVINCE: break;
	}
	return curb_tr(req, "the federation of the province", NULL);
}

static struct curb_str basis_words(struct curb_req *req, int64_t value)
{
	if (value == COUNT_PLANNED)
		return curb_tr(req, "the hours that are planned", NULL);
	return value == COUNT_EARNED ?
	               curb_tr(req, "the hours that were earned", NULL) :
	               curb_tr(req, "the hours that are planned, and those that were earned", NULL);
}

struct curb_str policy_figure_words(struct curb_req *req, enum policy_field field, int64_t value)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_int(values, "minutes", value);
	curb_put_str(values, "share", curb_words_hours(req, value * 10)); /* thousandths: 33.3 of a hundred */
	curb_put_str(values, "time", curb_words_span(req, value));
	curb_put_str(values, "rate", curb_words_hours(req, value / 10));
	curb_put_str(values, "credits", decimal_text(req, value, 4));
	switch (field) {
	case POLICY_HOUR: return curb_tr(req, "{minutes} minutes", values);
	case POLICY_SHARE: return curb_tr(req, "at most {share} of every hundred class hours", values);
	case POLICY_BASIS: return basis_words(req, value);
	case POLICY_DAILY:
		return value == POLICY_NONE ? curb_tr(req, "no limit", NULL) :
		                              curb_tr(req, "at most {time}", values);
	case POLICY_RATE: return curb_tr(req, "{rate} times the normal speed", values);
	case POLICY_COMPLETION: return curb_tr(req, "at least {share} of every hundred class hours", values);
	case POLICY_PRESENCE:
		return value ? curb_tr(req,
		                       "at the end of a chapter, after {minutes} minutes that count at the "
		                       "earliest, playback waits until one button is pressed",
		                       values) :
		               curb_tr(req, "none", NULL);
	case POLICY_POINTS:
		return value ? curb_tr(req, "one point for every {minutes} minutes", values) :
		               curb_tr(req, "none", NULL);
	case POLICY_DECIDES: return policy_tier_words(req, (enum policy_tier)value);
	case POLICY_CREDITS:
		return value ? curb_tr(req, "{credits} credits for each class hour of a certificate",
		                       values) :
		               curb_tr(req, "none", NULL);
	case POLICY_KEEP:
		curb_put_int(values, "years", value);
		return value == POLICY_NONE ?
		               curb_tr(req, "without end: nobody's records are erased", NULL) :
		               curb_tr(req,
		                       "{years} years behind the end of a class, before they can be erased",
		                       values);
	case POLICY_FIELDS: break;
	}
	return curb_str("");
}

struct curb_str policy_kind_words(struct curb_req *req, struct curb_str kind)
{
	const struct policy_kind *found = policy_kind(kind);
	return found ? curb_tr(req, found->text, NULL) : kind;
}

/* "3 7 0 0 0 0": no voice makes a number of it. */
static struct curb_str digit_by_digit(struct curb_req *req, struct curb_str code)
{
	const char *all = "";
	for (size_t i = 0; i < code.len; i++)
		all = curb_printf(curb_req_arena(req), "%s%s%c", all, i ? " " : "", code.ptr[i]);
	return curb_str(all);
}

struct curb_str policy_region_words(struct curb_req *req, struct curb_str region)
{
	struct curb_place place;
	if (region.len == 0)
		return curb_tr(req, "Everywhere", NULL);
	if (curb_place_find(curb_req_tx(req), region, &place) == 0)
		return place.name;
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "code", digit_by_digit(req, region));
	return curb_tr(req, "region code {code}", values);
}
