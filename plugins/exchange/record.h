/* Records of a bundle: how one person stands in one class, a line each. Pure.
 * The rule: a record has one form; what is read is refused, all of it, unless each line is in that form.
 *
 * Thread rules: no state.
 */
#ifndef EXCHANGE_RECORD_H
#define EXCHANGE_RECORD_H

#include "curb/arena.h"
#include "curb/buf.h"
#include "curb/id.h"
#include "curb/str.h"

enum {
	RECORD_TEXT = 300,   /* bytes of a name or a text */
	RECORD_PERSON = 64,  /* hex digits that stand for a person on the sender's server */
	RECORD_NUMBER = 200, /* bytes of a number in its sealed box */
	RECORD_RESULTS = 2   /* 0: none, 1: failed, 2: passed */
};

/* Hours are whole seconds; hour_s of them are a class hour. What waits for a countersignature is in none of them. */
struct record {
	struct curb_id class_id;
	struct curb_str person; /* the same one for the same person in every bundle of this server */
	struct curb_str programme, institution, name;
	int64_t starts_ms, ends_ms, hour_s, total_s;
	int64_t online_s;  /* recorded and live lessons, within the share */
	int64_t offline_s; /* in person */
	int64_t counted_s; /* of both, what counts for the end of the class */
	int64_t left_ms;   /* since when she is not in the class; 0: she is */
	int64_t theory, practice;
	struct curb_str code;     /* of the certificate in force; "": there is none */
	int64_t issued_ms, entry; /* of that; its entry in the sender's ledger; 0 without */
	struct curb_str number;   /* of her own certificate, in a sealed box for the receiver; "": none */
};

/* Appends the first line, and the line of a record. Characters that would end a line or a part become blanks. */
void records_begin(struct curb_buf *out);
void record_write(struct curb_buf *out, const struct record *record);
/* All of them, BUNDLE_RECORDS at most. Arena, and views into `text`. CURB_EINVAL. */
int records_read(struct curb_arena *arena, struct curb_str text, struct record **ret_records, size_t *ret_n);

#endif
