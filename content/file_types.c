#include "content/file_types.h"

static const char *const types[] = {
	"video/mp4", "audio/mp4",  "audio/mpeg", "audio/ogg",  "audio/flac",       "text/vtt",
	"image/gif", "image/jpeg", "image/png",  "image/webp", "application/json", "application/octet-stream",
};

const char *content_file_type(struct curb_str type)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (curb_str_is(type, types[i]))
			return types[i];
	return NULL;
}
