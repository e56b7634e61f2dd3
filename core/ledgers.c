/* The ledger of this server, and the key that signs it: keys/ledger, one line "NAME HEX" of its name and 32 secret bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "app.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "handover.h"
#include "keys.h"
#include "ledger.h"
#include "people.h"
#include "signers.h"

enum { PATH_SIZE = 4096, HOST_MOST = 200, ARENA_MOST = 1 << 20 };

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

static int make_key(const struct app *app, const char *file, struct note_signer *ret_signer)
{
	char name[NOTE_NAME];
	int err = make_name(app, name);
	return err ? err : signer_make(app->config->data, file, name, NOTE_ED25519, ret_signer);
}

/* A ledger that was signed goes on with its key alone: whoever has its checkpoints knows that one. */
static int key_of(const struct app *app, const char *folder, struct note_signer *ret_signer)
{
	char checkpoint[PATH_SIZE + 16];
	(void)snprintf(checkpoint, sizeof checkpoint, "%s/checkpoint", folder);
	int err = signer_read(app->config->data, "ledger", NOTE_ED25519, ret_signer);
	if (err == CURB_ENOTFOUND && access(checkpoint, F_OK) == 0)
		return curb_fail(
			CURB_ENOTFOUND,
			"the ledger was signed with the key %s/keys/ledger, which is not there: put it back",
			app->config->data);
	return err == CURB_ENOTFOUND && !app->looking ? make_key(app, "ledger", ret_signer) : err;
}

/* ---- how it stands ---- */

/* held: takes no entries; late: not signed long behind when it should be; unwitnessed: the quorum has not signed what is signed;
 * else ok. */
static const char *word_of(const struct app *app, const struct ledger_state *state)
{
	return state->held                                                       ? "held" :
	       state->unsigned_ms > 2 * app->config->checkpoint_s * 1000         ? "late" :
	       state->wants_quorum && state->witnessed_size < state->signed_size ? "unwitnessed" :
	                                                                           "ok";
}

void app_ledger_health(const struct app *app, struct curb_json *j)
{
	struct ledger_state state;
	ledger_state(app->ledger, &state);
	curb_json_key(j, "ledger");
	curb_json_begin(j, '{');
	curb_json_ktext(j, "state", word_of(app, &state));
	curb_json_kint(j, "entries", (int64_t)state.entries);
	curb_json_kint(j, "signed", (int64_t)state.signed_size);
	curb_json_kint(j, "unsigned_s", state.unsigned_ms / 1000);
	curb_json_kint(j, "witnessed", (int64_t)state.witnessed_size);
	curb_json_key(j, "witnesses");
	curb_json_begin(j, '[');
	for (size_t i = 0; i < state.witness_count; i++) {
		const struct ledger_witness *one = &state.witnesses[i];
		curb_json_begin(j, '{');
		curb_json_ktext(j, "name", one->name);
		curb_json_kint(j, "size", (int64_t)one->size);
		curb_json_kint(j, "at_ms", one->at_ms);
		curb_json_kbool(j, "failing", one->failing);
		curb_json_end(j, '}');
	}
	curb_json_end(j, ']');
	curb_json_end(j, '}');
}

void app_ledger_metrics(const struct app *app, struct curb_buf *out)
{
	struct ledger_state state;
	ledger_state(app->ledger, &state);
	curb_buf_printf(
		out,
		"# TYPE curbcut_ledger_entries counter\ncurbcut_ledger_entries %llu\n"
		"# TYPE curbcut_ledger_signed counter\ncurbcut_ledger_signed %llu\n"
		"# TYPE curbcut_ledger_witnessed counter\ncurbcut_ledger_witnessed %llu\n"
		"# TYPE curbcut_ledger_held gauge\ncurbcut_ledger_held %d\n"
		"# TYPE curbcut_ledger_unsigned_seconds gauge\ncurbcut_ledger_unsigned_seconds %lld\n",
		(unsigned long long)state.entries, (unsigned long long)state.signed_size,
		(unsigned long long)state.witnessed_size, state.held, (long long)(state.unsigned_ms / 1000));
	if (state.witness_count)
		curb_buf_text(out, "# TYPE curbcut_ledger_witness_size gauge\n");
	for (size_t i = 0; i < state.witness_count; i++)
		curb_buf_printf(out, "curbcut_ledger_witness_size{witness=\"%zu\"} %llu\n", i,
		                (unsigned long long)state.witnesses[i].size);
}

/* ---- another key ---- */

/* Keys that are not adopted yet: the next one of the ledger's name, and one of another name. */
static const char next_file[] = "ledger-next", other_file[] = "ledger-other";

/* The old key is kept as keys/ledger-ID: with the newest copy of the database its ledger can still be gone on from. */
static int keep_old(const struct app *app)
{
	char line[KEYS_LINE] = "", name[32];
	struct note_signer old = { .key.id = 0 };
	int err = signer_read(app->config->data, "ledger", NOTE_ED25519, &old);
	if (!err)
		err = keys_line_read(app->config->data, "ledger", line);
	(void)snprintf(name, sizeof name, "ledger-%08x", (unsigned)old.key.id);
	if (!err)
		err = keys_line_write(app->config->data, name, line);
	explicit_bzero(line, sizeof line);
	note_signer_wipe(&old);
	return err == CURB_ENOTFOUND ? 0 : err;
}

static int another_key(void *arg, struct note_signer *ret_signer)
{
	return make_key(arg, other_file, ret_signer);
}

static int next_key(void *arg, const char *name, struct note_signer *ret_signer)
{
	const struct app *app = arg;
	int err = signer_read(app->config->data, next_file, NOTE_ED25519, ret_signer);
	bool stale = !err && strcmp(ret_signer->key.name, name) != 0; /* of the time before a renewal */
	return err == CURB_ENOTFOUND || stale ?
	               signer_make(app->config->data, next_file, name, NOTE_ED25519, ret_signer) :
	               err;
}

/* Among the files of `files`: which one has the key, and (unless ret_signer is NULL) the key itself. NULL: none has. */
static const char *file_of(const struct app *app, const char *const *files, const struct note_key *key,
                           struct note_signer *ret_signer)
{
	struct note_signer found = { .key.id = 0 };
	for (; *files; files++)
		if (signer_read(app->config->data, *files, NOTE_ED25519, &found) == 0 &&
		    handover_same_key(&found.key, key))
			break;
	if (*files && ret_signer)
		*ret_signer = found;
	note_signer_wipe(&found);
	return *files;
}

static int find_key(void *arg, const struct note_key *key, struct note_signer *ret_signer)
{
	static const char *const files[] = { next_file, other_file, NULL };
	return file_of(arg, files, key, ret_signer) ?
	               0 :
	               curb_fail(CURB_ENOTFOUND, "the key that the ledger changes to is not there");
}

static int adopt_key(void *arg, const struct note_key *key)
{
	static const char *const files[] = { "ledger", next_file, other_file, NULL };
	const struct app *app = arg;
	const char *file = file_of(app, files, key, NULL);
	if (!file)
		return curb_fail(CURB_ENOTFOUND, "the key that the ledger changes to is not there");
	if (file == files[0])
		return 0;
	int err = keep_old(app);
	return err ? err : keys_line_rename(app->config->data, file, "ledger");
}

/* Where there is an auditor, nobody else decides. */
static int leave_to_auditors(struct app *app)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	struct store_reader *reader = NULL;
	bool some = false;
	int err = store_reader_open(app->store, &reader);
	if (err)
		return err;
	err = people_some_everywhere(store_begin(reader, arena), CURB_AUDITOR, curb_wall_ms(), &some);
	store_end(reader);
	store_reader_close(reader);
	return err || !some ? err :
	                      curb_fail(CURB_EDENIED, "an auditor decides how the ledger goes on: the page "
	                                              "/ledger/decision of the running server");
}

int app_ledger_renew(struct app *app, struct curb_str reason)
{
	int err = leave_to_auditors(app);
	if (err)
		return err;
	const struct ledger_decision decision = { .reason = reason };
	return ledger_renew(app->ledger, &decision);
}

/* ---- the next key, of a ledger that is as it was signed ---- */

int app_ledger_rotate(struct app *app, struct curb_str reason)
{
	return ledger_rotate(app->ledger, reason);
}

/* A change that was announced, and not yet signed by both keys, before the server ended: whoever read the entry waits for the key. */
static int finish_change(struct app *app)
{
	struct note_signer next;
	struct note_key key;
	int err = signer_read(app->config->data, next_file, NOTE_ED25519, &next);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	note_signer_wipe(&next);
	ledger_key(app->ledger, &key);
	if (handover_same_key(&key,
	                      &next.key)) /* it signs already, and the log says why its file is not renamed */
		return 0;
	err = app_ledger_rotate(app, curb_str(""));
	return err == CURB_ENOTFOUND || err == CURB_EBUSY ? 0 : err;
}

/* ---- the start ---- */

int app_ledger(struct app *app)
{
	char folder[PATH_SIZE];
	struct note_signer signer;
	(void)snprintf(folder, sizeof folder, "%s/ledger", app->config->data);
	const struct ledger_keeper keeper = { app, another_key, next_key, find_key, adopt_key };
	struct ledger_options options = { .store = app->store,
		                          .signer = &signer,
		                          .folder = folder,
		                          .every_ms = app->config->checkpoint_s * 1000,
		                          .keeper = &keeper,
		                          .looking = app->looking };
	int err = store_migrate(app->store, &ledger_host, ledger_migrations);
	if (!err && app->config->witnesses[0]) {
		app->trust = curb_xcalloc(1, sizeof *app->trust);
		err = signer_trust(app->config->witnesses, app->trust);
		options.trust = app->trust;
	}
	if (!err)
		err = key_of(app, folder, &signer);
	if (!err)
		err = ledger_open(&options, &app->ledger);
	note_signer_wipe(&signer);
	return err || app->looking ? err : finish_change(app);
}
