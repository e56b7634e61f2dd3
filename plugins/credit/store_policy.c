#include "credit.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "policy.h"

#define RULE                                                                                          \
	"SELECT id, region, kind, from_day, coalesce(until_day, 0), title, number, entered_ms, "      \
	"entered_by, hour_minutes, share_m, basis, daily_s, rate_m, completion_m, presence_minutes, " \
	"point_minutes, "                                                                             \
	"decides, credits_t, keep_years FROM credit_policy "

static void read_rule(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	enum { FIRST = 9 };
	struct curb_arena *arena = curb_tx_arena(tx);
	struct policy_rule rule = {
		.id = curb_col_id(stmt, 0),
		.region = curb_dup(arena, curb_col_text(stmt, 1)),
		.kind = curb_dup(arena, curb_col_text(stmt, 2)),
		.from_day = curb_col_int(stmt, 3),
		.until_day = curb_col_int(stmt, 4),
		.title = curb_dup(arena, curb_col_text(stmt, 5)),
		.number = curb_dup(arena, curb_col_text(stmt, 6)),
		.entered_ms = curb_col_int(stmt, 7),
		.by = curb_col_id(stmt, 8),
	};
	for (int i = 0; i < POLICY_FIELDS; i++)
		rule.value[i] = curb_col_null(stmt, FIRST + i) ? POLICY_NONE : curb_col_int(stmt, FIRST + i);
	*(struct policy_rule *)row = rule;
}

static const struct credit_rows rules = { sizeof(struct policy_rule), read_rule };

int policy_rules_of(struct credit *c, struct curb_tx *tx, struct curb_str region,
                    struct policy_rule **ret_rules, size_t *ret_n)
{
	static const char sql[] = RULE "WHERE region = $1 ORDER BY from_day DESC, kind";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_text(region)), rules, ret_rules, ret_n);
}

int policy_rules(struct credit *c, struct curb_tx *tx, int64_t skip, int64_t most,
                 struct policy_rule **ret_rules, size_t *ret_n, int64_t *ret_total)
{
	static const char sql[] = RULE "ORDER BY entered_ms DESC, id DESC LIMIT $1 OFFSET $2";
	int err = credit_one_number(c, tx, "SELECT count(*) FROM credit_policy", CURB_NO_BINDS, ret_total);
	return err ? err :
	             credit_gather(c, tx, sql, CURB_BINDS(curb_int(most), curb_int(skip)), rules, ret_rules,
	                           ret_n);
}

int policy_rule_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct policy_rule *ret_rule)
{
	struct policy_rule *found = NULL;
	size_t n = 0;
	int err = credit_gather(c, tx, RULE "WHERE id = $1", CURB_BINDS(curb_text(id)), rules, &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such rule");
	if (!err)
		*ret_rule = found[0];
	return err;
}

static struct curb_bind figure(const struct policy_rule *rule, enum policy_field field)
{
	return rule->value[field] == POLICY_NONE ? curb_null() : curb_int(rule->value[field]);
}

int policy_rule_add(struct credit *c, struct curb_tx *tx, const struct policy_rule *rule)
{
	static const char sql[] =
		"INSERT INTO credit_policy (id, region, kind, from_day, until_day, title, number, "
		"entered_ms, entered_by, hour_minutes, share_m, basis, daily_s, rate_m, completion_m, "
		"presence_minutes, point_minutes, decides, credits_t, keep_years) VALUES ($1, $2, $3, $4, "
		"$5, $6, "
		"$7, $8, $9, "
		"$10, $11, "
		"$12, $13, $14, $15, $16, $17, $18, $19, $20)";
	return curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&rule->id), curb_text(rule->region), curb_text(rule->kind),
	                   curb_int(rule->from_day),
	                   rule->until_day ? curb_int(rule->until_day) : curb_null(), curb_text(rule->title),
	                   curb_text(rule->number), curb_int(rule->entered_ms), curb_bind_id(&rule->by),
	                   figure(rule, POLICY_HOUR), figure(rule, POLICY_SHARE), figure(rule, POLICY_BASIS),
	                   figure(rule, POLICY_DAILY), figure(rule, POLICY_RATE),
	                   figure(rule, POLICY_COMPLETION), figure(rule, POLICY_PRESENCE),
	                   figure(rule, POLICY_POINTS), figure(rule, POLICY_DECIDES),
	                   figure(rule, POLICY_CREDITS), figure(rule, POLICY_KEEP)),
		NULL);
}
