/* W3C audio-books: the publication manifest, and the table of contents in HTML. Pure: bytes in, facts and findings out. */
#ifndef CONTENT_LPF_H
#define CONTENT_LPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/json.h"
#include "curb/str.h"

enum { LPF_CHAPTERS_MAX = 2000, LPF_LINKS_MAX = 4000 };

struct lpf_report {
	void (*found)(void *arg, const char *code, struct curb_str a, struct curb_str b);
	void *arg;
};

struct lpf_chapter {
	struct curb_str url;  /* as it is written, without fragment */
	struct curb_str name; /* may be absent */
	int64_t duration_ms;  /* as the manifest says; -1: it does not */
};

struct lpf_book {
	struct curb_str name, lang, description, publisher;
	struct lpf_chapter *chapters;
	size_t count;
	struct curb_str *resources; /* that must be in the package */
	size_t resource_count;
	struct curb_str cover, contents; /* addresses; may be absent */
};

/* Reads a publication manifest (W3C Publication Manifest, Audiobooks). False when it was refused; findings say why.
 * Everything is arena. */
bool lpf_parse_manifest(struct curb_arena *arena, struct curb_str json, const struct lpf_report *report,
                        struct lpf_book *ret_book);

struct lpf_link {
	struct curb_str url, text;
	int level; /* from 1 */
};

/* The links of the first element with role doc-toc; none: 0. At most `room`. */
size_t lpf_parse_toc(struct curb_arena *arena, struct curb_str html, struct lpf_link *links, size_t room);

/* The manifest that an entry page names: the address of <link rel="publication">, or the text of the script it points to.
 * One of the two is absent; false when there is neither. */
bool lpf_find_manifest(struct curb_arena *arena, struct curb_str html, struct curb_str *ret_url,
                       struct curb_str *ret_json);

/* An address relative to the package's root: percent signs decoded, fragment and query off. Absent when it leads out. */
struct curb_str lpf_path(struct curb_arena *arena, struct curb_str url);
/* Milliseconds of "#t=12.5" in an address; 0 when there is none. */
int64_t lpf_fragment_ms(struct curb_str url);
/* The decimal number at *at, which moves behind it, in thousandths; -1: there is none, or it is over a thousand million. */
int64_t lpf_milli(struct curb_str text, size_t *at);
/* "PT1H2M3.5S" (ISO 8601); -1 when it is none. */
int64_t lpf_duration_ms(struct curb_str text);

#endif
