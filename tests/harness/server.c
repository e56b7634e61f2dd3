#include "server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cm.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "needs.h"
#include "page.h"
#include "people.h"
#include "roles.h"

/* Blobs of the tests are files of the folder, named by the 64 digits that a test makes up. */
static int open_blob(void *arg, struct curb_str sha256, uint64_t *ret_size)
{
	const struct test_server *server = arg;
	char name[65], path[512];
	(void)snprintf(name, sizeof name, "%.*s", (int)sha256.len, sha256.ptr);
	temp_path(&server->folder, name, path);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0)
		return curb_fail(CURB_ENOTFOUND, "no blob %s", name);
	*ret_size = (uint64_t)st.st_size;
	return fd;
}

void test_server_prepare(struct test_server *server, const struct curb_route *routes, void *state)
{
	*server = (struct test_server){ .folder = temp_folder() };
	char path[512];
	temp_path(&server->folder, "db", path);
	static const unsigned char key[32] = "a key of the tests, nothing more";
	const struct store_options options = { .path = path, .key = key, .key_id = 1, .fresh_ok = true };
	assert_int_equal(store_open(&options, &server->store), 0);
	assert_int_equal(store_migrate_part(server->store, &curb_core_host, "people", people_migrations), 0);
	assert_int_equal(store_migrate_part(server->store, &curb_core_host, "roles", roles_migrations), 0);
	assert_int_equal(store_migrate_part(server->store, &curb_core_host, "needs", needs_migrations), 0);
	server->pages = pages_new();
	assert_int_equal(pages_seal(server->pages), 0);
	server->tables[0] = (struct http_routes){ &curb_core_host, routes, state };
	server->options = (struct http_options){ .listen = "127.0.0.1:0",
		                                 .threads = 16,
		                                 .permits = 4,
		                                 .permits_for_hours = 1,
		                                 .store = server->store,
		                                 .pages = server->pages,
		                                 .blob_open = open_blob,
		                                 .blob_arg = server,
		                                 .spool_folder = server->folder.path,
		                                 .lan_plain = true };
}

void test_server_start(struct test_server *server)
{
	server->options.core = server->tables;
	if (http_start(&server->options, &server->http) != 0)
		fail_msg("http_start: %s", curb_error_text());
	server->port = http_port(server->http);
}

void test_server_stop(struct test_server *server)
{
	http_stop(server->http);
	store_close(server->store);
	pages_free(server->pages);
	temp_remove(&server->folder);
}

struct person_work {
	const char *name;
	uint32_t role;
	bool somewhere;
	char *token;
	struct curb_id *institution;
};

static int add_person(struct curb_tx *tx, void *arg)
{
	struct person_work *work = arg;
	int64_t now_ms = curb_wall_ms();
	struct people_new person = { .name = curb_str(work->name), .password_hash = "", .role = work->role };
	struct curb_id id;
	int err = 0;
	if (work->somewhere) {
		err = people_region_add(tx, curb_str(work->name), curb_str(NULL), curb_str(work->name));
		if (!err)
			err = people_institution_add(tx, curb_str(work->name), curb_str(work->name), now_ms,
			                             work->institution);
		person.institution = curb_id_str(work->institution);
	}
	if (!err)
		err = people_add(tx, &person, now_ms, &id);
	return err ? err : people_session_open(tx, &id, false, now_ms, work->token);
}

void test_server_person(struct test_server *server, const char *name, uint32_t role, bool somewhere,
                        char *ret_token, struct curb_id *ret_institution)
{
	struct curb_id unused;
	struct person_work work = { name, role, somewhere, ret_token,
		                    ret_institution ? ret_institution : &unused };
	const struct store_write write = { .fn = add_person, .arg = &work };
	if (store_write(server->store, &write) != 0)
		fail_msg("person %s: %s", name, curb_error_text());
}
