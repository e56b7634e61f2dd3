/* The wire of control.sock: one line, descriptors beside it, bounds. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cm.h"
#include "control_wire.h"
#include "curb/err.h"

static void wire__request_travels_with_its_descriptors(void **state)
{
	(void)state;
	int pair[2], fds[CONTROL_FDS], count = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	int sent[2] = { open("/dev/null", O_RDONLY | O_CLOEXEC), open("/dev/zero", O_RDONLY | O_CLOEXEC) };
	assert_int_equal(wire_send_request(pair[0], curb_str("{\"command\":\"x\"}"), sent, 2), 0);
	struct curb_buf out = curb_buf(CONTROL_REQUEST_MAX);
	assert_int_equal(wire_receive_request(pair[1], &out, fds, &count), 0);
	assert_string_equal(out.data, "{\"command\":\"x\"}");
	assert_int_equal(count, 2);
	struct stat a, b;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fstat(sent[i], &a), 0);
		assert_int_equal(fstat(fds[i], &b), 0);
		assert_true(a.st_rdev == b.st_rdev);
		assert_int_equal(fcntl(fds[i], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
		(void)close(sent[i]);
		(void)close(fds[i]);
	}
	curb_buf_free(&out);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

static void wire__cut_short_is_refused(void **state)
{
	(void)state;
	int pair[2], fds[CONTROL_FDS], count = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(write(pair[0], "{\"comm", 6), 6);
	(void)close(pair[0]);
	struct curb_buf out = curb_buf(CONTROL_REQUEST_MAX);
	assert_int_equal(wire_receive_request(pair[1], &out, fds, &count), CURB_ETIME);
	curb_buf_free(&out);
	(void)close(pair[1]);
}

static void wire__too_long_is_refused(void **state)
{
	(void)state;
	int pair[2], fds[CONTROL_FDS], count = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	char bytes[4096];
	memset(bytes, 'a', sizeof bytes);
	assert_int_equal(write(pair[0], bytes, sizeof bytes), (ssize_t)sizeof bytes);
	struct curb_buf out = curb_buf(1000);
	assert_int_equal(wire_receive_request(pair[1], &out, fds, &count), CURB_ETOOBIG);
	curb_buf_free(&out);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

static void wire__request_is_one_line(void **state)
{
	(void)state;
	assert_int_equal(wire_send_request(-1, curb_str("{\"a\":\n1}"), NULL, 0), CURB_EINVAL);
}

static void wire__long_folders_have_an_address(void **state)
{
	(void)state;
	struct sockaddr_un address;
	int folder = -1;
	assert_int_equal(wire_address("/nowhere/at/all", &folder, &address), CURB_ENOTFOUND);
	assert_int_equal(wire_address("/tmp", &folder, &address), 0);
	assert_true(strlen(address.sun_path) < 40);
	(void)close(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wire__request_travels_with_its_descriptors),
		cmocka_unit_test(wire__cut_short_is_refused),
		cmocka_unit_test(wire__too_long_is_refused),
		cmocka_unit_test(wire__request_is_one_line),
		cmocka_unit_test(wire__long_folders_have_an_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
