#include "inside.h"

#include "curb/err.h"

struct curb_str head_get(const struct http_head *head, const char *name)
{
	for (size_t i = 0; i < head->count; i++)
		if (curb_str_is_nocase(head->headers[i].name, name))
			return head->headers[i].value;
	return curb_str(NULL);
}

bool head_has_word(const struct http_head *head, const char *name, const char *word)
{
	for (size_t i = 0; i < head->count; i++) {
		if (!curb_str_is_nocase(head->headers[i].name, name))
			continue;
		struct curb_str rest = head->headers[i].value, part;
		while (curb_str_cut(&rest, ',', &part))
			if (curb_str_is_nocase(curb_str_trim(part), word))
				return true;
	}
	return false;
}

static bool is_token(struct curb_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!letter && (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
			return false;
	}
	return s.len > 0;
}

static bool has_control(struct curb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.ptr[i] < 0x20 && s.ptr[i] != '\t') || s.ptr[i] == 0x7f)
			return true;
	return false;
}

/* Headers that mean something else when they stand there twice. */
static bool must_be_single(struct curb_str name)
{
	static const char *const singles[] = { "Host",
		                               "Content-Length",
		                               "Transfer-Encoding",
		                               "Content-Type",
		                               "Authorization",
		                               "Origin",
		                               "Range",
		                               "If-Range",
		                               "Expect",
		                               "X-CSRF-Token",
		                               "Idempotency-Key",
		                               "Content-Encoding",
		                               "Upload-Offset",
		                               "Upload-Length",
		                               "X-Real-IP",
		                               NULL };
	for (size_t i = 0; singles[i]; i++)
		if (curb_str_is_nocase(name, singles[i]))
			return true;
	return false;
}

static int check_headers(const struct http_head *head)
{
	for (size_t i = 0; i < head->count; i++) {
		const struct http_header *header = &head->headers[i];
		if (!is_token(header->name) || has_control(header->value))
			return curb_fail(CURB_EINVAL, "The request has a malformed header");
		if (!must_be_single(header->name))
			continue;
		for (size_t k = 0; k < i; k++)
			if (header->name.len == head->headers[k].name.len &&
			    strncasecmp(header->name.ptr, head->headers[k].name.ptr, header->name.len) == 0)
				return curb_fail(CURB_EINVAL, "The request has the header %.*s twice",
				                 (int)header->name.len, header->name.ptr);
	}
	return 0;
}

static int check_length(struct http_head *head)
{
	struct curb_str length = head_get(head, "Content-Length");
	struct curb_str coding = head_get(head, "Transfer-Encoding");
	head->length = 0;
	if (length.ptr && coding.ptr)
		return curb_fail(CURB_EINVAL, "The request has both Content-Length and Transfer-Encoding");
	if (coding.ptr) {
		if (!curb_str_is_nocase(coding, "chunked") || curb_str_is(head->version, "1.0"))
			return curb_fail(CURB_EINVAL, "Only the transfer coding chunked is understood");
		head->length = -1;
		return 0;
	}
	if (!length.ptr)
		return 0;
	bool digits = length.len > 0 && length.len <= 18;
	for (size_t i = 0; i < length.len && digits; i++)
		digits = length.ptr[i] >= '0' && length.ptr[i] <= '9';
	if (!digits || !curb_str_int(length, &head->length))
		return curb_fail(CURB_EINVAL, "Content-Length is not a number");
	return 0;
}

/* host, host:port, [v6]:port: what may stand in an address of ours. */
static bool host_plain(struct curb_str host)
{
	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!letter && (c == '\0' || !strchr(".-_:[]", c)))
			return false;
	}
	return host.len > 0 && host.len < 256;
}

int guard_head(struct http_head *head)
{
	if (head->count >= HTTP_HEADERS_MAX)
		return curb_fail(CURB_EINVAL, "The request has too many headers; 63 are allowed");
	int err = check_headers(head);
	if (!err)
		err = check_length(head);
	if (err)
		return err;
	if (head_get(head, "Upgrade").ptr || head_has_word(head, "Connection", "upgrade"))
		return curb_fail(CURB_EINVAL, "This server does not change protocols");
	if (!host_plain(head_get(head, "Host")))
		return curb_fail(CURB_EINVAL, "The request names no host, or one that cannot be");
	if (has_control(head->target) || has_control(head->query))
		return curb_fail(CURB_EINVAL, "The address has control characters");
	return 0;
}
