#include "control_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"

int wire_address(const char *data, int *ret_folder, struct sockaddr_un *ret_address)
{
	int folder = open(data, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return curb_fail(CURB_ENOTFOUND, "there is no data folder %s", data);
	*ret_address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	(void)snprintf(ret_address->sun_path, sizeof ret_address->sun_path, "/proc/self/fd/%d/%s", folder,
	               WIRE_NAME);
	*ret_folder = folder;
	return 0;
}

static int send_all(int fd, struct curb_str bytes)
{
	while (bytes.len) {
		ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return curb_fail(CURB_ETIME, "nobody listens on the other side of control.sock");
		bytes = curb_str_from(bytes, (size_t)n);
	}
	return 0;
}

int wire_send_line(int fd, struct curb_str json)
{
	int err = send_all(fd, json);
	return err ? err : send_all(fd, curb_str("\n"));
}

void wire_send_end(int fd, int err)
{
	CURB_AUTO(buf) struct curb_buf line = curb_buf(4096);
	struct curb_json j = curb_json(&line);
	curb_json_begin(&j, '{');
	curb_json_kint(&j, "end", err);
	if (err)
		curb_json_ktext(&j, "text", curb_error_text());
	curb_json_end(&j, '}');
	/* Whoever asked may have gone: nothing is left to tell then. */
	(void)wire_send_line(fd, curb_buf_view(&line));
}

int wire_send_request(int fd, struct curb_str request, const int *fds, int fd_count)
{
	if (request.len >= CONTROL_REQUEST_MAX || memchr(request.ptr, '\n', request.len))
		return curb_fail(CURB_EINVAL, "a request is one line of less than %d bytes",
		                 CONTROL_REQUEST_MAX);
	CURB_ASSERT(fd_count >= 0 && fd_count <= CONTROL_FDS);
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(CONTROL_FDS * sizeof(int))];
	} control = { 0 };
	struct iovec first = { (void *)(uintptr_t)request.ptr, request.len ? 1 : 0 };
	struct msghdr message = { .msg_iov = &first, .msg_iovlen = 1 };
	if (fd_count) {
		size_t size = (size_t)fd_count * sizeof(int);
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(size);
		struct cmsghdr *head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(size);
		memcpy(CMSG_DATA(head), fds, size);
	}
	if (sendmsg(fd, &message, MSG_NOSIGNAL) != 1)
		return curb_fail(CURB_ETIME, "the server does not take the request");
	return wire_send_line(fd, curb_str_from(request, 1));
}

static void take_fds(struct msghdr *message, int *ret_fds, int *count)
{
	for (struct cmsghdr *head = CMSG_FIRSTHDR(message); head; head = CMSG_NXTHDR(message, head)) {
		if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
			continue;
		size_t n = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(head) + i * sizeof fd, sizeof fd);
			if (*count < CONTROL_FDS)
				ret_fds[(*count)++] = fd;
			else
				(void)close(fd);
		}
	}
}

int wire_receive_request(int fd, struct curb_buf *out, int *ret_fds, int *ret_fd_count)
{
	for (;;) {
		char bytes[4096];
		union {
			struct cmsghdr align;
			char bytes[CMSG_SPACE(CONTROL_FDS * sizeof(int))];
		} control;
		struct iovec part = { bytes, sizeof bytes };
		struct msghdr message = { .msg_iov = &part,
			                  .msg_iovlen = 1,
			                  .msg_control = control.bytes,
			                  .msg_controllen = sizeof control.bytes };
		ssize_t n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return curb_fail(CURB_ETIME, "the request did not come whole");
		take_fds(&message, ret_fds, ret_fd_count);
		const char *end = memchr(bytes, '\n', (size_t)n);
		curb_buf_add(out, bytes, end ? (size_t)(end - bytes) : (size_t)n);
		explicit_bzero(bytes, sizeof bytes);
		if (end || out->failed)
			return curb_buf_check(out);
	}
}
