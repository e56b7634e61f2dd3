/* No request reaches a plugin in these tests: calling one of these is the test's failure. */
#include "cm.h"
#include "curb/db.h"
#include "curb/request.h"

__attribute__((visibility("default"))) int curb_reply_json(struct curb_req *req, int status,
                                                           struct curb_buf *body)
{
	(void)req;
	(void)status;
	(void)body;
	fail_msg("a reply without a request");
	return -1;
}

__attribute__((visibility("default"))) const struct curb_user *curb_req_user(struct curb_req *req)
{
	(void)req;
	fail_msg("somebody without a request");
	return NULL;
}

__attribute__((visibility("default"))) int curb_write(struct curb_req *req, struct curb_str key,
                                                      curb_write_fn fn, void *arg)
{
	(void)req;
	(void)key;
	(void)fn;
	(void)arg;
	fail_msg("a write without a request");
	return -1;
}
