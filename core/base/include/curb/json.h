/* JSON (RFC 8259): a streaming writer with a sticky error, and a tree of values in an arena.
 * The rule: replies are written with the writer; the tree is for what came in and for page models.
 */
#ifndef CURB_JSON_H
#define CURB_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/buf.h"
#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- writer: commas and escapes are its business, nesting is checked by assertion ---- */
struct curb_json {
	struct curb_buf *out; /* the caller's */
	uint64_t filled;      /* bit d: level d has an item already */
	uint32_t depth;       /* at most 63 */
	bool after_key;
};

static inline struct curb_json curb_json(struct curb_buf *out)
{
	struct curb_json j;
	j.out = out;
	j.depth = 0;
	j.filled = 0;
	j.after_key = false;
	return j;
}

void curb_json_begin(struct curb_json *j, char open); /* '{' or '[' */
void curb_json_end(struct curb_json *j, char close);  /* '}' or ']' */
void curb_json_key(struct curb_json *j, const char *key);
void curb_json_str(struct curb_json *j, struct curb_str s); /* absent: null; bad UTF-8: U+FFFD */
void curb_json_text(struct curb_json *j, const char *text);
void curb_json_int(struct curb_json *j, int64_t value);
void curb_json_bool(struct curb_json *j, bool value);
void curb_json_null(struct curb_json *j);
void curb_json_raw(struct curb_json *j, struct curb_str json); /* JSON made elsewhere, as it is */
/* A decimal with three digits behind the point made of thousandths, trailing zeros cut: 2500 -> 2.5 */
void curb_json_milli(struct curb_json *j, int64_t thousandths);

/* key and value in one call */
void curb_json_kstr(struct curb_json *j, const char *key, struct curb_str s);
void curb_json_ktext(struct curb_json *j, const char *key, const char *text);
void curb_json_kint(struct curb_json *j, const char *key, int64_t value);
void curb_json_kbool(struct curb_json *j, const char *key, bool value);

/* ---- values ---- */
enum curb_value_type { CURB_NULL, CURB_BOOL, CURB_INT, CURB_DECIMAL, CURB_STRING, CURB_ARRAY, CURB_OBJECT };

struct curb_value; /* arena */

/* Parses one whole text: strict UTF-8, no duplicate names, no NUL in strings, at most 48 deep (so that
 * curb_json_value can write it within a reply), nothing behind it. The tree is arena. CURB_EINVAL with line
 * and column; CURB_ETOOBIG when the tree does not fit in what the arena has left. A number with a point or an exponent is
 * CURB_DECIMAL and keeps its digits. */
int curb_json_parse(struct curb_arena *arena, struct curb_str text, struct curb_value **ret_value);

enum curb_value_type curb_value_type(const struct curb_value *value);                /* NULL: CURB_NULL */
size_t curb_value_count(const struct curb_value *value);                             /* items or members */
struct curb_value *curb_value_at(const struct curb_value *array, size_t i);          /* NULL past the end */
struct curb_value *curb_value_get(const struct curb_value *object, const char *key); /* NULL: none */
struct curb_str curb_value_key(const struct curb_value *object, size_t i);
struct curb_value *curb_value_member(const struct curb_value *object, size_t i);

/* The value as that type, or what stands behind it when it is of another type (or NULL). */
struct curb_str curb_value_str(const struct curb_value *value); /* absent when not a string */
int64_t curb_value_int(const struct curb_value *value, int64_t otherwise);
bool curb_value_bool(const struct curb_value *value, bool otherwise);
/* A number with at most `digits` decimals as an integer of 10^-digits: 1.5 with 2 -> 150.
 * False when it is no number, has more decimals, is negative or does not fit. */
bool curb_value_fixed(const struct curb_value *value, int digits, int64_t *ret_value);
struct curb_str curb_value_digits(const struct curb_value *value); /* a number as it was written */

/* obj[key] of an object, typed, in one step. */
struct curb_str curb_get_str(const struct curb_value *object, const char *key);
int64_t curb_get_int(const struct curb_value *object, const char *key, int64_t otherwise);

/* Building, for page models: everything is arena, strings are copied. */
struct curb_value *curb_object(struct curb_arena *arena);
struct curb_arena *curb_value_arena(const struct curb_value *value); /* where it lives */
struct curb_value *curb_array(struct curb_arena *arena);
struct curb_value *curb_string(struct curb_arena *arena, struct curb_str s);
struct curb_value *curb_integer(struct curb_arena *arena, int64_t value);
struct curb_value *curb_boolean(struct curb_arena *arena, bool value);
void curb_put(struct curb_value *object, const char *key, struct curb_value *value); /* replaces */
void curb_put_str(struct curb_value *object, const char *key, struct curb_str s);    /* absent: not put */
void curb_put_text(struct curb_value *object, const char *key, const char *text);
void curb_put_int(struct curb_value *object, const char *key, int64_t value);
void curb_put_bool(struct curb_value *object, const char *key, bool value);
void curb_push(struct curb_value *array, struct curb_value *value);

/* Writes a value as JSON. */
void curb_json_value(struct curb_json *j, const struct curb_value *value);

#ifdef __cplusplus
}
#endif
#endif
