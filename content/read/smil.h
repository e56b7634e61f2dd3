/* SMIL as talking books use it: which part of which sound belongs to which text. SMIL 1.0 (DAISY 2.02), the profile of DAISY 3
 * (ANSI/NISO Z39.86-2005, section 7) and EPUB 3 Media Overlays differ in the names of two attributes alone. Pure: bytes in,
 * clips out.
 */
#ifndef CONTENT_SMIL_H
#define CONTENT_SMIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/str.h"

enum { SMIL_CLIPS_MAX = 200000, SMIL_ANCHORS_MAX = 400000 };

struct smil_clip {
	struct curb_str audio, text; /* addresses as they are written; text may be absent */
	int64_t begin_ms, end_ms;    /* in the sound; end -1: as far as it goes */
	uint32_t smil;               /* number of the document */
};

/* An element with an id, and the first clip that belongs to it or comes behind it. */
struct smil_anchor {
	struct curb_str id;
	uint32_t smil, clip;
};

/* All documents of a book, in the order in which they are read. */
struct smil_times {
	struct curb_arena *arena;
	struct smil_clip *clips;
	struct smil_anchor *anchors;
	size_t clip_count, clip_room, anchor_count, anchor_room;
	size_t silent;        /* texts with no sound */
	uint32_t silent_smil; /* where the first of them is */
	struct curb_str silent_text;
};

/* Adds what a document says. 0, or the line where it ended: it is no XML, or there are too many clips. `encoding` as for
 * xml_read_page. */
unsigned long smil_read(struct smil_times *times, uint32_t smil, struct curb_str bytes, const char *encoding);

/* Behind the last document: anchors can then be found. */
void smil_sort(struct smil_times *times);
/* The clip at an id of a document; with an empty or absent id the document's first. clip_count: none. */
size_t smil_clip_at(const struct smil_times *times, uint32_t smil, struct curb_str id);

/* A clock value (SMIL 3.0, section 5.4.5; SMIL 1.0's "npt=" before it is passed over) in ms; -1: it is none. */
int64_t smil_clock_ms(struct curb_str text);

#endif
