/* The types that files of a course may have: the worker sends only these, and a browser is told exactly these. */
#ifndef CONTENT_FILE_TYPES_H
#define CONTENT_FILE_TYPES_H

#include "curb/str.h"

/* The same type as a static text; NULL: it is none of them. */
const char *content_file_type(struct curb_str type);

#endif
