#include "fuzz.h"

#include <stdlib.h>

#include "inside.h"

/* A form that is taken is an object of well-formed texts and lists of them. */
static void check(const struct curb_value *form)
{
	for (size_t i = 0; i < curb_value_count(form); i++) {
		const struct curb_value *member = curb_value_member(form, i);
		size_t n = curb_value_type(member) == CURB_ARRAY ? curb_value_count(member) : 1;
		for (size_t k = 0; k < n; k++) {
			struct curb_str text = curb_value_str(
				curb_value_type(member) == CURB_ARRAY ? curb_value_at(member, k) : member);
			if (!text.ptr || !curb_utf8_valid(text) || memchr(text.ptr, '\0', text.len))
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char type[] = "multipart/form-data; boundary=b";
	struct curb_arena *arena = curb_arena_new(64 << 20);
	struct curb_str body = curb_str_n((const char *)bytes, size);
	struct curb_value *form = NULL;
	if (form_urlencoded(arena, body, &form) == 0)
		check(form);
	if (form_multipart(arena, curb_str(type), body, &form) == 0)
		check(form);
	struct form_file file;
	if (form_until_file(arena, curb_str(type), body, &file, &form) == 0) {
		check(form);
		if (file.name.ptr && (file.from > size || memchr(file.name.ptr, '/', file.name.len)))
			abort();
	}
	(void)form_multipart(arena, body, curb_str("--b\r\n\r\n"), &form);
	struct http_head head = { .headers = { { curb_str("Cookie"), body } }, .count = 1 };
	struct curb_str cookie = cookie_find(&head, "curb");
	if (cookie.ptr && (cookie.ptr < body.ptr || cookie.ptr + cookie.len > body.ptr + body.len))
		abort();
	curb_arena_free(arena);
	return 0;
}
