/* Transfers: credits that another institution, or another programme, recognises.
 * The rule: asked for by one who looks after the class of the certificate, countersigned by another of the institution that
 * recognises them; only then do they leave the account. What an institution recognises of its own certificates the federation
 * countersigns. A mistake is taken back the same way, by a transfer that names it.
 */
#ifndef BANK_TRANSFER_H
#define BANK_TRANSFER_H

#include "bank.h"

/* Who asks, and who countersigns; a reviewer countersigns for the institutions of her region. */
enum { TRANSFER_ASKERS = CURB_STAFF | CURB_TEACHER, TRANSFER_SIGNERS = TRANSFER_ASKERS | CURB_REVIEWER };
enum { TRANSFER_TEXT_MOST = 300, TRANSFER_REASON_MOST = 900 }; /* bytes */

enum transfer_state { TRANSFER_WAITS, TRANSFER_SIGNED, TRANSFER_REFUSED };

struct transfer {
	struct curb_id id, recogniser;
	struct deposit deposit; /* of which credits are taken */
	struct curb_str programme, document;
	int64_t credits_c;
	struct curb_id returns; /* the transfer that it takes back; "": none */
	struct curb_str reason; /* why it is taken back; "" */
	struct curb_id asked_by;
	int64_t asked_ms, entry;
	enum transfer_state state;
	struct curb_id ended_by;
	struct curb_str ended_reason; /* why it was refused; "" */
	int64_t ended_ms, ended_entry;
};

/* ---- store_transfer.c ---- */
int transfer_add(struct bank *b, struct curb_tx *tx, const struct transfer *transfer);
/* ended_by, ended_ms, ended_reason, ended_entry and state are known. */
int transfer_add_end(struct bank *b, struct curb_tx *tx, const struct transfer *transfer);
/* CURB_ENOTFOUND. */
int transfer_by_id(struct bank *b, struct curb_tx *tx, struct curb_str id, struct transfer *ret_transfer);
/* Of a person's certificates of a class, in the order in which they were asked for. Arena of tx. */
int transfers_of_class(struct bank *b, struct curb_tx *tx, const struct curb_id *cohort,
                       const struct curb_id *person, struct transfer **ret_transfers, size_t *ret_n);
/* Those of a person that wait. */
int transfers_waiting_of(struct bank *b, struct curb_tx *tx, const struct curb_id *person,
                         struct transfer **ret_transfers, size_t *ret_n);
/* Whoever countersigns for an institution. */
struct transfer_signer {
	struct curb_id person;
	bool federation; /* as a reviewer of its region */
};
/* Those that an institution has to decide, as far as they are hers to countersign: the oldest `most`. */
int transfers_waiting_at(struct bank *b, struct curb_tx *tx, const struct transfer_signer *signer,
                         const struct curb_id *recogniser, int64_t most, struct transfer **ret_transfers,
                         size_t *ret_n);

/* ---- transfer.c: the rules, in a write function ---- */
struct transfer_act {
	struct curb_id by;
	const char *role; /* as whom; static */
	uint32_t roles;   /* all of hers at the institution for which she acts */
	int64_t now_ms;
};
/* What of a person's credits of a class can still be transferred, without what is asked for already; 0 or less: nothing. */
int transfer_free_c(struct bank *b, struct curb_tx *tx, const struct deposit *deposit,
                    int64_t *ret_credits_c);
/* Who countersigns it: roles at the institution that recognises the credits. */
uint32_t transfer_signers(const struct transfer *transfer);
/* Asks for it: id, asked_by, asked_ms, entry are made. CURB_EUNFIT, with the figure that would pass, when so many are not there;
 * CURB_EDENIED when it is about the person who asks. */
int transfer_ask(struct bank *b, struct curb_tx *tx, struct transfer *transfer,
                 const struct transfer_act *act);
/* Asks that a transfer is taken back, for the reason in `taking`: the rest of it is made. CURB_ECONFLICT when it does not stand, or
 * that was asked for already. */
int transfer_ask_return(struct bank *b, struct curb_tx *tx, struct curb_str id, struct transfer *taking,
                        const struct transfer_act *act);
/* Countersigns it, or (a reason is given) refuses it. CURB_EDENIED when that is not for this person to do, CURB_ECONFLICT when it was
 * decided meanwhile, CURB_EUNFIT when the credits are not there any more. */
int transfer_end(struct bank *b, struct curb_tx *tx, struct curb_str id, struct curb_str refusal,
                 const struct transfer_act *act);
/* Whether it was countersigned and not taken back. */
int transfer_stands(struct bank *b, struct curb_tx *tx, const struct transfer *transfer, bool *ret_stands);
/* Certificates of a class do not count any more: transfers that stand are taken back by the server itself; and once another
 * certificate counts there, those that it took back so stand again. */
int transfers_take_back(struct bank *b, struct curb_tx *tx, const struct deposit *deposit, int64_t now_ms);
int transfers_stand_again(struct bank *b, struct curb_tx *tx, const struct deposit *deposit, int64_t now_ms);

/* ---- transfer_pages.c, person.c ---- */
int transfer_page(struct curb_req *req, void *state);
int transfer_post_ask(struct curb_req *req, void *state);
int transfer_post_sign(struct curb_req *req, void *state);
int transfer_post_refuse(struct curb_req *req, void *state);
int transfer_post_return(struct curb_req *req, void *state);
/* Cards for what waits for whoever asks: `most` at most; and the page that has them all. */
int transfer_cards(struct curb_req *req, struct bank *b, size_t most, struct curb_value *cards);
int transfer_page_waiting(struct curb_req *req, void *state);
/* Rows of the component table, for pages of accounts; `links` lead to their own pages. */
void transfers_push(struct curb_req *req, const struct transfer *transfers, size_t n, bool links,
                    struct curb_value *rows);
/* "transfers": the table of these rows; nothing when there is none. */
void transfers_put(struct curb_req *req, struct curb_value *rows, struct curb_value *model);
/* Whoever asks, by her role at an institution, now. */
struct transfer_act transfer_act_of(struct curb_req *req, const struct curb_id *institution);

#endif
