#include <stdlib.h>

#include "curb/err.h"
#include "inside.h"

struct curb_arena *curb_req_arena(struct curb_req *req)
{
	CURB_ASSERT(req->magic == HTTP_REQ_MAGIC);
	return req->arena;
}

struct curb_str curb_req_method(struct curb_req *req)
{
	return req->head_only ? curb_str("GET") : req->head->method;
}

struct curb_str curb_req_path(struct curb_req *req)
{
	return req->path;
}

struct curb_str curb_req_lang(struct curb_req *req)
{
	return curb_str(req->lang);
}

struct curb_str curb_req_id(struct curb_req *req)
{
	return curb_str(req->id);
}

struct curb_str curb_req_param(struct curb_req *req, const char *name)
{
	const struct route *route = req->match.route;
	for (size_t i = 0; i < HTTP_PARAMS_MAX && route->names[i].ptr; i++)
		if (curb_str_is(route->names[i], name))
			return req->match.params[i];
	return curb_str(NULL);
}

struct curb_str curb_req_query(struct curb_req *req, const char *name)
{
	return curb_get_str(req->query, name);
}

struct curb_str curb_req_header(struct curb_req *req, const char *name)
{
	return head_get(req->head, name);
}

struct curb_str curb_req_body(struct curb_req *req)
{
	return req->body.size == 0 || req->body.fd >= 0 ? curb_str(NULL) : curb_buf_view(&req->body.bytes);
}

int curb_req_body_fd(struct curb_req *req)
{
	return req->body.fd;
}

uint64_t curb_req_body_size(struct curb_req *req)
{
	return req->body.size;
}

bool curb_req_body_cut(struct curb_req *req)
{
	return req->body.cut;
}

int body_value(struct curb_req *req)
{
	if (req->value_known || req->body.size == 0)
		return 0;
	if (body_is_raw(req->match.route->row))
		return parts_value(req);
	struct curb_str type = head_get(req->head, "Content-Type"), body = curb_buf_view(&req->body.bytes);
	if (type.len >= 16 && strncasecmp(type.ptr, "application/json", 16) == 0) {
		int err = curb_json_parse(req->arena, body, &req->value);
		if (err)
			return err;
	} else {
		bool parts = type.len >= 9 && strncasecmp(type.ptr, "multipart", 9) == 0;
		int err = parts ? form_multipart(req->arena, type, body, &req->value) :
		                  form_urlencoded(req->arena, body, &req->value);
		if (err)
			return err;
	}
	req->value_known = true;
	return 0;
}

const struct curb_value *curb_req_value(struct curb_req *req)
{
	return req->value;
}

struct curb_str curb_req_field(struct curb_req *req, const char *name)
{
	return curb_get_str(req->value, name);
}

/* The weight (0…1000) that an Accept header gives to a media type; exact beats type/ *, that beats * / *. */
static int weight_of(struct curb_str accept, const char *type, const char *family)
{
	int best = 0, best_rank = 0;
	struct curb_str part;
	while (curb_str_cut(&accept, ',', &part)) {
		struct curb_str range;
		if (!curb_str_cut(&part, ';', &range))
			continue;
		range = curb_str_trim(range);
		int rank = curb_str_is_nocase(range, type)   ? 3 :
		           curb_str_is_nocase(range, family) ? 2 :
		           curb_str_is(range, "*/*")         ? 1 :
		                                               0;
		if (rank > best_rank) {
			best_rank = rank;
			best = pages_quality(part);
		}
	}
	return best;
}

bool curb_req_wants_page(struct curb_req *req)
{
	if (curb_str_starts(req->path, "/api/"))
		return false;
	struct curb_str accept = head_get(req->head, "Accept");
	if (!accept.ptr)
		return false;
	int page = weight_of(accept, "text/html", "text/*");
	return page > 0 && page >= weight_of(accept, "application/json", "application/*") &&
	       !curb_str_is(curb_str_trim(accept), "*/*");
}

/* In easy words when her pages are. An error's text must not ask the database: it may be told of it. */
static const char *translate(void *arg, const char *source)
{
	struct curb_req *req = arg;
	const char *owner = req->match.route ? req->match.route->host->owner : "core";
	bool easy = req->needs.known && req->needs.effect.simple;
	return (easy ? pages_easy_text : pages_text)(req->http->o.pages, owner, curb_str(req->lang), source);
}

void req_translate(struct curb_req *req)
{
	curb_error_translator(req ? translate : NULL, req);
}

struct curb_str curb_tr(struct curb_req *req, const char *source, const struct curb_value *values)
{
	if (!req->needs.known && curb_req_wants_page(req))
		needs_load(req);
	return pages_fill(req->arena, translate(req, source), values);
}

size_t curb_req_parts(struct curb_req *req, uint64_t size, struct curb_str etag,
                      struct curb_part ret_parts[CURB_PARTS_MOST])
{
	_Static_assert((int)RANGES_MAX <= (int)CURB_PARTS_MOST, "every range has room");
	const char *tag = etag.ptr ? curb_printf(req->arena, "\"%.*s\"", (int)etag.len, etag.ptr) : "";
	if (req->head_only || size == 0 || conditions_check(req->head, true, tag))
		return 0;
	struct byte_range ranges[RANGES_MAX];
	struct curb_str header = head_get(req->head, "Range");
	bool ranged = header.ptr && if_range_holds(head_get(req->head, "If-Range"), tag);
	int n = ranged ? range_parse(header, size, ranges) : 0;
	for (int i = 0; i < n; i++)
		ret_parts[i] = (struct curb_part){ ranges[i].from, ranges[i].to };
	if (n == 0)
		ret_parts[0] = (struct curb_part){ 0, size };
	return n == 0 ? 1 : n > 0 ? (size_t)n : 0;
}
