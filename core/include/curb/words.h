/* Numbers in words for pages: spoken form first, in the person's language. All results are arena of the request.
 * The rule: no "12:30", no "%", no bare ISO date where a person reads.
 */
#ifndef CURB_WORDS_H
#define CURB_WORDS_H

#include <stdint.h>

#include "curb/request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* "31 min 20 s", "20 s", "562 min 30 s". Negative: as 0. */
struct curb_str curb_words_span(struct curb_req *req, int64_t seconds);

/* "30 May 2026" of a day number (days since 1970-01-01 in the place's own time). */
struct curb_str curb_words_day(struct curb_req *req, int64_t day);

/* The same of a moment, in milliseconds UTC: the day that it is then in the time that the whole country keeps. */
struct curb_str curb_words_date(struct curb_req *req, int64_t ms);
/* That day, as a number; and the first moment of a day. */
int64_t curb_day_of(int64_t ms);
int64_t curb_day_begins(int64_t day);

/* What people call the language of a tag (BCP 47): "Chinese" of "zh-CN" and of "zh". A tag that is not known as it is, an empty
 * one as "Unknown language". */
struct curb_str curb_words_lang(struct curb_req *req, struct curb_str tag);

/* Class hours from hundredths: "12.5", "16". */
struct curb_str curb_words_hours(struct curb_req *req, int64_t hundredths);

/* A person's name as those see it who need not know her: its first character, "刘某", "L …". Arena. */
struct curb_str curb_words_masked(struct curb_arena *arena, struct curb_str name);

/* A text in pieces [{text, pinyin}] for the component "ruby": over each Chinese character of `name`, which is a part of it,
 * its syllable. NULL when she did not choose pinyin, it does not fit (curb/ruby.h), or the page has 20,000 syllables
 * already: the rest of such a page stands without. */
struct curb_value *curb_words_ruby(struct curb_req *req, struct curb_str text, struct curb_str name,
                                   struct curb_str pinyin);

/* Puts "pager" into the model, for the component of that name: "Page 2 of 5", and the addresses of the page before and the one
 * after. `list` is the address of the list with {page} where the number goes: "/people?q=&page={page}#list". Nothing when
 * there is one page and this is it; behind the last page the one before is the last. */
void curb_put_pager(struct curb_req *req, struct curb_value *model, const char *list, int64_t page,
                    int64_t per_page, int64_t total);

/* "about 45 MB" from bytes, at least 1; "about 12 GB" from 10 GB on. */
struct curb_str curb_words_size(struct curb_req *req, int64_t bytes);

#ifdef __cplusplus
}
#endif
#endif
