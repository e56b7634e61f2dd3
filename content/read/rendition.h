/* The worker's making of a smaller form of a lesson: see WIRE_RENDITION in wire.h. */
#ifndef CONTENT_RENDITION_H
#define CONTENT_RENDITION_H

#include "wire.h"

/* Makes `want` of the media at WIRE_UPLOAD_FD and sends its tracks; what is wrong goes to the wire. */
void rendition_read(struct wire *wire, const char *want);

#endif
