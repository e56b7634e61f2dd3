#include "cm.h"
#include "curb/err.h"
#include "inside.h"

static struct http_head head_of(void)
{
	return (struct http_head){ .method = curb_str("POST"),
		                   .target = curb_str("/x"),
		                   .version = curb_str("1.1"),
		                   .headers = { { curb_str("Host"), curb_str("a.example:80") } },
		                   .count = 1 };
}

static void add(struct http_head *head, const char *name, const char *value)
{
	head->headers[head->count++] = (struct http_header){ curb_str(name), curb_str(value) };
}

static void guard__lengths(void **unused)
{
	(void)unused;
	struct http_head head = head_of();
	assert_int_equal(guard_head(&head), 0);
	assert_int_equal(head.length, 0);
	add(&head, "content-length", "42");
	assert_int_equal(guard_head(&head), 0);
	assert_int_equal(head.length, 42);
	head = head_of();
	add(&head, "Transfer-Encoding", "chunked");
	assert_int_equal(guard_head(&head), 0);
	assert_int_equal(head.length, -1);
	static const char *const bad[] = { "5abc", "+5", "-1", "", " ", "0x10", "99999999999999999999" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		head = head_of();
		add(&head, "Content-Length", bad[i]);
		if (guard_head(&head) != CURB_EINVAL)
			fail_msg("taken: %s", bad[i]);
	}
}

static void guard__what_can_be_read_in_two_ways(void **unused)
{
	(void)unused;
	static const char *const pairs[][4] = {
		{ "Content-Length", "5", "Transfer-Encoding", "chunked" },
		{ "Content-Length", "5", "content-length", "5" },
		{ "Transfer-Encoding", "chunked", "Transfer-Encoding", "identity" },
		{ "Transfer-Encoding", "gzip, chunked", "A", "b" },
		{ "Transfer-Encoding", "identity", "A", "b" },
		{ "host", "other", "A", "b" },
		{ "Upgrade", "websocket", "A", "b" },
		{ "Connection", "close, Upgrade", "A", "b" },
		{ "Bad Name", "x", "A", "b" },
		{ "X", "a\x01", "A", "b" },
		{ "Authorization", "Bearer a", "authorization", "Bearer b" },
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct http_head head = head_of();
		add(&head, pairs[i][0], pairs[i][1]);
		add(&head, pairs[i][2], pairs[i][3]);
		if (guard_head(&head) != CURB_EINVAL)
			fail_msg("taken: %s: %s", pairs[i][0], pairs[i][1]);
	}
}

static void guard__hosts(void **unused)
{
	(void)unused;
	static const char *const bad[] = { "", "a b", "a/b", "a@b", "a\"b", "a,b" };
	struct http_head head = head_of();
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		head.headers[0].value = curb_str(bad[i]);
		if (guard_head(&head) != CURB_EINVAL)
			fail_msg("taken: %s", bad[i]);
	}
	head.headers[0].value = curb_str("[::1]:8080");
	assert_int_equal(guard_head(&head), 0);
	head.count = 0;
	assert_int_equal(guard_head(&head), CURB_EINVAL);
}

static void guard__number_of_headers(void **unused)
{
	(void)unused;
	struct http_head head = head_of();
	while (head.count < 63)
		add(&head, "X-A", "b");
	assert_int_equal(guard_head(&head), 0);
	add(&head, "X-A", "b");
	assert_int_equal(guard_head(&head), CURB_EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guard__lengths),
		cmocka_unit_test(guard__what_can_be_read_in_two_ways),
		cmocka_unit_test(guard__hosts),
		cmocka_unit_test(guard__number_of_headers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
