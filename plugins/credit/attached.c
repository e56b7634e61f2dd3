#include "attached.h"

#include <unistd.h>

#include "curb/err.h"

/* NULL: something else. */
static const char *type_of(struct curb_str bytes, bool pdf)
{
	static const struct {
		const char *type, *bytes;
	} types[] = {
		{ "image/jpeg", "\xff\xd8\xff" },
		{ "image/png", "\x89PNG\r\n\x1a\n" },
		{ "application/pdf", "%PDF-" },
	};
	for (size_t i = 0; i < sizeof types / sizeof *types - !pdf; i++)
		if (curb_str_starts(bytes, types[i].bytes))
			return types[i].type;
	return NULL;
}

static int read_bytes(struct curb_req *req, const struct curb_file *file, struct curb_str *ret_bytes)
{
	size_t size = (size_t)file->size, done = 0;
	if (curb_req_body_fd(req) < 0) {
		*ret_bytes = curb_str_n(curb_req_body(req).ptr + file->from, size);
		return 0;
	}
	char *bytes = curb_alloc(curb_req_arena(req), size + 1);
	while (done < size) {
		ssize_t n = pread(curb_req_body_fd(req), bytes + done, size - done,
		                  (off_t)(file->from + done));
		if (n <= 0)
			return curb_fail(CURB_EINTERNAL, "a body cannot be read again");
		done += (size_t)n;
	}
	*ret_bytes = curb_str_n(bytes, size);
	return 0;
}

int attached_read(struct curb_req *req, uint64_t most, bool pdf, struct attached *ret_attached,
                  enum attached_fault *ret_fault)
{
	enum { NAME_LONGEST = 255 };
	struct curb_file file;
	struct attached attached = { .name = curb_str(NULL) };
	int err = curb_req_file(req, &file);
	if (err)
		return err;
	*ret_fault = ATTACHED_NONE;
	if (!file.name.len || file.size == 0)
		return 0;
	*ret_fault = ATTACHED_LARGE;
	if (file.name.len > NAME_LONGEST || file.size > most)
		return 0;
	err = read_bytes(req, &file, &attached.bytes);
	if (err)
		return err;
	attached.name = file.name;
	attached.type = type_of(attached.bytes, pdf);
	*ret_fault = attached.type ? ATTACHED_FINE : ATTACHED_STRANGE;
	*ret_attached = attached;
	return 0;
}
