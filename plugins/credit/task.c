/* Tasks of a class: made when it opens, done by somebody's word. Its author owes none that the course lacks no longer. */
#include "task.h"

#include <string.h>

#include "curb/err.h"

/* Captions that are all in other languages leave a lesson as it was for who reads none of them. */
static bool same(const struct task *task, const struct content_lack *lack)
{
	bool code = curb_str_is(task->code, lack->code) ||
	            (curb_str_is(task->code, "a11y.no-captions") &&
	             strcmp(lack->code, "a11y.captions-language") == 0);
	return code && curb_str_eq(task->key, lack->key);
}

static int add_of(struct credit *c, struct curb_tx *tx, struct curb_str version,
                  const struct credit_cohort *cohort, int64_t *position)
{
	const struct content_lack *lacks = NULL;
	struct content_version course;
	size_t n = 0;
	int err = c->content->version(c->content, tx, version, &course);
	if (!err)
		err = c->content->lacks(c->content, tx, version, &lacks, &n);
	for (size_t i = 0; !err && i < n && *position < TASKS_MOST; i++) {
		const struct task task = {
			.id = curb_id_new(cohort->opened_ms),
			.cohort = cohort->id,
			.course = course.course,
			.key = lacks[i].key,
			.name = lacks[i].name,
			.fact = lacks[i].fact.ptr ? lacks[i].fact : curb_str(""),
			.code = curb_str(lacks[i].code),
			.owner = curb_id_some(&course.person) ? course.person : cohort->opened_by,
			.due_day = count_day(cohort->starts_ms, c->utc_offset_ms),
		};
		err = task_add(c, tx, &task, (*position)++, cohort->ends_ms);
	}
	return err;
}

int tasks_open(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan,
               const struct credit_cohort *cohort)
{
	int64_t position = 0;
	int err = 0;
	for (size_t i = 0; !err && i < plan->version_count; i++)
		err = add_of(c, tx, plan->versions[i], cohort, &position);
	return err;
}

int tasks_look(struct credit *c, struct curb_tx *tx, struct task *list, size_t n)
{
	const struct content_lack *lacks = NULL;
	size_t lacks_n = 0;
	for (size_t i = 0; c->catalog && i < n; i++) {
		struct curb_id now;
		bool other = i == 0 || strcmp(list[i - 1].course.text, list[i].course.text) != 0;
		int err = other ? c->catalog->now(c->catalog, tx, &list[i].course, &now) : 0;
		if (!err && other)
			err = c->content->lacks(c->content, tx, curb_id_str(&now), &lacks, &lacks_n);
		if (err)
			return err;
		list[i].there = true;
		for (size_t k = 0; k < lacks_n; k++)
			list[i].there = list[i].there && !same(&list[i], &lacks[k]);
	}
	return 0;
}
