/* Ruby: the pinyin over Chinese text, one syllable for each Chinese character.
 * The rule: pinyin is a text of its own beside the other, syllables with blanks between them; what is not Chinese has none.
 */
#ifndef CURB_RUBY_H
#define CURB_RUBY_H

#include <stdbool.h>
#include <stddef.h>

#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Chinese characters of a text; syllables of its pinyin. Marks that stand alone or at the ends of a syllable do not count. */
size_t curb_ruby_characters(struct curb_str text);
size_t curb_ruby_syllables(struct curb_str pinyin);

/* The next piece of the text, and its syllable: one Chinese character, or (without a syllable, absent) all up to the next.
 * Moves both behind it. False at the end. All are valid UTF-8; the pieces point into the texts. */
bool curb_ruby_next(struct curb_str *text, struct curb_str *pinyin, struct curb_str *ret_piece,
                    struct curb_str *ret_syllable);

#ifdef __cplusplus
}
#endif
#endif
