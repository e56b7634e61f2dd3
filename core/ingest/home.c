/* What handing in has for an author's first page: packages that are being read, and its help. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/request.h"
#include "inside.h"
#include "work.h"

static void add_item(struct curb_req *req, struct curb_value *items, struct curb_str file,
                     const struct work_job *job)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *item = curb_object(arena), *progress = curb_object(arena);
	curb_put_str(item, "title", file);
	curb_put_text(item, "href", curb_printf(arena, "/packages/%s", job->id.text));
	curb_put_str(progress, "label", package_doing(req, job));
	curb_put_int(progress, "value", job->permille / 10);
	curb_put_text(progress, "max", "100");
	curb_put_str(progress, "text", package_far(req, job));
	curb_put(item, "progress", progress);
	curb_push(items, item);
}

/* Of this person, the newest first. */
static int put_reading(struct curb_req *req, struct curb_value *items)
{
	static const char sql[] = "SELECT u.name, u.job FROM core_upload u JOIN core_job j ON j.id = u.job "
				  "WHERE u.person = $1 AND j.state IN ('waiting', 'running') "
				  "ORDER BY j.made_ms DESC, j.id LIMIT 20";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, curb_req_tx(req), sql,
	                     CURB_BINDS(curb_bind_id(&curb_req_user(req)->id)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct curb_id id = curb_col_id(stmt, 1);
		struct work_job job;
		err = work_job(curb_req_tx(req), curb_id_str(&id), &job);
		if (!err)
			add_item(req, items, curb_dup(curb_req_arena(req), curb_col_text(stmt, 0)), &job);
	}
	return err;
}

static int fill(void *self, struct curb_req *req, struct curb_value *sections, struct curb_value **ret_next)
{
	struct curb_value *section = curb_object(curb_req_arena(req)),
			  *items = curb_array(curb_req_arena(req));
	(void)self;
	int err = put_reading(req, items);
	if (err)
		return err;
	if (curb_value_count(items)) {
		curb_put_str(section, "title", curb_tr(req, "Packages that are being read", NULL));
		curb_put(section, "items", items);
		curb_push(sections, section);
	}
	*ret_next = curb_object(curb_req_arena(req));
	curb_put_str(*ret_next, "label", curb_tr(req, "Hand in a package", NULL));
	curb_put_text(*ret_next, "href", "/packages/new");
	return 0;
}

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct curb_home_help help[] = {
	{ CURB_AUTHOR, CURB_TEXT("Hand in a package"),
	  TEXTS(CURB_TEXT("Choose the file on the page Hand in a package and press the button. Large files "
	                  "are sent in "
	                  "parts: on a bad line you can pause and go on, and nothing is sent twice."),
	        CURB_TEXT("The package is read at once. What is wrong with it is told in words, each with "
	                  "how to mend "
	                  "it."),
	        CURB_TEXT("Captions belong beside the film, with the same name: lesson1.mp4 and "
	                  "lesson1.zh-CN.srt.")) },
	{ 0 },
};

struct curb_home_part ingest_home_part(void)
{
	return (struct curb_home_part){
		.name = "ingest", .roles = CURB_AUTHOR, .rank = 90, .fill = fill, .help = help
	};
}
