#include "qr.h"

#include <qrencode.h>
#include <stdio.h>

#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/err.h"

enum { QUIET = 4, PATH_MOST = 1 << 20 };

static bool dark(const QRcode *code, int x, int y)
{
	return code->data[y * code->width + x] & 1;
}

/* Runs of dark modules, each a rectangle. */
static void put_row(const QRcode *code, int y, struct curb_buf *path)
{
	for (int x = 0; x < code->width; x++) {
		int from = x;
		while (x < code->width && dark(code, x, y))
			x++;
		if (x > from)
			curb_buf_printf(path, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from,
			                x - from);
	}
}

int curb_qr(struct curb_arena *arena, struct curb_str text, struct curb_str *ret_path, int *ret_size)
{
	CURB_AUTO(buf) struct curb_buf path = curb_buf(PATH_MOST);
	QRcode *code = QRcode_encodeData((int)text.len, (const unsigned char *)text.ptr, 0, QR_ECLEVEL_M);
	if (!code)
		return curb_fail(CURB_ETOOBIG, "this is too long for a QR code");
	for (int y = 0; y < code->width; y++)
		put_row(code, y, &path);
	*ret_size = code->width + 2 * QUIET;
	QRcode_free(code);
	*ret_path = curb_dup(arena, curb_buf_view(&path));
	return curb_buf_check(&path);
}

const char *signin_percent(struct curb_arena *arena, struct curb_str text)
{
	char *to = curb_alloc(arena, 3 * text.len + 1), *at = to;
	for (size_t i = 0; i < text.len; i++)
		at += snprintf(at, 4, "%%%02X", (unsigned char)text.ptr[i]);
	return to;
}
