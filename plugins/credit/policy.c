#include "policy.h"

#include "curb/err.h"

const struct policy_kind policy_kinds[] = {
	{ "", CURB_TEXT("Every kind of training") },
	{ "skill", CURB_TEXT("Skill training") },
	{ "work", CURB_TEXT("Training on the job") },
	{ "startup", CURB_TEXT("Start-up training") },
	{ "rural", CURB_TEXT("Practical skills for the countryside") },
	{ "service", CURB_TEXT("Training of teachers, employers and service staff") },
};

/* strict -1: the smaller lets less pass, 1: the larger, 0: it is no limit, ZERO_IS_STRICT: 0 lets less pass than all others. */
enum { ZERO_IS_STRICT = 2 };

static const struct {
	const char *word;
	int64_t least, most;
	int strict;
} fields[POLICY_FIELDS] = {
	{ "hour", 1, 240, 1 },       { "share", 0, 1000, -1 },    { "basis", 0, 2, ZERO_IS_STRICT },
	{ "daily", 60, 86400, -1 },  { "rate", 1000, 16000, -1 }, { "completion", 0, 1000, 1 },
	{ "presence", 0, 240, 0 },   { "points", 0, 1440, 0 },    { "decides", 1, 3, 1 },
	{ "credits", 0, 100000, 0 }, { "keep", 0, 100, 1 },
};

const char *policy_word(enum policy_field field)
{
	return fields[field].word;
}

enum policy_field policy_field_of(const char *word)
{
	enum policy_field field = 0;
	while (field < POLICY_FIELDS && strcmp(fields[field].word, word) != 0)
		field++;
	return field;
}

const struct policy_kind *policy_kind(struct curb_str word)
{
	for (size_t i = 0; i < POLICY_KINDS; i++)
		if (curb_str_is(word, policy_kinds[i].word))
			return &policy_kinds[i];
	return NULL;
}

bool policy_stricter(enum policy_field field, int64_t a, int64_t b)
{
	if (fields[field].strict == 0 || a == POLICY_NONE)
		return false;
	if (b == POLICY_NONE)
		return true;
	if (fields[field].strict == ZERO_IS_STRICT)
		return a == 0 && b != 0;
	return fields[field].strict < 0 ? a < b : a > b;
}

static bool is_of(const struct policy_rule *rule, struct curb_str region, struct curb_str kind)
{
	return curb_str_eq(rule->region, region) && curb_str_eq(rule->kind, kind);
}

const struct policy_rule *policy_in_force(const struct policy_book *book, struct curb_str region,
                                          struct curb_str kind, int64_t day)
{
	const struct policy_rule *last = NULL;
	for (size_t i = 0; i < book->n; i++) {
		const struct policy_rule *rule = &book->rules[i];
		if (is_of(rule, region, kind) && rule->from_day <= day &&
		    (!last || rule->from_day > last->from_day))
			last = rule;
	}
	return last && last->until_day && last->until_day <= day ? NULL : last;
}

/* The rule of one place that has entered the figure: for the kind of training, else for every kind. */
static const struct policy_rule *has_entered(const struct policy_book *book, struct curb_str region,
                                             struct curb_str kind, int64_t day, enum policy_field field)
{
	const struct policy_rule *own = policy_in_force(book, region, kind, day);
	if (own && own->value[field] != POLICY_NONE)
		return own;
	const struct policy_rule *any = policy_in_force(book, region, curb_str(""), day);
	return any && any->value[field] != POLICY_NONE ? any : NULL;
}

void policy_resolve(const struct policy_book *book, const struct curb_str *regions, size_t n,
                    struct curb_str kind, int64_t day, struct policy *ret_policy)
{
	for (enum policy_field field = 0; field < POLICY_FIELDS; field++) {
		const struct policy_rule *found = NULL;
		for (size_t i = 0; i < n; i++) {
			const struct policy_rule *rule = has_entered(book, regions[i], kind, day, field);
			if (rule &&
			    (!found || policy_stricter(field, rule->value[field], found->value[field])))
				found = rule;
		}
		ret_policy->from[field] = found;
		ret_policy->value[field] = found ? found->value[field] : book->settings[field];
	}
}

struct curb_str policy_tier_region(const struct policy_place *place, enum policy_tier tier)
{
	size_t own = place->n - 1; /* regions without "everywhere": the last one is the province */
	size_t below = (size_t)(POLICY_PROVINCE - tier);
	if (own == 0)
		return curb_str("");
	return place->regions[below < own ? own - 1 - below : 0];
}

/* ---- what can be entered ---- */

static int check_figures(const struct policy_rule *rule, const char **ret_field)
{
	size_t entered = 0;
	for (enum policy_field field = 0; field < POLICY_FIELDS; field++) {
		int64_t value = rule->value[field];
		if (value == POLICY_NONE)
			continue;
		entered++;
		*ret_field = fields[field].word;
		bool nagging = field == POLICY_PRESENCE && value > 0 && value < POLICY_PRESENCE_LEAST;
		if (value < fields[field].least || value > fields[field].most || nagging)
			return curb_fail(CURB_EINVAL, "This figure is too small or too large; the help "
			                              "beside it says what can be entered");
	}
	*ret_field = "share";
	if (entered == 0)
		return curb_fail(CURB_EINVAL, "Enter at least one figure of the document");
	return 0;
}

static int check_document(const struct policy_rule *rule, const char **ret_field)
{
	enum { TITLE_LONGEST = 300, NUMBER_LONGEST = 100 };
	*ret_field = "title";
	if (rule->title.len == 0 || rule->title.len > TITLE_LONGEST)
		return curb_fail(CURB_EINVAL, "Give the title of the document, in at most 100 characters");
	*ret_field = "number";
	if (rule->number.len == 0 || rule->number.len > NUMBER_LONGEST)
		return curb_fail(CURB_EINVAL,
		                 "Give the number of the document, or the place in it, in at most 30 "
		                 "characters");
	*ret_field = "kind";
	if (!policy_kind(rule->kind))
		return curb_fail(CURB_EINVAL, "Choose a kind of training");
	*ret_field = "until";
	if (rule->until_day && rule->until_day <= rule->from_day)
		return curb_fail(CURB_EINVAL, "The last day lies before the first; check the two dates");
	return 0;
}

/* A rule takes the place of those before it: none may begin on its first day or behind it. */
static int check_order(const struct policy_rule *rule, const struct policy_book *book, const char **ret_field)
{
	*ret_field = "from";
	for (size_t i = 0; i < book->n; i++) {
		const struct policy_rule *other = &book->rules[i];
		if (!is_of(other, rule->region, rule->kind) || other->from_day < rule->from_day)
			continue;
		if (other->from_day == rule->from_day)
			return curb_fail(CURB_ECONFLICT,
			                 "This place has a rule for this kind of training from that day on "
			                 "already; a new one begins on a later day");
		return curb_fail(CURB_ECONFLICT,
		                 "This place has a rule for this kind of training that begins later; a new "
		                 "one begins behind it");
	}
	return 0;
}

int policy_check(const struct policy_rule *rule, const struct policy_book *book, const struct policy *around,
                 const char **ret_field)
{
	int err = check_figures(rule, ret_field);
	if (!err)
		err = check_document(rule, ret_field);
	if (!err)
		err = check_order(rule, book, ret_field);
	for (enum policy_field field = 0; !err && field < POLICY_FIELDS; field++) {
		bool looser = rule->value[field] != POLICY_NONE && around->from[field] &&
		              policy_stricter(field, around->value[field], rule->value[field]);
		*ret_field = fields[field].word;
		if (looser)
			return curb_fail(
				CURB_EUNFIT,
				"A place above has a stricter limit in its document \"%.*s\"; a rule "
				"here may be stricter than that, not looser",
				(int)around->from[field]->title.len, around->from[field]->title.ptr);
	}
	return err;
}
