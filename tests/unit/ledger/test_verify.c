/* A ledger is taken for what was signed when all of it is, and for nothing else. */
#include <stdio.h>

#include "verify_case.h"

struct told {
	int n, steps, last_step;
	char last[200];
};

static void note_text(void *arg, const char *text)
{
	struct told *told = arg;
	told->n++;
	(void)snprintf(told->last, sizeof told->last, "%s", text);
}

static void note_step(void *arg, int permille)
{
	struct told *told = arg;
	assert_true(permille >= told->last_step);
	told->steps++;
	told->last_step = permille;
}

static int look(struct told *told, struct verify_result *result)
{
	const struct verify_source source = { .checkpoint = curb_buf_view(&world.checkpoint),
		                              .tile = world_tile,
		                              .arg = &world };
	const struct verify_call call = { .found = note_text, .progress = note_step, .arg = told };
	*told = (struct told){ 0 };
	return verify(&source, &world.signer.key, &call, result);
}

/* The error, the number of findings, and the text of the last or of the error. */
static void is_found(int err, int n, const char *text)
{
	struct told told;
	struct verify_result result;
	int got = look(&told, &result);
	if (got != err || told.n != n || !strstr(n ? told.last : curb_error_text(), text))
		fail_msg("%d, %d found, %s, %s", got, told.n, told.last, curb_error_text());
	assert_true(result.size == (err == CURB_EINVAL ? 0 : world.shown));
}

static void is_sound(void)
{
	struct told told;
	struct verify_result result;
	assert_int_equal(look(&told, &result), 0);
	assert_int_equal(told.n, 0);
	assert_true(result.size == world.size && result.wrong == 0);
	assert_int_equal(told.steps, (world.size + TILE_WIDTH - 1) / TILE_WIDTH);
	assert_int_equal(told.last_step, world.size ? 1000 : 0);
}

static void verify__what_was_signed_is_sound(void **state)
{
	(void)state;
	static const uint64_t sizes[] = { 0, 1, 255, 256, 257, 512, SMALL };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		world_fill(&world, sizes[i]);
		is_sound();
	}
	const struct verify_source source = { .checkpoint = curb_buf_view(&world.checkpoint),
		                              .tile = world_tile,
		                              .arg = &world };
	const struct verify_call quiet = { .found = note_text };
	struct verify_result result;
	assert_int_equal(verify(&source, &world.signer.key, &quiet, &result), 0);
}

/* ---- checkpoints ---- */

static void verify__a_checkpoint_must_be_this_ledgers(void **state)
{
	(void)state;
	const struct note_key key = world.signer.key;
	const unsigned char seed[32] = { 6 };
	world_fill(&world, 3);
	world_sign(&world, curb_str("college.example"));
	is_found(CURB_EINVAL, 0, "of another ledger than school.example");
	assert_int_equal(note_signer_of("school.example", NOTE_ED25519, seed, &world.signer), 0);
	world_sign(&world, curb_str("school.example"));
	world.signer.key = key;
	is_found(CURB_EINVAL, 0, "not signed with the key of school.example");
	curb_buf_clear(&world.checkpoint);
	is_found(CURB_EINVAL, 0, "not a signed note");
	curb_buf_text(&world.checkpoint, "school.example\n1\n\n");
	assert_int_equal(
		note_signer_of("school.example", NOTE_ED25519, (const unsigned char[32]){ 5 }, &world.signer),
		0);
	note_sign(&world.checkpoint, &world.signer, curb_str("school.example\n1\n"));
	is_found(CURB_EINVAL, 0, "not a checkpoint");
}

static void verify__the_root_must_be_that_of_the_tiles(void **state)
{
	(void)state;
	world_fill(&world, SMALL);
	world.shown = SMALL - 1;
	world_sign(&world, curb_str("school.example"));
	is_found(CURB_EUNFIT, 1, "the root of the tiles is not the one that was signed");
}

/* ---- entries ---- */

static void verify__an_entry_must_be_the_one_of_its_hash(void **state)
{
	(void)state;
	world_fill(&world, SMALL);
	static const int64_t places[] = { 0, 255, 256, 598 };
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		char text[64];
		(void)snprintf(text, sizeof text, "entry %lld is not the one that was signed",
		               (long long)places[i]);
		world.swapped = places[i];
		is_found(CURB_EUNFIT, 1, text);
	}
}

static void verify__what_was_signed_must_be_an_entry(void **state)
{
	(void)state;
	world.odd = 7;
	world.body = curb_str("no entry");
	world_fill(&world, SMALL);
	is_found(CURB_EUNFIT, 1, "entry 7 cannot be read");
	world.body = curb_str("");
	world_fill(&world, SMALL);
	is_found(CURB_EUNFIT, 1, "entry 7 has no body");
}

static int erase_the_first(const struct tile *tile, struct curb_buf *out)
{
	if (!tile->entries || tile->index != 0)
		return curb_buf_check(out);
	size_t len = (size_t)(unsigned char)out->data[0] << 8 | (unsigned char)out->data[1];
	memmove(out->data + 2, out->data + 2 + len, out->len - 2 - len);
	out->data[0] = out->data[1] = 0;
	out->len -= len;
	return curb_buf_check(out);
}

static void verify__what_was_erased_is_counted_and_no_damage(void **state)
{
	(void)state;
	struct told told;
	struct verify_result result;
	world_fill(&world, SMALL);
	world.spoil = erase_the_first;
	assert_int_equal(look(&told, &result), 0);
	assert_int_equal(told.n, 0);
	assert_int_equal(result.wrong, 0);
	assert_int_equal(result.erased, 1);
}

static bool is_enough(void *arg)
{
	(void)arg;
	return true;
}

static void verify__ends_when_it_is_cancelled(void **state)
{
	(void)state;
	world_fill(&world, SMALL);
	const struct verify_source source = { .checkpoint = curb_buf_view(&world.checkpoint),
		                              .tile = world_tile,
		                              .arg = &world };
	const struct verify_call call = { .found = note_text, .cancelled = is_enough };
	struct verify_result result;
	assert_int_equal(verify(&source, &world.signer.key, &call, &result), CURB_EBUSY);
}

static void verify__an_entry_may_be_long_or_the_last_one_nothing(void **state)
{
	(void)state;
	static char large[700];
	struct curb_buf body = curb_buf(ENTRY_MOST);
	struct entry_fact fact = { .name = curb_str("n"),
		                   .kind = ENTRY_BYTES,
		                   .bytes = curb_str_n(large, sizeof large) };
	assert_int_equal(entry_write(&body, &fact, 1), 0);
	world.odd = 300;
	world.body = curb_buf_view(&body);
	world_fill(&world, SMALL);
	is_sound();
	world.odd = SMALL - 1;
	world.body = curb_str("");
	world_fill(&world, SMALL);
	is_found(CURB_EUNFIT, 1, "entry 599 has no body");
	curb_buf_free(&body);
}

static int spoil_hashes_of_0(const struct tile *tile, struct curb_buf *out)
{
	for (size_t i = 0; !tile->entries && tile->level == 0 && i < out->len; i += TILE_HASH)
		out->data[i] ^= 1;
	return curb_buf_check(out);
}

static void verify__many_wrong_ones_are_counted(void **state)
{
	(void)state;
	struct told told;
	struct verify_result result;
	world.spoil = spoil_hashes_of_0;
	world_fill(&world, 256);
	assert_int_equal(look(&told, &result), CURB_EUNFIT);
	assert_true(result.wrong == 256);
	assert_int_equal(told.n, 100 + 2); /* and the tile above, and the root */
	assert_string_equal(told.last, "the root of the tiles is not the one that was signed");
}

/* ---- tiles ---- */

static struct {
	bool entries;
	unsigned level;
	uint64_t index;
	int cut, err; /* bytes less at the end; negative: more */
	size_t turned;
	bool turn;
} spoiled;

static int spoil_one(const struct tile *tile, struct curb_buf *out)
{
	if (tile->entries != spoiled.entries || tile->level != spoiled.level || tile->index != spoiled.index)
		return curb_buf_check(out);
	if (spoiled.turn)
		out->data[spoiled.turned] ^= 1;
	for (int i = spoiled.cut; i < 0; i++)
		curb_buf_char(out, 0);
	if (spoiled.cut > 0)
		out->len -= (size_t)spoiled.cut;
	return spoiled.err ? curb_fail(spoiled.err, "it is missing") : curb_buf_check(out);
}

static void verify__a_tile_must_be_whole(void **state)
{
	(void)state;
	static const struct {
		bool entries;
		unsigned level;
		uint64_t index;
		int cut;
		const char *text;
		int n;
	} cases[] = {
		{ false, 0, 1, 1, "tile 0/1 is cut off", 0 },
		{ false, 0, 2, TILE_HASH, "tile 0/2 is cut off", 0 },
		{ true, 0, 1, 1, "the entries of tile 1 are cut off", 0 },
		{ true, 0, 1, 7, "the entries of tile 1 are cut off", 0 }, /* in the middle of a length */
		{ true, 0, 1, 6, "the entries of tile 1 are cut off", 0 }, /* behind it */
		{ true, 0, 2, 1 << 10, "the entries of tile 2", 0 },
		{ true, 0, 0, -1, "there is something behind the entries of tile 0", 0 },
		{ false, 1, 0, 1, "tile 1/0 is not that of the entries", 1 },
		{ false, 1, 0, -1, "tile 1/0 is not that of the entries", 1 },
	};
	world_fill(&world, SMALL);
	world.spoil = spoil_one;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		memset(&spoiled, 0, sizeof spoiled);
		spoiled.entries = cases[i].entries;
		spoiled.level = cases[i].level;
		spoiled.index = cases[i].index;
		spoiled.cut = cases[i].cut;
		is_found(CURB_EUNFIT, cases[i].n, cases[i].text);
	}
}

static void verify__a_tile_must_be_there(void **state)
{
	(void)state;
	world_fill(&world, SMALL);
	world.spoil = spoil_one;
	for (int i = 0; i < 2; i++) {
		memset(&spoiled, 0, sizeof spoiled);
		spoiled.index = 1;
		spoiled.entries = i > 0;
		spoiled.err = CURB_ENOTFOUND;
		is_found(CURB_ENOTFOUND, 0, "it is missing");
	}
	spoiled.entries = false;
	spoiled.level = 1;
	spoiled.index = 0;
	is_found(CURB_EUNFIT, 1, "tile 1/0 is missing");
}

/* A tile above that is full is compared when it is, one that grows at the end. */
static void verify__full_tiles_above_are_compared(void **state)
{
	(void)state;
	world_fill(&world, MOST);
	is_sound();
	world.spoil = spoil_one;
	static const uint64_t indexes[] = { 0, 1, 0 };
	static const unsigned levels[] = { 1, 1, 2 };
	static const size_t turned[] = { (size_t)TILE_WIDTH * TILE_HASH - 1, 0, 31 };
	static const char *const texts[] = { "tile 1/0 is not", "tile 1/1 is not", "tile 2/0 is not" };
	for (int i = 0; i < 3; i++) {
		memset(&spoiled, 0, sizeof spoiled);
		spoiled.level = levels[i];
		spoiled.index = indexes[i];
		spoiled.turn = true;
		spoiled.turned = turned[i];
		is_found(CURB_EUNFIT, 1, texts[i]);
	}
	world.spoil = NULL;
	world_fill(&world, FULL);
	is_sound();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(verify__what_was_signed_is_sound),
		TEST(verify__a_checkpoint_must_be_this_ledgers),
		TEST(verify__the_root_must_be_that_of_the_tiles),
		TEST(verify__an_entry_must_be_the_one_of_its_hash),
		TEST(verify__what_was_signed_must_be_an_entry),
		TEST(verify__what_was_erased_is_counted_and_no_damage),
		TEST(verify__ends_when_it_is_cancelled),
		TEST(verify__an_entry_may_be_long_or_the_last_one_nothing),
		TEST(verify__many_wrong_ones_are_counted),
		TEST(verify__a_tile_must_be_whole),
		TEST(verify__a_tile_must_be_there),
		TEST(verify__full_tiles_above_are_compared),
	};
	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
