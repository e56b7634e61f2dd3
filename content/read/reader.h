/* Readers of the worker: each knows one kind of upload, bids on what came, and the highest bid reads it.
 * The rule: a reader sends findings and files through the wire and fills the package of wire.h; it opens nothing.
 */
#ifndef CONTENT_READER_H
#define CONTENT_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "captions.h"
#include "media.h"
#include "wire.h"
#include "zip.h"

/* What was opened before the walls closed. */
struct reader_tools {
	struct zip_names *names;
	struct caption_charsets *charsets;
};

struct reader_job {
	struct curb_arena *arena;
	struct wire *wire;
	const struct reader_tools *tools;
	struct curb_str name;       /* what the author called the upload */
	struct media_source upload; /* all of it */
	struct curb_str first;      /* its first bytes */
	struct zip *zip;            /* checked; NULL when the upload is no zip */
	struct curb_str root;       /* "" or the one folder that all of the zip lies in, with its slash */
	uint64_t *scratch_used;
	struct curb_value *package;
	struct curb_value *versions; /* of a pack: a list of packages; else NULL */
};

/* What a book says of itself; any may be absent. */
struct book_facts {
	struct curb_str name, lang, description, provider;
	struct curb_value *modes, *features, *hazards; /* lists of schema.org's accessMode and so on */
};

/* Either `read` or `book`. */
struct content_reader {
	const char *name;                         /* "reader" of the package */
	int (*bid)(const struct reader_job *job); /* 0: not mine, to 100: surely mine; cheap */
	void (*read)(struct reader_job *job);     /* fills job->package; what is wrong goes to the wire */
	/* Reads one book into the unit: tracks, navigation, its kind where that is not "audiobook". False after a finding. */
	bool (*book)(struct reader_job *job, struct curb_value *unit, struct book_facts *ret_facts);
};

extern const struct content_reader course_reader, lpf_reader, daisy202_reader, daisy3_reader, epub_reader,
	pages_reader, folder_reader, media_reader, pack_reader;

/* Reads the upload at WIRE_UPLOAD_FD to the end of the story: findings, files, result. */
void package_read(struct wire *wire, const struct reader_tools *tools, const char *name);

/* Cuts names, labels and descriptions to what the server takes; called before the result is sent. */
void package_tidy(struct reader_job *job);

/* ---- source.c: what readers take out of a zip ---- */

/* The entry at `path` below the root; marks it used. NULL: none. */
struct zip_entry *reader_find(const struct reader_job *job, struct curb_str path);
/* The name of an entry below the root; absent when it lies elsewhere. */
struct curb_str reader_name(const struct reader_job *job, const struct zip_entry *entry);
/* All bytes of an entry (arena), which is as large as it says. The code of what is wrong with them; NULL: nothing, and then
 * they are all there. Tells nothing. */
const char *reader_unpack(struct reader_job *job, struct zip_entry *entry, struct curb_str *ret_bytes);
/* All bytes of an entry (arena). False after a finding: damaged, or more than `most`. */
bool reader_bytes(struct reader_job *job, struct zip_entry *entry, uint64_t most, struct curb_str *ret_bytes);
/* Up to `room` of its first bytes; how many there were. Tells nothing. */
size_t reader_first(struct reader_job *job, struct zip_entry *entry, char *bytes, size_t room);
/* The entry as a seekable slice: where it lies when it is stored, else unpacked to the scratch file. False after a finding. */
bool reader_source(struct reader_job *job, struct zip_entry *entry, struct media_source *ret_source);
/* Opens a zip; sets zip and root. False after a finding. */
bool reader_open_zip(struct reader_job *job, const struct media_source *source);
/* Reads entries that nobody has read, so that damage anywhere is told. */
void reader_check_rest(struct reader_job *job);

/* ---- tracks.c: files beside the media ---- */

/* Captions, subtitles, descriptions or chapters: read, checked, written as WebVTT, added to the unit. Captions and subtitles
 * also become a transcript, chapters the unit's navigation. */
struct text_track {
	struct zip_entry *entry;
	const char *kind;
	struct curb_str lang, label; /* may be absent */
	struct curb_str name;        /* of the file; of the entry when there is one */
};
void tracks_add_text(struct reader_job *job, struct curb_value *unit, const struct text_track *text);
/* A text whose times a book gave: a track with the transcript beside it. No entry. */
void tracks_add_spoken(struct reader_job *job, struct curb_value *unit, const struct text_track *text,
                       struct caption_set *set);
/* A place in the unit's navigation; levels below the sixth are the sixth. */
void tracks_add_point(struct reader_job *job, struct curb_value *nav, int level, struct curb_str text,
                      int64_t start_ms);
/* A part of a document that is read (prose.h), behind those before it. */
struct part_track {
	struct curb_str name, label, lang; /* name: of the page that it is from; lang may be absent */
	int64_t start_ms, duration_ms;
};
void tracks_add_part(struct reader_job *job, struct curb_value *unit, const struct part_track *part,
                     struct curb_str bytes);
/* A picture that such parts show: its place among the tracks; -1: it is no picture that browsers show, or too large. */
int tracks_add_picture(struct reader_job *job, struct curb_value *unit, struct zip_entry *entry);
/* A picture for the cover, as it is. */
void tracks_add_cover(struct reader_job *job, struct curb_value *unit, struct zip_entry *entry);

/* ---- names.c ---- */

/* "a/b/lesson1.zh-CN.srt": "lesson1.zh-CN" without folders and last ending. */
struct curb_str name_stem(struct curb_str path);
/* "srt", as it is written; "" when there is none. */
struct curb_str name_ending(struct curb_str path);
/* Order in which people count: "lesson2" before "lesson10". */
int name_compare(struct curb_str a, struct curb_str b);
/* Things that systems put beside files: __MACOSX, .DS_Store, Thumbs.db, names with a dot in front. */
bool name_is_litter(struct curb_str path);
bool name_is_captions(struct curb_str path);
/* A language tag that is well-formed (BCP 47, the ordinary part of it). */
bool name_is_lang(struct curb_str lang);
/* Whether one of the words of a list with blanks between them is this (upper and lower case as one). */
bool name_has_word(struct curb_str list, const char *word);
/* "image/jpeg" and so on by the first bytes; NULL when it is no picture that is shown. */
const char *name_picture_type(struct curb_str first_bytes);

/* ---- book.c ---- */
/* A package that is one book. */
void book_read_package(struct reader_job *job, const struct content_reader *reader);
/* A book in job->zip, of whichever kind, into the unit of a course, whose kind says what is wanted of it. False after a
 * finding. */
bool book_read_unit(struct reader_job *job, struct curb_value *unit);

/* Class hours (hundredths) that media of this length can carry: a class hour is 45 minutes, parts of a hundredth do not
 * count. */
int64_t hours_of_media(int64_t duration_ms);

#endif
