/* Learning points, as the one who has them reads them. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "pages.h"
#include "points.h"

enum { LINES_PAGE = 50 };

/* Whether there is anything to show: a rule that gives points, or points from before. */
static int look(struct curb_req *req, struct credit *c, struct points_rule *ret_rule,
                struct points_total *ret_total)
{
	const struct curb_id *me = &curb_req_user(req)->id;
	int err = points_rule(c, curb_req_tx(req), me, curb_wall_ms(), ret_rule);
	return err ? err : points_total(c, curb_req_tx(req), me, ret_total);
}

static struct curb_str sum_text(struct curb_req *req, const struct points_total *total)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_int(values, "points", total->points);
	curb_put_str(values, "time", curb_words_span(req, total->granted_s));
	return curb_tr(req, "{points} points, for {time} of self-study", values);
}

int points_home(struct curb_req *req, struct credit *c, struct curb_value *sections)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *section = curb_object(arena), *items = curb_array(arena),
			  *item = curb_object(arena);
	struct points_rule rule;
	struct points_total total = { .points = 0 };
	int err = look(req, c, &rule, &total);
	if (err || (rule.point_s == 0 && total.granted_s == 0))
		return err;
	curb_put_str(item, "title", sum_text(req, &total));
	curb_put_text(item, "href", "/points");
	curb_push(items, item);
	curb_put_str(section, "title", curb_tr(req, "My learning points", NULL));
	curb_put(section, "items", items);
	curb_push(sections, section);
	return 0;
}

static int push_line(struct curb_req *req, struct credit *c, const struct points_line *line,
                     const char *const *labels, struct curb_value *rows)
{
	struct curb_value *row = curb_object(curb_req_arena(req)), *cells = curb_array(curb_req_arena(req));
	struct content_unit unit;
	int err = c->content->unit(c->content, curb_req_tx(req), curb_id_str(&line->unit), &unit);
	if (err && err != CURB_ENOTFOUND)
		return err;
	curb_push(cells, credit_head(req, labels[0], curb_words_day(req, line->day), NULL));
	curb_push(cells,
	          credit_cell(req, labels[1],
	                      err ? curb_tr(req, "a lesson that is not there any more", NULL) : unit.name));
	curb_push(cells, credit_cell(req, labels[2], curb_words_span(req, line->granted_s)));
	curb_push(cells,
	          credit_cell(req, labels[3],
	                      curb_str(curb_printf(curb_req_arena(req), "%lld", (long long)line->points))));
	curb_put(row, "cells", cells);
	curb_push(rows, row);
	return 0;
}

static int put_lines(struct curb_req *req, struct credit *c, int64_t page, struct curb_value *model)
{
	static const char *const labels[] = { CURB_TEXT("Day"), CURB_TEXT("Lesson"), CURB_TEXT("Counted"),
		                              CURB_TEXT("Points"), NULL };
	struct curb_value *rows = curb_array(curb_req_arena(req));
	const struct credit_lines_part part = { (page - 1) * LINES_PAGE, LINES_PAGE };
	struct points_line *lines = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = points_lines(c, curb_req_tx(req), &curb_req_user(req)->id, &part, &lines, &n, &total);
	for (size_t i = 0; !err && i < n; i++)
		err = push_line(req, c, &lines[i], labels, rows);
	credit_put_columns(req, model, labels);
	curb_put(model, "rows", rows);
	curb_put_pager(req, model, "/points?page={page}", page, LINES_PAGE, total);
	return err;
}

int points_page(struct curb_req *req, void *state)
{
	struct curb_value *model = curb_object(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	struct points_rule rule;
	struct points_total total = { .points = 0 };
	int64_t page = credit_asked_page(req, "page");
	int err = look(req, state, &rule, &total);
	if (!err && rule.point_s == 0 && total.granted_s == 0)
		return curb_fail(CURB_ENOTFOUND, "There are no learning points here");
	if (!err)
		err = put_lines(req, state, page, model);
	if (err)
		return err;
	curb_put_str(values, "time", curb_words_span(req, rule.point_s));
	curb_put_str(values, "rest", curb_words_span(req, total.rest_s));
	curb_put_str(model, "title", credit_page_title(req, curb_tr(req, "My learning points", NULL), page));
	curb_put_str(model, "sum", sum_text(req, &total));
	curb_put_str(
		model, "rule",
		rule.point_s ?
			curb_tr(req,
	                        "Every {time} of a lesson that you learn by yourself, outside a class, "
	                        "make one point. {rest} are on the way to the next one.",
	                        values) :
			curb_tr(req, "Self-study earns no more points now. What you have is kept.", NULL));
	return curb_reply_page(req, 200, "points", model);
}
