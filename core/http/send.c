/* Sends a recorded reply. No permit is held here; a slow client costs a thread and nothing else.
 * Small replies go through CivetWeb in one write. Files go by sendfile on the connection's socket, found by its ends;
 * when it is not found, by pread and CivetWeb.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"

enum {
	JOINED_MAX = 128 * 1024, /* head and body up to here are one write */
	SLICE = 8 << 20,
	POLL_MS = 250,
	SLOW_MS =
		1000, /* a socket that takes nothing for so long is slow; a busy machine can keep it waiting for less */
	WINDOW_MS = 10000,
	UNSENT_LOW = 128 * 1024
};

struct out {
	struct curb_req *req;
	int fd; /* the socket, or -1 */
	struct curb_buf pending;
	int64_t window_ms;
	uint64_t window_sent;
	int silent_ms; /* it has taken nothing for so long */
	bool slow;
};

static bool too_slow(struct out *out)
{
	struct http *http = out->req->http;
	int64_t now_ms = curb_tick_ms(), passed = now_ms - out->window_ms;
	if (atomic_load(&http->stopping))
		return true;
	int64_t window = http->limits.body_ms < WINDOW_MS ? http->limits.body_ms : WINDOW_MS;
	if (passed < window)
		return false;
	bool low = out->window_sent < (uint64_t)(passed * http->limits.lowest_rate / 1000);
	out->window_ms = now_ms;
	out->window_sent = 0;
	if (low)
		atomic_fetch_add(&http->cut, 1);
	return low;
}

static bool wait_writable(struct out *out)
{
	struct pollfd p = { .fd = out->fd, .events = POLLOUT };
	int n = poll(&p, 1, POLL_MS);
	out->silent_ms = n == 0 ? out->silent_ms + POLL_MS : 0;
	if (out->silent_ms >= SLOW_MS && !out->slow) {
		/* Without a bound the kernel keeps megabytes for each client that reads slowly. */
		int low = UNSENT_LOW;
		(void)setsockopt(out->fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &low, sizeof low);
		out->slow = true;
	}
	if (n > 0 && (p.revents & (POLLERR | POLLHUP | POLLNVAL)))
		return false;
	return (n >= 0 || errno == EINTR) && !too_slow(out);
}

static bool out_flush(struct out *out, bool more)
{
	const char *at = out->pending.data;
	size_t left = out->pending.len;
	if (out->fd < 0 && left > 0 && !wire_write(out->req->wire, at, left))
		return false;
	while (out->fd >= 0 && left > 0) {
		ssize_t n = send(out->fd, at, left, MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0));
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (n < 0 && !wait_writable(out))
			return false;
		at += n > 0 ? n : 0;
		left -= n > 0 ? (size_t)n : 0;
		out->window_sent += n > 0 ? (uint64_t)n : 0;
	}
	curb_buf_clear(&out->pending);
	return true;
}

static bool out_bytes(struct out *out, const char *bytes, size_t len)
{
	while (len > 0) {
		size_t part = len < JOINED_MAX / 2 ? len : JOINED_MAX / 2;
		curb_buf_add(&out->pending, bytes, part);
		bytes += part;
		len -= part;
		if (out->pending.len > JOINED_MAX / 2 && !out_flush(out, len > 0))
			return false;
	}
	return true;
}

static bool file_through_wire(struct out *out, int file, uint64_t offset, uint64_t length)
{
	char block[16384];
	while (length > 0) {
		size_t part = length < sizeof block ? (size_t)length : sizeof block;
		ssize_t n = pread(file, block, part, (off_t)offset);
		if (n <= 0 || !wire_write(out->req->wire, block, (size_t)n))
			return false;
		offset += (uint64_t)n;
		length -= (uint64_t)n;
	}
	return true;
}

static bool out_file(struct out *out, int file, uint64_t offset, uint64_t length)
{
	if (!out_flush(out, true))
		return false;
	if (out->fd < 0)
		return file_through_wire(out, file, offset, length);
	off_t at = (off_t)offset;
	while (length > 0) {
		size_t part = length < SLICE ? (size_t)length : SLICE;
		ssize_t n = sendfile(out->fd, file, &at, part);
		if (n == 0)
			return false; /* the file is shorter than the store said */
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		length -= n > 0 ? (uint64_t)n : 0;
		out->window_sent += n > 0 ? (uint64_t)n : 0;
		/* less than it was offered: the socket is full, which another try would only tell again */
		if (n < (ssize_t)part && !wait_writable(out))
			return false;
	}
	return true;
}

static bool out_piece(struct out *out, const struct reply_piece *piece, uint64_t from, uint64_t length)
{
	struct reply *reply = &out->req->reply;
	if (piece->file == SIZE_MAX)
		return out_bytes(out, reply->body.data + piece->offset + from, (size_t)length);
	struct reply_file *file = &reply->files[piece->file];
	if (file->fd >= 0)
		return out_file(out, file->fd, piece->offset + from, length);
	uint64_t size = 0;
	int fd = out->req->http->o.blob_open(out->req->http->o.blob_arg, curb_str(file->sha256), &size);
	bool sent = fd >= 0 && out_file(out, fd, piece->offset + from, length);
	if (fd >= 0)
		(void)close(fd);
	return sent;
}

static bool out_range(struct out *out, struct byte_range range)
{
	const struct reply *reply = &out->req->reply;
	uint64_t at = 0;
	for (size_t i = 0; i < reply->piece_count && at < range.to; i++) {
		const struct reply_piece *piece = &reply->pieces[i];
		uint64_t end = at + piece->length;
		if (end > range.from && piece->length > 0) {
			uint64_t from = range.from > at ? range.from - at : 0;
			uint64_t to = range.to < end ? range.to - at : piece->length;
			if (!out_piece(out, piece, from, to - from))
				return false;
		}
		at = end;
	}
	return true;
}

/* ---- ranges ---- */

struct parts {
	struct byte_range ranges[RANGES_MAX];
	int n;
	char boundary[24];
};

static void part_head(const struct curb_req *req, const struct parts *parts, int i, struct curb_buf *out)
{
	curb_buf_printf(out, "\r\n--%s\r\nContent-Type: %s\r\nContent-Range: bytes %llu-%llu/%llu\r\n\r\n",
	                parts->boundary, req->reply.type, (unsigned long long)parts->ranges[i].from,
	                (unsigned long long)parts->ranges[i].to - 1, (unsigned long long)req->reply.total);
}

/* The length of the multipart body. */
static uint64_t parts_length(const struct curb_req *req, const struct parts *parts)
{
	struct curb_buf head = curb_buf(4096);
	uint64_t sum = strlen(parts->boundary) + strlen("\r\n----\r\n");
	for (int i = 0; i < parts->n; i++) {
		curb_buf_clear(&head);
		part_head(req, parts, i, &head);
		sum += head.len + (parts->ranges[i].to - parts->ranges[i].from);
	}
	curb_buf_free(&head);
	return sum;
}

static bool send_parts(struct out *out, const struct parts *parts)
{
	for (int i = 0; i < parts->n; i++) {
		part_head(out->req, parts, i, &out->pending);
		if (!out_range(out, parts->ranges[i]))
			return false;
	}
	curb_buf_printf(&out->pending, "\r\n--%s--\r\n", parts->boundary);
	return true;
}

static void pieces_head(struct out *out, struct parts *parts)
{
	struct curb_req *req = out->req;
	struct reply *reply = &req->reply;
	char line[128] = "Accept-Ranges: bytes\r\n", type[96];
	int status = 200;
	uint64_t length = reply->total;
	(void)snprintf(type, sizeof type, "%s", reply->type);
	if (parts->n == 1) {
		status = 206;
		length = parts->ranges[0].to - parts->ranges[0].from;
		(void)snprintf(line, sizeof line,
		               "Accept-Ranges: bytes\r\nContent-Range: bytes %llu-%llu/%llu\r\n",
		               (unsigned long long)parts->ranges[0].from,
		               (unsigned long long)parts->ranges[0].to - 1, (unsigned long long)reply->total);
	} else if (parts->n > 1) {
		unsigned char bytes[8];
		randombytes_buf(bytes, sizeof bytes);
		curb_hex(bytes, sizeof bytes, parts->boundary);
		status = 206;
		length = parts_length(req, parts);
		(void)snprintf(type, sizeof type, "multipart/byteranges; boundary=%s", parts->boundary);
	} else if (parts->n < 0) {
		status = 416;
		length = 0;
		type[0] = '\0';
		(void)snprintf(line, sizeof line, "Content-Range: bytes */%llu\r\n",
		               (unsigned long long)reply->total);
	}
	reply->status = status;
	head_write(req, status, (int64_t)length, type, line, &out->pending);
}

/* CivetWeb's writes have no end while a client takes a byte now and then. */
static void watch_sending(struct curb_req *req, uint64_t length)
{
	const struct http_limits *limits = &req->http->limits;
	int64_t allowed_ms = limits->body_ms + (int64_t)(length * 1000 / (uint64_t)limits->lowest_rate);
	wire_watch(req->wire, curb_tick_ms() + allowed_ms, WIRE_SENDING);
}

static bool send_pieces(struct curb_req *req)
{
	struct reply *reply = &req->reply;
	struct parts parts = { .n = 0 };
	struct curb_str range = head_get(req->head, "Range");
	if (range.ptr && reply->status == 200 && if_range_holds(head_get(req->head, "If-Range"), reply->etag))
		parts.n = range_parse(range, reply->total, parts.ranges);
	/* The parts would be coded and what holds them not: no header tells that. */
	if (reply->coding && parts.n > 1)
		parts.n = 0;
	struct out out = { .req = req,
		           .fd = reply->file_count && !req->head_only ? wire_socket(req->wire) : -1,
		           .pending = curb_buf(JOINED_MAX * 2),
		           .window_ms = curb_tick_ms() };
	if (out.fd >= 0)
		thread_gives_way(false);
	pieces_head(&out, &parts);
	if (out.fd < 0)
		watch_sending(req, reply->total);
	bool sent = true;
	if (!req->head_only && parts.n >= 0) {
		if (parts.n <= 1)
			sent = out_range(&out,
			                 parts.n ? parts.ranges[0] : (struct byte_range){ 0, reply->total });
		else
			sent = send_parts(&out, &parts);
	}
	sent = sent && out_flush(&out, false) && !out.pending.failed;
	if (!sent && out.fd >= 0)
		(void)shutdown(out.fd, SHUT_RDWR);
	if (out.fd < 0)
		wire_watch(req->wire, 0, WIRE_SENDING);
	curb_buf_free(&out.pending);
	return sent;
}

/* ---- whole replies ---- */

static void make_etag(struct reply *reply)
{
	static const unsigned char key[crypto_shorthash_siphashx24_KEYBYTES] = "curbcut entity";
	unsigned char hash[crypto_shorthash_siphashx24_BYTES];
	struct curb_str body = curb_buf_view(&reply->body);
	(void)crypto_shorthash_siphashx24(hash, (const unsigned char *)body.ptr, body.len, key);
	char text[2 * sizeof hash + 1];
	curb_hex(hash, sizeof hash, text);
	(void)snprintf(reply->etag, sizeof reply->etag, "\"%s\"", text);
}

/* 304 or 412 in place of a body whose tag the client knows, or does not want. */
static void apply_conditions(struct curb_req *req)
{
	struct reply *reply = &req->reply;
	if (reply->status != 200 || !curb_str_is(curb_req_method(req), "GET"))
		return;
	if (!reply->in_pieces && !reply->etag[0])
		make_etag(reply);
	int status = conditions_check(req->head, true, reply->etag);
	if (status == 304) {
		char etag[sizeof reply->etag];
		bool immutable = reply->immutable;
		memcpy(etag, reply->etag, sizeof etag);
		reply_clear(reply);
		memcpy(reply->etag, etag, sizeof etag);
		reply->immutable = immutable;
		reply->status = 304;
	} else if (status == 412) {
		(void)curb_fail(CURB_EPRECOND, "What you have is another version; load it again");
		reply_error(req, CURB_EPRECOND, 0);
	}
}

static bool send_bytes(struct curb_req *req)
{
	const struct reply *reply = &req->reply;
	bool no_body = reply->status == 204 || reply->status == 304;
	struct curb_str body = curb_buf_view(&reply->body);
	struct curb_buf out = curb_buf(JOINED_MAX + HTTP_HEAD_MAX * 2);
	head_write(req, reply->status, no_body ? NO_LENGTH : (int64_t)body.len, reply->type, "", &out);
	bool joined = body.len <= JOINED_MAX && !no_body && !req->head_only;
	if (joined)
		curb_buf_str(&out, body);
	watch_sending(req, body.len);
	bool sent = !out.failed && wire_write(req->wire, out.data, out.len);
	if (sent && !joined && !no_body && !req->head_only)
		sent = wire_write(req->wire, body.ptr, body.len);
	wire_watch(req->wire, 0, WIRE_SENDING);
	curb_buf_free(&out);
	return sent;
}

void send_reply(struct curb_req *req)
{
	apply_conditions(req);
	bool sent = req->reply.in_pieces ? send_pieces(req) : send_bytes(req);
	if (!sent || req->close)
		wire_close_after(req->wire);
}
