/* What content.v1 tells of a course: its versions, their units and tracks, what helps in reading them, and what they lack.
 * Plain values; what they point to is of the arena that the service names.
 */
#ifndef CONTENT_ROWS_H
#define CONTENT_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "curb/id.h"
#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct content_version {
	struct curb_id id, course; /* course: the catalog's id, chosen when the first version came */
	int64_t number;            /* 1, 2, … within the course */
	struct curb_str name, lang, description, provider, occupation;
	struct curb_str keywords;  /* space-separated */
	struct curb_str programme; /* JSON of the package's plan, or absent */
	struct curb_id person;     /* who brought it */
	int64_t made_ms;
};

struct content_unit {
	struct curb_id id, version;
	int64_t position;                /* from 1 */
	struct curb_str key, name, kind; /* kind: video audiobook document package */
	int64_t hours_c;                 /* class hours in hundredths */
	int64_t duration_ms;             /* of its media; 0: none */
	struct curb_str nav;             /* JSON [{"level","text","start_ms"}], or absent */
	/* Whoever looked and found captions that are part of the picture (schema.org openCaptions), and when. "": nobody. */
	struct curb_id open_captions_by;
	int64_t open_captions_ms;
};

struct content_track {
	struct curb_id id, unit;
	int64_t position;     /* as in the package: flat tracks name others by it, from 0 */
	struct curb_str kind; /* see content/read/wire.h */
	struct curb_str lang, label, type, codec;
	struct curb_str blob;  /* SHA-256 in hex */
	struct curb_str index; /* blob of its index, or absent */
	int64_t size, duration_ms, start_ms, width, height, bitrate;
};

/* What helps in reading a course, or (`unit` some) one of its units; "" where its author gave none. */
struct content_aid {
	struct curb_id unit;
	struct curb_str easy;                                         /* in short sentences and easy words */
	struct curb_str name_pinyin, description_pinyin, easy_pinyin; /* see curb/ruby.h */
};

/* What an author asks about a chapter; one of its answers is right. */
struct content_question {
	struct curb_str text;
	const struct curb_str *answers; /* `count` of them, two to six */
	size_t count;
	int64_t right; /* from 1 */
};

/* A track, what it belongs to, and the course of that. */
struct content_placed {
	struct content_track track;
	struct content_unit unit;
	struct curb_id course;
};

/* A smaller form of a lesson, on its axis of time ("360", "240": the shorter side of the picture; "low-sound": no picture). */
struct content_rendition {
	struct curb_str form;
	/* Its picture and sound, and last the flat one, which names them by position. `id` of all, in addresses: the unit's own flat track's. */
	const struct content_track *tracks;
	size_t count;
};

/* What a unit lacks for learners of one kind; said of all learners of that kind, never of one person. */
struct content_lack {
	struct curb_id unit;  /* "": the course as a whole */
	int64_t position;     /* of the unit, from 1; 0 */
	struct curb_str key;  /* of the unit, the same in later versions; "" */
	struct curb_str name; /* of that unit or course */
	struct curb_str fact; /* a language, or absent */
	const char *code;     /* static: a code of the list of findings, "a11y.no-captions" */
};

#ifdef __cplusplus
}
#endif
#endif
