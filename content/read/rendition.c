#include "rendition.h"

#include <unistd.h>

#include "curb/cleanup.h"
#include "media.h"

void rendition_read(struct wire *wire, const char *want)
{
	enum { ARENA = 64 << 20 };
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA);
	struct curb_value *package = curb_object(arena), *unit = curb_object(arena),
			  *units = curb_array(arena);
	off_t size = lseek(WIRE_UPLOAD_FD, 0, SEEK_END);
	const struct media_source source = { WIRE_UPLOAD_FD, 0, size < 0 ? 0 : (uint64_t)size,
		                             curb_str(WIRE_RENDITION) };
	curb_put_text(unit, "key", WIRE_RENDITION);
	curb_put_text(unit, "name", WIRE_RENDITION);
	curb_put_text(unit, "kind", "video");
	curb_put_int(unit, "hours", 0);
	curb_push(units, unit);
	curb_put_text(package, "reader", "media");
	curb_put_text(package, "name", WIRE_RENDITION);
	curb_put(package, "units", units);
	if (media_rendition(wire, &source, unit, want))
		wire_result(wire, package);
}
