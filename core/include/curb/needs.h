/* What helps the person who asks: what a page or a player does for her, never why.
 * The rule: follow it from the first byte of a page; what she chooses on the page itself comes before it.
 *
 * The layout follows text size, spacing, colours, motion and the simple layout by itself; here is what content and
 * players have to know.
 */
#ifndef CURB_NEEDS_H
#define CURB_NEEDS_H

#include <stdbool.h>

#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct curb_req;

enum curb_wish {
	CURB_WISH_NONE,
	CURB_WISH_NO,
	CURB_WISH_YES
}; /* NONE: she did not say; do what you do anyway */

struct curb_needs {
	enum curb_wish captions;       /* shown from the start                                             */
	struct curb_str captions_lang; /* the language that she reads; "": that of the page. Static        */
	enum curb_wish sign;           /* sign language, where there is one                                */
	enum curb_wish described;      /* the picture described, from the start, where there is a recording */
	bool transcript_first;         /* the text comes before the player                                 */
	bool simple;                   /* one thing a page, easy words, no time pressure                   */
	bool less_motion;              /* nothing moves by itself                                          */
	bool sound_cues;               /* a short tone when something happens that she did not ask for     */
	bool vibrates;                 /* the device vibrates at such a moment, where it can                */
	bool flashes;                  /* its dialog flashes once at such a moment; never with less_motion  */
	struct curb_str
		presence; /* "button", "question" or "instructor": how she says that she is there; "". Static */
	bool keyboard_hints; /* the keys of a page are shown without asking                      */
	bool save_data;      /* the smallest form first; nothing is fetched before it is wanted  */
	bool easy_read;      /* texts in easy words, where their author gave them                */
	bool pinyin;         /* pinyin over Chinese characters, where their author gave it       */
	/* An author looks with these needs in place of her own: the preset's word, as ?as= has it. Links to other pages of the
	 * course go through curb_req_looked(). NULL: they are her own. Static. */
	const char *as;
};

/* Of the person signed in, else of what this browser was told; all NONE and false when nobody said anything. Never
 * NULL; arena of the request. Her own use is not noted: it is for her. */
const struct curb_needs *curb_req_needs(struct curb_req *req);

/* An address of our own, with what the author looks as when she looks as a learner. Arena of the request. */
const char *curb_req_looked(struct curb_req *req, const char *address);

#ifdef __cplusplus
}
#endif
#endif
