/* The log: one line an event, an event word and then key=value.
 * The rule: whoever handles an error logs it, once; no personal data, tokens or bodies.
 */
#ifndef CURB_LOG_H
#define CURB_LOG_H

#ifdef __cplusplus
extern "C" {
#endif

enum curb_level {
	CURB_ERROR = 3, /* someone must act                */
	CURB_WARN = 4,  /* we went on; this is why         */
	CURB_INFO = 6,  /* one per request and one per job */
	CURB_DEBUG = 7
};

/* Time, level, plugin, request or job id are added. Control characters are escaped. Thread-safe. */
void curb_log(enum curb_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif
#endif
