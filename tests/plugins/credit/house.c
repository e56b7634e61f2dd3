#include "house.h"

#include <stdio.h>

#include "credit_embedded.h"

struct curb_host credit_host = { .magic = CURB_HOST_MAGIC, .owner = "credit" };

static struct curb_store *now_open; /* where the plugin's writes go: the loader finds it by the host */

int curb_host_write(struct curb_host *host, struct curb_str key, curb_write_fn fn, void *arg)
{
	(void)host;
	const struct store_write write = { .key = key, .fn = fn, .arg = arg };
	return store_write(now_open, &write);
}

int house_setup(void **state)
{
	static struct house house;
	char folder[128];
	const unsigned char seed[32] = { 3 };
	fixture_open(&house.f);
	now_open = house.f.store;
	(void)snprintf(folder, sizeof folder, "%s/ledger", house.f.folder.path);
	assert_int_equal(note_signer_of("school.example", NOTE_ED25519, seed, &house.signer), 0);
	const struct ledger_options options = {
		.store = house.f.store, .signer = &house.signer, .folder = folder, .every_ms = 60000
	};
	assert_int_equal(store_migrate(house.f.store, &ledger_host, ledger_migrations), 0);
	assert_int_equal(ledger_open(&options, &house.ledger), 0);
	assert_int_equal(store_migrate(house.f.store, &credit_host, credit_migrations), 0);
	house.credit.host = &credit_host;
	*state = &house;
	return 0;
}

int house_teardown(void **state)
{
	struct house *house = *state;
	ledger_close(house->ledger);
	fixture_close(&house->f);
	return 0;
}
