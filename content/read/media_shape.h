/* The outside of a media file: which kind it is, and whether all of it is there. Pure but for reading; no libav. */
#ifndef CONTENT_MEDIA_SHAPE_H
#define CONTENT_MEDIA_SHAPE_H

#include "media.h"

enum media_shape {
	MEDIA_UNKNOWN,
	MEDIA_MP4,
	MEDIA_MATROSKA,
	MEDIA_MP3,
	MEDIA_OGG,
	MEDIA_OTHER,
	MEDIA_FOREIGN
};

/* FOREIGN: our own demuxers do not read it, the program that makes forms may. */
enum media_shape media_shape_of(struct curb_str first_bytes);

/* What a foreign shape is called ("AVI"); NULL when the bytes are of none. Static. */
const char *media_foreign_name(struct curb_str first_bytes);

struct media_extent {
	bool whole;    /* nothing points behind the end */
	bool has_moov; /* MP4: the table of contents is there */
};

/* Walks the outermost boxes of an MP4 or the segment of a Matroska file. Other shapes are whole. */
struct media_extent media_extent_of(const struct media_source *source, enum media_shape shape);

#endif
