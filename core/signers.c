#include "signers.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "keys.h"

enum { SEED = 32 };

static int parse(const char *file, const char *line, enum note_type type, struct note_signer *ret_signer)
{
	struct curb_str rest = curb_str(line), name;
	unsigned char seed[SEED];
	char text[NOTE_NAME];
	if (!curb_str_cut(&rest, ' ', &name) || name.len >= sizeof text ||
	    !curb_unhex(rest, seed, sizeof seed))
		return curb_fail(CURB_EINVAL, "keys/%s is not a key: it must hold a name and 64 hex digits",
		                 file);
	(void)snprintf(text, sizeof text, "%.*s", (int)name.len, name.ptr);
	int err = note_signer_of(text, type, seed, ret_signer);
	explicit_bzero(seed, sizeof seed);
	return err;
}

int signer_read(const char *data, const char *file, enum note_type type, struct note_signer *ret_signer)
{
	char line[KEYS_LINE] = "";
	int err = keys_line_read(data, file, line);
	if (!err)
		err = parse(file, line, type, ret_signer);
	explicit_bzero(line, sizeof line);
	return err;
}

int signer_make(const char *data, const char *file, const char *name, enum note_type type,
                struct note_signer *ret_signer)
{
	unsigned char seed[SEED];
	char line[KEYS_LINE], hex[2 * SEED + 1];
	if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		return curb_fail(CURB_EINTERNAL, "the system gives no random bytes");
	int err = note_signer_of(name, type, seed, ret_signer);
	curb_hex(seed, sizeof seed, hex);
	(void)snprintf(line, sizeof line, "%s %s", name, hex);
	explicit_bzero(seed, sizeof seed);
	explicit_bzero(hex, sizeof hex);
	if (!err)
		err = keys_line_write(data, file, line);
	explicit_bzero(line, sizeof line);
	return err;
}

int signer_trust(const char *path, struct trust *ret_trust)
{
	char why[256];
	char *text = curb_xcalloc(1, TRUST_MOST);
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, TRUST_MOST);
	int err = 0;
	if (n < 0 || n == TRUST_MOST)
		err = curb_fail(CURB_ENOTFOUND, "%s is not there, not readable or too long", path);
	else if (trust_read(curb_str_n(text, (size_t)n), ret_trust)) {
		(void)snprintf(why, sizeof why, "%s", curb_error_text());
		err = curb_fail(CURB_EINVAL, "%s: %s", path, why);
	}
	free(text);
	return err;
}
