/* Inside of credit: pages of documents, opened when they are sent and counted when their reader goes on. */
#ifndef CREDIT_READING_H
#define CREDIT_READING_H

#include "credit.h"

/* Members of the service; credit_api.h says what they do. */
int credit_open_page(const struct credit_api *self, struct curb_tx *tx, const struct credit_reading *reading,
                     struct curb_id *ret_play);
int credit_leave_page(const struct credit_api *self, struct curb_tx *tx, const struct credit_reading *reading,
                      struct curb_str play, struct credit_read *ret_read);

/* 0, or CURB_EUNFIT when the unit is read page by page: a play of its own would carry time over from page to page. */
int credit_check_played(struct credit *c, struct curb_tx *tx, struct curb_str unit);

#endif
