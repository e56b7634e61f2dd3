#include "ledger_case.h"

#include <sqlite3.h>
#include <stdio.h>

#include "handover.h"

static int give_another(void *arg, struct note_signer *ret_signer)
{
	struct house *house = arg;
	if (!house->another)
		return curb_fail(CURB_EFULL, "no room for a key");
	*ret_signer = house->other = *house->another;
	return 0;
}

static int give_next(void *arg, const char *name, struct note_signer *ret_signer)
{
	struct house *house = arg;
	const unsigned char seed[32] = { 31 };
	int err = note_signer_of(name, NOTE_ED25519, seed, &house->next);
	*ret_signer = house->next;
	return err;
}

static int find(void *arg, const struct note_key *key, struct note_signer *ret_signer)
{
	const struct house *house = arg;
	const struct note_signer *const given[] = { &house->next, &house->other };
	for (size_t i = 0; i < 2; i++)
		if (handover_same_key(&given[i]->key, key)) {
			*ret_signer = *given[i];
			return 0;
		}
	return curb_fail(CURB_ENOTFOUND, "there is no such key");
}

static int adopt(void *arg, const struct note_key *key)
{
	struct house *house = arg;
	house->adopted++;
	return house->adopt_err ? curb_fail(house->adopt_err, "the disk is full") :
	                          find(house, key, &house->signer);
}

void case_start(struct house *house)
{
	const struct ledger_keeper keeper = { house, give_another, give_next, find, adopt };
	const struct ledger_options options = { .store = house->f.store,
		                                .signer = &house->signer,
		                                .folder = house->folder,
		                                .every_ms = 60000,
		                                .keeper = &keeper };
	assert_int_equal(store_migrate(house->f.store, &ledger_host, ledger_migrations), 0);
	assert_int_equal(ledger_open(&options, &house->ledger), 0);
}

int case_setup(void **state)
{
	static struct house house;
	const unsigned char seed[32] = { 7 };
	memset(&house, 0, sizeof house);
	fixture_open(&house.f);
	(void)snprintf(house.folder, sizeof house.folder, "%s/ledger", house.f.folder.path);
	assert_int_equal(note_signer_of("school.example/ledger", NOTE_ED25519, seed, &house.signer), 0);
	case_start(&house);
	*state = &house;
	return 0;
}

int case_teardown(void **state)
{
	struct house *house = *state;
	ledger_close(house->ledger);
	house->ledger = NULL;
	fixture_close(&house->f);
	return 0;
}

void case_restart(struct house *house)
{
	ledger_close(house->ledger);
	fixture_reopen(&house->f);
	case_start(house);
}

int append_fn(struct curb_tx *tx, void *arg)
{
	struct job *job = arg;
	struct curb_entry entry = { .kind = "online", .at_ms = 1763800000000, .role = "learner" };
	(void)snprintf(entry.person.text, sizeof entry.person.text, "%s", job->person ? job->person : "");
	entry.by = entry.person;
	job->runs++;
	for (int i = 0; i < job->count; i++) {
		const struct curb_fact facts[] = { { "granted", i, { NULL, 0 } },
			                           { "unit", 0, curb_str("u1") } };
		int64_t index;
		entry.facts = facts;
		entry.fact_count = 2;
		if (i == job->err_at)
			return curb_fail(CURB_EUNFIT, "enough");
		int err = curb_ledger_append(tx, &entry, &index);
		if (err)
			return err;
		job->last = index;
		if (i == 0)
			job->first = index;
	}
	return 0;
}

int case_append(struct house *house, struct job *job)
{
	return write_fn(&house->f, append_fn, job);
}

void case_append_n(struct house *house, int n)
{
	struct job job = { .count = n, .err_at = -1, .person = "person-1" };
	assert_int_equal(case_append(house, &job), 0);
	assert_int_equal(job.last - job.first, n - 1);
}

struct curb_tx *case_look(struct house *house)
{
	return store_begin(house->f.reader, house->f.arena);
}

struct checkpoint case_signed(struct house *house)
{
	struct note note;
	struct checkpoint checkpoint;
	assert_int_equal(ledger_sign(house->ledger), 0);
	const struct ledger_shown shown = ledger_checkpoint(house->ledger, house->f.arena);
	assert_int_equal(note_read(shown.note, &note), 0);
	struct note_key key;
	ledger_key(house->ledger, &key);
	assert_true(note_signed_by(&note, &key, NULL));
	assert_int_equal(checkpoint_read(note.body, &checkpoint), 0);
	assert_true(checkpoint.size == shown.size);
	assert_true(curb_str_is(checkpoint.origin, "school.example/ledger"));
	return checkpoint;
}

void case_change(struct house *house, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	assert_int_equal(sqlite3_open(house->f.path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

uint64_t case_tree(struct house *house, struct merkle_hash *ret_root)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	struct curb_tx *tx = case_look(house);
	struct merkle_tree tree = { 0 }, tiled;
	struct merkle_hash root;
	const struct merkle_source source = { ledger_tile_hash, tx };
	assert_int_equal(curb_query(&ledger_host, tx, "SELECT body FROM ledger_entry ORDER BY n",
	                            CURB_NO_BINDS, &stmt),
	                 0);
	while (curb_step(stmt) > 0) {
		struct merkle_hash leaf;
		merkle_leaf(curb_col_blob(stmt, 0), &leaf);
		merkle_append(&tree, &leaf, NULL, NULL);
	}
	merkle_root(&tree, ret_root);
	assert_int_equal(merkle_load(&source, tree.size, &tiled), 0);
	merkle_root(&tiled, &root);
	assert_true(merkle_same(&root, ret_root));
	merkle_root(&house->ledger->tree, &root);
	assert_true(house->ledger->tree.size == tree.size && merkle_same(&root, ret_root));
	return tree.size;
}
