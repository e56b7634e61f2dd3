/* Zip files (APPNOTE 6.3): our own check of end record, zip64, central directory, local headers and names.
 * The rule: nothing of a zip is used before zip_open has seen all of it; nothing is ever unpacked to a path.
 */
#ifndef CONTENT_ZIP_H
#define CONTENT_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/str.h"

enum { ZIP_STORED = 0, ZIP_DEFLATED = 8 };
enum { ZIP_NAME_MAX = 1000, ZIP_DEPTH_MAX = 16, ZIP_ENTRIES_MAX = 10000 };
#define ZIP_TOTAL_MAX (UINT64_C(16) << 30)

/* Called for each fault. The first one ends the reading. */
struct zip_report {
	void (*found)(void *arg, const char *code, struct curb_str a, struct curb_str b);
	void *arg;
};

struct zip_entry {
	struct curb_str name; /* UTF-8, relative, with slashes; arena */
	uint64_t header;      /* of its local header, from the start of the descriptor */
	uint64_t data;        /* of its first packed byte, likewise */
	uint64_t packed, size;
	uint32_t crc;
	uint16_t method; /* ZIP_STORED or ZIP_DEFLATED */
	bool folder;     /* has no bytes */
	bool used;       /* a reader asked for it */
	bool checked;    /* its bytes were read and are what the zip says; archive.c */
};

struct zip {
	int fd;
	uint64_t start, length;    /* of the zip in the descriptor */
	struct zip_entry *entries; /* in the order of the central directory */
	size_t count;
};

/* Converters for names, opened before the walls close. Yours: zip_names_close. NULL when GB18030 is not known here. */
struct zip_names;
struct zip_names *zip_names_open(void);
void zip_names_close(struct zip_names *names);

/* True when the first bytes are those of a zip. */
bool zip_looks_like(struct curb_str first_bytes);

/* Reads and checks everything but the packed bytes. False when it was refused; one finding says why. */
bool zip_open(struct curb_arena *arena, struct zip_names *names, int fd, uint64_t start, uint64_t length,
              const struct zip_report *report, struct zip *ret_zip);

/* The entry of that name, no folder; NULL: none. */
struct zip_entry *zip_find(const struct zip *zip, struct curb_str name);

/* For zip_names.c's sake and its tests: a name as it stands in the zip to UTF-8 (arena), checked; on failure the code of
 * the finding. `unicode` is the name in an 0x7075 field, or absent. */
const char *zip_name(struct curb_arena *arena, struct zip_names *names, struct curb_str raw,
                     struct curb_str unicode, bool utf8, struct curb_str *ret_name);
/* The first two that clash when case and composition are folded; false when none do. */
bool zip_names_clash(struct curb_arena *arena, const struct zip_entry *entries, size_t count, size_t *ret_a,
                     size_t *ret_b);

#endif
