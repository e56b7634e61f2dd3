/* The ledger of this server, and the key that signs it: keys/ledger, one line "NAME HEX" of its name and 32 secret bytes. */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "app.h"
#include "curb/err.h"
#include "keys.h"
#include "ledger.h"

enum { PATH_SIZE = 4096, SEED = 32, HOST_MOST = 200 };

/* The name of a new ledger: of the server's own address, and no other ledger's, be it of the same address. It never changes. */
static int make_name(const struct app *app, char name[static NOTE_NAME])
{
	unsigned char random[8];
	char hex[2 * sizeof random + 1];
	const char *scheme = strstr(app->config->origin, "://");
	const char *host = scheme ? scheme + 3 : "curbcut";
	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		return curb_fail(CURB_EINTERNAL, "the system gives no random bytes");
	curb_hex(random, sizeof random, hex);
	size_t len = strcspn(host, "/");
	(void)snprintf(name, NOTE_NAME, "%.*s/ledger-%s", (int)(len < HOST_MOST ? len : HOST_MOST), host,
	               hex);
	return 0;
}

static int make_key(const struct app *app, char line[static KEYS_LINE])
{
	unsigned char seed[SEED];
	char name[NOTE_NAME], hex[2 * SEED + 1];
	int err = make_name(app, name);
	if (!err && getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		err = curb_fail(CURB_EINTERNAL, "the system gives no random bytes");
	if (err)
		return err;
	curb_hex(seed, sizeof seed, hex);
	(void)snprintf(line, KEYS_LINE, "%s %s", name, hex);
	explicit_bzero(seed, sizeof seed);
	explicit_bzero(hex, sizeof hex);
	return keys_line_write(app->config->data, "ledger", line);
}

static int read_signer(const char *line, struct note_signer *ret_signer)
{
	struct curb_str rest = curb_str(line), name;
	unsigned char seed[SEED];
	char text[NOTE_NAME];
	if (!curb_str_cut(&rest, ' ', &name) || name.len >= sizeof text ||
	    !curb_unhex(rest, seed, sizeof seed))
		return curb_fail(CURB_EINVAL,
		                 "keys/ledger is not a key: it must hold a name and 64 hex digits");
	(void)snprintf(text, sizeof text, "%.*s", (int)name.len, name.ptr);
	int err = note_signer_of(text, NOTE_ED25519, seed, ret_signer);
	explicit_bzero(seed, sizeof seed);
	return err;
}

/* A ledger that was signed goes on with its key alone: whoever has its checkpoints knows that one. */
static int key_of(const struct app *app, const char *folder, struct note_signer *ret_signer)
{
	char line[KEYS_LINE] = "", checkpoint[PATH_SIZE + 16];
	(void)snprintf(checkpoint, sizeof checkpoint, "%s/checkpoint", folder);
	int err = keys_line_read(app->config->data, "ledger", line);
	if (err == CURB_ENOTFOUND && access(checkpoint, F_OK) == 0)
		return curb_fail(
			CURB_ENOTFOUND,
			"the ledger was signed with the key %s/keys/ledger, which is not there: put it back",
			app->config->data);
	if (err == CURB_ENOTFOUND)
		err = make_key(app, line);
	if (!err)
		err = read_signer(line, ret_signer);
	explicit_bzero(line, sizeof line);
	return err;
}

int app_ledger(struct app *app)
{
	char folder[PATH_SIZE];
	struct note_signer signer;
	(void)snprintf(folder, sizeof folder, "%s/ledger", app->config->data);
	struct ledger_options options = { .store = app->store,
		                          .signer = &signer,
		                          .folder = folder,
		                          .every_ms = app->config->checkpoint_s * 1000 };
	int err = store_migrate(app->store, &ledger_host, ledger_migrations);
	if (!err)
		err = key_of(app, folder, &signer);
	if (!err)
		err = ledger_open(&options, &app->ledger);
	note_signer_wipe(&signer);
	return err;
}

/* The old key is kept as keys/ledger-ID: with the newest copy of the database its ledger can still be gone on from. */
static int keep_old(const struct app *app)
{
	char line[KEYS_LINE] = "", name[32];
	struct note_signer old = { .key.id = 0 };
	int err = keys_line_read(app->config->data, "ledger", line);
	if (!err)
		err = read_signer(line, &old);
	(void)snprintf(name, sizeof name, "ledger-%08x", (unsigned)old.key.id);
	if (!err)
		err = keys_line_write(app->config->data, name, line);
	explicit_bzero(line, sizeof line);
	note_signer_wipe(&old);
	return err == CURB_ENOTFOUND ? 0 : err;
}

static int another_key(void *arg, struct note_signer *ret_signer)
{
	const struct app *app = arg;
	char line[KEYS_LINE] = "";
	int err = keep_old(app);
	if (!err)
		err = make_key(app, line);
	if (!err)
		err = read_signer(line, ret_signer);
	explicit_bzero(line, sizeof line);
	return err;
}

int app_ledger_renew(struct app *app, struct curb_str reason)
{
	return ledger_renew(app->ledger, reason, another_key, app);
}
