/* Records of a bundle: how one person stands in one class, a line each. Pure.
 * The rule: a record has one form; what is read is refused, all of it, unless each line is in that form.
 *
 * A first line, "curbcut-records/v1", then a line of each record, a tab between its parts: the class, the person, the programme, the
 * institution, the name, the code, the eleven numbers from starts_ms to issued_ms (practice before issued_ms), the entry, and the number
 * in hex.
 *
 * "curbcut-records/v2" has, beside such lines, some that end a record which was told before: class and person, and of all else
 * nothing, that is empty texts and zeros. Whoever reads it forgets what the record said, and keeps class, person and the number of the
 * bundle, so that an older bundle does not bring the record back. Where there is no such line the first one says v1.
 * A server that knows v1 alone refuses a v2, all of it, as not written by a server of its kind; it changes nothing and names the bundle
 * as missing as soon as a later one is in. Brought up to date, it takes the same file. A server that knows v2 takes both.
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
#define RECORD_SECONDS INT64_C(1000000000) /* most of any hours, thirty years of them */
#define RECORD_MOST (INT64_C(1) << 52)     /* and of a moment, and of the number of an entry */

/* Hours are whole seconds; hour_s of them are a class hour. What waits for a countersignature is in none of them. */
struct record {
	struct curb_id class_id;
	struct curb_str person; /* the same one for the same person in every bundle of this server */
	struct curb_str programme, institution,
		name; /* name "": the record is to be forgotten, and all else of it is empty */
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

/* Whether it says that what it was is to be forgotten. */
static inline bool record_gone(const struct record *record)
{
	return record->name.len == 0;
}

/* Appends the first line (`gone`: some of them are), and the line of a record. Characters that would end a line or a part become
 * blanks. */
void records_begin(struct curb_buf *out, bool gone);
void record_write(struct curb_buf *out, const struct record *record);
/* All of them, BUNDLE_RECORDS at most. Arena, and views into `text`. CURB_EINVAL. */
int records_read(struct curb_arena *arena, struct curb_str text, struct record **ret_records, size_t *ret_n);

#endif
