/* The worker's reading of one file of captions for who mends it: see WIRE_CAPTIONS in wire.h. */
#ifndef CONTENT_MEND_H
#define CONTENT_MEND_H

#include "reader.h"

/* Reads the captions at WIRE_UPLOAD_FD, does what `wanted` says and sends the result; what is wrong goes to the wire. A
 * `wanted` that nobody understands ends with nothing sent, as a worker that died. */
void mend_read(struct wire *wire, const struct reader_tools *tools, const char *name, const char *wanted);

#endif
