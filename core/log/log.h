/* The log's sink and what it knows of the thread that logs.
 * The rule: a thread says at what it works before it runs foreign code and clears it afterwards.
 */
#ifndef CURB_LOG_SINK_H
#define CURB_LOG_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "curb/log.h"

/* What this thread works at, shown in its lines: plugin or part, and request or job. Not copied: both live until the
 * next call. NULL clears. */
void log_thread(const char *plugin, const char *what);

/* Lines above this level are dropped. Process-wide; CURB_INFO until it is called. */
void log_level(enum curb_level most);

/* Where lines go: a descriptor (standard error at first), each with an sd-daemon prefix ("<6>") unless it is a terminal. */
void log_to(int fd);

/* The last lines of this process, the newest first: those of level warn and error are kept apart, so that a busy hour does
 * not push them out. Lines are cut at LOG_KEPT_SIZE bytes; `line` has no prefix. */
enum { LOG_KEPT = 256, LOG_KEPT_SIZE = 320 };
struct log_kept {
	enum curb_level level;
	char line[LOG_KEPT_SIZE];
};
/* `ret_lines` has room for `most`; how many there are. `serious`: warnings and errors, else the others. */
size_t log_recent(bool serious, struct log_kept *ret_lines, size_t most);

/* Writes `text` with control characters as \n, \t, \x1b … into `ret` (`size` > 4), cut on a character's border.
 * Returns the length. */
size_t log_escape(const char *text, char *ret, size_t size);

#endif
