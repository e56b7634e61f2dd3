/* What those who want to get out try it on: a file, a place for one, a port that listens. */
#ifndef CURB_TESTS_YARD_H
#define CURB_TESTS_YARD_H

#include "cm.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "temp.h"

struct yard {
	struct temp_folder folder;
	int listener;
	char file[512], fresh[512], port[16];
};

static inline int set_up(void **state)
{
	struct yard *yard = calloc(1, sizeof *yard);
	struct sockaddr_in here = { .sin_family = AF_INET };
	socklen_t length = sizeof here;
	yard->folder = temp_folder();
	temp_path(&yard->folder, "file", yard->file);
	temp_path(&yard->folder, "fresh", yard->fresh);
	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	yard->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(yard->listener, (struct sockaddr *)&here, sizeof here), 0);
	assert_int_equal(listen(yard->listener, 64), 0);
	assert_int_equal(getsockname(yard->listener, (struct sockaddr *)&here, &length), 0);
	(void)snprintf(yard->port, sizeof yard->port, "%u", ntohs(here.sin_port));
	*state = yard;
	return 0;
}

static inline int tear_down(void **state)
{
	struct yard *yard = *state;
	(void)close(yard->listener);
	temp_remove(&yard->folder);
	free(yard);
	return 0;
}

#endif
