/* Lists of the national systems: maps of their columns, lists that go out, and lists that are compared with what is kept here.
 * The rule: what is read of a list changes no hours; whatever of it names a person is sealed, and goes with her.
 */
#ifndef EXCHANGE_LISTS_H
#define EXCHANGE_LISTS_H

#include "compare.h"
#include "exchange.h"

enum { MAPS_MOST = 200 /* of a place */, LIST_UPLOAD_MOST = (4 << 20) + 4096 };

struct map {
	struct curb_id id;
	struct curb_str place, name, text; /* text: its columns as they are kept */
	struct column *columns;
	size_t n;
};

struct comparison {
	struct curb_id id, by;
	struct curb_str place, scope, list; /* scope: what it is of, "" all; list: the name of the map */
	int64_t made_ms, listed, records, findings;
	bool part; /* there were more findings than are kept */
};

/* What was found, as it is kept. */
struct kept_difference {
	struct curb_id id;
	struct curb_str code, sealed;
	int64_t row;
};

/* ---- store_lists.c; results are arena of tx ---- */
/* Each place that has some, once. */
int map_places(struct exchange *x, struct curb_tx *tx, struct curb_str **ret, size_t *ret_n);
/* Those of some places, each in brackets, "[370100][]", by name. */
int maps_at(struct exchange *x, struct curb_tx *tx, struct curb_str places, struct map **ret, size_t *ret_n);
/* CURB_ENOTFOUND. */
int map_by_id(struct exchange *x, struct curb_tx *tx, struct curb_str id, struct map *ret);
int map_add(struct exchange *x, struct curb_tx *tx, const struct map *map, const struct curb_id *by,
            int64_t now_ms);
/* Other columns in the place of `map->text`. CURB_ECONFLICT: it has others by now, or is gone. */
int map_set(struct exchange *x, struct curb_tx *tx, const struct map *map, struct curb_str text);
int map_remove(struct exchange *x, struct curb_tx *tx, const struct curb_id *id);

int comparison_places(struct exchange *x, struct curb_tx *tx, struct curb_str **ret, size_t *ret_n);
/* Those that are whole, of some places as above, the newest first: `most` behind the first `skip`. *ret_total counts all. */
int comparisons_at(struct exchange *x, struct curb_tx *tx, struct curb_str places, int64_t skip, int64_t most,
                   struct comparison **ret, size_t *ret_n, int64_t *ret_total);
/* CURB_ENOTFOUND. */
int comparison_by_id(struct exchange *x, struct curb_tx *tx, struct curb_str id, struct comparison *ret);
/* Begins one, and takes away what somebody left that was not ended. */
int comparison_begin(struct exchange *x, struct curb_tx *tx, const struct comparison *comparison);
int comparison_end(struct exchange *x, struct curb_tx *tx, const struct curb_id *id);
int comparison_remove(struct exchange *x, struct curb_tx *tx, const struct curb_id *id);
/* `said`: what it says, plain. */
int difference_add(struct exchange *x, struct curb_tx *tx, const struct curb_id *comparison, int64_t n,
                   const struct difference *difference, struct curb_str said);
/* `most` behind the first `skip`, in their order; *ret_total counts all that are left. */
int differences_of(struct exchange *x, struct curb_tx *tx, const struct curb_id *comparison, int64_t skip,
                   int64_t most, struct kept_difference **ret, size_t *ret_n, int64_t *ret_total);
/* What names a person, or her number. */
int differences_forget(struct exchange *x, struct curb_tx *tx, struct curb_str person, struct curb_str mark);

/* ---- lists_form.c ---- */
/* A page with a form: what was typed, and what is wrong with it. */
struct list_form {
	struct curb_req *req;
	struct exchange *x;
	struct curb_value *model, *errors, *values;
};
struct list_form list_form(struct curb_req *req, struct exchange *x);
/* What was typed, without blanks around it; kept for the page. */
struct curb_str list_typed(const struct list_form *form, const char *name);
void list_wrong(const struct list_form *form, const char *field, struct curb_str text);
/* The same with this thread's message. */
void list_wrong_error(const struct list_form *form, const char *field);
bool list_is_wrong(const struct list_form *form);
int list_reply(const struct list_form *form, int status, const char *name, struct curb_str title);

/* The maps that whoever asks may use: those of places of hers, and of the regions around. */
int list_maps(struct curb_req *req, struct exchange *x, struct map **ret, size_t *ret_n);
/* Puts them as the options of a select into the model as "maps". `chosen`: the id; `none`: a source text for choosing none of them,
 * which comes first; NULL: one must be chosen. */
int list_put_maps(const struct list_form *form, struct curb_str chosen, const char *none);
/* The one of the field "map". Wrong there when there is none. */
int list_read_map(const struct list_form *form, struct map *ret);

/* Of some places those where whoever asks makes lists, each in brackets. Arena. */
int list_places(struct curb_req *req, const struct curb_str *places, size_t n, struct curb_str *ret);

/* Whose records: of the field "place", an institution's or a region's; all that are hers without one. */
struct list_scope {
	struct curb_str name;               /* of the place; "": all */
	const struct curb_id *institutions; /* arena */
	size_t n;
};
int list_read_scope(const struct list_form *form, struct list_scope *ret);

/* ---- maps_pages.c, list_out.c, compare_in.c, compare_pages.c ---- */
int exchange_page_maps(struct curb_req *req, void *state);
int exchange_post_map(struct curb_req *req, void *state);
int exchange_page_map(struct curb_req *req, void *state);
int exchange_post_column(struct curb_req *req, void *state);
int exchange_page_column(struct curb_req *req, void *state);
int exchange_post_changed(struct curb_req *req, void *state);
int exchange_page_map_remove(struct curb_req *req, void *state);
int exchange_post_map_remove(struct curb_req *req, void *state);
int exchange_page_list(struct curb_req *req, void *state);
int exchange_post_list(struct curb_req *req, void *state);
/* The page of comparisons, with the form for another one. */
int comparisons_show(const struct list_form *form, int status);
int exchange_page_comparisons(struct curb_req *req, void *state);
int exchange_post_comparison(struct curb_req *req, void *state);
int exchange_page_comparison(struct curb_req *req, void *state);
int exchange_get_comparison(struct curb_req *req, void *state);
int exchange_page_comparison_remove(struct curb_req *req, void *state);
int exchange_post_comparison_remove(struct curb_req *req, void *state);

#endif
