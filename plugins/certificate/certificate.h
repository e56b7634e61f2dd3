/* Inside of certificate: its state, its rows, its rules.
 * The rule: nothing is edited. A result, a certificate, a withdrawal is a row and an entry of the ledger; a second person's
 * signature is another row and another entry; a correction names what it corrects.
 */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

#include "cells.h"
#include "certificate/certificate_api.h"
#include "credit/credit_api.h"
#include "curb/db.h"
#include "curb/doctor.h"
#include "curb/erasure.h"
#include "curb/home.h"
#include "curb/plugin.h"
#include "curb/request.h"
#include "rows.h"
#include "sign.h"

/* Who enters and issues, who also signs behind them and issues again, who sees. */
enum {
	CERTIFICATE_MAKERS = CURB_STAFF | CURB_TEACHER,
	CERTIFICATE_SIGNERS = CERTIFICATE_MAKERS | CURB_REVIEWER,
	CERTIFICATE_READERS = CERTIFICATE_SIGNERS | CURB_AUDITOR
};

struct certificate {
	struct certificate_api api;
	struct curb_host *host;
	const struct credit_api *credit;
	const struct curb_home_api *home;
	const struct curb_doctor_api *doctor;
	const struct curb_erasure_api *erasure;
	struct sign_key *key;
};

/* ---- final assessment ---- */

enum outcome { OUTCOME_NONE, OUTCOME_FAILED, OUTCOME_PASSED };

struct sitting {
	struct curb_id id, cohort, institution, person;
	enum outcome theory, practice;
	int64_t theory_points, practice_points; /* hundredths; -1: none were given */
	bool resit;
	int64_t day;
	struct curb_str examiner;
	struct curb_str adjustments; /* words of adjustments.c, blanks between them */
	struct curb_str other, reason;
	struct curb_id corrects;              /* "": none */
	struct curb_id corrected;             /* by which; "": by none */
	struct curb_id entered_by, signed_by; /* signed_by "": it waits */
	int64_t entered_ms, signed_ms, entry;
	struct curb_id
		subject; /* whom its entry names: `person`, or a record that was merged into that one */
};

/* How a trainee stands in the final assessment: what counts is signed by a second person and not corrected by what is. */
enum standing { STANDING_NONE, STANDING_WAITS, STANDING_FAILED, STANDING_PASSED };
struct assessed {
	enum standing theory, practice;
	bool waits; /* something waits for a signature, whatever counts already */
};

/* ---- certificates ---- */

struct issued {
	struct curb_id id, cohort, institution, person, replaces, issued_by;
	struct curb_str code, name, programme, issuer, token;
	int64_t place, online_c, offline_c, starts_ms, ends_ms, issued_ms, entry;
	struct curb_id withdrawal; /* "": nobody asked for one */
	bool renew;
	struct curb_str reason;
	struct curb_id asked_by;
	int64_t withdrawn_ms; /* 0: it is in force */
	int64_t asked_entry;
	struct curb_id
		subject; /* whom its entry names: `person`, or a record that was merged into that one */
};

/* What a trainee has, of what a certificate wants. */
struct earned {
	struct credit_earned hours;
	int64_t planned_offline_s; /* as much of the planned part as completes the class */
	struct assessed assessed;
	struct issued last; /* her newest certificate of the class, in force or withdrawn; id "": none */
};

/* ---- store.c ---- */
int issued_add(struct certificate *c, struct curb_tx *tx, const struct issued *issued);
/* The next place of the status list. */
int issued_next_place(struct certificate *c, struct curb_tx *tx, int64_t *ret_place);
/* CURB_ENOTFOUND. */
int issued_by_id(struct certificate *c, struct curb_tx *tx, struct curb_str id, struct issued *ret);
int issued_by_code(struct certificate *c, struct curb_tx *tx, const char *code, struct issued *ret);
/* The newest of a person in a class: no older one is in force. Its id is "" when there is none. */
int issued_last(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                const struct curb_id *person, struct issued *ret);
bool issued_in_force(const struct issued *issued); /* false of one without an id, too */
/* The one of that entry of the ledger. CURB_ENOTFOUND. */
int issued_by_entry(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                    const struct curb_id *person, int64_t entry, struct issued *ret);
/* Entries of all in force of a class or (cohort "") of an institution. */
int issued_entries(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                   const struct curb_id *institution, int64_t **ret_entries, size_t *ret_n);
/* All of a person, the newest first. */
int issued_of_person(struct certificate *c, struct curb_tx *tx, const struct curb_id *person,
                     struct issued **ret, size_t *ret_n);
/* Places of a list (from 0) that were withdrawn, within the list. *ret_there: places given out in it or behind it. */
int issued_withdrawn(struct certificate *c, struct curb_tx *tx, int64_t list, int64_t **ret_places,
                     size_t *ret_n, int64_t *ret_there);
/* The withdrawal in issued->withdrawal, reason, renew, asked_by, asked_entry. */
int withdrawal_add(struct certificate *c, struct curb_tx *tx, const struct issued *issued, int64_t now_ms);
int withdrawal_sign(struct certificate *c, struct curb_tx *tx, const struct issued *issued,
                    const struct curb_id *by, int64_t now_ms, int64_t entry);
/* Keys that certificates were signed with, the first first. */
int keys_all(struct certificate *c, struct curb_tx *tx, struct sign_public **ret, size_t *ret_n);
int keys_add(struct certificate *c, struct curb_tx *tx, const struct sign_public *key, int64_t now_ms);

/* ---- store_assessment.c ---- */
int sitting_add(struct certificate *c, struct curb_tx *tx, const struct sitting *sitting);
int sitting_sign(struct certificate *c, struct curb_tx *tx, const struct curb_id *id,
                 const struct curb_id *by, int64_t now_ms, int64_t entry);
/* CURB_ENOTFOUND. */
int sitting_by_id(struct certificate *c, struct curb_tx *tx, struct curb_str id, struct sitting *ret);
/* Of a person in a class, the first entered first. */
int sittings_of(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                const struct curb_id *person, struct sitting **ret, size_t *ret_n);
/* What `by` entered last in a class. CURB_ENOTFOUND. */
int sitting_latest(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                   const struct curb_id *by, struct sitting *ret);
/* Who of a class has a result of whatever kind. */
int sittings_persons(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                     struct curb_id **ret, size_t *ret_n);
/* Whose results of a class wait and `by` may sign, the one that waits longest first. */
int sittings_persons_waiting(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                             const struct curb_id *by, struct curb_id **ret, size_t *ret_n);
/* Classes of an institution with results that wait and that `by` may sign: `most` behind the first `skip`, and how many there are. */
struct waiting {
	struct curb_id cohort;
	int64_t results;
};
int sittings_waiting(struct certificate *c, struct curb_tx *tx, const struct curb_id *institution,
                     const struct curb_id *by, int64_t skip, int64_t most, struct waiting **ret,
                     size_t *ret_n);
int sittings_waiting_count(struct certificate *c, struct curb_tx *tx, const struct curb_id *institution,
                           const struct curb_id *by, int64_t *ret_n);

/* ---- service.c, issue.c: the rules; those that write run in a write function ---- */
struct assessed assessed_of(const struct sitting *sittings, size_t n);
/* Enters it: id, resit and entry are made. CURB_EUNFIT when its day is before the class, or the class is closed. */
int assess_enter(struct certificate *c, struct curb_tx *tx, struct sitting *sitting, const char *role);
int assess_sign(struct certificate *c, struct curb_tx *tx, struct curb_str id, const struct curb_id *by,
                const char *role, int64_t now_ms);
/* CURB_EDENIED, with why, when `by` may not sign what `first` entered or asked for about `person`. */
int sign_check(const struct curb_id *by, const struct curb_id *first, const struct curb_id *person);

int earned_of(struct certificate *c, struct curb_tx *tx, const struct credit_class *class,
              const struct curb_id *person, struct earned *ret);
bool earned_enough(const struct earned *earned);
/* Who issues it to her: makers the first; the federation another one behind one that was withdrawn. */
uint32_t earned_issuer(const struct earned *earned);

struct issuing {
	struct credit_class class;
	struct curb_id person, by;
	struct curb_str origin;
	uint32_t roles; /* of CERTIFICATE_SIGNERS, those in which `by` acts for the institution */
	const char *role;
	int64_t now_ms;
};
/* CURB_EDENIED when it is not for who has these roles; CURB_EUNFIT when something is missing, be it the origin; CURB_ECONFLICT when
 * there is one in force. Arena of tx. */
int certificate_issue(struct certificate *c, struct curb_tx *tx, const struct issuing *issuing,
                      struct issued *ret_issued);

struct withdrawing {
	struct curb_id id, by;
	struct curb_id shown; /* the withdrawal that is signed, as the one who signs was shown it */
	struct curb_str reason, origin;
	const char *role;
	bool renew, alone; /* alone: a federation's decision needs no second signature */
	int64_t now_ms;
};
/* Asks for it. CURB_EDENIED when it would be decided alone by its holder; CURB_ECONFLICT when it is withdrawn, CURB_EUNFIT when it
 * is to be renewed and nothing would differ, or she has no longer all that one wants. *ret_new: the certificate that takes its
 * place, "" without. */
int certificate_withdraw(struct certificate *c, struct curb_tx *tx, const struct withdrawing *asked,
                         struct curb_id *ret_new);
/* The second signature, of somebody else than who asked. CURB_ECONFLICT when another withdrawal is asked for than was shown. */
int certificate_withdraw_sign(struct certificate *c, struct curb_tx *tx, const struct withdrawing *asked,
                              struct curb_id *ret_new);

/* ---- credential.c: the token's payload, Open Badges 3.0 (1EdTech) in W3C Verifiable Credentials 2.0 ---- */
/* "did:web:host" of an origin (https://w3c-ccg.github.io/did-method-web/). Arena. */
struct curb_str credential_did(struct curb_arena *arena, struct curb_str origin);
/* The signed token of a certificate. Arena. */
struct curb_str credential_token(struct curb_arena *arena, const struct sign_key *key, struct curb_str origin,
                                 const struct issued *issued);
/* The signed status list (W3C Bitstring Status List). Arena. */
struct curb_str credential_status(struct curb_arena *arena, const struct sign_key *key,
                                  struct curb_str origin, int64_t list, struct curb_str bits, int64_t now_ms);
/* The last part of the id of a token's credential, when it is one of our certificates; "" when not. */
struct curb_str credential_id(struct curb_arena *arena, struct curb_str payload);

/* ---- missing.c ---- */
/* What the class and its final assessment still lack for a certificate; empty when nothing. `own`: said to the trainee herself. Arena. */
struct curb_str certificate_missing(struct curb_req *req, const struct credit_class *class,
                                    const struct earned *earned, bool own);

/* ---- words.c ---- */
/* As whom she acts for the institution: "staff", "teacher", "reviewer". */
const char *certificate_role(struct curb_req *req, const struct curb_id *institution);
/* The address that certificates name for good; "" while none is configured. */
struct curb_str certificate_origin(struct curb_req *req);
/* The class of the parameter "class", when a grant of one of `roles` covers it. CURB_ENOTFOUND. */
int certificate_class(struct curb_req *req, struct certificate *c, uint32_t roles,
                      struct credit_class *ret_class);
/* What pages call a person; of one whose account is closed, nothing more than that. */
struct curb_str certificate_person(struct curb_req *req, const struct curb_id *person);
struct curb_str outcome_text(struct curb_req *req, enum outcome outcome, int64_t points);
struct curb_str standing_text(struct curb_req *req, enum standing standing);

/* Adjustments that can be given in an assessment; the last row is zero. */
struct adjustment {
	const char *word, *label;
};
extern const struct adjustment adjustments[];
/* What a sitting was given, in words; absent when nothing. */
struct curb_str adjustments_text(struct curb_req *req, const struct sitting *sitting);

/* ---- page.c ---- */
/* What a certificate says, for the component "facts". */
struct curb_value *issued_facts(struct curb_req *req, const struct issued *issued);
/* Whether its holder is called otherwise now than it says: only then a new one would differ. Not of a name that is masked. */
bool certificate_renamed(struct curb_req *req, const struct issued *issued);
/* Pushes a card for each certificate of the person who asks. */
int certificate_cards(struct curb_req *req, struct certificate *c, struct curb_value *cards);
/* Of an institution that the asking person may see, or her own; the name is masked for auditors. CURB_ENOTFOUND. */
int issued_seen(struct curb_req *req, struct certificate *c, uint32_t roles, struct issued *ret);
/* credit's note_look at its holder. */
int issued_note_look(struct curb_req *req, struct certificate *c, const struct issued *issued);

/* ---- held.c ---- */
/* The members of the service that tells others of certificates. */
void certificate_held_api(struct certificate_api *api);
/* In a write function: tells whoever wants to know that a certificate was issued or withdrawn ("certificate.issued.v1"). */
int certificate_tell(struct certificate *c, struct curb_tx *tx, const char *event, const struct curb_id *id);

/* ---- doctor.c ---- */
struct curb_doctor_check certificate_doctor_check(struct certificate *c); /* the check is state */

/* ---- erase.c ---- */
struct curb_erasure_part certificate_erasure_part(struct certificate *c); /* the part is state */

/* ---- merge.c ---- */
/* Two records of one person: fills what the part does then. */
void certificate_merging(struct curb_erasure_part *part);

/* ---- home.c ---- */
struct curb_home_part certificate_home_part(struct certificate *c); /* the part is state */

/* ---- assess_next.c: "" when there is nobody ---- */
/* Who has no result yet: on the roster behind `person`, then from its beginning. */
int assess_next_without(struct curb_req *req, struct certificate *c, const struct curb_id *cohort,
                        const struct curb_id *person, struct curb_id *ret_next);
/* Whose results wait longest for the signature of whoever asks. */
int assess_next_waiting(struct curb_req *req, struct certificate *c, const struct curb_id *cohort,
                        struct curb_id *ret_next);

/* ---- assess_waiting.c ---- */
/* Pushes a card for each class with results that whoever asks may sign, `most` behind the first `skip` of *ret_total. */
int assess_waiting_cards(struct curb_req *req, struct certificate *c, int64_t skip, int64_t most,
                         struct curb_value *items, int64_t *ret_total);

/* ---- assess_form.c ---- */
enum { EXAMINER_MOST = 150, OTHER_MOST = 600, REASON_MOST = 900 }; /* bytes */
/* Reads what was typed; `errors` gets {field: text}. True when all of it is right. */
bool sitting_read(struct curb_req *req, struct sitting *sitting, struct curb_value *errors);
/* The fields of the form, as they stand before anybody typed: those of the sitting that is corrected, or without one (NULL) the
 * day and the examiner of `latest`, else (NULL) today. */
void sitting_put_form(struct curb_req *req, const struct sitting *corrected, const struct sitting *latest,
                      struct curb_value *model);

/* ---- routes ---- */
int certificate_get_did(struct curb_req *req, void *state);
int certificate_get_jwks(struct curb_req *req, void *state);
int certificate_get_status(struct curb_req *req, void *state);
int certificate_post(struct curb_req *req, void *state);
int certificate_page(struct curb_req *req, void *state);
int certificate_page_mine(struct curb_req *req, void *state);
int certificate_page_class(struct curb_req *req, void *state);
int certificate_post_class(struct curb_req *req, void *state);
int certificate_page_withdraw(struct curb_req *req, void *state);
int certificate_post_withdraw(struct curb_req *req, void *state);
int certificate_post_withdraw_sign(struct curb_req *req, void *state);
int assess_page_waiting(struct curb_req *req, void *state);
int assess_page_class(struct curb_req *req, void *state);
int assess_page_person(struct curb_req *req, void *state);
int assess_post(struct curb_req *req, void *state);
int assess_post_sign(struct curb_req *req, void *state);
int check_page(struct curb_req *req, void *state);
int check_post_text(struct curb_req *req, void *state);
int check_post_file(struct curb_req *req, void *state);

#endif
