/* Books that are read aloud by SMIL: what all kinds of them share once their contents are known.
 * The unit's time axis is its sound files one behind the other, in the order in which they are first heard. Times are measured.
 */
#ifndef CONTENT_SPOKEN_H
#define CONTENT_SPOKEN_H

#include "document.h"
#include "smil.h"

enum { SPOKEN_POINTS_MAX = 10000, SPOKEN_SMILS_MAX = 5000 };

/* An entry of the table of contents. */
struct spoken_point {
	struct curb_str text,
		url; /* url: from `contents` to a place in a SMIL document, or in a text that is read aloud */
	int level;   /* from 1 */
};

struct spoken_book {
	struct book_facts facts;
	struct zip_entry *contents; /* NCC, NCX or navigation document */
	struct spoken_point *points;
	size_t point_count;
	struct zip_entry **smils; /* in the order of reading */
	size_t smil_count;
};

struct spoken_file {
	struct zip_entry *entry;
	int64_t start_ms, end_ms; /* on the unit's time axis */
};

/* An element of a text: one that is read aloud by one clip or several in a row, or one that the contents lead to. */
struct spoken_place {
	struct zip_entry *entry;
	struct curb_str id, words;
	size_t first, last; /* clips; of an entry of the contents: clip and point */
};

struct spoken_places {
	struct spoken_place *rows;
	struct spoken_place **sorted; /* by document and id */
	size_t count;
};

/* A book on its way into a unit. */
struct spoken {
	struct reader_job *job;
	const struct spoken_book *book;
	struct curb_value *unit;
	struct document_names names;
	struct smil_times times;
	struct spoken_file *files;
	size_t file_count;
	uint32_t *file_of; /* of each clip */
	size_t *clip_of;   /* of each entry of the contents; clip_count: none */
	struct spoken_places said;
};

/* Whether the contents are those of a book, and how many entries or SMIL documents there was no room for: tells it. */
bool spoken_contents(struct reader_job *job, const struct spoken_book *book, size_t more_points,
                     size_t more_smils);
/* Tells how many entries of the contents there was no room for. */
void spoken_more_points(struct reader_job *job, const struct spoken_book *book, size_t more_points);
/* Reads the SMIL documents, the sound, the contents and the text into `unit`. False after a finding. */
bool spoken_read(struct reader_job *job, const struct spoken_book *book, struct curb_value *unit);

/* ---- spoken_text.c ---- */
/* Reads the text: what is said in the clips, and which clips the `wanted` places come to. */
void spoken_listen(struct spoken *spoken, struct spoken_places *wanted);
/* The rows by document and id; called once all are there. */
void spoken_sort(const struct spoken *spoken, struct spoken_places *places);
/* What is said in the clips, as a track with its transcript; nothing when the book has no text of its own. */
void spoken_add_text(struct spoken *spoken);

/* Where a clip lies on the unit's time axis. */
int64_t spoken_begin_ms(const struct spoken *spoken, size_t clip);
int64_t spoken_end_ms(const struct spoken *spoken, size_t clip);

#endif
