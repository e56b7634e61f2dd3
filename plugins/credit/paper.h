/* Attendance on paper: a sheet is printed for one lesson, signed by hand, photographed and entered later by its code.
 * The rule: a photo stands before the entry, which has its hash, and is of one paper; who countersigns sees the photo, and reads what
 * it shows when she does not see it: that stays as she read it. It has names and signatures, so auditors, who read names masked, get
 * neither. The photo is never read by this server: browsers alone show it.
 */
#ifndef CREDIT_PAPER_H
#define CREDIT_PAPER_H

#include "attached.h"
#include "digits.h"
#include "sheet.h"

enum { PAPER_PHOTO_MOST = 6 << 20, PAPER_WORDS_MOST = 3000, PAPERS_SHOWN = 50 };

struct paper {
	struct curb_str code;
	struct curb_id cohort, made_by;
	int64_t unit, day, made_ms; /* unit: as of a sheet */
	struct curb_id photo;       /* the newest; "": none yet */
	struct curb_str sha256;     /* of its bytes, 64 hex digits */
	struct curb_str words;      /* what it shows; absent: nobody has said; from paper_by_code alone */
	struct curb_id sheet;       /* that was entered from it; "": none yet */
	bool fixed; /* somebody has countersigned it: what is said from now on is added to the words */
};

/* What was added to the words. */
struct paper_told {
	struct curb_str words;
	struct curb_id by;
	int64_t at_ms;
};

struct paper_photo {
	struct curb_id id, by;
	struct curb_str code, sha256, sealed;
	const char *type;
	struct curb_str sealed_words;
	bool later; /* the words are added to those that are fixed */
	int64_t now_ms;
};

/* ---- paper_store.c ---- */
/* CURB_ENOTFOUND. Arena. */
int paper_by_code(struct credit *c, struct curb_tx *tx, struct curb_str code, struct paper *ret_paper);
/* Of a class, the newest first, PAPERS_SHOWN at most. */
int papers_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, struct paper **ret_papers,
              size_t *ret_n);
int paper_add(struct credit *c, struct curb_tx *tx, const struct paper *paper);
int paper_add_photo(struct credit *c, struct curb_tx *tx, const struct paper_photo *photo);
int paper_add_words(struct credit *c, struct curb_tx *tx, const struct paper_photo *photo);
/* In their order. Arena. */
int paper_told_later(struct credit *c, struct curb_tx *tx, const struct paper *paper,
                     struct paper_told **ret_told, size_t *ret_n);
/* Another paper whose photo has the same bytes. CURB_ENOTFOUND. */
int paper_with(struct credit *c, struct curb_tx *tx, const struct paper *but, struct curb_str sha256,
               struct paper *ret_other);
/* Its bytes, opened; type is static. */
int paper_photo_bytes(struct credit *c, struct curb_tx *tx, const struct curb_id *photo,
                      struct curb_str *ret_bytes, const char **ret_type);
/* Before the write function: encrypting takes a moment. For the photo's id; they fill it in. */
int paper_seal(struct curb_tx *tx, struct paper_photo *photo, struct curb_str bytes);
int paper_seal_words(struct curb_tx *tx, struct paper_photo *photo, struct curb_str words);

/* ---- paper_enter.c ---- */
/* In a write function: whether a sheet may be entered from its paper (sheet.paper), which is then *ret_paper.
 * CURB_EUNFIT with *ret_field. */
int paper_check(const struct sheet_rule *rule, struct paper *ret_paper, const char **ret_field);
/* CURB_EUNFIT when the photo is of another paper already; of which one, where it is of the same institution. */
int paper_check_photo(struct credit *c, struct curb_tx *tx, const struct paper *paper,
                      struct curb_str sha256);
/* For the page of a sheet: "photo" {src, words}, and "describe", where it can be put into words; for auditors "photo_kept", why they
 * do not see it. */
int paper_put_photo(struct curb_req *req, struct credit *c, const struct sheet_view *view,
                    struct curb_value *model);
int paper_page_enter(struct curb_req *req, void *state);
int paper_page_find(struct curb_req *req, void *state);
/* The page on which a paper is entered, with a form that came back. */
int paper_show_enter(struct curb_req *req, const struct sheet_class *class, const struct paper *paper,
                     struct typed_form *form, int status);

/* ---- paper_photo.c ---- */
int paper_post_photo(struct curb_req *req, void *state);
int paper_post_words(struct curb_req *req, void *state);
int paper_get_photo(struct curb_req *req, void *state);

/* ---- paper_pages.c ---- */
/* That of the path, of the class of the path. CURB_ENOTFOUND. */
int paper_of_path(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                  struct paper *ret_paper);
/* "Unit, 3 March 2027". */
int paper_lesson_words(struct curb_req *req, struct credit *c, const struct paper *paper,
                       struct curb_str *ret_words);
/* "/classes/ID/papers/CODE" and what stands behind it. */
const char *paper_address(struct curb_req *req, const struct paper *paper, const char *behind);
int paper_page_list(struct curb_req *req, void *state);
int paper_post_new(struct curb_req *req, void *state);
int paper_page_print(struct curb_req *req, void *state);

#endif
