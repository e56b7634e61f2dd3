/* The rules of certificates: when one is issued, and how it is withdrawn or takes another name. */
#include "certificate.h"
#include "code.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/person.h"

int earned_of(struct certificate *c, struct curb_tx *tx, const struct credit_class *class,
              const struct curb_id *person, struct earned *ret)
{
	struct earned earned = { .planned_offline_s = class->offline_c * class->hour_s / 100 };
	struct sitting *sittings = NULL;
	size_t n = 0;
	int err = c->credit->earned(c->credit, tx, &class->id, person, &earned.hours);
	if (!err)
		err = sittings_of(c, tx, &class->id, person, &sittings, &n);
	if (!err)
		err = issued_last(c, tx, &class->id, person, &earned.last);
	if (err)
		return err;
	earned.planned_offline_s = (earned.planned_offline_s * earned.hours.complete_m + 999) / 1000;
	earned.assessed = assessed_of(sittings, n);
	*ret = earned;
	return 0;
}

bool earned_enough(const struct earned *earned)
{
	return earned->hours.counted_s >= earned->hours.complete_s &&
	       earned->hours.offline_s >= earned->planned_offline_s &&
	       earned->assessed.theory == STANDING_PASSED && earned->assessed.practice == STANDING_PASSED;
}

uint32_t earned_issuer(const struct earned *earned)
{
	return curb_id_some(&earned->last.id) ? CURB_REVIEWER : CERTIFICATE_MAKERS;
}

static void put_hours(struct issued *issued, const struct earned *earned, const struct credit_class *class)
{
	issued->online_c = (earned->hours.counted_s - earned->hours.offline_s) * 100 / class->hour_s;
	issued->offline_c = earned->hours.offline_s * 100 / class->hour_s;
}

/* ---- issuing ---- */

/* The token's hash, which says nothing by itself: there are random bits in it. No name. */
static int append_issued(struct curb_tx *tx, struct issued *issued, int64_t replaces, const char *role)
{
	const struct curb_fact facts[] = {
		{ "cohort", 0, curb_id_str(&issued->cohort) },
		{ "hash", 0, sign_hash(curb_tx_arena(tx), issued->token) },
		{ "online_c", issued->online_c, { NULL, 0 } },
		{ "offline_c", issued->offline_c, { NULL, 0 } },
	};
	const struct curb_entry entry = { .kind = "certificate",
		                          .at_ms = issued->issued_ms,
		                          .person = issued->person,
		                          .by = issued->issued_by,
		                          .role = role,
		                          .corrects = replaces,
		                          .key = curb_id_str(&issued->id),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, &issued->entry);
}

/* Gives it id, code, place and token, and keeps it. `before`: the entry of the one that it replaces, if it replaces one. */
static int make(struct certificate *c, struct curb_tx *tx, struct issued *issued, struct curb_str origin,
                int64_t before, const char *role)
{
	struct curb_user trainee;
	char code[CODE_LENGTH + 1];
	if (!origin.len)
		return curb_fail(
			CURB_EUNFIT,
			"This server was not told its own address, which every certificate names for "
			"good. Whoever runs it must set origin in its configuration first");
	int err = curb_person_find(tx, curb_id_str(&issued->person), issued->issued_ms, &trainee);
	if (!err)
		err = issued_next_place(c, tx, &issued->place);
	if (err)
		return err;
	code_make(code);
	issued->id = curb_id_new(issued->issued_ms);
	issued->code = curb_dup(curb_tx_arena(tx), curb_str(code));
	issued->name = trainee.name;
	issued->token = credential_token(curb_tx_arena(tx), c->key, origin, issued);
	err = append_issued(tx, issued, curb_id_some(&issued->replaces) ? before + 1 : 0, role);
	if (!err)
		err = issued_add(c, tx, issued);
	return err ? err : certificate_tell(c, tx, CERTIFICATE_ISSUED, &issued->id);
}

static int check_issuing(const struct issuing *issuing, const struct earned *earned)
{
	if (strcmp(issuing->by.text, issuing->person.text) == 0)
		return curb_fail(CURB_EDENIED, "Nobody issues a certificate to herself or himself");
	if (issued_in_force(&earned->last))
		return curb_fail(CURB_ECONFLICT, "This trainee has a certificate of this class already");
	bool hers = (issuing->roles & earned_issuer(earned)) != 0;
	if (!hers && curb_id_some(&earned->last.id))
		return curb_fail(CURB_EDENIED, "A certificate of this trainee was withdrawn, so only the "
		                               "federation issues another one");
	if (!hers)
		return curb_fail(CURB_EDENIED, "The first certificate is issued by the institution");
	if (earned->hours.left_ms)
		return curb_fail(
			CURB_EUNFIT,
			"This trainee has left the class; a certificate is for who is in it. Take the "
			"trainee back first, on the page of the trainee in the class");
	if (!earned_enough(earned))
		return curb_fail(CURB_EUNFIT,
		                 "This trainee has not all yet that a certificate wants; the page "
		                 "of the class says what is missing");
	return 0;
}

int certificate_issue(struct certificate *c, struct curb_tx *tx, const struct issuing *issuing,
                      struct issued *ret_issued)
{
	const struct credit_class *class = &issuing->class;
	struct earned earned;
	struct issued issued = { .cohort = class->id,
		                 .institution = class->institution,
		                 .person = issuing->person,
		                 .issued_by = issuing->by,
		                 .programme = class->programme,
		                 .starts_ms = class->starts_ms,
		                 .ends_ms = class->ends_ms,
		                 .issued_ms = issuing->now_ms };
	int err = earned_of(c, tx, class, &issuing->person, &earned);
	if (!err)
		err = check_issuing(issuing, &earned);
	if (!err)
		err = curb_institution_name(tx, &class->institution, &issued.issuer);
	if (err)
		return err;
	put_hours(&issued, &earned, class);
	issued.replaces = earned.last.id;
	err = make(c, tx, &issued, issuing->origin, earned.last.entry, issuing->role);
	if (!err)
		*ret_issued = issued;
	return err;
}

/* ---- withdrawing ---- */

static int append_withdrawal(struct curb_tx *tx, const struct issued *issued, const char *kind,
                             const struct withdrawing *asked, int64_t *ret_entry)
{
	const struct curb_fact facts[] = { { "cohort", 0, curb_id_str(&issued->cohort) },
		                           { "entry", issued->entry, { NULL, 0 } },
		                           { "renew", issued->renew, { NULL, 0 } } };
	const struct curb_entry entry = { .kind = kind,
		                          .at_ms = asked->now_ms,
		                          .person = issued->subject,
		                          .by = asked->by,
		                          .role = asked->role,
		                          .key = curb_id_str(&issued->withdrawal),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, ret_entry);
}

/* The hours are those of now: what was corrected meanwhile is not certified again. */
static int check_renewal(struct certificate *c, struct curb_tx *tx, struct issued *issued, int64_t now_ms)
{
	struct curb_user trainee;
	struct credit_class class;
	struct earned earned;
	int err = curb_person_find(tx, curb_id_str(&issued->person), now_ms, &trainee);
	if (!err && curb_str_eq(trainee.name, issued->name))
		return curb_fail(CURB_EUNFIT, "The trainee is still called as on this certificate");
	if (!err)
		err = c->credit->class_by_id(c->credit, tx, curb_id_str(&issued->cohort), &class);
	if (!err)
		err = earned_of(c, tx, &class, &issued->person, &earned);
	if (!err && !earned_enough(&earned))
		return curb_fail(
			CURB_EUNFIT,
			"Since it was issued something was corrected: this trainee has no longer all "
			"that a certificate wants, so there is no new one. The page of the class says "
			"what is missing");
	if (!err)
		put_hours(issued, &earned, &class);
	return err;
}

/* Signs the withdrawal; the new one says what the old one said, but for the name and the hours. */
static int carry_out(struct certificate *c, struct curb_tx *tx, const struct issued *issued,
                     const struct withdrawing *asked, struct curb_id *ret_new)
{
	int64_t entry = 0;
	struct issued renewed = *issued;
	int err = issued->renew ? check_renewal(c, tx, &renewed, asked->now_ms) : 0;
	if (!err)
		err = append_withdrawal(tx, issued, "withdrawal_countersign", asked, &entry);
	if (!err)
		err = withdrawal_sign(c, tx, issued, &asked->by, asked->now_ms, entry);
	if (!err)
		err = certificate_tell(c, tx, CERTIFICATE_WITHDRAWN, &issued->id);
	*ret_new = (struct curb_id){ "" };
	if (err || !issued->renew)
		return err;
	renewed.replaces = issued->id;
	renewed.issued_by = asked->by;
	renewed.issued_ms = asked->now_ms;
	err = make(c, tx, &renewed, asked->origin, issued->entry, asked->role);
	*ret_new = renewed.id;
	return err;
}

static int find_to_withdraw(struct certificate *c, struct curb_tx *tx, const struct withdrawing *asked,
                            struct issued *ret)
{
	int err = issued_by_id(c, tx, curb_id_str(&asked->id), ret);
	if (!err && ret->withdrawn_ms)
		return curb_fail(CURB_ECONFLICT, "This certificate was withdrawn meanwhile");
	return err;
}

int certificate_withdraw(struct certificate *c, struct curb_tx *tx, const struct withdrawing *asked,
                         struct curb_id *ret_new)
{
	struct issued issued, renewed;
	int err = find_to_withdraw(c, tx, asked, &issued);
	if (!err && asked->alone && strcmp(asked->by.text, issued.person.text) == 0)
		return curb_fail(CURB_EDENIED, "This is about yourself, so another person must decide it.");
	if (!err && asked->renew) {
		renewed = issued;
		err = check_renewal(c, tx, &renewed, asked->now_ms);
	}
	if (err)
		return err;
	issued.withdrawal = curb_id_new(asked->now_ms);
	issued.reason = asked->reason;
	issued.renew = asked->renew;
	issued.asked_by = asked->by;
	err = append_withdrawal(tx, &issued, "withdrawal", asked, &issued.asked_entry);
	if (!err)
		err = withdrawal_add(c, tx, &issued, asked->now_ms);
	*ret_new = (struct curb_id){ "" };
	return err || !asked->alone ? err : carry_out(c, tx, &issued, asked, ret_new);
}

int certificate_withdraw_sign(struct certificate *c, struct curb_tx *tx, const struct withdrawing *asked,
                              struct curb_id *ret_new)
{
	struct issued issued;
	int err = find_to_withdraw(c, tx, asked, &issued);
	if (!err && !curb_id_some(&issued.withdrawal))
		return curb_fail(CURB_ECONFLICT, "Nobody asked for this certificate to be withdrawn");
	if (!err)
		err = sign_check(&asked->by, &issued.asked_by, &issued.person);
	if (!err && strcmp(issued.withdrawal.text, asked->shown.text) != 0)
		return curb_fail(
			CURB_ECONFLICT,
			"Something else is asked for now than what you were shown. Look at it again, "
			"and countersign it when it is right");
	return err ? err : carry_out(c, tx, &issued, asked, ret_new);
}
