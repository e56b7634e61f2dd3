/* A request and its reply, as a handler meets them.
 * The rule: read what you need, reply once with a curb_reply_…, return 0; or return an error.
 *
 * Thread rules: all of it on the handler's thread. Strings are arena unless said otherwise. The reply copies
 * what it is given: a handler never waits for a client.
 */
#ifndef CURB_REQUEST_H
#define CURB_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/id.h"
#include "curb/json.h"
#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct curb_req;
struct curb_tx;
struct curb_user {
	struct curb_id id; /* "" when nobody is signed in */
	struct curb_str name;
	uint32_t roles; /* of the grants in force now */
};

struct curb_arena *curb_req_arena(struct curb_req *req);
const struct curb_user *curb_req_user(struct curb_req *req); /* never NULL */
/* Who signed in for that person, with her consent, and presses for her; "" when she did herself. */
struct curb_id curb_req_helper(struct curb_req *req);
struct curb_str curb_req_method(struct curb_req *req); /* HEAD shows as GET */
struct curb_str curb_req_path(struct curb_req *req);   /* decoded, as matched */
struct curb_str curb_req_lang(struct curb_req *req);   /* "zh-CN" or "en" */
struct curb_str curb_req_id(struct curb_req *req);     /* for logs and problem pages */
struct curb_str curb_req_origin(struct curb_req *req); /* "https://host" as browsers see us */
/* False when nobody configured that address: it is made of the request's Host, which says what its sender likes. */
bool curb_req_origin_known(struct curb_req *req);

struct curb_str curb_req_param(struct curb_req *req, const char *name); /* of the route's path */
struct curb_str curb_req_query(struct curb_req *req, const char *name); /* first of that name */
struct curb_str curb_req_header(struct curb_req *req, const char *name);
struct curb_str curb_req_body(struct curb_req *req); /* in memory; absent when spooled */
int curb_req_body_fd(struct curb_req *req);          /* spooled file at 0, or -1; ours */
uint64_t curb_req_body_size(struct curb_req *req);
/* True when the line broke before the whole body came (only where the route takes CURB_BODY_PARTS): the body is its
 * beginning, as far as it came. */
bool curb_req_body_cut(struct curb_req *req);
/* Whether the disk has room for `more` bytes that the same person is about to send in later requests, by the rule that a body of
 * that size is held to: it is there twice while it is taken in, and what hours need stays free. CURB_EFULL says to her how many
 * megabytes are missing; CURB_EINTERNAL. Reserves nothing. Any thread that has the request. */
int curb_req_room(struct curb_req *req, uint64_t more);

/* The file of a form (multipart/form-data) that came to a route with CURB_BODY_RAW or CURB_BODY_PARTS: what its sender
 * calls it (absent: the form has none; "": no file was chosen) and where its bytes lie in the body. It is the last part of
 * its form; the fields before it are read by curb_req_field. CURB_EINVAL when the form is cut short or goes on behind it. */
struct curb_file {
	struct curb_str name;
	uint64_t from, size;
};
int curb_req_file(struct curb_req *req, struct curb_file *ret_file);
/* The bytes of that file where they are in memory (CURB_BODY_PARTS): a view into the body. CURB_EINVAL, CURB_ETOOBIG with a text for
 * its field when none was chosen, it is empty, its name too long, or it has more than `most` bytes: `choose` and `large`, source
 * texts of the owner of the route, are said for the first and the last. */
int curb_req_file_text(struct curb_req *req, size_t most, const char *choose, const char *large,
                       struct curb_str *ret_bytes);

/* A field of the body, the same for JSON objects and forms. Absent when it is not there. */
struct curb_str curb_req_field(struct curb_req *req, const char *name);
/* The JSON body, or the form as an object of strings (arrays for repeated names ending in []). */
const struct curb_value *curb_req_value(struct curb_req *req);

/* True when the client wants a page rather than JSON (its Accept, and the path is not under /api/). */
bool curb_req_wants_page(struct curb_req *req);

/* True when a grant of one of `roles`, in force now, covers the institution (its own, or one of a region
 * that contains it; "": all there are, by a grant without a place). Nothing is set on false: say CURB_ENOTFOUND of things others must not know of. */
bool curb_may(struct curb_req *req, uint32_t roles, const struct curb_id *institution);
/* The institutions covered by the person's grants of `roles`, each once; arena. */
int curb_req_institutions(struct curb_req *req, uint32_t roles, const struct curb_id **ret_ids,
                          size_t *ret_n);

/* `source` (English) in the request's language; {name} parts are filled from `values` (may be NULL). */
struct curb_str curb_tr(struct curb_req *req, const char *source, const struct curb_value *values);

/* Looks something up for whoever knows its code: `look` runs as curb_write runs it, so that of many guesses at one time each is
 * counted before the next is looked at. Its CURB_ENOTFOUND, before which it writes nothing, is a wrong guess. CURB_ESLOW, with the seconds to wait
 * in its text, after five wrong guesses of `what` (static, a word of the plugin's own) within an hour; 1 s, doubling to 60 s: from this address,
 * or of who is signed in by her account, and by address after many more than a room of people mistypes. */
int curb_guess(struct curb_req *req, const char *what, int (*look)(struct curb_tx *tx, void *arg), void *arg);

/* ---- replies: the last one counts until the handler returns ---- */

/* `body` is moved from (empty afterwards). 200, 201, 202, …. Adds ETag and answers If-None-Match on GET. */
int curb_reply_json(struct curb_req *req, int status, struct curb_buf *body);
int curb_reply_bytes(struct curb_req *req, int status, const char *type, struct curb_buf *body);
int curb_reply_empty(struct curb_req *req, int status);
int curb_reply_redirect(struct curb_req *req, struct curb_str path); /* 303, within this server */

/* The plugin's template `name` in the layout, with `model` (an object; arena). The core adds what every page
 * has: lang, user, csrf, idempotency_key, path. model.title is mandatory. */
int curb_reply_page(struct curb_req *req, int status, const char *name, struct curb_value *model);

/* A body in pieces. Range acts on their sum (RFC 9110, 14). Bytes are copied; a blob is a slice of a file of
 * the store, named by the 64 hex digits of its SHA-256. */
struct curb_piece {
	struct curb_str bytes; /* used when `blob` is empty */
	struct curb_str blob;
	uint64_t offset, length; /* within the blob */
};

struct curb_body_info {
	const char *type;         /* media type */
	struct curb_str etag;     /* without quotes; strong; absent: none */
	bool immutable;           /* a year of cache, private; else revalidate */
	struct curb_str filename; /* absent: inline; else an attachment of this name (RFC 6266) */
};

/* CURB_ENOTFOUND when a blob is not in the store. */
int curb_reply_pieces(struct curb_req *req, const struct curb_piece *pieces, size_t n,
                      const struct curb_body_info *info);

/* A header of the reply. `value` must not hold control characters: CURB_EINVAL. */
int curb_reply_header(struct curb_req *req, const char *name, struct curb_str value);

/* The parts of a body in pieces, of `size` bytes and tag `etag` (as in curb_body_info), that the reply to this request
 * will carry; 0 when it carries none (HEAD, 304, 412, 416). For delivery notes. */
enum { CURB_PARTS_MOST = 16 };
struct curb_part {
	uint64_t from, to; /* to is behind the last byte */
};
size_t curb_req_parts(struct curb_req *req, uint64_t size, struct curb_str etag,
                      struct curb_part ret_parts[CURB_PARTS_MOST]);

#ifdef __cplusplus
}
#endif
#endif
