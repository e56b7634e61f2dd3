/* Payments: the lists by which subsidies are paid, computed from the entries of the ledger and from nothing else.
 * The rule: a line is a certificate in force and what its holder earned; it names every entry that it rests on. Where the entries
 * and what the server goes by differ there is no list. A list is never changed, and is itself an entry.
 */
#ifndef CERTIFICATE_PAYMENT_H
#define CERTIFICATE_PAYMENT_H

#include "certificate.h"

/* Who makes lists and reads them. */
enum { PAYMENT_READERS = CURB_REVIEWER | CURB_AUDITOR };
enum {
	PAYMENT_LINES_MOST = 500,
	PAYMENT_FAULTS_MOST = 50,
	PAYMENT_PLACES_MOST = 4 << 20,
	PAYMENT_FILE_MOST = 8 << 20
};

/* Of a class; or (cohort "") of an institution, the certificates of days from the first to the last. */
struct payment_wanted {
	struct curb_id cohort, institution;
	int64_t first_day, last_day;
};

struct payment_line {
	struct curb_id cohort, person, certificate;
	struct curb_str name, programme; /* the name is masked; it and code are "" when she was erased */
	struct curb_str code;
	int64_t first; /* the entry of the first certificate that she had of this class: by it a training is paid once */
	int64_t issued_ms; /* of the one that stands, or of the first of those of which it is the same with another name */
	int64_t online_s, offline_s, hour_s; /* recorded and live lessons; attended ones */
	int64_t days;                        /* on which she came to a lesson in person */
	int64_t assessed_day;                /* of the last result that she passed */
	int64_t before_ms;                   /* when she stood in an earlier list; 0: in none */
	int64_t entry_count;
	struct curb_str entries; /* payment_places_… */
};

/* What is not as it should be, and about whom. */
struct payment_fault {
	struct curb_str name, programme;
	const char *text;      /* a source text */
	struct curb_id person; /* of who is left out of a list; else "" */
};

struct payment_reckoned {
	int64_t size; /* entries that were read */
	struct payment_line *lines;
	size_t n;
	struct payment_fault *faults; /* where entries and totals differ: there is no list */
	size_t fault_count;
	struct payment_fault *left; /* who has a certificate and is not in the list, and why */
	size_t left_count;
};

struct payment {
	struct curb_id id, by;
	struct payment_wanted wanted;
	struct curb_str place;      /* what the institution is called */
	struct curb_str programme;  /* of the class; "" of none */
	struct curb_str checkpoint; /* a signed note that has all entries of the list */
	struct curb_str hash;       /* SHA-256 of the file in hex */
	struct curb_str role;
	int64_t made_ms, size, entry;
};

/* ---- payment_reckon.c ---- */
/* Reads the whole ledger. Arena of tx. CURB_ETOOBIG when there are more lines or entries than a list can have. */
int payment_reckon(struct certificate *c, struct curb_tx *tx, const struct payment_wanted *wanted,
                   struct payment_reckoned *ret);

/* ---- payment_make.c ---- */
struct payment_making {
	struct certificate *c;
	struct payment payment; /* all but its entry, which is a result */
	struct payment_reckoned reckoned;
	struct curb_str file;                              /* the bytes of the file */
	struct payment_fault changed[PAYMENT_FAULTS_MOST]; /* result: what is another since it was reckoned */
	size_t changed_count;
};
/* A write function: its entry, its rows. Between reckoning and writing others may have put a line into a list of theirs or
 * withdrawn its certificate: that is read again, and when it is another than it was there is no list: CURB_ECONFLICT with what
 * changed. */
int payment_make(struct curb_tx *tx, void *making);

/* ---- payment_tally.c: what entries say of one trainee in one class ---- */
struct payment_attended {
	int64_t entry, day, seconds;
	bool onsite, is_signed;
};
struct payment_tally {
	struct curb_id cohort, person;
	int64_t certificate; /* its entry */
	int64_t first, first_ms;
	int64_t online_s, live_s, offline_s, pending_s;
	struct payment_attended *attended;
	size_t attended_count, attended_room;
	struct sitting *sittings; /* as the entries have them: ids are their indexes */
	size_t sitting_count, sitting_room;
	int64_t from, to; /* the last places, not in the text yet; -1: none */
	int64_t entry_count;
	struct curb_buf places;
};
struct curb_recorded;
void tally_begin(struct payment_tally *tally);
void tally_free(struct payment_tally *tally);
/* An entry of the class and the person, or of the whole class. */
void tally_add(struct payment_tally *tally, const struct curb_recorded *entry);
/* Days with time in person that was countersigned. */
int64_t tally_days(struct payment_tally *tally);
/* The day of the last result that counts and is passed. */
int64_t tally_assessed_day(const struct payment_tally *tally);
/* All places as a text; CURB_ETOOBIG when they are too many. */
int tally_places(struct payment_tally *tally, struct curb_str *ret_text);
/* The fact of an entry; one that says nothing when there is none. */
const struct curb_fact *payment_fact(const struct curb_recorded *entry, const char *name);
/* Cuts the first run of places, such as "12-40", off the text. False at its end, and for what is none. */
bool payment_places_cut(struct curb_str *rest, int64_t *ret_from, int64_t *ret_to);

/* ---- payment_owned.c: whose certificates and results of merged records are, by the entries that say so ---- */
struct payment_owned {
	struct owned *list; /* yours: free */
	size_t n, room;
};
/* `entry`: of the kind "certificate_moved" or "assessment_moved". */
void owned_add(struct payment_owned *owned, const struct curb_recorded *entry);
/* Once all are there; before the two below. */
void owned_sort(struct payment_owned *owned);
/* Whose it is that has its entry at that place; `otherwise` when it was not moved. */
const struct curb_id *owned_at(const struct payment_owned *owned, int64_t entry,
                               const struct curb_id *otherwise);
/* Whom an entry is about now: it may be of something that was moved, or name that. */
const struct curb_id *owned_about(const struct payment_owned *owned, const struct curb_recorded *entry);

/* ---- payment_store.c ---- */
/* `file`: the bytes of the file. In a write function. */
int payment_add(struct certificate *c, struct curb_tx *tx, const struct payment *payment,
                const struct payment_reckoned *reckoned, struct curb_str file);
/* CURB_ENOTFOUND. */
int payment_by_id(struct certificate *c, struct curb_tx *tx, struct curb_str id, struct payment *ret);
/* "" when somebody in it was erased: then it is made anew of the lines. */
int payment_file_of(struct certificate *c, struct curb_tx *tx, const struct curb_id *id,
                    struct curb_str *ret_file);
/* Without the texts of their entries; the n-th has them. */
int payment_lines(struct certificate *c, struct curb_tx *tx, const struct curb_id *id,
                  struct payment_line **ret_lines, size_t *ret_n);
int payment_line_of(struct certificate *c, struct curb_tx *tx, const struct curb_id *id, int64_t n,
                    struct payment_line *ret_line);
/* Who had a certificate and is in no line. */
int payment_left(struct certificate *c, struct curb_tx *tx, const struct curb_id *id,
                 struct payment_fault **ret_left, size_t *ret_n);
/* Lists of an institution or, with `cohort` ("": of all), of one of its classes, the newest first: `most` behind the first `skip` of
 * *ret_total. */
struct payments_part {
	struct curb_id institution, cohort;
	int64_t skip, most;
};
int payments_of(struct certificate *c, struct curb_tx *tx, const struct payments_part *part,
                struct payment **ret, size_t *ret_n, int64_t *ret_total);
/* When a certificate was in a list, of the last of them; 0: never. */
int payment_listed(struct certificate *c, struct curb_tx *tx, int64_t first, int64_t *ret_ms);

/* ---- payment_file.c ---- */
/* The list as CSV; `payment` has its checkpoint. The caller frees `out`. CURB_ETOOBIG. */
int payment_write_file(struct curb_req *req, const struct payment *payment, const struct payment_line *lines,
                       size_t n, struct curb_buf *out);

/* ---- payment_words.c ---- */
/* The name of a line, or that it was erased. */
struct curb_str payment_name(struct curb_req *req, const struct payment_line *line);
/* Class hours of seconds: "12.5". */
struct curb_str payment_hours(struct curb_req *req, const struct payment_line *line, int64_t seconds);
/* "Passed on 28 February 2026", "Countersigned attendance: 4 min". */
struct curb_str payment_entry_words(struct curb_req *req, const struct curb_fact *facts, size_t n);
/* "Li *, Massage: hours were corrected since". */
struct curb_value *payment_faults(struct curb_req *req, const struct payment_fault *faults, size_t n);
/* What a list is of: its class, or its institution and days. */
struct curb_str payment_what(struct curb_req *req, const struct payment *payment);

/* ---- routes ---- */
int payment_page_all(struct curb_req *req, void *state);
int payment_post(struct curb_req *req, void *state);
int payment_page(struct curb_req *req, void *state);
int payment_get_file(struct curb_req *req, void *state);
int payment_page_line(struct curb_req *req, void *state);

#endif
