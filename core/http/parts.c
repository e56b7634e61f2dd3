/* A form with a file, on a route that takes raw bodies: its fields are read from the beginning of the body, the file stays
 * where it is. A form that came without its file may be in the other encoding of forms.
 */
#include <stdio.h>
#include <unistd.h>

#include "curb/err.h"
#include "inside.h"

/* `size` bytes of the body from `from` on; fewer at its end. */
static struct curb_str bytes_at(struct curb_req *req, uint64_t from, size_t size)
{
	if (req->body.fd < 0) {
		struct curb_str all = curb_buf_view(&req->body.bytes);
		struct curb_str rest = curb_str_from(all, from < all.len ? (size_t)from : all.len);
		return curb_str_n(rest.ptr, rest.len < size ? rest.len : size);
	}
	char *bytes = curb_alloc(req->arena, size + 1);
	ssize_t n = pread(req->body.fd, bytes, size, (off_t)from);
	return curb_str_n(bytes, n > 0 ? (size_t)n : 0);
}

int parts_value(struct curb_req *req)
{
	enum { FIELDS_MOST = 64 << 10 };
	struct curb_str type = head_get(req->head, "Content-Type");
	if (type.len >= 33 && strncasecmp(type.ptr, "application/x-www-form-urlencoded", 33) == 0 &&
	    req->body.fd < 0) {
		int err = form_urlencoded(req->arena, curb_buf_view(&req->body.bytes), &req->value);
		req->value_known = !err;
		return err;
	}
	if (type.len < 19 || strncasecmp(type.ptr, "multipart/form-data", 19) != 0)
		return 0;
	int err = form_until_file(req->arena, type, bytes_at(req, 0, FIELDS_MOST), &req->file, &req->value);
	req->value_known = !err;
	return err;
}

int curb_req_file(struct curb_req *req, struct curb_file *ret_file)
{
	struct curb_file file = { .name = req->file.name };
	if (!file.name.ptr) {
		*ret_file = file;
		return 0;
	}
	if (!curb_utf8_valid(file.name))
		return curb_fail(CURB_EINVAL, "The form has a field that is not well-formed text");
	uint64_t size = req->body.size;
	struct curb_str mark = req->file.mark;
	struct curb_str end = bytes_at(req, size > mark.len + 4 ? size - mark.len - 4 : 0, mark.len + 4);
	size_t behind = curb_str_ends(end, "--\r\n") ? 4 : curb_str_ends(end, "--") ? 2 : 0;
	end.len -= behind;
	bool whole = behind > 0 && end.len >= mark.len &&
	             memcmp(end.ptr + end.len - mark.len, mark.ptr, mark.len) == 0;
	uint64_t to = size - behind - mark.len;
	if (!whole || to < req->file.from)
		return curb_fail(CURB_EINVAL, "The form is cut short; send it again");
	file.from = req->file.from;
	file.size = to - file.from;
	*ret_file = file;
	return 0;
}

/* In the owner's words, which are translated here: as a format they would be looked for among the core's. */
static int say(struct curb_req *req, enum curb_err err, const char *words)
{
	return curb_fail(err, "%s", curb_cstr(req->arena, curb_tr(req, words, NULL)));
}

int curb_req_file_text(struct curb_req *req, size_t most, const char *choose, const char *large,
                       struct curb_str *ret_bytes)
{
	enum { NAME_MOST = 200 };
	struct curb_file file;
	int err = curb_req_file(req, &file);
	if (err)
		return err;
	if (!file.name.len)
		return say(req, CURB_EINVAL, choose);
	if (file.size == 0)
		return curb_fail(CURB_EINVAL, "This file is empty; choose another one");
	if (file.name.len > NAME_MOST)
		return curb_fail(CURB_EINVAL, "The file name is too long; use at most %d bytes", NAME_MOST);
	struct curb_str body = curb_req_body(req);
	if (file.size > most || !body.ptr)
		return say(req, CURB_ETOOBIG, large);
	*ret_bytes = curb_str_n(body.ptr + file.from, (size_t)file.size);
	return 0;
}
