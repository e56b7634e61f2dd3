/* Tables of contents in XHTML and HTML. */
#ifndef CONTENT_TOC_H
#define CONTENT_TOC_H

#include "spoken.h"

/* The links of the navigation of the type toc (EPUB 3.3, section 7) in book->contents, to book->points, which has room for
 * SPOKEN_POINTS_MAX; *ret_more: how many more there are. False after a finding. */
bool toc_read(struct reader_job *job, struct spoken_book *book, size_t *ret_more);
/* All links of a page in HTML, likewise; fills in the book's name and language by the page's own. */
bool toc_read_page(struct reader_job *job, struct spoken_book *book, size_t *ret_more);

#endif
