/* Handing in a package by a page: a form with a file, sent whole; scripts send the same file in parts (tus) instead. */
#include <sys/sendfile.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/request.h"
#include "curb/words.h"
#include "inside.h"

/* ---- the form ---- */

/* Own courses, to add a version to: whose first version is hers; the name is that of the newest. */
static int put_courses(struct curb_req *req, struct curb_value *model)
{
	static const char sql[] =
		"SELECT v.course, v.name FROM core_version f JOIN core_version v ON v.course = f.course "
		"WHERE f.person = $1 AND f.number = 1 AND v.number = (SELECT max(n.number) FROM "
		"core_version n WHERE n.course = v.course) ORDER BY v.made_ms DESC, v.id LIMIT 50";
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *options = curb_array(arena), *first = curb_object(arena);
	struct curb_str chosen = curb_req_field(req, "course");
	curb_put_text(first, "value", "");
	curb_put_str(first, "label", curb_tr(req, "A new course", NULL));
	curb_push(options, first);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, curb_req_tx(req), sql,
	                     CURB_BINDS(curb_bind_id(&curb_req_user(req)->id)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct curb_value *option = curb_object(arena), *values = curb_object(arena);
		struct curb_str id = curb_dup(arena, curb_col_text(stmt, 0));
		curb_put_str(values, "name", curb_dup(arena, curb_col_text(stmt, 1)));
		curb_put_str(option, "value", id);
		curb_put_str(option, "label", curb_tr(req, "A new version of {name}", values));
		curb_put_bool(option, "selected", curb_str_eq(chosen, id));
		curb_push(options, option);
		err = 0;
	}
	curb_put(model, "courses", options);
	return err;
}

static int show(struct curb_req *req, const struct ingest *ingest, struct curb_str error, int status)
{
	struct curb_value *model = curb_object(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	int err = put_courses(req, model);
	if (err)
		return err;
	curb_put_str(model, "title", curb_tr(req, "Hand in a package", NULL));
	curb_put_str(values, "size", curb_words_size(req, (int64_t)ingest->o.upload_most));
	curb_put_str(model, "help",
	             curb_tr(req,
	                     "A zip with course.json, an audio-book (DAISY, EPUB with sound, LPF), one media "
	                     "file, or a "
	                     "zip of media with what belongs to them beside them. At most {size}.",
	                     values));
	curb_put_bool(model, "checked", import_check_wanted(req));
	if (error.ptr)
		curb_put_str(model, "error", error);
	return curb_reply_page(req, status, "handin", model);
}

int handin_page(struct curb_req *req, void *state)
{
	return show(req, state, curb_str(NULL), 200);
}

/* ---- the file ---- */

struct handin {
	struct import_queueing queueing;
	struct upload_expired expired;
};

static int check_file(const struct ingest *ingest, const struct curb_file *file)
{
	if (!file->name.len)
		return curb_fail(CURB_EINVAL, "Choose the file of your package first");
	if (file->size == 0)
		return curb_fail(CURB_EINVAL, "This file is empty; choose another one");
	if (file->name.len > UPLOAD_NAME_LONGEST)
		return curb_fail(CURB_EINVAL, "The file name is too long; use at most %d bytes",
		                 UPLOAD_NAME_LONGEST);
	if (file->size > ingest->o.upload_most)
		return curb_fail(CURB_ETOOBIG, "This file is too large; at most %llu bytes are taken",
		                 (unsigned long long)ingest->o.upload_most);
	return 0;
}

static int no_room(void)
{
	return curb_fail(CURB_EFULL,
	                 "There is no room for this part; what came before is kept, try again later");
}

/* The part of the request's body that is the file, into the file of an upload, durable. */
static int copy_file(struct curb_req *req, const struct curb_file *file, int to)
{
	int from = curb_req_body_fd(req);
	loff_t in = (loff_t)file->from, out = 0;
	while (from >= 0 && (uint64_t)out < file->size) {
		ssize_t n = copy_file_range(from, &in, to, &out, (size_t)(file->size - (uint64_t)out), 0);
		if (n <= 0)
			return no_room();
	}
	struct curb_str bytes = curb_str_n(curb_req_body(req).ptr, curb_req_body(req).len);
	for (size_t done = 0; from < 0 && done < file->size;) {
		ssize_t n = pwrite(to, bytes.ptr + file->from + done, (size_t)file->size - done, (off_t)done);
		if (n <= 0)
			return no_room();
		done += (size_t)n;
	}
	return fdatasync(to) == 0 ? 0 : curb_fail(CURB_EINTERNAL, "an upload cannot be made durable");
}

static int hand_in(struct curb_tx *tx, void *arg)
{
	struct handin *handin = arg;
	int err = upload_add(tx, &handin->queueing.upload, &handin->expired);
	return err ? err : import_queue(tx, &handin->queueing);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct handin *handin = arg;
	return package_go_to(req, &handin->queueing.job);
}

static int take_file(struct curb_req *req, struct ingest *ingest, const struct curb_file *file)
{
	struct handin handin = { .queueing = { .ingest = ingest } };
	struct upload *upload = &handin.queueing.upload;
	CURB_AUTO(fd) int fd = -1;
	int64_t size = 0;
	upload->made_ms = curb_wall_ms();
	upload->expires_ms = upload->made_ms + upload_life_ms;
	upload->id = curb_id_new(upload->made_ms);
	upload->person = curb_req_user(req)->id;
	upload->name = file->name;
	upload->length = (int64_t)file->size;
	int err = upload_open(ingest, &upload->id, true, &fd, &size);
	if (!err)
		err = copy_file(req, file, fd);
	handin.queueing.payload = import_payload(req, upload, curb_req_field(req, "course"),
	                                         import_check_wanted(req));
	if (!err)
		err = curb_write_reply(req, curb_str(NULL), hand_in, answer, &handin);
	if (err && err != CURB_ELATE) /* then it may stand; what does not goes with the next start */
		upload_unlink(ingest, &upload->id);
	else if (!err)
		upload_unlink_expired(ingest, &handin.expired);
	return err;
}

int handin_post(struct curb_req *req, void *state)
{
	struct ingest *ingest = state;
	struct curb_file file;
	int err = curb_req_file(req, &file);
	if (!err)
		err = check_file(ingest, &file);
	if (!err)
		err = import_check_course(req);
	if (!err)
		err = take_file(req, ingest, &file);
	if (err == CURB_EINVAL || err == CURB_ETOOBIG || err == CURB_ENOTFOUND || err == CURB_EFULL)
		return show(req, ingest, curb_dup(curb_req_arena(req), curb_str(curb_error_local())),
		            curb_err_status(err));
	return err;
}
