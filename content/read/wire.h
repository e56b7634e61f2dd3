/* The pipe from the worker to the server: frames, and what they may say.
 * The rule: the worker is believed in nothing; content/store/ checks every frame.
 *
 * Descriptors of the worker: 3 the upload (read only), 4 the pipe (write only), 5 a scratch file for what must be
 * seekable (read and write, bounded by RLIMIT_FSIZE). One whose second argument is WIRE_FORMS also has 6 a form (read only) and 7
 * answers. Frame: u8 type, u8 slot, u16 zero, u32 length (little-endian), payload of at
 * most 1 MiB.
 *
 *   'O' open slot: JSON {"path","type"}         'D' data, appended        'P' patch: u64 offset, bytes
 *   'C' close slot                              'F' finding: JSON {"code","where","a","b"}
 *   'G' progress: u32 permille                  'R' result: JSON, the package (below); then 'E' end, empty
 *   'T' make a form: JSON {"fd":3|5,"offset","size","want","texts","from","to"}; the worker waits for its answer, of 16 bytes: u64
 *       0 (the form lies in descriptor 6), 1 (it could not be made) or 2 (nothing here can make one), u64 milliseconds that the media claimed to last
 *
 * A slot number is used once in flight and may be used again after 'C'; a file is known by its running number (first
 * 'O' is file 0). The package:
 *
 *   {"reader":"course|media|folder|pages|lpf|daisy202|daisy3|epub", "name", "lang", "description", "provider", "occupation", "keywords":[…],
 *    "units":[{"key","name","kind":"video|audiobook|document|package","hours":hundredths,"duration_ms",
 *              "nav":[{"level","text","start_ms"}],
 *              "questions":[{"chapter","text","answers":[…],"right"}],  two to six answers; chapter and right from 1, chapters ascending
 *              "tracks":[{"kind":"video|audio|captions|subtitles|descriptions|chapters|sign|audio-description|flat|cover|transcript|part|picture",
 *                         "file":n,"index":n,"lang","label","type","codec","duration_ms","start_ms","width","height","bitrate"}]}],
 *    "programme":{"name","total":hundredths,"offline":[{"name","hours":hundredths}]}}
 *
 * The package may also have "name_pinyin", "description_pinyin", "easy" and "easy_pinyin", a unit the same but for the
 * description; curb/ruby.h says what pinyin is. It may have "accessMode", "accessibilityFeature" and "accessibilityHazard", lists of texts. Types of files
 * are those in content/file_types.c; any other ends the intake. Behind the intake each "file" and "index" is an object
 * {"sha256","size","type","path"}.
 *
 * A worker whose second argument is WIRE_TABLE reads a spreadsheet; it sends no file, and its result is
 *
 *   {"sheet","others":n,"hidden":n,"rows":[[number,"cell",…],…]}         content/table.h says what they are
 *
 * A worker whose second argument is WIRE_CAPTIONS reads one file of captions; the third says what is done with it,
 * "KIND LANG MEDIA_MS SHIFT_MS SPLIT OVERLAPS ALL": a kind of track, a language or "-", whole milliseconds (media 0: unknown),
 * and 0 or 1. Its package has one unit with the captions, their transcript (not of descriptions), and last a track of the
 * kind "transcript" whose file is what changed, at most 40 of it shown:
 *
 *   {"cues":n,"were":n,"changed":n,"shown":[{"start_ms","end_ms","text","was_start_ms","was_end_ms","was"}]}
 *
 * With ALL it is every caption in place of that, as it is then, its words without marks: {"all":[{"start_ms","end_ms","text"}]}.
 *
 * A worker whose second argument is WIRE_RENDITION reads a lesson as it is played, a flat MP4; the third is what is made of it, a
 * "want" of renditions. Its package has one unit with the tracks of that: at most a picture and a sound, and last the flat one.
 *
 * A pack (all versions of a course, carried from another server) is several packages: the first 'R' is
 *
 *   {"reader":"pack","course":id,"versions":[{"id","number","made_ms"}]}
 *
 * and for each of these versions an 'R' with its package follows, whose reader is the one that read it first. There the path of
 * each file is "blobs/" and its SHA-256; a file whose bytes the pack does not bring is its SHA-256 in place of a number.
 *
 * "index" of a fragmented track (video, audio, sign, audio-description; also MP3 kept as it is) is a file of records, all
 * big-endian: u64 offset, u64 length, u64 start_us, u64 duration_us: one a fragment, in order, the first behind the head
 * (ftyp…sidx, or nothing). "index" of a flat track is a file of records: u32 track (its place in "tracks"), u32 fragment,
 * u64 offset, u64 length: the pieces that follow the flat track's own file (ftyp, moov, mdat header).
 */
#ifndef CONTENT_WIRE_H
#define CONTENT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/json.h"
#include "curb/str.h"

enum { WIRE_UPLOAD_FD = 3, WIRE_PIPE_FD = 4, WIRE_SCRATCH_FD = 5, WIRE_FORM_FD = 6, WIRE_ANSWERS_FD = 7 };
enum { WIRE_FRAME_MAX = 1 << 20, WIRE_HEAD = 8, WIRE_ANSWER = 16 };

#define WIRE_TABLE "table"
#define WIRE_CAPTIONS "captions"
#define WIRE_FORMS "forms"
#define WIRE_RENDITION "rendition"
#define WIRE_FORM "form"           /* closes other walls and becomes the program: form.h */
#define WIRE_CAPTIONER "captioner" /* likewise: captioner.h */
/* "want": the first picture and every sound, the picture alone, the first sound alone. */
#define WIRE_WANT_ALL "all"
#define WIRE_WANT_PICTURE "picture"
#define WIRE_WANT_SOUND "sound"
/* Renditions for bad lines: the picture with its shorter side so long and the first sound, or that sound alone, small. */
#define WIRE_WANT_360 "360"
#define WIRE_WANT_240 "240"
#define WIRE_WANT_LOW_SOUND "low-sound"
/* Never asked for by a worker: the sound as a program that writes down speech reads it (captioner.h). */
#define WIRE_WANT_SPEECH "speech"

struct wire; /* the worker's end; one thread */

struct wire_slot {
	int slot; /* of the frames */
	int file; /* running number, for "file" and "index" */
};

/* Writes to `fd`, buffered. Yours: wire_free. A failed write ends the process: the server has gone or killed us. */
struct wire *wire_new(int fd);
void wire_free(struct wire *wire);

struct wire_slot wire_open(struct wire *wire, const char *path, const char *type);
void wire_data(struct wire *wire, struct wire_slot slot, const void *bytes, size_t n);
/* Overwrites bytes that were sent as data already. */
void wire_patch(struct wire *wire, struct wire_slot slot, uint64_t offset, const void *bytes, size_t n);
void wire_close(struct wire *wire, struct wire_slot slot);

/* `where`: the file in the package, a line, a time; a, b: facts for the texts; any may be absent. */
void wire_finding(struct wire *wire, const char *code, struct curb_str where, struct curb_str a,
                  struct curb_str b);
/* Findings sent of severity CONTENT_REFUSED. */
int wire_refusals(const struct wire *wire);
/* Of the part that was begun last, or of all. What would go backwards is not sent. */
void wire_progress(struct wire *wire, int permille);
/* What follows is part i of n, within the part begun before; at most four deep. */
void wire_part_begin(struct wire *wire, size_t i, size_t n);
void wire_part_end(struct wire *wire);
/* Forms may be asked for: the server has a program that makes them. */
void wire_allow_forms(struct wire *wire);
bool wire_may_form(const struct wire *wire);

struct wire_wish {
	int fd; /* WIRE_UPLOAD_FD or WIRE_SCRATCH_FD */
	uint64_t offset, size;
	const char *want; /* WIRE_WANT_… */
	const char *
		texts; /* streams of captions to keep: "2c5s": the third as it is, the sixth as SubRip; at most 16 */
};
/* Has a form made of media, and waits for it. It lies in WIRE_FORM_FD until the next one is asked for; the length is what the
 * media claimed (0: nothing). Most of the part that was begun last is progress of this. */
enum wire_made { WIRE_MADE, WIRE_UNMADE, WIRE_NO_MAKER };
enum wire_made wire_form(struct wire *wire, const struct wire_wish *wish, int64_t *ret_claimed_ms);

void wire_result(struct wire *wire, const struct curb_value *package);
/* One that others follow; the last is told by wire_result. False after a finding: it is too large. */
bool wire_result_of_many(struct wire *wire, const struct curb_value *package);

#endif
