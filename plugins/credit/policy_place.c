/* The rules that matter for a place, and entering one. */
#include "credit.h"
#include "curb/err.h"
#include "curb/job.h"
#include "curb/ledger.h"
#include "policy.h"

static int add_rules(struct credit *c, struct curb_tx *tx, struct curb_str region, struct policy_book *book)
{
	struct policy_rule *found = NULL;
	size_t n = 0;
	int err = policy_rules_of(c, tx, region, &found, &n);
	if (err || n == 0)
		return err;
	struct policy_rule *all = curb_alloc_n(curb_tx_arena(tx), book->n + n, sizeof *all);
	if (book->n)
		memcpy(all, book->rules, book->n * sizeof *all);
	memcpy(all + book->n, found, n * sizeof *all);
	book->rules = all;
	book->n += n;
	return 0;
}

int policy_place(struct credit *c, struct curb_tx *tx, struct curb_str id, struct policy_place *ret_place)
{
	struct curb_place *around = NULL;
	size_t n = 0;
	int err = id.len ? curb_places_around(tx, id, &around, &n) : 0;
	if (err)
		return err;
	struct policy_place place = { .id = curb_str(""), .name = curb_str("") };
	place.regions = curb_alloc_n(curb_tx_arena(tx), n + 1, sizeof *place.regions);
	place.names = curb_alloc_n(curb_tx_arena(tx), n + 1, sizeof *place.names);
	place.book.settings = c->settings;
	for (size_t i = 0; i < n; i++) {
		if (around[i].institution)
			continue;
		place.regions[place.n] = around[i].id;
		place.names[place.n++] = around[i].name;
	}
	if (place.n) {
		place.id = place.regions[0];
		place.name = place.names[0];
	}
	place.names[place.n] = curb_str("");
	place.regions[place.n++] = curb_str("");
	for (size_t i = 0; !err && i < place.n; i++)
		err = add_rules(c, tx, place.regions[i], &place.book);
	if (!err)
		*ret_place = place;
	return err;
}

int policy_at(struct credit *c, struct curb_tx *tx, struct curb_str id, struct curb_str kind, int64_t day,
              struct policy *ret_policy)
{
	struct policy_place place;
	int err = policy_place(c, tx, id, &place);
	if (!err)
		policy_resolve(&place.book, place.regions, place.n, kind, day, ret_policy);
	return err;
}

/* ---- entering ---- */

static struct curb_fact number_of(const char *name, int64_t number)
{
	return (struct curb_fact){ name, number, { NULL, 0 } };
}

static struct curb_fact text_of(const char *name, struct curb_str text)
{
	return (struct curb_fact){ name, 0, text };
}

/* What an entry of the rule says but for its figures. */
static size_t put_head(const struct policy_rule *rule, struct curb_fact *facts)
{
	size_t n = 0;
	facts[n++] = text_of("policy", curb_id_str(&rule->id));
	facts[n++] = text_of("place", rule->region);
	facts[n++] = text_of("type", rule->kind);
	facts[n++] = text_of("document", rule->number);
	facts[n++] = number_of("from", rule->from_day);
	if (rule->until_day)
		facts[n++] = number_of("until", rule->until_day);
	return n;
}

/* Figures that an entry has no room for stand in a second one. */
static int note(struct curb_tx *tx, const struct policy_rule *rule)
{
	struct curb_fact facts[CURB_FACTS_MOST];
	const char *key = rule->id.text;
	enum policy_field field = 0;
	int err = 0;
	while (!err && field < POLICY_FIELDS) {
		size_t n = put_head(rule, facts), head = n;
		for (; field < POLICY_FIELDS && n < CURB_FACTS_MOST; field++)
			if (rule->value[field] != POLICY_NONE)
				facts[n++] = number_of(policy_word(field), rule->value[field]);
		const struct curb_entry entry = { .kind = "policy",
			                          .at_ms = rule->entered_ms,
			                          .by = rule->by,
			                          .role = "reviewer",
			                          .key = curb_str(key),
			                          .facts = facts,
			                          .fact_count = n };
		err = n > head ? curb_ledger_append(tx, &entry, NULL) : 0;
		key = curb_printf(curb_tx_arena(tx), "%s/more", rule->id.text);
	}
	return err;
}

static int note_change(struct curb_tx *tx, const struct policy_rule *rule)
{
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_str(detail, "name", rule->title);
	const struct curb_change change = { rule->by, curb_id_str(&rule->id), rule->region,
		                            CURB_TEXT("entered the rule of {name}"), detail };
	return curb_note_change(tx, &change, rule->entered_ms);
}

int policy_would_fit(struct credit *c, struct curb_tx *tx, const struct policy_rule *rule,
                     const char **ret_field)
{
	struct policy_place place;
	struct policy around = { .value = { 0 } };
	*ret_field = "place";
	int err = policy_place(c, tx, rule->region, &place);
	if (err)
		return err;
	if (place.n > 1)
		policy_resolve(&place.book, place.regions + 1, place.n - 1, rule->kind, rule->from_day,
		               &around);
	return policy_check(rule, &place.book, &around, ret_field);
}

int policy_enter(struct credit *c, struct curb_tx *tx, const struct policy_rule *rule, const char **ret_field)
{
	int err = policy_would_fit(c, tx, rule, ret_field);
	if (!err)
		err = policy_rule_add(c, tx, rule);
	if (!err)
		err = note(tx, rule);
	if (!err)
		err = note_change(tx, rule);
	return err ? err :
	             curb_emit(c->host, tx, CREDIT_RULE_ENTERED,
	                       curb_str(curb_printf(curb_tx_arena(tx), "{\"id\":\"%s\"}", rule->id.text)));
}
