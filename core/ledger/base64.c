#include "base64.h"

#include <sodium.h>

enum { VARIANT = sodium_base64_VARIANT_ORIGINAL };

void base64_write(struct curb_buf *out, const void *bytes, size_t n)
{
	size_t most = sodium_base64_encoded_len(n, VARIANT);
	char *text = curb_buf_room(out, most);
	if (!text)
		return;
	(void)sodium_bin2base64(text, most, bytes, n, VARIANT);
	out->len--; /* its NUL */
}

bool base64_read(struct curb_str text, void *ret_bytes, size_t most, size_t *ret_n)
{
	const char *end = NULL;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] >= 0x80) /* libsodium takes some of these for letters */
			return false;
	return text.ptr &&
	       sodium_base642bin(ret_bytes, most, text.ptr, text.len, NULL, ret_n, &end, VARIANT) == 0 &&
	       end == text.ptr + text.len;
}
