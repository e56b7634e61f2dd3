/* Replies as they are recorded. Their memory is malloc's, not the arena's: the arena goes to the next request before the
 * last byte is sent.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

enum { HEADERS_ROOM = 16384, PAGE_ROOM = 8 << 20, FILES_OPEN = 8, PIECES_MOST = 1 << 20 };

void reply_init(struct reply *reply)
{
	*reply =
		(struct reply){ .status = 0, .headers = curb_buf(HEADERS_ROOM), .body = curb_buf(PAGE_ROOM) };
}

void reply_clear(struct reply *reply)
{
	for (size_t i = 0; i < reply->file_count; i++)
		if (reply->files[i].fd >= 0)
			(void)close(reply->files[i].fd);
	free(reply->files);
	free(reply->pieces);
	curb_buf_free(&reply->body);
	struct curb_buf headers = reply->headers;
	*reply = (struct reply){ .headers = headers,
		                 .body = curb_buf(PAGE_ROOM),
		                 .has_cache_control = reply->has_cache_control,
		                 .has_form_cookie = reply->has_form_cookie };
}

void reply_free(struct reply *reply)
{
	reply_clear(reply);
	curb_buf_free(&reply->headers);
}

static int begin(struct curb_req *req, int status, const char *type)
{
	CURB_ASSERT(req->magic == HTTP_REQ_MAGIC);
	CURB_ASSERT(status >= 200 && status <= 599);
	struct reply *reply = &req->reply;
	reply_clear(reply);
	if (strlen(type) >= sizeof reply->type || strpbrk(type, "\r\n"))
		return curb_fail(CURB_EINTERNAL, "the media type of a reply is malformed");
	(void)snprintf(reply->type, sizeof reply->type, "%s", type);
	reply->status = status;
	reply->made = true;
	return 0;
}

int curb_reply_bytes(struct curb_req *req, int status, const char *type, struct curb_buf *body)
{
	int err = curb_buf_check(body);
	if (!err)
		err = begin(req, status, type);
	if (err)
		return err;
	req->reply.body = *body;
	*body = curb_buf(body->max);
	return 0;
}

int curb_reply_json(struct curb_req *req, int status, struct curb_buf *body)
{
	return curb_reply_bytes(req, status, "application/json", body);
}

int curb_reply_empty(struct curb_req *req, int status)
{
	return begin(req, status, "");
}

int curb_reply_redirect(struct curb_req *req, struct curb_str path)
{
	static const char hex[] = "0123456789ABCDEF";
	if (path.len == 0 || path.ptr[0] != '/' ||
	    (path.len > 1 && (path.ptr[1] == '/' || path.ptr[1] == '\\')))
		return curb_fail(CURB_EINVAL, "This server sends nobody to another one");
	char *place = curb_alloc(req->arena, path.len * 3 + 1), *to = place;
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.ptr[i];
		if (c > 0x20 && c < 0x7f && !strchr("\"<>\\^`{|}", c)) {
			*to++ = (char)c;
			continue;
		}
		*to++ = '%';
		*to++ = hex[c >> 4];
		*to++ = hex[c & 15];
	}
	int err = begin(req, 303, "");
	return err ? err : curb_reply_header(req, "Location", curb_str(place));
}

static bool header_ours(const char *name)
{
	static const char *const ours[] = { "Content-Length", "Connection", "Transfer-Encoding", "Date",
		                            "Content-Type",   "ETag",       "Content-Range",     NULL };
	for (size_t i = 0; ours[i]; i++)
		if (strcasecmp(ours[i], name) == 0)
			return true;
	return false;
}

int curb_reply_header(struct curb_req *req, const char *name, struct curb_str value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.ptr[i] < 0x20 || value.ptr[i] == 0x7f)
			return curb_fail(CURB_EINVAL, "A header of the reply would hold control characters");
	if (name[0] == '\0' || strpbrk(name, ": \r\n") || header_ours(name))
		return curb_fail(CURB_EINVAL, "The header %s is not a handler's to set", name);
	if (strcasecmp(name, "Cache-Control") == 0)
		req->reply.has_cache_control = true;
	struct curb_buf *headers = &req->reply.headers;
	curb_buf_text(headers, name);
	curb_buf_text(headers, ": ");
	curb_buf_str(headers, value);
	curb_buf_text(headers, "\r\n");
	return curb_buf_check(headers);
}

/* ---- pages ---- */

static struct curb_value *user_model(struct curb_req *req)
{
	struct curb_value *user = curb_object(req->arena), *roles = curb_object(req->arena);
	const char *word = NULL;
	for (int i = 0; (word = people_role_word(i)); i++)
		if (req->session.user.roles & (1u << i))
			curb_put_bool(roles, word, true);
	curb_put_bool(user, "signed_in", req->signed_in);
	curb_put_str(user, "name", req->session.user.name);
	if (curb_id_some(&req->session.helper)) {
		struct curb_value *names = curb_object(req->arena);
		curb_put_str(names, "name", req->session.user.name);
		curb_put_str(names, "helper", req->session.helper_name);
		curb_put_str(user, "name", curb_tr(req, "{name}, with the help of {helper}", names));
	}
	curb_put(user, "roles", roles);
	curb_put_bool(user, "machine", curb_may(req, CURB_ADMIN, &(struct curb_id){ "" }));
	/* No route, no look-up: whoever is signed in must not be told to sign in. */
	curb_put_bool(user, "not_asked",
	              !req->session_known && cookie_find(req->head, req->http->session_cookie).ptr);
	return user;
}

struct curb_str asked_address(struct curb_req *req)
{
	struct curb_str target = req->head->target, query = req->head->query;
	return curb_str(curb_printf(req->arena, "%.*s%s%.*s", (int)target.len, target.ptr,
	                            query.ptr ? "?" : "", (int)query.len, query.ptr ? query.ptr : ""));
}

/* True when a page of ours stands at the address: a form may have been sent from the answer to another one. */
static bool opens(struct curb_req *req, struct curb_str address)
{
	struct curb_str segments[HTTP_SEGMENTS_MAX], path, target;
	struct route_match match = { .route = NULL };
	size_t n = 0;
	return curb_str_starts(address, "/") && curb_str_cut(&address, '?', &target) &&
	       path_split(req->arena, target, segments, &n, &path) == 0 &&
	       router_find(req->http->router, curb_str("GET"), segments, n, &match) == 0;
}

/* Where one can come back to by a link: an answer to a form has the address of the page that the form stands on. */
static struct curb_str page_path(struct curb_req *req)
{
	if (!curb_str_is(req->head->method, "POST"))
		return asked_address(req);
	struct curb_str page = curb_req_field(req, "form_page");
	if (!page.len)
		page = own_page_before(req);
	return opens(req, page) ? page : curb_str("/");
}

/* Links that lead away for a while carry the page they are followed from. On a page that such a link led to they carry what
 * that one carried, not its address: each would hold all before it. */
static void put_ways_back(struct curb_req *req, struct curb_str path, struct curb_value *model)
{
	struct curb_str page, rest = path;
	struct curb_value *asked = NULL;
	bool has_query = curb_str_cut(&rest, '?', &page) && rest.len > 0 &&
	                 form_urlencoded(req->arena, rest, &asked) == 0;
	struct curb_str back = has_query ? curb_get_str(asked, "back") : curb_str(NULL);
	bool reports = has_query && curb_str_starts(curb_get_str(asked, "from"), "/");
	curb_put_str(model, "path", path);
	curb_put_str(model, "way_back", back.len ? http_safe_back(back) : reports ? page : path);
	curb_put_str(model, "told_from", back.len || reports ? page : path);
}

/* Scripts warn two minutes before; without them each page of the last quarter of an hour says it. */
static void put_session_end(struct curb_req *req, struct curb_value *model)
{
	enum { SAID_S = 15 * 60, DAY_S = 24 * 3600 };
	int64_t left_s = (req->session.ends_ms - curb_wall_ms()) / 1000;
	if (!req->signed_in)
		return;
	struct curb_value *session = curb_object(req->arena);
	curb_put_int(session, "left_s", left_s);
	curb_put_bool(session, "ends_soon", left_s < SAID_S);
	curb_put_bool(session, "ends_today", left_s < DAY_S);
	curb_put_int(session, "left_minutes", left_s / 60 + 1);
	curb_put(model, "session", session);
}

void page_model(struct curb_req *req, struct curb_value *model)
{
	struct curb_id key = curb_id_new(curb_wall_ms());
	curb_put_text(model, "lang", req->lang);
	curb_put(model, "user", user_model(req));
	put_session_end(req, model);
	curb_put_str(model, "csrf", csrf_token(req));
	curb_put_str(model, "form_of", form_mark(req));
	curb_put_str(model, "idempotency_key", curb_id_str(&key));
	if (req->http->have_reports)
		curb_put_text(model, "barrier_href", "/accessibility");
	put_ways_back(req, page_path(req), model);
	curb_put(model, "needs", needs_model(req, model));
}

int curb_reply_page(struct curb_req *req, int status, const char *name, struct curb_value *model)
{
	if (req->again)
		status = req->again->status;
	page_model(req, model);
	form_put_typed(req, status, model);
	struct curb_buf page = curb_buf(PAGE_ROOM);
	int err = pages_layout(req->http->o.pages, req->match.route->host->owner, name, curb_str(req->lang),
	                       model, &page);
	if (!err)
		err = curb_reply_bytes(req, status, "text/html; charset=utf-8", &page);
	curb_buf_free(&page);
	req->reply.page = !err;
	return err;
}

/* ---- bodies in pieces ---- */

/* The index of a blob among the reply's files, opened to know that it is there. */
static int file_index(struct curb_req *req, struct curb_str sha256, size_t *ret_index)
{
	struct reply *reply = &req->reply;
	for (size_t i = reply->file_count; i-- > 0;)
		if (curb_str_is(sha256, reply->files[i].sha256)) {
			*ret_index = i;
			return 0;
		}
	uint64_t size = 0;
	int fd = sha256.len == 64 && req->http->o.blob_open ?
	                 req->http->o.blob_open(req->http->o.blob_arg, sha256, &size) :
	                 -1;
	if (fd < 0)
		return curb_fail(CURB_ENOTFOUND, "A file of this is not in the store");
	if (reply->file_count == reply->file_room) {
		reply->file_room = reply->file_room ? reply->file_room * 2 : 4;
		struct reply_file *grown = curb_xcalloc(reply->file_room, sizeof *grown);
		if (reply->file_count)
			memcpy(grown, reply->files, reply->file_count * sizeof *grown);
		free(reply->files);
		reply->files = grown;
	}
	struct reply_file *file = &reply->files[reply->file_count];
	memcpy(file->sha256, sha256.ptr, 64);
	file->size = size;
	file->fd = fd;
	if (reply->file_count >= FILES_OPEN) {
		(void)close(fd);
		file->fd = -1;
	}
	*ret_index = reply->file_count++;
	return 0;
}

static int add_piece(struct curb_req *req, const struct curb_piece *piece)
{
	struct reply *reply = &req->reply;
	struct reply_piece *own = &reply->pieces[reply->piece_count++];
	if (piece->blob.len == 0) {
		*own = (struct reply_piece){ SIZE_MAX, reply->body.len, piece->bytes.len };
		curb_buf_str(&reply->body, piece->bytes);
		reply->total += piece->bytes.len;
		return curb_buf_check(&reply->body);
	}
	*own = (struct reply_piece){ 0, piece->offset, piece->length };
	int err = file_index(req, piece->blob, &own->file);
	if (err)
		return err;
	uint64_t size = reply->files[own->file].size;
	if (piece->offset > size || piece->length > size - piece->offset)
		return curb_fail(CURB_EINTERNAL, "a piece of the reply lies outside its blob");
	reply->total += piece->length;
	return 0;
}

/* attachment; filename="…"; filename*=UTF-8''… (RFC 6266, RFC 8187) */
static int add_disposition(struct curb_req *req, struct curb_str filename)
{
	static const char hex[] = "0123456789ABCDEF";
	struct curb_buf line = curb_buf(4096);
	curb_buf_text(&line, "attachment; filename=\"");
	for (size_t i = 0; i < filename.len; i++) {
		unsigned char c = (unsigned char)filename.ptr[i];
		curb_buf_char(&line, c < 0x20 || c > 0x7e || strchr("\"\\%/", c) ? '_' : (char)c);
	}
	curb_buf_text(&line, "\"; filename*=UTF-8''");
	for (size_t i = 0; i < filename.len; i++) {
		unsigned char c = (unsigned char)filename.ptr[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		             c == '.' || c == '-' || c == '_';
		if (plain) {
			curb_buf_char(&line, (char)c);
			continue;
		}
		curb_buf_char(&line, '%');
		curb_buf_char(&line, hex[c >> 4]);
		curb_buf_char(&line, hex[c & 15]);
	}
	int err = curb_buf_check(&line);
	if (!err)
		err = curb_reply_header(req, "Content-Disposition", curb_buf_view(&line));
	curb_buf_free(&line);
	return err;
}

int curb_reply_pieces(struct curb_req *req, const struct curb_piece *pieces, size_t n,
                      const struct curb_body_info *info)
{
	if (n > PIECES_MOST)
		return curb_fail(CURB_EINTERNAL, "a reply of %zu pieces", n);
	int err = begin(req, 200, info->type);
	if (err)
		return err;
	struct reply *reply = &req->reply;
	reply->in_pieces = true;
	reply->pieces = curb_xcalloc(n + 1, sizeof *reply->pieces);
	for (size_t i = 0; i < n && !err; i++)
		err = add_piece(req, &pieces[i]);
	if (!err && info->filename.ptr)
		err = add_disposition(req, info->filename);
	if (!err && info->etag.ptr && info->etag.len + 3 > sizeof reply->etag)
		err = curb_fail(CURB_EINTERNAL, "an entity tag of %zu bytes", info->etag.len);
	if (err) {
		reply_clear(reply);
		return err;
	}
	if (info->etag.ptr)
		(void)snprintf(reply->etag, sizeof reply->etag, "\"%.*s\"", (int)info->etag.len,
		               info->etag.ptr);
	reply->immutable = info->immutable;
	return 0;
}
