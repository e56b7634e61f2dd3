/* Files that belong to a lesson by their names: beside lesson1.mp4 lie lesson1.zh-CN.srt, lesson1.sign.mp4, lesson1-chapters.vtt,
 * or lesson1 手语.mp4, 字幕/lesson1.srt.
 * The rule: words that are not known make a file a lesson of its own, or one that is told to be unused; nothing is guessed.
 */
#ifndef CONTENT_BESIDE_H
#define CONTENT_BESIDE_H

#include "curb/str.h"

struct beside {
	const char *kind;     /* of the track: as course.json has them. Static */
	struct curb_str lang; /* absent when the name says none; part of the path, or static */
	size_t stem; /* how much of the lesson's name it has: the longest of several lessons is its own */
	bool same_folder;
};

/* Whether the file at `path` lies beside the lesson whose media file is `lesson`. Upper and lower case of Latin letters are one.
 * Captions need no word for what they are, and may lie in another folder; media need one. */
bool beside_lesson(struct curb_str lesson, struct curb_str path, struct beside *ret);

#endif
