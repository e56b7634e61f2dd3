/* Between the files of the desk.
 * The rule: words.c makes what people read, form.c reads what they typed; the other files are one page each.
 */
#ifndef CURB_DESK_INSIDE_H
#define CURB_DESK_INSIDE_H

#include "curb/db.h"
#include "curb/request.h"
#include "desk.h"
#include "roles.h"

/* What stands for everything in a field for places: an empty one is a mistake. */
#define DESK_EVERYTHING "all"

enum { DESK_PEOPLE = CURB_ADMIN | CURB_STAFF | CURB_AUDITOR, DESK_CHOICES = 200 };

struct desk {
	struct desk_options o;
	const struct curb_study *study; /* NULL: nobody keeps classes */
	int64_t started_ms;
};

/* Whoever asks, with those of `roles` that count here. */
struct people_actor desk_actor(struct curb_req *req, uint32_t roles);

/* ---- words.c: all arena ---- */
struct curb_str desk_tr_int(struct curb_req *req, const char *source, const char *name, int64_t value);
struct curb_str desk_tr_str(struct curb_req *req, const char *source, const char *name,
                            struct curb_str value);
struct curb_str desk_role(struct curb_req *req, uint32_t role); /* one bit */
struct curb_str desk_roles(struct curb_req *req, uint32_t roles);
struct curb_str desk_moment(struct curb_req *req, int64_t ms);
/* As a shell reads it, in quotes where it needs them. */
const char *desk_shell_word(struct curb_arena *arena, const char *text);
/* "From 3 May 2026", "From … to …"; until 0: no end. */
struct curb_str desk_period(struct curb_req *req, int64_t from_ms, int64_t until_ms);
/* The place of a grant; everything is "the whole server". */
struct curb_str desk_place(struct curb_req *req, struct curb_str name);

/* ---- models ---- */
void desk_title(struct curb_req *req, struct curb_value *model, const char *source);
void desk_notice(struct curb_value *model, const char *kind, struct curb_str text);
/* {items[{term,text,href}]} for facts. */
void desk_fact(struct curb_value *facts, struct curb_str term, struct curb_str text, const char *href);
/* One cell more; the first of a row is its head. `columns` are those of the table. */
void desk_cell(struct curb_value *row, struct curb_value *columns, struct curb_str text, const char *href);
/* A text with {n} files and {size}. */
struct curb_str desk_files(struct curb_req *req, const char *source, int64_t n, int64_t bytes);
struct curb_value *desk_row(struct curb_value *rows);
struct curb_value *desk_columns(struct curb_req *req, const char *const *sources);
void desk_option(struct curb_value *options, struct curb_str value, struct curb_str label, bool selected);
/* CURB_EINVAL. */
int desk_page(struct curb_req *req, int64_t *ret_page);

/* ---- form.c ---- */
struct desk_form {
	struct curb_req *req;
	struct curb_value *
		model; /* of the page: v.NAME what was typed, e.NAME what is wrong with it, mistakes[{field,text}] */
	struct curb_value *v, *e, *mistakes;
	bool wrong;
};
/* `model` NULL: a new one. */
struct desk_form desk_form(struct curb_req *req, struct curb_value *model);
/* The field, trimmed, kept for the page. */
struct curb_str desk_text(struct desk_form *form, const char *name);
/* The same; a mistake when it is over `most` bytes. */
struct curb_str desk_short(struct desk_form *form, const char *name, size_t most);
/* The same; a mistake when it is empty, too. */
struct curb_str desk_needed(struct desk_form *form, const char *name, size_t most, const char *missing);
/* A date of three fields NAME-year, -month, -day: its first moment, 0 when all three are empty. */
int64_t desk_date(struct desk_form *form, const char *name);
/* `text` is translated. */
void desk_wrong(struct desk_form *form, const char *name, struct curb_str text);
/* The same with the thread's error. */
void desk_wrong_error(struct desk_form *form, const char *name);
/* True for errors that a person mends in the form. */
bool desk_mendable(int err);

/* A place that was chosen or typed, and that the actor covers; "" for DESK_EVERYTHING. */
int desk_read_place(struct desk_form *form, const struct people_actor *actor, const char *name,
                    struct curb_str *ret_place);
/* Choices of places for a select under "places", or none when there are more than DESK_CHOICES; "only_place" when there is
 * but one. */
int desk_put_places(struct curb_req *req, const struct people_actor *actor, struct curb_str chosen,
                    bool with_regions, struct curb_value *model);

enum { DESK_DAY_MS = 24 * 3600 * 1000 };

/* ---- replies ---- */
/* To `path`, whose page says what was done by its own query. */
int desk_go(struct curb_req *req, const char *path);

/* ---- handlers, a file each ---- */
int desk_get_people(struct curb_req *req, void *state);
int desk_get_new(struct curb_req *req, void *state);
int desk_post_people(struct curb_req *req, void *state);
int desk_get_many(struct curb_req *req, void *state);
int desk_post_many(struct curb_req *req, void *state);
int desk_get_person(struct curb_req *req, void *state);
int desk_get_eligibility(struct curb_req *req, void *state);
int desk_post_eligibility(struct curb_req *req, void *state);
int desk_post_eligibility_decision(struct curb_req *req, void *state);
int desk_post_eligibility_look(struct curb_req *req, void *state);
int desk_post_role(struct curb_req *req, void *state);
int desk_get_role(struct curb_req *req, void *state);
int desk_post_role_end(struct curb_req *req, void *state);
int desk_get_places(struct curb_req *req, void *state);
int desk_post_region(struct curb_req *req, void *state);
int desk_post_institution(struct curb_req *req, void *state);
int desk_post_rename(struct curb_req *req, void *state);
int desk_post_close(struct curb_req *req, void *state);
int desk_post_reopen(struct curb_req *req, void *state);
int desk_get_changes(struct curb_req *req, void *state);
int desk_get_machine(struct curb_req *req, void *state);
int desk_get_plugins(struct curb_req *req, void *state);
int desk_get_storage(struct curb_req *req, void *state);
int desk_get_backups(struct curb_req *req, void *state);
int desk_post_backups(struct curb_req *req, void *state);
int desk_get_health(struct curb_req *req, void *state);
int desk_get_keys(struct curb_req *req, void *state);
int desk_get_log(struct curb_req *req, void *state);
int desk_get_jobs(struct curb_req *req, void *state);
int desk_get_job(struct curb_req *req, void *state);
int desk_post_job_retry(struct curb_req *req, void *state);
int desk_post_job_cancel(struct curb_req *req, void *state);

/* person.c: whether the actor has a page about this person, */
int desk_sees(struct curb_req *req, const struct people_actor *actor, const struct curb_id *person,
              bool *ret_sees);
/* the person of the path, when the actor sees her; else CURB_ENOTFOUND. */
int desk_find_person(struct curb_req *req, const struct people_actor *actor, struct people_row *ret_row);

/* eligible_view.c: what waits for whoever is signed in, as a section of her first page; none when nothing does. */
int desk_put_waiting(struct curb_req *req, struct curb_value *sections);

/* backups.c: when the newest whole one was made, 0 for none; what is wrong with them, a text each. `here`: on their own page. */
int64_t desk_newest_backup(struct curb_req *req, const struct desk *desk);
void desk_backup_complaints(struct curb_req *req, const struct desk *desk, bool here,
                            struct curb_value *list);
/* jobs.c: "progress" of a job, {value,text}. */
void desk_put_progress(struct curb_req *req, const struct work_job *job, struct curb_value *model);

/* ledger.c: what is wrong with the ledger, a text each; its facts. */
void desk_ledger_complaints(struct curb_req *req, const struct desk *desk, struct curb_value *list);
void desk_ledger_facts(struct curb_req *req, const struct desk *desk, struct curb_value *facts);
/* health.c: what is not well, in words, as an array of strings; empty when all is. */
int desk_complaints(struct curb_req *req, struct desk *desk, struct curb_value *list);
/* storage.c: bytes; -1 where they cannot be told. */
struct desk_storage {
	int64_t blobs, blob_bytes, database_bytes, waiting_bytes, free_bytes, disk_bytes;
};
int desk_storage(struct curb_tx *tx, const struct desk *desk, struct desk_storage *ret_storage);

#endif
