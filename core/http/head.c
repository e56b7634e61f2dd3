#include <stdio.h>

#include "curb/clock.h"
#include "inside.h"

const char *head_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = { { 200, "OK" },
		        { 201, "Created" },
		        { 202, "Accepted" },
		        { 204, "No Content" },
		        { 206, "Partial Content" },
		        { 303, "See Other" },
		        { 304, "Not Modified" },
		        { 400, "Bad Request" },
		        { 401, "Unauthorized" },
		        { 403, "Forbidden" },
		        { 404, "Not Found" },
		        { 405, "Method Not Allowed" },
		        { 408, "Request Timeout" },
		        { 409, "Conflict" },
		        { 410, "Gone" },
		        { 412, "Precondition Failed" },
		        { 413, "Content Too Large" },
		        { 415, "Unsupported Media Type" },
		        { 416, "Range Not Satisfiable" },
		        { 417, "Expectation Failed" },
		        { 422, "Unprocessable Content" },
		        { 429, "Too Many Requests" },
		        { 460, "Checksum Mismatch" },
		        { 500, "Internal Server Error" },
		        { 503, "Service Unavailable" },
		        { 505, "HTTP Version Not Supported" },
		        { 507, "Insufficient Storage" } };
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return status < 400 ? "OK" : "Error";
}

/* The date is made once a second and thread. */
static const char *date_now(void)
{
	static _Thread_local struct {
		int64_t second;
		char text[32];
	} last;
	int64_t now_ms = curb_wall_ms();
	if (last.second != now_ms / 1000) {
		last.second = now_ms / 1000;
		curb_time_http(now_ms, last.text);
	}
	return last.text;
}

static const char policy[] =
	"Content-Security-Policy: default-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
	"worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
	"frame-ancestors 'none'\r\n"
	"Permissions-Policy: camera=(), microphone=(), geolocation=()\r\n"
	"Vary: Accept, Accept-Language, Cookie, Save-Data\r\n";

/* On a device that others use, "no-cache" would leave her pages to the next person's "back" button. */
static const char *cache_control(const struct curb_req *req)
{
	const struct reply *reply = &req->reply;
	if (reply->has_cache_control)
		return "";
	if (req->signed_in && req->session.shared && !reply->immutable)
		return "Cache-Control: private, no-store\r\n";
	return reply->immutable ? "Cache-Control: private, max-age=31536000, immutable\r\n" :
	                          "Cache-Control: private, no-cache\r\n";
}

void head_write(const struct curb_req *req, int status, int64_t length, const char *type, const char *extra,
                struct curb_buf *out)
{
	const struct reply *reply = &req->reply;
	curb_buf_text(out, "HTTP/1.1 ");
	curb_buf_int(out, status);
	curb_buf_char(out, ' ');
	curb_buf_text(out, head_reason(status));
	curb_buf_text(out, "\r\nDate: ");
	curb_buf_text(out, date_now());
	if (type[0]) {
		curb_buf_text(out, "\r\nContent-Type: ");
		curb_buf_text(out, type);
	}
	if (type[0] && reply->coding) {
		curb_buf_text(out, "\r\nContent-Encoding: ");
		curb_buf_text(out, reply->coding);
	}
	if (length != NO_LENGTH) {
		curb_buf_text(out, "\r\nContent-Length: ");
		curb_buf_int(out, length);
	}
	if (reply->etag[0]) {
		curb_buf_text(out, "\r\nETag: ");
		curb_buf_text(out, reply->etag);
	}
	curb_buf_text(out, "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n");
	curb_buf_text(out, cache_control(req));
	if (reply->page)
		curb_buf_text(out, policy);
	curb_buf_text(out, extra);
	curb_buf_str(out, curb_buf_view(&reply->headers));
	curb_buf_text(out, req->close ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n");
}
