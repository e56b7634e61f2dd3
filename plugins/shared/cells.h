/* Models of the components that lists and forms of several plugins are made of (accessibility/templates): columns, cells, facts,
 * notices; and cells of files for spreadsheets. Built into each plugin that asks for it.
 * The rule: labels and sources are English source texts of the plugin that calls; everything is arena of the request.
 */
#ifndef PLUGINS_CELLS_H
#define PLUGINS_CELLS_H

#include "curb/buf.h"
#include "curb/json.h"
#include "curb/request.h"

/* `source` with one part {name} filled. */
struct curb_str tr_one(struct curb_req *req, const char *source, const char *name, struct curb_str value);
/* "0.0625" of 625 with four decimals, "2" of 200 with two: no zeros at the end. Not below 0. */
struct curb_str decimal_text(struct curb_req *req, int64_t number, int decimals);
/* One {term, text} of the component "facts"; nothing for an absent text. */
void push_fact(struct curb_req *req, struct curb_value *facts, const char *term, struct curb_str text);
/* One {label, text, href, head} of a row of the component "table"; the first of a row is its head. */
void push_cell(struct curb_req *req, struct curb_value *cells, const char *label, struct curb_str text,
               const char *href);
/* "columns" of the component "table"; labels end with NULL. */
void put_columns(struct curb_req *req, struct curb_value *model, const char *const *labels);
/* A status at the top of the page. */
void put_notice(struct curb_req *req, struct curb_value *model, const char *kind, struct curb_str text);

/* A section of a first page (curb/home.h) with these cards; nothing when there is none. `more`: where all of them are, and what the
 * link is called; NULL: no link. */
void push_section(struct curb_req *req, struct curb_value *sections, const char *title,
                  struct curb_value *items, const char *more_href, const char *more_label);

/* ---- comma-separated values (RFC 4180), as spreadsheets open them ---- */
void csv_begin(struct curb_buf *out); /* UTF-8 with its mark: without it they guess */
/* A cell of text, and what stands behind it: ',' or, at the end of a row, '\n'. A text that a spreadsheet would take for a formula
 * gets an apostrophe in front; an absent text is an empty cell. */
void csv_cell(struct curb_buf *out, struct curb_str text, char behind);
/* A number, with `decimals` digits of it behind the point. */
void csv_number(struct curb_buf *out, int64_t number, int decimals, char behind);
/* Sends it as a file of that name, and frees it. */
int csv_reply(struct curb_req *req, struct curb_buf *out, const char *name);

#endif
