/* The help of credit's pages, in plain words. */
#include "curb/err.h"
#include "pages.h"

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

const struct curb_home_help credit_help[] = {
	{ CURB_LEARNER, CURB_TEXT("Go on learning"),
	  TEXTS(CURB_TEXT("The first page shows what comes next. The big link leads back to where you "
	                  "stopped."),
	        CURB_TEXT("You can stop at any time. Your place and what you learned are kept."),
	        CURB_TEXT("Use another phone or computer whenever you like: sign in there and go on at the "
	                  "same "
	                  "place.")) },
	{ CURB_LEARNER, CURB_TEXT("Your class hours"),
	  TEXTS(CURB_TEXT("Hours are counted by themselves while you watch or listen to a lesson of your "
	                  "class."),
	        CURB_TEXT("Each part counts once. Watching it again is welcome and adds nothing."),
	        CURB_TEXT(
			"Only a part of the hours may be learned online. When that part is full, the rest is "
			"learned in class."),
	        CURB_TEXT("The page My class hours says for each day what was counted, and why something was "
	                  "not."),
	        CURB_TEXT("There you can also take a receipt home: a file or a printed page that shows what "
	                  "was "
	                  "counted, and that anybody can check.")) },
	{ CURB_STAFF | CURB_TEACHER, CURB_TEXT("Open a class"),
	  TEXTS(CURB_TEXT("Planning a class takes five steps. Each step is kept as a draft, so you can stop "
	                  "and go "
	                  "on later."),
	        CURB_TEXT("The last step shows the whole plan and tests the share of online hours. When too "
	                  "many "
	                  "are online, it says how many offline hours would pass."),
	        CURB_TEXT("A class that is open keeps its plan. Check it before you press the button.")) },
	{ CURB_STAFF | CURB_TEACHER, CURB_TEXT("The roster"),
	  TEXTS(CURB_TEXT("Add trainees by learner number or phone, one a line. Trainees of your "
	                  "institution, and who was in a class of yours before, can be added by "
	                  "their whole name."),
	        CURB_TEXT("Somebody added by mistake can be taken off while nothing was learned. Her name on "
	                  "the "
	                  "roster leads to the button."),
	        CURB_TEXT("The name also leads to her hours, told as she sees them herself.")) },
	{ CURB_STAFF | CURB_TEACHER, CURB_TEXT("Attendance"),
	  TEXTS(CURB_TEXT("After each offline lesson open the class, then Attendance sheets, and mark who "
	                  "came: "
	                  "all are present but for those whom you tick."),
	        CURB_TEXT(
			"Whoever entered a sheet cannot countersign it. A colleague does, or each trainee "
			"confirms for herself, or the federation of the county. Until then the hours wait."),
	        CURB_TEXT("A mistake on a sheet is corrected by a new line with its reason. The old line is "
	                  "kept, and the trainee sees both.")) },
	{ CURB_LEARNER, CURB_TEXT("Lessons in person"),
	  TEXTS(CURB_TEXT(
			"Your teacher writes down who came. The hours count once somebody else has confirmed "
			"it."),
	        CURB_TEXT("You can confirm it yourself: what waits stands on the first page, under "
	                  "Lessons to confirm.")) },
	{ 0 },
};
