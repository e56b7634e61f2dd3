/* What a unit offers, as the rules see it. */
#ifndef A11Y_UNIT_TRACKS_H
#define A11Y_UNIT_TRACKS_H

#include <stdbool.h>

#include "curb/json.h"

struct unit_tracks {
	bool is_video, is_audio; /* by the unit's kind */
	bool picture, sound;     /* moving picture, sound of its own */
	bool captions, transcript, description, text;
	bool captions_in_course_lang;
	struct curb_str caption_lang; /* of its first captions; may be absent */
	struct curb_str course_lang;  /* may be absent */
};

struct unit_tracks unit_tracks(const struct curb_value *package, const struct curb_value *unit);

#endif
