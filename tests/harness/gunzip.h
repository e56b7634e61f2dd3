/* What gzip packed, unpacked, for tests. */
#ifndef CURB_TESTS_GUNZIP_H
#define CURB_TESTS_GUNZIP_H

#include <stdlib.h>
#include <zlib.h>

#include "cm.h"

/* Fails the test unless `packed` is one whole member of gzip, without a name or a time, that holds exactly these bytes. */
static inline void assert_unpacks(const void *packed, size_t packed_len, const void *bytes, size_t len)
{
	const unsigned char *head = packed;
	unsigned char *room = malloc(len + 1);
	z_stream stream = { .next_in = (z_const Bytef *)(uintptr_t)packed,
		            .avail_in = (uInt)packed_len,
		            .next_out = room,
		            .avail_out = (uInt)len + 1 };
	assert_non_null(room);
	assert_true(packed_len > 18);
	assert_memory_equal(head + 3, "\0\0\0\0\0", 5);
	assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(stream.avail_in, 0);
	assert_int_equal(stream.total_out, len);
	assert_memory_equal(room, bytes, len);
	(void)inflateEnd(&stream);
	free(room);
}

#endif
