/* What helps a person: presets in plain words, details that go before them, both in terms of ISO/IEC 24751.
 * The rule: worded and kept as what helps, never as a diagnosis; sealed at rest; who else touched it, she can read.
 */
#ifndef CURB_CORE_NEEDS_H
#define CURB_CORE_NEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/db.h"
#include "curb/json.h"
#include "curb/needs.h"
#include "curb/plugin.h"

extern const struct curb_migration needs_migrations[]; /* of the core's host */

/* ---- terms (terms.c): static tables ---- */

/* Values stand from the weakest to the strongest: when two presets wish for different ones, the last one holds. */
enum needs_detail {
	NEEDS_TEXT,
	NEEDS_SPACING,
	NEEDS_COLOURS,
	NEEDS_MOTION,
	NEEDS_CUES,
	NEEDS_CAPTIONS,
	NEEDS_CAPTIONS_LANG,
	NEEDS_SIGN,
	NEEDS_DESCRIBED,
	NEEDS_TRANSCRIPT,
	NEEDS_LAYOUT,
	NEEDS_HINTS,
	NEEDS_DATA,
	NEEDS_EASY,
	NEEDS_PINYIN,
	NEEDS_VIBRATION,
	NEEDS_FLASH,
	NEEDS_PRESENCE,
	NEEDS_DETAILS /* new ones stand behind the others: what a browser keeps counts on it */
};

enum { NEEDS_CHOICES = 4, NEEDS_WISHES = 4 };

enum needs_kind { NEEDS_WORD, NEEDS_NUMBER, NEEDS_BOOL };

struct needs_term {
	const char *name; /* of the field and of the JSON member */
	enum needs_kind kind;
	const char *label, *help; /* English source texts */
	struct {
		const char *value, *text;
	} choices[NEEDS_CHOICES]; /* value number n is choices[n - 1]; number 0: not said */
};
const struct needs_term *needs_term(enum needs_detail detail);

struct needs_preset {
	const char *name;
	const char *label, *help;
	struct {
		enum needs_detail detail;
		const char *value; /* NULL behind the last */
	} wishes[NEEDS_WISHES];
};
/* Preset number `i`, bit i of `helps`; NULL past the last. */
const struct needs_preset *needs_preset(size_t i);

/* ---- a profile (profile.c): pure ---- */

struct needs {
	uint32_t helps;                /* bits of presets */
	uint8_t detail[NEEDS_DETAILS]; /* numbers of values; 0: as the presets say */
};

bool needs_empty(const struct needs *needs);
bool needs_same(const struct needs *a, const struct needs *b);
/* The number of a value's text, 0 when the term has no such value. */
uint8_t needs_value(enum needs_detail detail, struct curb_str value);
/* What holds of a detail, presets together and her own choice before them; NULL: nobody said. Static. */
const char *needs_holds(const struct needs *needs, enum needs_detail detail);
struct curb_needs needs_effect(const struct needs *needs);

/* As JSON: {"format", "version", "helps": […], "preferences": {…}}, and back. CURB_EINVAL names what is not known and
 * what could stand there. */
enum { NEEDS_JSON_MOST = 1024 };
void needs_write(const struct needs *needs, struct curb_json *j);
int needs_read(const struct curb_value *value, struct needs *ret_needs);
/* A whole JSON text, at most NEEDS_TEXT_MOST bytes of it. CURB_EINVAL, CURB_ETOOBIG. */
enum { NEEDS_TEXT_MOST = 16384 };
int needs_parse(struct curb_arena *arena, struct curb_str text, struct needs *ret_needs);

/* What a browser keeps for somebody who is not signed in: no id, nothing but the choices. */
struct needs_cookie {
	struct needs now, before;
	bool changed; /* `before` is there */
	bool asked;   /* it was offered to a person once: not again */
	bool passing; /* ends with the browser: others use this device too */
};
enum { NEEDS_COOKIE_MOST = 96 };
void needs_cookie_write(const struct needs_cookie *cookie, char ret_text[static NEEDS_COOKIE_MOST]);
/* False for anything that was not written so. */
bool needs_cookie_read(struct curb_str text, struct needs_cookie *ret_cookie);

/* ---- rows (store.c) ---- */

struct needs_kept {
	bool there, changed; /* a profile is kept; it has one before it */
	struct needs now, before;
};
/* Arena of `tx`. */
int needs_find(struct curb_tx *tx, const struct curb_id *person, struct needs_kept *ret_kept);

/* In a write function. `actor` is who does it: the person or a helper. What is the same as before is no change. */
int needs_keep(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *actor,
               const struct needs *needs, int64_t now_ms);
/* As before: what is kept and what was before it change places. CURB_ENOTFOUND when there is nothing before. */
int needs_undo(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *actor, int64_t now_ms);
int needs_forget(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *actor,
                 int64_t now_ms);

/* Who used it. */
enum needs_deed {
	NEEDS_SET,
	NEEDS_UNDONE,
	NEEDS_FORGOTTEN,
	NEEDS_SEEN,
	NEEDS_COPIED,
	NEEDS_CONSENT,
	NEEDS_CONSENT_ENDED,
	NEEDS_DEEDS
};
/* In a write function. Looking again within an hour is noted once. */
int needs_note(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *actor,
               enum needs_deed deed, int64_t now_ms);
struct needs_use {
	struct curb_str actor; /* her shown name */
	bool own;              /* the person herself */
	enum needs_deed deed;
	int64_t at_ms;
};
/* Who sits at a session of the person: herself, or the helper who signed in for her. */
int needs_actor(struct curb_tx *tx, const struct curb_id *session, const struct curb_id *person,
                struct curb_id *ret_actor);
/* The newest `most` uses, newest first. Arena of `tx`. */
int needs_uses(struct curb_tx *tx, const struct curb_id *person, size_t most, struct needs_use **ret_uses,
               size_t *ret_n);

/* ---- consent (consent.c) ---- */

/* In a write function. `helper` is an id or a sign-in name. CURB_ENOTFOUND, the same for each reason: nobody of that
 * number is a helper, or staff or teacher of an institution of the person. Given again it has the new end. */
int needs_consent(struct curb_tx *tx, const struct curb_id *person, struct curb_str helper, int64_t until_ms,
                  int64_t now_ms);
/* In a write function; at once. CURB_ENOTFOUND when there is no such consent of this person. */
int needs_consent_end(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *consent,
                      int64_t now_ms);
/* 0 while a consent of the person for this helper is in force and the helper still is one. CURB_ENOTFOUND: whether the
 * person is there at all is not said. */
int needs_may_help(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *helper,
                   int64_t now_ms);

struct needs_agreement {
	struct curb_id id, other; /* other: the helper, or the person helped */
	struct curb_str name;     /* of the other */
	int64_t until_ms;
};
/* In force: those that the person gave, or (`helped`) that others gave her. At most 100. Arena of `tx`. */
int needs_agreements(struct curb_tx *tx, const struct curb_id *person, bool helped, int64_t now_ms,
                     struct needs_agreement **ret_rows, size_t *ret_n);

#endif
