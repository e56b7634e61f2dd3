/* Inside of exchange: its state, its rows, its rules.
 * The rule: a bundle is applied once and whole, or nothing of it is. What came from elsewhere is kept beside what this server
 * counted itself and changes no figure of it.
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "bundle.h"
#include "certificate/certificate_api.h"
#include "credit/credit_api.h"
#include "curb/db.h"
#include "curb/erasure.h"
#include "curb/home.h"
#include "curb/plugin.h"
#include "curb/request.h"
#include "record.h"

/* Who makes bundles and hands them in, who also reads what came. */
enum { EXCHANGE_MAKERS = CURB_REVIEWER | CURB_ADMIN, EXCHANGE_READERS = EXCHANGE_MAKERS | CURB_AUDITOR };

struct exchange {
	struct curb_host *host;
	const struct credit_api *credit;           /* NULL: no classes and hours are kept here */
	const struct certificate_api *certificate; /* NULL: nor results and certificates */
	const struct curb_home_api *home;
	const struct curb_erasure_api *erasure;
};

/* ---- erase.c ---- */
struct curb_erasure_part exchange_erasure_part(struct exchange *x);

/* Another server. */
struct server {
	struct curb_id id;
	struct curb_str name, region;
	struct bundle_card card;
	int64_t added_ms, ended_ms; /* ended_ms 0: it is trusted */
};

/* A bundle that was made here. */
struct made {
	struct curb_id id, server, by;
	struct curb_str server_name, place; /* place: where the grant of whoever made it holds */
	int64_t sequence, made_ms, records, entry;
	unsigned char to[BUNDLE_KEY];
	struct curb_str sealed, file; /* of exchange_made_by_id alone; file absent: there is none yet */
};

/* A bundle that came in. */
struct arrived {
	struct curb_id id, server, by;
	struct curb_str server_name, region;
	int64_t sequence, made_ms, records, applied_ms, entry;
	int64_t news; /* records that it changed here: of the others a later bundle had come before */
};

/* A record from elsewhere, as it is kept. */
struct kept {
	struct curb_id id;
	struct record record;
	int64_t sequence;
	struct curb_str mark; /* of the person's number: one number has one mark; absent without */
};

/* ---- store.c; results are arena of tx ---- */
/* A key in hex. */
struct curb_str exchange_hex(struct curb_tx *tx, const unsigned char key[static BUNDLE_KEY]);
/* All, by name, those that ended as well. */
int servers_all(struct exchange *x, struct curb_tx *tx, struct server **ret, size_t *ret_n);
/* CURB_ENOTFOUND. */
int server_by_id(struct exchange *x, struct curb_tx *tx, struct curb_str id, struct server *ret);
/* The one that signs with a key and is trusted. CURB_ENOTFOUND. */
int server_by_key(struct exchange *x, struct curb_tx *tx, const unsigned char key[static BUNDLE_KEY],
                  struct server *ret);
/* Whether it is trusted or not. CURB_ENOTFOUND. */
int server_by_name(struct exchange *x, struct curb_tx *tx, struct curb_str name, struct server *ret);
/* Enters it, or another card and region of the one that has its name, whose id it gets. With other keys it is another server, which
 * was told nothing yet. CURB_ECONFLICT: another server that is trusted signs with its key. */
int server_put(struct exchange *x, struct curb_tx *tx, struct server *server);
/* CURB_ENOTFOUND: there is none, or it has ended. */
int server_end(struct exchange *x, struct curb_tx *tx, const struct curb_id *id, int64_t now_ms);

/* Each place that some were made for, once. */
int made_places(struct exchange *x, struct curb_tx *tx, struct curb_str **ret, size_t *ret_n);
/* Of some places, each in brackets, "[370100][]": how many, and `most` behind the first `skip`, the newest first. */
int made_count(struct exchange *x, struct curb_tx *tx, struct curb_str places, int64_t *ret_total);
int made_at(struct exchange *x, struct curb_tx *tx, struct curb_str places, int64_t skip, int64_t most,
            struct made **ret, size_t *ret_n);
/* CURB_ENOTFOUND. */
int made_by_id(struct exchange *x, struct curb_tx *tx, struct curb_str id, struct made *ret);
int made_last_sequence(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, int64_t *ret);
int made_add(struct exchange *x, struct curb_tx *tx, const struct made *made);
/* Its file, in the place of `old` (absent: it had none); nothing when it has another one by now. */
int made_set_file(struct exchange *x, struct curb_tx *tx, const struct curb_id *id, struct curb_str old,
                  struct curb_str file);
/* In the place of a hash: the server was told to forget the record. */
#define SENT_GONE "gone"
/* The hash of what the server was told last of a record; "" when nothing, or as if nothing had been. */
int sent_hash(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, struct curb_str record,
              struct curb_str *ret_hash);
/* From now on all is told as if the server had been told nothing; of what is no more it is told that. */
int sent_reset(struct exchange *x, struct curb_tx *tx, const struct curb_id *server);
/* What the server was told of each record last, by class; the strings are good until it returns. *ret_enough: true ends it. */
typedef int (*sent_fn)(void *arg, struct curb_str record, struct curb_str hash, bool *ret_enough);
int sent_each(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, sent_fn one, void *arg);
int sent_put(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, struct curb_str record,
             struct curb_str hash);

/* Of the servers of some regions, each in brackets, as made_count and made_at. */
int arrived_count(struct exchange *x, struct curb_tx *tx, struct curb_str regions, int64_t *ret_total);
int arrived_at(struct exchange *x, struct curb_tx *tx, struct curb_str regions, int64_t skip, int64_t most,
               struct arrived **ret, size_t *ret_n);
/* CURB_ENOTFOUND. */
int arrived_by_id(struct exchange *x, struct curb_tx *tx, struct curb_str id, struct arrived *ret);
int arrived_by_sequence(struct exchange *x, struct curb_tx *tx, const struct curb_id *server,
                        int64_t sequence, struct arrived *ret);
/* The highest number that came of a server; 0: none. */
int arrived_last_sequence(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, int64_t *ret);
int arrived_add(struct exchange *x, struct curb_tx *tx, const struct arrived *arrived);
/* Numbers of bundles of a server that have not come, below the highest that has; `most` at most. */
int arrived_gaps(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, size_t most,
                 int64_t *ret_gaps, size_t *ret_n);

/* Keeps a record unless one of a later bundle is kept; of one that is gone, no more than whose it was and in which bundle. *ret_new: it was. `number`: plain, "" without. */
int kept_put(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, int64_t sequence,
             const struct record *record, struct curb_str number, bool *ret_new);
/* Forgets what `most` records of a server say, as if each had been told to be gone in the bundle that it is of. */
int kept_forget(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, int64_t most,
                int64_t *ret_n);
/* `most` of a server behind the first `skip`, by programme, class and name, without those that are gone. *ret_total counts all. */
int kept_of(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, int64_t skip, int64_t most,
            struct kept **ret, size_t *ret_n, int64_t *ret_total);

/* ---- service.c: the rules ---- */
/* The keys of this server. Wipe them. */
int exchange_keys(struct exchange *x, struct curb_tx *tx, struct bundle_keys *ret_keys);
/* Its card. Arena of tx. */
int exchange_card(struct exchange *x, struct curb_tx *tx, struct bundle_card *ret_card);

/* Applying, first what is read: whose bundle it is, that it is whole, unchanged and for this server, what it says. Arena of tx. Each
 * refusal says which it is and what to do:
 * CURB_EINVAL   it is none, cut off, or not in the one form
 * CURB_EUNFIT   its key is not that of a server that is trusted here, it was changed, is for another server, or its ledger's
 *               receipt does not stand
 * CURB_ECONFLICT it is in already, or another one of its number is */
struct applying {
	struct exchange *x;
	struct curb_str bytes;
	struct server server;
	struct bundle bundle;
	struct record *records;
	struct curb_str *numbers; /* plain; wipe_numbers */
	size_t n;
	struct curb_id by;
	const char *role;
	struct arrived arrived; /* what became of it */
};
int apply_look(struct applying *a, struct curb_tx *tx);
/* Then, in a write function: all of it. CURB_ECONFLICT; CURB_EUNFIT when it is trusted no more. */
int apply_write(struct curb_tx *tx, void *applying);
void apply_wipe(struct applying *a);

/* ---- walk.c ---- */
/* Is told how somebody stands in a class; the strings are arena of tx. *ret_enough: true ends it. */
typedef int (*records_fn)(void *arg, const struct curb_id *person, const struct record *record,
                          bool *ret_enough);
/* Everybody of the classes of some institutions, also who has left; not those whose account is closed, and nobody where no hours are
 * kept. */
int records_each(struct exchange *x, struct curb_tx *tx, const struct curb_id *institutions, size_t n,
                 records_fn one, void *arg);
/* The same, of however many; what `one` is told, and what it takes from the arena, is gone when it returns. */
int records_pass(struct exchange *x, struct curb_tx *tx, const struct curb_id *institutions, size_t n,
                 records_fn one, void *arg);

/* ---- collect.c ---- */
/* "CLASS PERSON" and the hash of a record, or SENT_GONE; NUL-ended. */
struct telling {
	char key[sizeof(struct curb_id) + 1 + RECORD_PERSON], hash[BUNDLE_HASH];
};
struct collected {
	struct telling *told; /* what differs from what the receiver was told last */
	size_t n;
	int64_t last;           /* number of the last bundle for the receiver when this was looked at */
	bool anew;              /* all is told as if nothing had been */
	bool more;              /* there are more than go into one bundle */
	struct curb_str sealed; /* absent when n is 0 */
};
/* What a receiver is to be told of the classes of some institutions; `anew`: also what it was told. When all of it has room, also
 * which of the records that it was told are no more: of who is on no roster, or whose account is closed. Arena of tx. CURB_EINTERNAL:
 * of some record the receiver would refuse the whole bundle. */
int collect(struct exchange *x, struct curb_tx *tx, const struct server *server,
            const struct curb_id *institutions, size_t institution_count, bool anew, struct collected *ret);

/* ---- making.c ---- */
struct making {
	struct exchange *x;
	struct made made;
	const struct collected *collected;
	const char *role;
};
/* In a write function: the bundle with its number, its entry in the ledger, and what the receiver is told. CURB_ECONFLICT: another
 * bundle for it was made since this one was collected. */
int make_write(struct curb_tx *tx, void *making);
/* Its file, once the ledger has signed its entry: from then on the same bytes each time, until the ledger has another key. CURB_EBUSY:
 * not signed yet. Arena. */
int make_file(struct curb_req *req, struct exchange *x, struct made *made);

/* ---- home.c ---- */
struct curb_home_part exchange_home_part(struct exchange *x); /* the part is state */

/* ---- routes.c, in_pages.c, servers_pages.c ---- */
/* What a person is called; of one whose account is closed, nothing more than that. */
struct curb_str exchange_person(struct curb_req *req, const struct curb_id *person);
struct curb_str exchange_number(struct curb_req *req, int64_t number);
/* "reviewer" or "admin": as what whoever asks acts here. */
const char *exchange_role(struct curb_req *req);
/* `size` bytes of the body from `from` on, which are there. Arena, or a view into the body. */
int exchange_bytes(struct curb_req *req, uint64_t from, uint64_t size, struct curb_str *ret_bytes);
/* The page of everything, with what was wrong in `errors` {field: text} (NULL: nothing). */
int exchange_show(struct curb_req *req, struct exchange *x, int status, struct curb_value *errors);
int exchange_page(struct curb_req *req, void *state);
int exchange_post_make(struct curb_req *req, void *state);
int exchange_get_file(struct curb_req *req, void *state);
int exchange_post_in(struct curb_req *req, void *state);
int exchange_post_in_api(struct curb_req *req, void *state);
int exchange_page_in(struct curb_req *req, void *state);
int exchange_page_from(struct curb_req *req, void *state);
int exchange_page_findings(struct curb_req *req, void *state);
int exchange_get_findings(struct curb_req *req, void *state);
int exchange_page_servers(struct curb_req *req, void *state);
int exchange_post_server(struct curb_req *req, void *state);
int exchange_post_end(struct curb_req *req, void *state);
int exchange_post_forget(struct curb_req *req, void *state);

#endif
