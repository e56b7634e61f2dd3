/* Player: what the pages of all players tell: course, chapters, the person's place and hours. Built into each plugin
 * that plays.
 * The rule: a page model gets the same names from each player, so that templates and scripts are shared too.
 */
#ifndef PLUGINS_PLAYER_H
#define PLUGINS_PLAYER_H

#include "delivery.h"

/* course, course_href, content_lang (absent when nobody said) */
int player_put_course(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                      struct curb_value *model);

/* Where the class has presence checks, check {cohort, number, due, from, to: the part of the lesson at whose end it waits}.
 * person, resume_s, resumes, resume_time; in a class also cohort, credited, unit_time, and the patterns that scripts
 * fill (counted_words, position_words, chapter_words, seconds_words, minutes_words, both_words). Nothing when no hours are counted
 * here, nor when an author looks as a learner. */
int player_put_standing(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                        struct curb_value *model);

/* Rows {text, start_s, time, level} of a unit's navigation points; an empty list when it has none. Arena. */
int player_points(struct curb_req *req, const struct content_unit *unit, struct curb_value **ret_rows);

/* True when the track is in the page's language, or says no language. */
bool player_speaks(struct curb_req *req, const struct content_track *track);

/* transcript, transcript_lang for the template player_transcript, in the page's language where there is one; nothing
 * when the unit has no text. */
int player_put_transcript(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                          struct curb_value *model);

/* follow {described, sign, transcript_first, hints, cues}: what helps the person (curb/needs.h). */
void player_put_needs(struct curb_req *req, struct curb_value *model);

/* show {player, text, chapters, more: what of the lesson the page has; keys: the list of keys; sizes: how much there is to
 * load, and of what; chapter, sound, from: as they were asked for; in the simple layout also simple, and either next {href,
 * label, icon: of a lesson} and links [{href, label, icon}] to the rest, or part and back, the way to the player}. With
 * ?show= of the simple layout the title says which part it is. After all else that the model gets: base, title, chapters
 * and transcript are read. For who chose them title_ruby, and easy {text, parts}. */
int player_put_view(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                    struct curb_value *model);

/* The captions that are on from the start: in the language that she chose, else the page's; another one only when she
 * needs captions; none when she wants none. NULL: none. */
const struct content_track *player_captions(struct curb_req *req, const struct content_track *tracks,
                                            size_t n);

/* True when the lesson begins with sound only: she saves data and can do without the picture, or ?sound=only asks so. */
bool player_sound_only(struct curb_req *req);

/* The form that is asked for by ?form=: "full", "360" or "240". NULL: none is. Static. */
const char *player_form(struct curb_req *req);

/* Answers POST …/:id/place {position}: keeps where the person is in a unit that she plays outside any class. */
int player_post_place(const struct delivery *d, struct curb_req *req, const struct content_unit *unit);

#endif
