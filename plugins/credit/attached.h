/* A photo or a document that comes with a form.
 * The rule: it is known by its first bytes and never looked into; browsers alone read what is in it.
 */
#ifndef CREDIT_ATTACHED_H
#define CREDIT_ATTACHED_H

#include "curb/request.h"

struct attached {
	struct curb_str name, bytes; /* arena */
	const char *type;            /* static: image/jpeg, image/png, application/pdf */
};

enum attached_fault { ATTACHED_FINE, ATTACHED_NONE, ATTACHED_LARGE, ATTACHED_STRANGE };

/* The file of the form, when it is one that is taken: of at most `most` bytes, a photo or (`pdf`) a PDF. *ret_fault says why it is
 * not. Errors are of reading it. */
int attached_read(struct curb_req *req, uint64_t most, bool pdf, struct attached *ret_attached,
                  enum attached_fault *ret_fault);

#endif
