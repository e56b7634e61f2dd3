/* How the search tokenizer sees a character; the query builder must see it the same way.
 * The rule: texts are UTF-8; a broken byte belongs to no token.
 */
#ifndef CURB_STORE_HANBIGRAM_H
#define CURB_STORE_HANBIGRAM_H

#include <stdint.h>

enum hanbigram_kind { HANBIGRAM_NONE, HANBIGRAM_HAN, HANBIGRAM_WORD };

enum hanbigram_kind hanbigram_kind(uint32_t c);

#endif
