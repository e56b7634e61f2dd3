#include "codes.h"

#include "curb/buf.h"
#include "curb/cleanup.h"

struct curb_str code_spoken(struct curb_req *req, struct curb_str shown)
{
	enum { ROOM = 256 };
	CURB_AUTO(buf) struct curb_buf out = curb_buf(ROOM);
	struct curb_str pause = curb_tr(req, ", ", NULL);
	for (size_t i = 0; i < shown.len; i++)
		if (shown.ptr[i] == '-') {
			curb_buf_add(&out, pause.ptr, pause.len);
		} else {
			if (i && shown.ptr[i - 1] != '-')
				curb_buf_char(&out, ' ');
			curb_buf_char(&out, shown.ptr[i]);
		}
	return curb_dup(curb_req_arena(req), curb_buf_view(&out));
}
