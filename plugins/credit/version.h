/* The versions of courses that classes have. */
#ifndef CREDIT_VERSION_H
#define CREDIT_VERSION_H

#include "credit.h"

/* A version that a class has, into a row that names it: "href", and "note" when it is not the one of now. */
int credit_put_version(struct curb_req *req, struct credit *c, const struct content_version *version,
                       struct curb_value *row);
/* From start: the catalog asks here how many classes have a version. */
void credit_count_versions(struct credit *c);

#endif
