/* The navigation control file (ANSI/NISO Z39.86-2005, section 8) of DAISY 3 and EPUB 2. */
#ifndef CONTENT_NCX_H
#define CONTENT_NCX_H

#include "spoken.h"

/* The entries of the navMap of book->contents, to book->points, which has room for SPOKEN_POINTS_MAX; *ret_more: how many more
 * there are. Fills in the book's name when it has none. False after a finding. */
bool ncx_read(struct reader_job *job, struct spoken_book *book, size_t *ret_more);

#endif
