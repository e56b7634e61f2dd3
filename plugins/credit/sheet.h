/* Attendance sheets: who came, when, where, entered by one and countersigned by another.
 * The rule: nothing of a sheet is ever changed. What is wrong gets one more line with its reason, and each line counts once
 * somebody else than who entered it has countersigned it.
 */
#ifndef CREDIT_SHEET_H
#define CREDIT_SHEET_H

#include "pages.h"

/* Who enters sheets, and who countersigns what others entered; a reviewer does so for her region. */
enum { SHEET_ENTERERS = CURB_STAFF | CURB_TEACHER, SHEET_SIGNERS = SHEET_ENTERERS | CURB_REVIEWER };
enum { SHEET_TRAINEES_MOST = 300, SHEET_TEXT_LONGEST = 200 };

enum sheet_mode { SHEET_ONSITE, SHEET_VISIT, SHEET_LIVE, SHEET_MODES };
/* Of the database, of forms and of programs: onsite, visit, live. */
const char *sheet_mode_word(enum sheet_mode mode);
bool sheet_mode_named(struct curb_str word, enum sheet_mode *ret_mode);
/* "In person", "Home visit", "Live online": a source text. */
const char *sheet_mode_text(enum sheet_mode mode);

struct sheet {
	struct curb_id id, cohort, entered_by;
	enum sheet_mode mode;
	int64_t unit; /* position of the offline unit in the class's plan, from 0 */
	int64_t from_ms, to_ms, entered_ms;
	struct curb_str place, teacher;
	struct curb_str key;   /* of whoever enters it: the same key is the same sheet */
	struct curb_str paper; /* code of the printed sheet that it was entered from; "": none */
	struct curb_str roll;  /* of the lesson to which trainees signed in by a code; "": none */
};

struct sheet_line {
	struct curb_id person, entered_by, signed_by;
	struct curb_str shown, reason; /* reason: "" in the first line of a trainee */
	struct curb_str signed_as;     /* "staff", "teacher", "reviewer", "learner", "helper" */
	int64_t number;                /* 0: the first of this trainee on this sheet */
	int64_t seconds;               /* a correction may be below 0 */
	int64_t entry;                 /* in the ledger */
	int64_t entered_ms, signed_ms; /* signed_ms 0: it waits */
	bool late; /* when it is added: the lesson was before she, or anybody, could be in the class */
};

/* A sheet in a list. */
struct sheet_row {
	struct sheet sheet;
	struct curb_id institution;
	struct curb_str programme, unit_name;
	int64_t people, seconds,
		waiting; /* trainees; their seconds together; those of them for whom something waits */
};

/* ---- sheet_store.c ---- */
int sheet_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct sheet *ret_sheet);
/* CURB_ENOTFOUND. */
int sheet_by_key(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, struct curb_str key,
                 struct sheet *ret_sheet);
/* The latest lesson of a unit of a class, and how long who was there for all of it was there. CURB_ENOTFOUND. */
int sheet_latest(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, int64_t unit,
                 struct sheet *ret_sheet, int64_t *ret_whole_s);
int sheet_add(struct credit *c, struct curb_tx *tx, const struct sheet *sheet);
/* All of a sheet, or with `person` hers alone: by name, each trainee's in their order. Arena. */
int sheet_lines(struct credit *c, struct curb_tx *tx, const struct curb_id *sheet,
                const struct curb_id *person, struct sheet_line **ret_lines, size_t *ret_n);
int sheet_line_add(struct credit *c, struct curb_tx *tx, const struct curb_id *sheet,
                   const struct sheet_line *line);
int sheet_line_sign(struct credit *c, struct curb_tx *tx, const struct curb_id *sheet,
                    const struct sheet_line *line, int64_t signed_entry);
/* Moves a trainee's totals: by what waits, and by what counts in that mode. */
int sheet_totals_add(struct credit *c, struct curb_tx *tx, const struct sheet *sheet,
                     const struct curb_id *person, int64_t pending_s, int64_t counted_s);
/* Somebody on the roster of a class, under the name that it has for her. CURB_ENOTFOUND. */
struct sheet_trainee {
	struct curb_id person;
	struct curb_str shown;
	int64_t added_ms;
};
int sheet_trainee_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                     const struct curb_id *person, struct sheet_trainee *ret_trainee);
/* What a person has on all other sheets of the unit, `countersigned` or the most that it can become: what waits and takes hours
 * away frees none. */
int sheet_others_s(struct credit *c, struct curb_tx *tx, const struct sheet *sheet,
                   const struct curb_id *person, bool countersigned, int64_t *ret_s);
/* Where she is on another sheet, of whatever class, at the time of this one; `countersigned`: as above. */
enum sheet_where { SHEET_NOWHERE, SHEET_SAME_OFFICE, SHEET_OTHER_OFFICE };
int sheet_elsewhere(struct credit *c, struct curb_tx *tx, const struct sheet *sheet,
                    const struct curb_id *person, bool countersigned, enum sheet_where *ret_where);
/* Sheets of a class, the latest first; a part of them. */
int sheet_rows(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
               const struct credit_lines_part *part, struct sheet_row **ret_rows, size_t *ret_n,
               int64_t *ret_total);
/* Sheets with lines that others than who asks entered and that wait, one institution that she may countersign for behind the other,
 * the earliest lesson of each first; at most `most`. */
int sheet_rows_waiting(struct curb_req *req, struct credit *c, size_t most, struct sheet_row **ret_rows,
                       size_t *ret_n);
/* Those of a class that begin between two moments. */
int sheets_between(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, int64_t from_ms,
                   int64_t to_ms, struct curb_id **ret_sheets, size_t *ret_n);
/* Sheets with lines about whoever is signed in that wait and that neither she nor her helper entered; people and seconds are hers
 * alone. */
int sheet_rows_of(struct curb_req *req, struct credit *c, struct sheet_row **ret_rows, size_t *ret_n);
/* What a person has on the sheets of a class, line by line, the earliest lesson first. */
struct sheet_attended {
	struct sheet sheet;
	struct curb_str unit_name;
	struct sheet_line line;
};
int sheet_attended_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                      const struct curb_id *person, struct sheet_attended **ret_lines, size_t *ret_n);

/* ---- sheet.c: the rules; in a write function ---- */
struct sheet_present {
	struct curb_id person;
	int64_t seconds;
};
struct sheet_entering {
	struct sheet sheet;
	const struct sheet_present *present;
	size_t n;
	const char *role; /* as whom it is entered: "staff", "teacher" */
	int64_t now_ms;
	const char *field; /* result: what is at fault, when something is */
};
/* Enters it, or (the same key again) finds it: then *sheet is what is there. CURB_EUNFIT, CURB_EINVAL with `field`. */
int sheet_enter(struct credit *c, struct curb_tx *tx, struct sheet_entering *entering);

struct sheet_signing {
	struct credit *c;
	struct curb_str sheet;
	struct curb_id user, helper; /* who is signed in, and ("": nobody) who does it for her */
	const char *role;            /* of the user; "learner": her own lines alone */
	int64_t now_ms;
	int64_t signed_n; /* result: trainees */
};
/* Whoever is signed in, with her helper, now. */
struct sheet_signing sheet_signing_of(struct curb_req *req, struct credit *c, struct curb_str sheet);
/* Whether one of the two entered the line. */
bool sheet_signing_enters(const struct sheet_signing *signing, const struct sheet_line *line);
/* One line: its entry, its row and the totals, with no look at who entered it. In a write function. */
int sheet_sign_line(struct credit *c, struct curb_tx *tx, const struct sheet *sheet, struct sheet_line *line,
                    const struct sheet_signing *signing);
/* Countersigns all lines that wait and that neither the user nor her helper entered; where somebody helps, the entry is hers, as
 * "helper". A write function. CURB_ECONFLICT when only their own wait, CURB_EUNFIT when what were countersigned then cannot be true. */
int sheet_sign(struct curb_tx *tx, void *signing);

struct sheet_correcting {
	struct curb_str sheet;
	struct curb_id person; /* "": everybody on the sheet */
	int64_t seconds;       /* how long she was there */
	struct curb_str reason;
	struct curb_id by;
	const char *role;
	int64_t now_ms;
	const char *field; /* result, as above */
};
int sheet_correct(struct credit *c, struct curb_tx *tx, struct sheet_correcting *correcting);

/* As whom somebody acts at an institution; NULL: she has none of the roles there. */
const char *sheet_role_of(struct curb_req *req, uint32_t roles, const struct curb_id *institution);

/* The sheet, and as whom of `roles` the one who asks acts at its institution (NULL: as none). CURB_ENOTFOUND. */
int sheet_seen(struct curb_req *req, struct credit *c, struct curb_str id, uint32_t roles,
               struct sheet *ret_sheet, const char **ret_role);

/* ---- sheet_rule.c: what a sheet must be ---- */
struct paper;
struct roll;
struct sheet_rule {
	struct credit *c;
	struct curb_tx *tx;
	const struct credit_cohort *cohort;
	const struct sheet *sheet;
	int64_t unit_s;            /* what the unit can earn: sheet_rule_unit */
	const struct paper *paper; /* that it is being entered from, or NULL */
};
/* One line: its entry, its row and the totals, with no look at whether it can be. `corrects`: the entry of her first line, -1 for
 * none. In a write function. */
int sheet_line_enter(const struct sheet_rule *rule, struct sheet_line *line, const char *role,
                     int64_t corrects);
/* Sets *ret_field and returns err. */
int sheet_fault(const char **ret_field, const char *field, int err);
/* CURB_EINVAL when the class has no such unit. */
int sheet_rule_unit(struct sheet_rule *rule, const char **ret_field);
/* All but its trainees; looks up the unit. */
int sheet_check(struct sheet_rule *rule, const struct sheet_entering *entering, const char **ret_field);
/* That it is a lesson of at most a day, within the days of the class. */
int sheet_check_within(const struct sheet_rule *rule, const char **ret_field);
/* CURB_EUNFIT, at `field`, when the class takes no more hours. */
int sheet_check_open(const struct sheet_rule *rule, int64_t now_ms, const char *field,
                     const char **ret_field);
/* One trainee who was there for `seconds` in all; `more` of them are not on this sheet yet. */
int sheet_check_present(const struct sheet_rule *rule, const struct sheet_trainee *trainee, int64_t seconds,
                        int64_t more);
/* The same of what is countersigned: `signed_s` on this sheet. */
int sheet_check_signed(const struct sheet_rule *rule, const struct sheet_trainee *trainee, int64_t signed_s);

/* ---- sheet_words.c ---- */
/* Minutes since midnight of a time as people type it: 9:00, 0930, 14：30, 9 点 30 分. */
bool sheet_read_time(struct curb_str text, int64_t *ret_minutes);
/* The day of a date as spreadsheets write it: 2027-03-01, 2027/3/1, 2027年3月1日. */
bool sheet_read_day(struct curb_str text, int64_t *ret_day);

/* "9:30", of a moment at the place. */
struct curb_str sheet_clock_words(struct curb_req *req, const struct credit *c, int64_t at_ms);
/* "3 June 2027, 9 o'clock to 12:30". */
struct curb_str sheet_when_words(struct curb_req *req, const struct credit *c, const struct sheet *sheet);
/* Where it was taught, or that it was erased with somebody whose home it was. */
struct curb_str sheet_place_words(struct curb_req *req, const struct sheet *sheet);
/* "4 class hours, 180 min". */
struct curb_str sheet_length_words(struct curb_req *req, const struct credit_cohort *cohort, int64_t seconds);
/* That of a line; of a correction, in sentences, what it was and is and why: `before_s` is what the trainee's lines before it come
 * to. */
struct curb_str sheet_line_words(struct curb_req *req, const struct credit_cohort *cohort,
                                 const struct sheet_line *line, int64_t before_s);
/* What the lines of her before lines[i] come to, where each trainee's stand together in their order. */
int64_t sheet_before_s(const struct sheet_line *lines, size_t i);
/* Whether a line waits, or who countersigned it. */
int sheet_state_words(struct curb_req *req, const struct sheet_line *line, struct curb_str *ret_words);

/* ---- sheet_api.c ---- */
int credit_post_attendance(struct curb_req *req, void *state);
int credit_post_countersign(struct curb_req *req, void *state);
int credit_post_correction(struct curb_req *req, void *state);

/* A class of which sheets are entered. */
struct sheet_class {
	struct credit *c;
	struct credit_cohort cohort;
	struct credit_trainee *roster;
	size_t n;                  /* SHEET_TRAINEES_MOST at most */
	int64_t total;             /* on the roster */
	const struct paper *paper; /* of which the request tells the code, or NULL */
	const struct roll *roll;   /* likewise, by its id */
};
/* What a file said of the lesson. */
struct sheet_lesson {
	bool has_day, has_from, has_to;
	int64_t day, from, to; /* since 1970; minutes since midnight */
};
/* What a file filled in: of each on the roster the minutes, 0 for who was absent. */
struct sheet_filled {
	const int64_t *minutes;
	int64_t whole;   /* who has so many was there for the whole lesson; 0: nobody */
	int64_t hours_c; /* of the lesson */
	struct sheet_lesson lesson;
	const struct sheet *like; /* a lesson with its unit, mode, place and teacher; NULL: nothing of them */
	struct curb_value *about; /* what was read and what was not: sentences; NULL: nothing to say */
};

/* ---- sheet_form.c: a sheet as it is typed ---- */
/* Reads it. Puts what is wrong with a field into `errors` as {field: text}; true when that is nothing. */
bool sheet_form_read(struct curb_req *req, const struct sheet_class *class, struct sheet_entering *entering,
                     struct curb_value *errors);
/* The lesson alone, and the seconds of all of it. */
bool sheet_form_read_lesson(struct curb_req *req, const struct sheet_class *class, struct sheet *ret_sheet,
                            int64_t *ret_whole_s, struct curb_value *errors);
/* The model of the form: what can be chosen, what is likely or `filled` in (NULL: nothing), and what is wrong. */
int sheet_form_model(struct curb_req *req, const struct sheet_class *class, const struct sheet_filled *filled,
                     struct curb_value *errors, struct curb_value *model);
/* For the list of mistakes at the top: each says its field and leads there; that of a group to the box of the first trainee. */
struct curb_value *sheet_mistakes(struct curb_req *req, const struct credit_trainee *roster, size_t n,
                                  const struct curb_value *errors);

/* ---- sheet_shown.c: whom the form showed ---- */
/* For its field "shown". Arena. */
struct curb_str sheet_shown(struct curb_req *req, const struct sheet_class *class);
/* Who came to the class or left it since the form that was sent was shown: a sentence each, pushed to `changes`. */
int sheet_shown_changes(struct curb_req *req, const struct sheet_class *class, struct curb_value *changes);

/* ---- sheet_pages.c, sheet_page.c, sheet_correct.c ---- */
/* One sheet, as whoever asks may see it. */
struct sheet_view {
	struct credit *c;
	struct credit_cohort cohort;
	struct sheet sheet;
	struct sheet_line *lines;
	size_t n;
	bool reads; /* the class is hers to look at as well */
};
/* That of the path. CURB_ENOTFOUND. */
int sheet_view(struct curb_req *req, struct credit *c, struct sheet_view *ret_view);
/* To the page of the sheet, which says what was done: "entered", "signed", "corrected". */
int sheet_reply_done(struct curb_req *req, struct curb_str cohort, struct curb_str sheet, const char *done);
/* The class of the path and its roster, when the person may enter sheets there. */
int sheet_class_of(struct curb_req *req, struct credit *c, struct sheet_class *ret_class);
/* The form once more, as a file filled it in, or with what is wrong with the file and its rows. */
int sheet_show_file(struct curb_req *req, const struct sheet_class *class, const struct sheet_filled *filled,
                    struct curb_str error, struct curb_value *faults);
/* The form for a lesson that is announced: `model` has title, action, back. */
int sheet_show_announce(struct curb_req *req, const struct sheet_class *class, int status,
                        struct curb_value *errors, struct curb_value *model);
int credit_page_sheets(struct curb_req *req, void *state);
int credit_page_new_sheet(struct curb_req *req, void *state);
int credit_post_sheet(struct curb_req *req, void *state);
int credit_page_sheet(struct curb_req *req, void *state);
int credit_post_sheet_sign(struct curb_req *req, void *state);
int credit_page_correct(struct curb_req *req, void *state);
int credit_post_correct(struct curb_req *req, void *state);

/* ---- sheet_rows.c: who came, row by row; the first row has the headings ---- */
struct sheet_reading {
	struct curb_req *req;
	const struct sheet_class *class;
	int64_t *minutes;          /* of each on the roster; 0: not in the list, or without minutes */
	int64_t *rows;             /* in which each of them was */
	struct curb_value *faults; /* what is wrong, a sentence each */
	struct sheet_lesson lesson;
	int64_t row, good;
};
struct sheet_reading sheet_reading_of(struct curb_req *req, const struct sheet_class *class);
void sheet_read_csv(struct sheet_reading *reading, struct curb_str text);
void sheet_read_table(struct sheet_reading *reading, const struct content_table *table);
/* Of rows that have no faults. */
struct sheet_filled sheet_filled_of(const struct sheet_reading *reading);

/* ---- sheet_file.c: who came, from a file ---- */
int credit_get_sheet_template(struct curb_req *req, void *state);
int credit_get_sheet_workbook(struct curb_req *req, void *state);
int credit_post_sheet_file(struct curb_req *req, void *state);

/* ---- sheet_record.c ---- */
/* "attended" for the page of a record, and for programs: what the person has on the sheets of the class. */
int sheet_put_record(struct curb_req *req, struct credit *c, const struct curb_id *person,
                     const struct credit_cohort *cohort, struct curb_value *model);
/* How a question about a lesson that she attended begins: with its time. `id`: of the sheet; empty: nothing. CURB_ENOTFOUND when she
 * is not on it. */
int sheet_begin_question(struct curb_req *req, struct credit *c, struct curb_str id,
                         struct curb_str *ret_begun);
int sheet_json_record(struct curb_req *req, struct credit *c, const struct curb_id *person,
                      const struct credit_cohort *cohort, struct curb_json *j);

/* ---- sheet_mine.c: what waits for whoever is signed in ---- */
/* For the first page: a section when something waits, and what to do next when sheets of others do. */
int sheet_home(struct curb_req *req, struct credit *c, struct curb_value *sections,
               struct curb_value **ret_next);
struct typed_form;
/* The page, with the form for a code as it was typed. */
int sheet_show_attendance(struct curb_req *req, struct credit *c, struct typed_form *form, int status);
int credit_page_attendance(struct curb_req *req, void *state);
int credit_post_own_sign(struct curb_req *req, void *state);
int credit_post_day_sign(struct curb_req *req, void *state);

#endif
