/* Short codes as they are heard and felt. Given as they are shown: groups with a dash between them.
 */
#ifndef PLUGINS_CODES_H
#define PLUGINS_CODES_H

#include "curb/arena.h"
#include "curb/request.h"
#include "curb/str.h"

/* "K 9 F 4, C X 6 F" of "K9F4-CX6F": no voice makes a word or a large number of it. Arena. */
struct curb_str code_spoken(struct curb_req *req, struct curb_str shown);

/* The same in braille cells (Unicode): the number sign before digits, the letter sign before letters, a blank between groups.
 * Digits from 1 to 9 and 0, capital letters. Arena. */
struct curb_str code_braille(struct curb_arena *arena, struct curb_str shown);

#endif
