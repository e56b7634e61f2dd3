/* Service content.v1: versions of courses, their units, tracks and files.
 * The rule: the core owns these rows and the bytes; plugins read them here and keep no copy of media facts.
 *
 * Thread rules: any thread, with the caller's tx. Results are arena of tx.
 */
#ifndef CONTENT_API_H
#define CONTENT_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "content/rows.h"
#include "content/table.h"
#include "curb/db.h"
#include "curb/request.h"
#include "curb/service.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CONTENT_SERVICE "content.v1"

/* Told in the transaction that makes a version (or the first version of a course): the catalog makes or moves its
 * row there, so that all is visible at once or nothing. An error undoes the import. */
struct content_watcher {
	void *self;
	int (*version_made)(void *self, struct curb_tx *tx, const struct content_version *version,
	                    bool publish);
	/* Puts what the author's list of versions says of one: "state", "about": sentences, "published" when it was, and "turn":
	 * {action, label} of a button. May be NULL. */
	int (*about)(void *self, struct curb_req *req, const struct content_version *version,
	             struct curb_value *row);
};

/* Whoever keeps the names of blobs in rows of its own: what a holder holds is not removed. */
struct content_holder {
	void *self;
	const char *name; /* static; the owner's own, remembered in the database */
	/* Whether it names this blob (SHA-256 in hex). In any transaction; an indexed look-up, for it is asked for each. */
	int (*holds)(void *self, struct curb_tx *tx, struct curb_str sha256, bool *ret_holds);
};

struct content_api {
	struct curb_service_head head;
	/* CURB_ENOTFOUND when there is none. */
	int (*version)(const struct content_api *self, struct curb_tx *tx, struct curb_str id,
	               struct content_version *ret_version);
	int (*unit)(const struct content_api *self, struct curb_tx *tx, struct curb_str id,
	            struct content_unit *ret_unit);
	/* A track with its place, without the unit's name and nav: for each request for bytes, never in a write
	 * function. CURB_ENOTFOUND. */
	int (*placed)(const struct content_api *self, struct curb_tx *tx, struct curb_str track,
	              struct content_placed *ret_placed);
	int (*units)(const struct content_api *self, struct curb_tx *tx, struct curb_str version,
	             const struct content_unit **ret_units, size_t *ret_n);
	int (*tracks)(const struct content_api *self, struct curb_tx *tx, struct curb_str unit,
	              const struct content_track **ret_tracks, size_t *ret_n);
	/* All tracks of a version, by unit and position. */
	int (*version_tracks)(const struct content_api *self, struct curb_tx *tx, struct curb_str version,
	                      const struct content_track **ret_tracks, size_t *ret_n);
	/* Up to `max` bytes of a small blob (captions, index) as a whole. CURB_ETOOBIG when it is larger. Arena. */
	int (*bytes)(const struct content_api *self, struct curb_tx *tx, struct curb_str blob, uint64_t max,
	             struct curb_str *ret_bytes);
	/* In start; at most one. Forgotten in stop with NULL. */
	int (*watch)(const struct content_api *self, const struct content_watcher *watcher);
	/* All of a version, itself and its units. */
	int (*aids)(const struct content_api *self, struct curb_tx *tx, struct curb_str version,
	            const struct content_aid **ret_aids, size_t *ret_n);
	/* Of the version itself alone. CURB_ENOTFOUND when it has none. */
	int (*own_aid)(const struct content_api *self, struct curb_tx *tx, struct curb_str version,
	               struct content_aid *ret_aid);
	/* The cells of a spreadsheet that came in, of at most CONTENT_TABLE_UPLOAD bytes, read by the worker while the caller waits
	 * (some hundredths of a second). Arena. CURB_EUNFIT: it is not taken, and why, in `lang`, is curb_error_local(); CURB_EBUSY:
	 * others are being read. */
	int (*table)(const struct content_api *self, struct curb_arena *arena, struct curb_str bytes,
	             struct curb_str lang, const struct content_table **ret_table);
	/* The question of a unit's chapter (from 1; a unit without chapters is one). CURB_ENOTFOUND when it has none. */
	int (*question)(const struct content_api *self, struct curb_tx *tx, struct curb_str unit,
	                int64_t chapter, struct content_question *ret_question);
	/* In start, taken back in stop. From the first time on it is known by its name: while a holder is away (its plugin is set
	 * aside), no blob is removed at all. CURB_EABI when there is one of that name or no room. */
	int (*hold)(const struct content_api *self, const struct content_holder *holder);
	void (*let_go)(const struct content_api *self, const char *name);
	/* The renditions of a unit that are made, the largest first. */
	int (*renditions)(const struct content_api *self, struct curb_tx *tx, struct curb_str unit,
	                  const struct content_rendition **ret_renditions, size_t *ret_n);
	/* Somebody watches this unit now: its renditions that are still waiting are made next. Outside write functions. */
	void (*watched)(const struct content_api *self, struct curb_tx *tx, struct curb_str unit);
	/* What a version lacks, by its tracks, in the order of its units. Nothing is refused because of it. */
	int (*lacks)(const struct content_api *self, struct curb_tx *tx, struct curb_str version,
	             const struct content_lack **ret_lacks, size_t *ret_n);
	/* One of them in the words of the request's language: {what, means, mend, code, href}; means: for which learners. Arena of
	 * req. */
	struct curb_value *(*lack_words)(const struct content_api *self, struct curb_req *req,
	                                 const struct content_lack *lack);
	/* The tracks of a unit, and behind them the captions, subtitles, descriptions and transcripts in further languages that the
	 * unit of the same key has in another version of its course; none where what is played is not the same bytes. The
	 * caller says which version a class of this one may see. */
	int (*later_tracks)(const struct content_api *self, struct curb_tx *tx,
	                    const struct content_unit *unit, struct curb_str version,
	                    const struct content_track **ret_tracks, size_t *ret_n);
};

#ifdef __cplusplus
}
#endif
#endif
