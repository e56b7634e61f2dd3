#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

enum { BLOCK = 16384, KEEP_FREE = 1 << 30, MEGABYTE = 1 << 20 };

bool body_is_raw(const struct curb_route *row)
{
	return row->body == CURB_BODY_RAW || row->body == CURB_BODY_PARTS;
}

void body_free(struct body *body)
{
	curb_buf_free(&body->bytes);
	if (body->fd >= 0)
		(void)close(body->fd);
	body->fd = -1;
}

static uint64_t most(const struct curb_req *req)
{
	const struct curb_route *row = req->match.route->row;
	if (row->body == CURB_BODY_NONE)
		return 0;
	return row->body_max ? row->body_max : HTTP_MEMORY_BODY;
}

/* A form from a page may be longer than its route takes, a few at a time: it is read to be shown again, not to be taken. */
static bool read_overlong(struct curb_req *req)
{
	if (req->head->length > FORM_MOST || req->match.route->row->body == CURB_BODY_NONE ||
	    !form_of_page(req))
		return false;
	if (atomic_fetch_add(&req->http->large_forms, 1) >= FORMS_LARGE) {
		atomic_fetch_sub(&req->http->large_forms, 1);
		return false;
	}
	req->overlong = true;
	return true;
}

static int too_big(const struct curb_req *req)
{
	if (req->match.route->row->body == CURB_BODY_NONE)
		return curb_fail(CURB_ETOOBIG, "This address takes no body");
	return curb_fail(CURB_ETOOBIG, "This is too large; at most %llu bytes are taken here",
	                 (unsigned long long)most(req));
}

static bool type_is(struct curb_str type, const char *name)
{
	size_t len = strlen(name);
	return type.len >= len && strncasecmp(type.ptr, name, len) == 0 &&
	       (type.len == len || type.ptr[len] == ';' || type.ptr[len] == ' ');
}

static int check_type(const struct curb_req *req)
{
	enum curb_body body = req->match.route->row->body;
	struct curb_str type = head_get(req->head, "Content-Type");
	bool json = type_is(type, "application/json"),
	     form = type_is(type, "application/x-www-form-urlencoded") ||
	            type_is(type, "multipart/form-data");
	bool fits = body_is_raw(req->match.route->row) || body == CURB_BODY_NONE ||
	            (body == CURB_BODY_JSON && json) || (body == CURB_BODY_FORM && form) ||
	            (body == CURB_BODY_ANY && (json || form));
	if (!fits)
		return curb_fail(CURB_ETYPE, "This address takes %s",
		                 body == CURB_BODY_JSON ? "application/json" :
		                 body == CURB_BODY_FORM ? "the fields of a form" :
		                                          "application/json or the fields of a form");
	if (head_get(req->head, "Content-Encoding").ptr)
		return curb_fail(CURB_ETYPE, "Send the body without a Content-Encoding");
	return 0;
}

/* Hours are still written when uploads are not taken any more: what comes may not fill the disk. `more` bytes are
 * spooled and then kept, so they are there twice; a body in chunks may be as long as its route takes. */
int curb_req_room(struct curb_req *req, uint64_t more)
{
	struct statvfs disk;
	const struct http_options *o = &req->http->o;
	if (statvfs(o->spool_folder, &disk) != 0)
		return curb_fail(CURB_EINTERNAL, "cannot look at the disk of %s", o->spool_folder);
	uint64_t tenth = (uint64_t)disk.f_blocks * disk.f_frsize / 10;
	uint64_t keep_free = o->keep_free ? o->keep_free : tenth < KEEP_FREE ? tenth : KEEP_FREE;
	uint64_t room = (uint64_t)disk.f_bavail * disk.f_frsize;
	if (room >= keep_free && (room - keep_free) / 2 >= more)
		return 0;
	uint64_t missing = room < keep_free ? keep_free - room + 2 * more : 2 * more - (room - keep_free);
	return curb_fail(CURB_EFULL,
	                 "There is no room to keep what you send: %llu MB are missing; try again later",
	                 (unsigned long long)(missing / MEGABYTE + 1));
}

int body_check(struct curb_req *req)
{
	int64_t length = req->head->length;
	if (length == 0)
		return 0;
	if (length > 0 && (uint64_t)length > most(req) && !read_overlong(req))
		return too_big(req);
	int err = check_type(req);
	if (!err && body_is_raw(req->match.route->row))
		err = curb_req_room(req, length > 0 ? (uint64_t)length : most(req));
	return err;
}

static int spool_open(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	struct curb_buf path = curb_buf(4096);
	curb_buf_printf(&path, "%s/bodyXXXXXX", folder);
	fd = path.data ? mkostemp(path.data, O_CLOEXEC) : -1;
	if (fd >= 0)
		(void)unlink(path.data);
	curb_buf_free(&path);
	return fd;
}

static int write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);
		if (n <= 0)
			return curb_fail(CURB_EFULL,
			                 "There is no room to keep what you sent; try again later");
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

static int keep(struct curb_req *req, const char *block, size_t n)
{
	struct body *body = &req->body;
	bool raw = body_is_raw(req->match.route->row);
	body->size += n;
	if (body->size > (req->overlong ? FORM_MOST : most(req)))
		return too_big(req);
	if (body->fd < 0 && (!raw || body->size <= HTTP_MEMORY_BODY)) {
		curb_buf_add(&body->bytes, block, n);
		return curb_buf_check(&body->bytes);
	}
	if (body->fd < 0) {
		body->fd = spool_open(req->http->o.spool_folder);
		if (body->fd < 0)
			return curb_fail(CURB_EINTERNAL, "cannot make a file in %s",
			                 req->http->o.spool_folder);
		int err = write_all(body->fd, body->bytes.data ? body->bytes.data : "", body->bytes.len);
		if (err)
			return err;
		curb_buf_free(&body->bytes);
	}
	return write_all(body->fd, block, n);
}

static int64_t deadline(const struct curb_req *req)
{
	const struct http_limits *limits = &req->http->limits;
	int64_t size = req->head->length > 0 ? req->head->length : (int64_t)most(req);
	return curb_tick_ms() + limits->body_ms + size * 1000 / limits->lowest_rate;
}

static int ask_for_it(struct curb_req *req)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	if (!head_get(req->head, "Expect").ptr || curb_str_is(req->head->version, "1.0"))
		return 0;
	if (!wire_write(req->wire, go_on, sizeof go_on - 1))
		return curb_fail(CURB_ETIME, "The connection broke before the body came");
	return 0;
}

/* What a broken line left of a body: kept where the route takes it in parts. */
static int take_cut(struct curb_req *req)
{
	bool chunked = req->head->length < 0;
	if (!chunked)
		atomic_fetch_add(&req->http->cut, 1);
	if (req->match.route->row->body == CURB_BODY_PARTS) {
		req->body.cut = true;
		req->close = true;
		return 0;
	}
	if (chunked)
		return curb_fail(CURB_EINVAL, "The body is cut short or not chunked as it should be");
	return curb_fail(CURB_ETIME, "The body did not arrive in time; send it again");
}

int body_read(struct curb_req *req)
{
	if (req->head->length == 0)
		return 0;
	req->body.bytes = curb_buf(4 << 20);
	int err = ask_for_it(req);
	if (err)
		return err;
	wire_watch(req->wire, deadline(req), WIRE_READING);
	int n = 0;
	char block[BLOCK];
	while (!err && (n = wire_read(req->wire, block, sizeof block)) > 0)
		err = keep(req, block, (size_t)n);
	wire_watch(req->wire, 0, WIRE_READING);
	if (err)
		return err;
	if (n < 0 || (req->head->length > 0 && req->body.size != (uint64_t)req->head->length))
		err = take_cut(req);
	if (!err && req->overlong)
		return too_big(req);
	if (!err && req->body.fd >= 0 && lseek(req->body.fd, 0, SEEK_SET) != 0)
		return curb_fail(CURB_EINTERNAL, "cannot go back in a spooled body");
	return err;
}
