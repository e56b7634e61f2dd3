/* Errors: a short list of codes and one message a thread.
 * The rule: curb_fail() where the fact is known, `if (err) return err;` above it, never a second text.
 */
#ifndef CURB_ERR_H
#define CURB_ERR_H

#ifdef __cplusplus
extern "C" {
#endif

/* Every function that can fail returns 0 or one of these. Each has one HTTP status (RFC 9110). */
enum curb_err {
	CURB_OK = 0,
	CURB_EINVAL = -1,     /* 400 the caller's input is wrong                      */
	CURB_EAUTH = -2,      /* 401 nobody is signed in                              */
	CURB_EDENIED = -3,    /* 403 signed in, but not allowed                       */
	CURB_ENOTFOUND = -4,  /* 404 not there, or not for this person                */
	CURB_EMETHOD = -5,    /* 405 the address is there, the method is not          */
	CURB_ECONFLICT = -6,  /* 409 the state of things forbids it                   */
	CURB_EPRECOND = -7,   /* 412 If-Match and the like did not hold               */
	CURB_ETOOBIG = -8,    /* 413 more than a limit of ours                        */
	CURB_ETYPE = -9,      /* 415 a media type we do not take                      */
	CURB_ERANGE = -10,    /* 416 no byte of the range exists                      */
	CURB_EUNFIT = -11,    /* 422 well-formed, but breaks a rule                   */
	CURB_ESLOW = -12,     /* 429 too many tries; wait                             */
	CURB_EINTERNAL = -13, /* 500 our fault                                        */
	CURB_EBUSY = -14,     /* 503 no room now; try again                           */
	CURB_EFULL = -15,     /* 507 the disk is full                                 */
	CURB_EABI = -16,      /* a plugin that does not fit this core; never sent     */
	CURB_EGONE = -17,     /* 410 was there, will not come back                    */
	CURB_ETIME = -18,     /* 408 the client was too slow                          */
	CURB_EVERSION = -19,  /* 505 or a protocol version we do not speak            */
	CURB_ELATE = -20      /* 503 no permit came free again; a handler returns it  */
};

/* Sets this thread's message and returns `err`. `format` is English source text and is looked up by
 * the thread's translator (below) before it is filled; say what is wrong and how to mend it.
 * For CURB_EINTERNAL the text goes to the log only. */
int curb_fail(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The last message of this thread in English, for logs. Static, never NULL; overwritten by curb_fail. */
const char *curb_error_text(void);

/* The last message of this thread in the language of the person served. Same lifetime. */
const char *curb_error_local(void);

/* Takes `local` as the message for people, `text` for logs: for errors that crossed a thread. */
void curb_error_set(const char *text, const char *local);

/* Marks an English text for the catalogs where it stands outside of curb_fail and curb_tr, in a table say. */
#define CURB_TEXT(source) source

/* How this thread translates source texts; NULL: not at all. `arg` is handed back. */
typedef const char *(*curb_translate_fn)(void *arg, const char *source);
void curb_error_translator(curb_translate_fn translate, void *arg);
/* What was set last on this thread, for work that another thread does on its behalf. */
void curb_error_translator_now(curb_translate_fn *ret_translate, void **ret_arg);

/* The HTTP status of an error code; 500 for what is not in the list. */
int curb_err_status(int err);

/* Prints where and why to standard error with the thread's context (curb_assert_context), then aborts.
 * For our own mistakes only, never for what a client, a file or a plugin's data can cause. */
void curb_assert_failed(const char *expr, const char *file, int line) __attribute__((noreturn));

/* A static or thread-long text that a failed assertion prints: plugin and request. NULL clears it. */
void curb_assert_context(const char *text);

#define CURB_ASSERT(expr) ((expr) ? (void)0 : curb_assert_failed(#expr, __FILE__, __LINE__))

#ifdef __cplusplus
}
#endif
#endif
