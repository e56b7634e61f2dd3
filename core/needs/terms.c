/* The terms, those of ISO/IEC 24751 (AccessForAll) where it has one. Their words are for who chooses: what helps, in the
 * first person, with what it does.
 */
#include "curb/err.h"
#include "needs.h"

#define YES_NO(no, yes)                           \
	{                                         \
		{ "false", no }, { "true", yes }, \
	}

static const struct needs_term terms[NEEDS_DETAILS] = {
	[NEEDS_TEXT] = { "fontSize",
	                 NEEDS_NUMBER,
	                 CURB_TEXT("Text size"),
	                 CURB_TEXT("The browser's own zoom works as well, on top of this"),
	                 { { "100", CURB_TEXT("Normal") },
	                   { "125", CURB_TEXT("A quarter larger") },
	                   { "150", CURB_TEXT("Half as large again") },
	                   { "200", CURB_TEXT("Twice as large") } } },
	[NEEDS_SPACING] = { "textSpacing",
	                    NEEDS_WORD,
	                    CURB_TEXT("Spacing"),
	                    CURB_TEXT("Room between letters, words and lines"),
	                    { { "normal", CURB_TEXT("Normal") }, { "wide", CURB_TEXT("Wide") } } },
	[NEEDS_COLOURS] = { "colourTheme",
	                    NEEDS_WORD,
	                    CURB_TEXT("Colours"),
	                    CURB_TEXT("Without a choice they are as your device has them"),
	                    { { "light", CURB_TEXT("Dark text on light paper") },
	                      { "dark", CURB_TEXT("Light text on dark paper") },
	                      { "contrast", CURB_TEXT("The strongest contrast") } } },
	[NEEDS_MOTION] = { "reducedMotion", NEEDS_BOOL, CURB_TEXT("Motion"),
	                   CURB_TEXT("Small movements of buttons and lists; videos only play when you want"),
	                   YES_NO(CURB_TEXT("As my device has it"), CURB_TEXT("Nothing moves by itself")) },
	[NEEDS_CUES] = { "soundCues",
	                 NEEDS_BOOL,
	                 CURB_TEXT("Sound cues"),
	                 CURB_TEXT("A short tone when playing stops by itself or the line is cut"),
	                 { { "true", CURB_TEXT("With tones") }, { "false", CURB_TEXT("Without tones") } } },
	[NEEDS_CAPTIONS] = { "captions", NEEDS_BOOL, CURB_TEXT("Captions"),
	                     CURB_TEXT("You can always switch them in the player too"),
	                     YES_NO(CURB_TEXT("Off at first"), CURB_TEXT("On from the start")) },
	[NEEDS_CAPTIONS_LANG] = { "captionsLanguage",
	                          NEEDS_WORD,
	                          CURB_TEXT("Language of captions"),
	                          CURB_TEXT("Where a lesson has it; else what it has"),
	                          { { "zh-CN", CURB_TEXT("Chinese") }, { "en", CURB_TEXT("English") } } },
	[NEEDS_SIGN] = { "signLanguage", NEEDS_BOOL, CURB_TEXT("Sign language"),
	                 CURB_TEXT("National Common Sign Language, where a lesson has it"),
	                 YES_NO(CURB_TEXT("Not needed"), CURB_TEXT("Yes, please")) },
	[NEEDS_DESCRIBED] = { "audioDescription", NEEDS_BOOL, CURB_TEXT("Spoken description of the picture"),
	                      CURB_TEXT("Where a lesson has a recording of it"),
	                      YES_NO(CURB_TEXT("Off at first"), CURB_TEXT("On from the start")) },
	[NEEDS_TRANSCRIPT] = { "transcriptFirst", NEEDS_BOOL, CURB_TEXT("Transcript"),
	                       CURB_TEXT("All that is said in a lesson, to read"),
	                       YES_NO(CURB_TEXT("Behind the player"), CURB_TEXT("Before the player")) },
	[NEEDS_LAYOUT] = { "simplifiedLayout", NEEDS_BOOL, CURB_TEXT("Layout"),
	                   CURB_TEXT(
				   "The simple one shows one thing a page, in easy words where we have them"),
	                   YES_NO(CURB_TEXT("Full"), CURB_TEXT("Simple")) },
	[NEEDS_HINTS] = { "keyboardHints", NEEDS_BOOL, CURB_TEXT("Keys"),
	                  CURB_TEXT("The keys of the player, listed beside it"),
	                  YES_NO(CURB_TEXT("Folded away"), CURB_TEXT("Always shown")) },
	[NEEDS_DATA] = { "saveData", NEEDS_BOOL, CURB_TEXT("Data"),
	                 CURB_TEXT(
				 "Lessons begin with sound only, unless you need captions or sign language"),
	                 YES_NO(CURB_TEXT("Picture and sound"), CURB_TEXT("Use as little as possible")) },
	[NEEDS_EASY] = { "easyRead", NEEDS_BOOL, CURB_TEXT("Easy texts"),
	                 CURB_TEXT("What a course and a lesson are about, in easy words, where their author "
	                           "wrote it"),
	                 YES_NO(CURB_TEXT("The usual texts"), CURB_TEXT("Easy texts first")) },
	[NEEDS_PINYIN] = { "pinyin", NEEDS_BOOL, CURB_TEXT("Pinyin"),
	                   CURB_TEXT("Over the Chinese characters of names and texts, where their author "
	                             "wrote it"),
	                   YES_NO(CURB_TEXT("Without pinyin"), CURB_TEXT("With pinyin")) },
	[NEEDS_VIBRATION] = { "vibrationCues", NEEDS_BOOL, CURB_TEXT("Vibration"),
	                      CURB_TEXT("A telephone vibrates shortly when a lesson waits for you"),
	                      YES_NO(CURB_TEXT("Without vibration"), CURB_TEXT("With vibration")) },
	[NEEDS_FLASH] = { "flashCues", NEEDS_BOOL, CURB_TEXT("Flash"),
	                  CURB_TEXT(
				  "The notice flashes once when a lesson waits for you; never where you want "
				  "less motion"),
	                  YES_NO(CURB_TEXT("Without a flash"), CURB_TEXT("With one flash")) },
	[NEEDS_PRESENCE] = { "presenceAnswer",
	                     NEEDS_WORD,
	                     CURB_TEXT("When a lesson asks whether you are there"),
	                     CURB_TEXT(
				     "Some classes ask at the end of a chapter. There is no hurry, and hours "
				     "are never lost by it"),
	                     { { "button", CURB_TEXT("I press one button") },
	                       { "question",
	                         CURB_TEXT("I answer a question about the chapter, where there is one") },
	                       { "instructor",
	                         CURB_TEXT("The lesson goes on, and my teacher confirms it") } } },
};

static const struct needs_preset presets[] = {
	{ "screenReader",
	  CURB_TEXT("I use a screen reader and mostly listen"),
	  CURB_TEXT("The picture is described where a lesson has that; keys are listed; a tone tells when "
	            "playing stops"),
	  { { NEEDS_DESCRIBED, "true" }, { NEEDS_HINTS, "true" }, { NEEDS_CUES, "true" } } },
	{ "largePrint",
	  CURB_TEXT("I can see, but need large print and strong contrast"),
	  CURB_TEXT("Text half as large again, in the strongest contrast"),
	  { { NEEDS_TEXT, "150" }, { NEEDS_COLOURS, "contrast" } } },
	{ "signLanguage",
	  CURB_TEXT("I rely on sign language and captions"),
	  CURB_TEXT("Captions from the start, sign language where a lesson has it, no tones"),
	  { { NEEDS_SIGN, "true" }, { NEEDS_CAPTIONS, "true" }, { NEEDS_CUES, "false" } } },
	{ "captions",
	  CURB_TEXT("I hear some, and need captions"),
	  CURB_TEXT("Captions from the start"),
	  { { NEEDS_CAPTIONS, "true" } } },
	{ "braille",
	  CURB_TEXT("I read with a braille display"),
	  CURB_TEXT("The transcript comes before the player, keys are listed, no tones"),
	  { { NEEDS_TRANSCRIPT, "true" }, { NEEDS_HINTS, "true" }, { NEEDS_CUES, "false" } } },
	{ "keyboard",
	  CURB_TEXT("I use the keyboard, a switch or my voice"),
	  CURB_TEXT("The keys of the player are always listed"),
	  { { NEEDS_HINTS, "true" } } },
	{ "simplified",
	  CURB_TEXT("One thing a page, fewer words, simple sentences"),
	  CURB_TEXT("The simple layout, with wide spacing and easy texts"),
	  { { NEEDS_LAYOUT, "true" }, { NEEDS_SPACING, "wide" }, { NEEDS_EASY, "true" } } },
	{ "calm",
	  CURB_TEXT("Calm, please: no motion, no tones, no urging"),
	  CURB_TEXT("Nothing moves by itself and nothing sounds by itself"),
	  { { NEEDS_MOTION, "true" }, { NEEDS_CUES, "false" } } },
	{ "saveData",
	  CURB_TEXT("Save data, my line is bad"),
	  CURB_TEXT("Lessons begin with sound only; the picture is one press away"),
	  { { NEEDS_DATA, "true" } } },
};

const struct needs_term *needs_term(enum needs_detail detail)
{
	return &terms[detail];
}

const struct needs_preset *needs_preset(size_t i)
{
	return i < sizeof presets / sizeof *presets ? &presets[i] : NULL;
}
