/* curbcut witness: cosigns checkpoints of the ledgers that its policy names, elsewhere than these are. A process of its own: it
 * has a database, a key and a port, and nothing else of the server. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "a11y/a11y_api.h"
#include "commands.h"
#include "core_page_embedded.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/log.h"
#include "http.h"
#include "needs.h"
#include "people.h"
#include "roles.h"
#include "signers.h"
#include "witness.h"

enum { PATH_SIZE = 4096, THREADS = 200, PERMITS = 16, DRAIN_MS = 5000 };

static const char fresh_policy[] =
	"# The ledgers that this witness cosigns, a line each, in the format C2SP tlog-policy:\n"
	"#   log KEY\n"
	"# KEY is what https://the.server/ledger/key shows. Start the witness anew behind a change.\n"
	"quorum none\n";

struct house {
	const char *data, *listen, *name;
	char spool[PATH_SIZE];
	struct curb_store *store;
	struct pages *pages;
	struct witness *witness;
	struct http_routes routes[2]; /* the last one: none */
	struct http *http;
};

static const char *in_data(const struct house *house, const char *name, char ret_path[static PATH_SIZE])
{
	(void)snprintf(ret_path, PATH_SIZE, "%s/%s", house->data, name);
	return ret_path;
}

/* ---- what lies in the folder ---- */

static int open_key(struct house *house)
{
	struct note_signer *signer = &house->witness->signer;
	CURB_AUTO(buf) struct curb_buf text = curb_buf(NOTE_NAME + 128);
	int err = signer_read(house->data, "witness", NOTE_COSIGNATURE, signer);
	if (err == CURB_ENOTFOUND && !house->name)
		return curb_fail(CURB_EINVAL, "give the witness a name for good, as of a place it answers "
		                              "for: --name witness.example.org/1");
	if (err == CURB_ENOTFOUND)
		err = signer_make(house->data, "witness", house->name, NOTE_COSIGNATURE, signer);
	if (err)
		return err;
	note_key_write(&text, &signer->key);
	(void)printf("witness %s\n", text.data);
	return 0;
}

static int write_fresh(const char *path)
{
	CURB_AUTO(fd) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ssize_t len = (ssize_t)sizeof fresh_policy - 1;
	return fd >= 0 && write(fd, fresh_policy, (size_t)len) == len ?
	               0 :
	               curb_fail(CURB_EINVAL, "%s cannot be written", path);
}

static int open_policy(struct house *house)
{
	char path[PATH_SIZE];
	(void)in_data(house, "policy", path);
	int err = access(path, F_OK) == 0 ? 0 : write_fresh(path);
	if (!err)
		err = signer_trust(path, &house->witness->trust);
	for (size_t i = 0; !err && i < house->witness->trust.log_count; i++)
		(void)printf("log %s\n", house->witness->trust.logs[i].key.name);
	if (!err && house->witness->trust.log_count == 0)
		(void)printf("no ledger is named in %s yet\n", path);
	return err;
}

static int open_store(struct house *house)
{
	static const struct {
		const char *name;
		const struct curb_migration *migrations;
	} parts[] = { { "people", people_migrations },
		      { "roles", roles_migrations },
		      { "needs", needs_migrations } };
	char path[PATH_SIZE];
	const struct store_options options = { .path = in_data(house, "witness.db", path), .fresh_ok = true };
	int err = store_open(&options, &house->store);
	for (size_t i = 0; !err && i < sizeof parts / sizeof *parts; i++) /* what http asks who somebody is */
		err = store_migrate_part(house->store, &curb_core_host, parts[i].name, parts[i].migrations);
	return err ? err : store_migrate(house->store, &witness_host, witness_migrations);
}

/* For the words of errors. */
static int open_pages(struct house *house)
{
	const struct a11y_api *a11y = a11y_service();
	house->pages = pages_new();
	int err = pages_add(house->pages, A11Y_OWNER, a11y->templates, a11y->messages, a11y->assets);
	if (!err)
		err = pages_add(house->pages, "core", NULL, core_page_messages, NULL);
	return err ? err : pages_seal(house->pages);
}

static int open_http(struct house *house)
{
	house->routes[0] = (struct http_routes){ &witness_host, witness_routes, house->witness };
	if (mkdir(in_data(house, "spool", house->spool), 0700) != 0 && access(house->spool, W_OK) != 0)
		return curb_fail(CURB_EINTERNAL, "the folder %s cannot be made", house->spool);
	const struct http_options options = { .listen = house->listen,
		                              .threads = THREADS,
		                              .permits = PERMITS,
		                              .permits_for_hours = 1,
		                              .store = house->store,
		                              .pages = house->pages,
		                              .core = house->routes,
		                              .spool_folder = house->spool };
	int err = http_start(&options, &house->http);
	if (err)
		return err;
	const char *colon = strrchr(house->listen, ':');
	(void)printf("listening on http://%.*s:%d\n", (int)(colon - house->listen), house->listen,
	             http_port(house->http));
	(void)fflush(stdout);
	return 0;
}

/* ---- its life ---- */

static int open_house(struct house *house)
{
	static int (*const parts[])(struct house *) = { open_store, open_key, open_policy, open_pages,
		                                        open_http };
	house->witness = curb_xcalloc(1, sizeof *house->witness);
	if (mkdir(house->data, 0700) != 0 && access(house->data, W_OK) != 0)
		return curb_fail(CURB_EINVAL, "the folder %s cannot be made", house->data);
	int err = 0;
	for (size_t i = 0; !err && i < sizeof parts / sizeof *parts; i++)
		err = parts[i](house);
	return err;
}

static void close_house(struct house *house)
{
	if (house->http) {
		http_drain(house->http, DRAIN_MS);
		http_stop(house->http);
	}
	if (house->pages)
		pages_free(house->pages);
	if (house->store)
		store_close(house->store);
	note_signer_wipe(&house->witness->signer);
	free(house->witness);
}

/* Until told to stop, or until nothing can be kept any more: then nothing may be signed either. */
static int wait_for_the_end(const struct house *house, const sigset_t *waited)
{
	const struct timespec second = { .tv_sec = 1 };
	while (store_writable(house->store)) {
		int signal_number = sigtimedwait(waited, NULL, &second);
		if (signal_number == SIGTERM || signal_number == SIGINT)
			return 0;
	}
	return 1;
}

int witness_main(int argc, char **argv)
{
	struct house house = { .listen = "127.0.0.1:8090" };
	const struct command_option options[] = { { "data", &house.data, NULL },
		                                  { "listen", &house.listen, NULL },
		                                  { "name", &house.name, NULL },
		                                  { 0 } };
	const struct rlimit none = { 0, 0 };
	sigset_t waited;
	int first = command_options(argc, argv, options);
	if (first < 0)
		return 2;
	if (first < argc || !house.data) {
		(void)curb_fail(CURB_EINVAL, "--data is needed, and nothing but options");
		return command_failed("witness");
	}
	(void)umask(077);
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)sigemptyset(&waited);
	(void)sigaddset(&waited, SIGTERM);
	(void)sigaddset(&waited, SIGINT);
	(void)pthread_sigmask(SIG_BLOCK, &waited, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	int err = open_house(&house);
	int code = err ? command_failed("witness") : wait_for_the_end(&house, &waited);
	close_house(&house);
	return code;
}
