/* What both sides of control.sock share: its address, lines, and descriptors that travel with a request. */
#ifndef CURB_CONTROL_WIRE_H
#define CURB_CONTROL_WIRE_H

#include <sys/un.h>

#include "control.h"
#include "curb/buf.h"

#define WIRE_NAME "control.sock"
enum { PATH_SIZE = 4096 };

/* The address of the socket in `data`. It goes through a descriptor of the folder, which the caller closes after bind or
 * connect: paths of sockets are at most 107 characters. */
int wire_address(const char *data, int *ret_folder, struct sockaddr_un *ret_address);

/* CURB_ETIME: the other side does not read, or has gone. */
int wire_send_line(int fd, struct curb_str json);
void wire_send_end(int fd, int err);
int wire_send_request(int fd, struct curb_str request, const int *fds, int fd_count);

/* Up to the first newline; ret_fds has room for CONTROL_FDS. What came is the caller's to close, also after an error. */
int wire_receive_request(int fd, struct curb_buf *out, int *ret_fds, int *ret_fd_count);

#endif
