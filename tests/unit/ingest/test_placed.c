/* Tracks with their place that were read before. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "content/content_api.h"
#include "curb/arena.h"
#include "curb/cleanup.h"
#include "helper.h"
#include "inside.h"

enum { SLOTS = 1024, MANY = 8 * SLOTS };

/* The id of a track; tracks of 8 times as many ids as there are slots share them. */
static struct curb_id id_of(int n)
{
	struct curb_id id;
	(void)snprintf(id.text, sizeof id.text, "00000000-0000-7000-8000-%012d", n);
	return id;
}

/* All that is known of track n, so that nothing can be taken for that of another. */
static struct content_placed placed_of(struct curb_arena *arena, int n)
{
	const char *words[9];
	for (int i = 0; i < 9; i++)
		words[i] = curb_printf(arena, "%d/%d", i, n);
	return (struct content_placed){
		.track = { .id = id_of(n),
		           .unit = id_of(n + 1),
		           .position = n + 2,
		           .kind = curb_str(words[0]),
		           .lang = curb_str(words[1]),
		           .label = curb_str(words[2]),
		           .type = curb_str(words[3]),
		           .codec = curb_str(words[4]),
		           .blob = curb_str(words[5]),
		           .index = curb_str(words[6]),
		           .size = n + 3,
		           .duration_ms = n + 4,
		           .start_ms = n + 5,
		           .width = n + 6,
		           .height = n + 7,
		           .bitrate = n + 8 },
		.unit = { .id = id_of(n + 1),
		          .version = id_of(n + 9),
		          .position = n + 10,
		          .key = curb_str(words[7]),
		          .kind = curb_str(words[8]),
		          .hours_c = n + 11,
		          .duration_ms = n + 12 },
		.course = id_of(n + 13),
	};
}

/* Each text by itself: as long, the same, NUL-ended as a text that was read, or absent as it was. */
static void assert_text(struct curb_str found, struct curb_str wanted)
{
	assert_int_equal(found.ptr == NULL, wanted.ptr == NULL);
	assert_true(curb_str_eq(found, wanted));
	if (found.ptr)
		assert_int_equal(found.ptr[found.len], '\0');
}

static void assert_same(const struct content_placed *found, const struct content_placed *wanted)
{
	const struct content_track *a = &found->track, *b = &wanted->track;
	assert_string_equal(a->id.text, b->id.text);
	assert_string_equal(a->unit.text, b->unit.text);
	assert_text(a->kind, b->kind);
	assert_text(a->lang, b->lang);
	assert_text(a->label, b->label);
	assert_text(a->type, b->type);
	assert_text(a->codec, b->codec);
	assert_text(a->blob, b->blob);
	assert_text(a->index, b->index);
	const int64_t numbers[][2] = {
		{ a->position, b->position },
		{ a->size, b->size },
		{ a->duration_ms, b->duration_ms },
		{ a->start_ms, b->start_ms },
		{ a->width, b->width },
		{ a->height, b->height },
		{ a->bitrate, b->bitrate },
		{ found->unit.position, wanted->unit.position },
		{ found->unit.hours_c, wanted->unit.hours_c },
		{ found->unit.duration_ms, wanted->unit.duration_ms },
	};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		assert_int_equal(numbers[i][0], numbers[i][1]);
	assert_string_equal(found->unit.id.text, wanted->unit.id.text);
	assert_string_equal(found->unit.version.text, wanted->unit.version.text);
	assert_text(found->unit.key, wanted->unit.key);
	assert_text(found->unit.kind, wanted->unit.kind);
	assert_text(found->unit.name, wanted->unit.name);
	assert_text(found->unit.nav, wanted->unit.nav);
	assert_string_equal(found->course.text, wanted->course.text);
}

struct desk {
	struct fixture f;
	struct placed *all;
};

static int set_up(void **state)
{
	struct desk *desk = curb_xcalloc(1, sizeof *desk);
	fixture_open(&desk->f);
	desk->all = placed_new();
	*state = desk;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *desk = *state;
	placed_free(desk->all);
	fixture_close(&desk->f);
	free(desk);
	return 0;
}

/* As a request would: its own transaction, and all it made goes behind it. */
static bool recall(struct desk *desk, const struct content_placed *wanted)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_tx *tx = store_begin(desk->f.reader, arena);
	struct content_placed found;
	bool known = placed_recall(desk->all, tx, curb_id_str(&wanted->track.id), &found);
	if (known)
		assert_same(&found, wanted);
	store_end(desk->f.reader);
	return known;
}

static void placed__what_was_read_is_given_as_it_was(void **state)
{
	struct desk *desk = *state;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
	struct content_placed one = placed_of(arena, 1);
	assert_false(recall(desk, &one));
	placed_remember(desk->all, &one);
	assert_true(recall(desk, &one));
	one.track.index = curb_str(NULL); /* absent, not empty */
	one.track.label = curb_str("");
	placed_remember(desk->all, &one);
	assert_true(recall(desk, &one));
}

/* What is given is the request's own: another may take the slot while it is used. */
static void placed__what_is_given_outlives_its_slot(void **state)
{
	struct desk *desk = *state;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(8 << 20);
	struct content_placed one = placed_of(arena, 1), found;
	placed_remember(desk->all, &one);
	struct curb_tx *tx = store_begin(desk->f.reader, desk->f.arena);
	assert_true(placed_recall(desk->all, tx, curb_id_str(&one.track.id), &found));
	for (int n = 2; n < MANY; n++) {
		struct content_placed next = placed_of(arena, n);
		placed_remember(desk->all, &next);
	}
	assert_false(recall(desk, &one));
	assert_same(&found, &one);
	store_end(desk->f.reader);
}

/* Ids that share a slot: the latest is known, and none is taken for another. */
static void placed__a_slot_is_taken_over_whole(void **state)
{
	struct desk *desk = *state;
	int known = 0;
	for (int n = 0; n < MANY; n++) {
		CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
		struct content_placed one = placed_of(arena, n);
		placed_remember(desk->all, &one);
		assert_true(recall(desk, &one));
	}
	for (int n = 0; n < MANY; n++) {
		CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
		struct content_placed one = placed_of(arena, n);
		known += recall(desk, &one);
	}
	assert_in_range(known, 1, SLOTS);
}

/* Around the longest that is kept: all of it or nothing. */
static void placed__texts_too_long_are_not_kept(void **state)
{
	struct desk *desk = *state;
	char label[1024];
	memset(label, 'x', sizeof label);
	bool kept = true;
	size_t longest = 0;
	for (size_t n = 400; n < sizeof label; n++) {
		CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
		struct content_placed one = placed_of(arena, (int)n);
		one.track.label = curb_str_n(label, n);
		placed_remember(desk->all, &one);
		bool known = recall(desk, &one);
		assert_true(kept || !known);
		kept = known;
		longest = known ? n : longest;
	}
	assert_in_range(longest, 401, sizeof label - 2);
}

static void placed__an_id_that_is_none_is_not_known(void **state)
{
	struct desk *desk = *state;
	struct content_placed found;
	struct curb_tx *tx = store_begin(desk->f.reader, desk->f.arena);
	assert_false(placed_recall(desk->all, tx, curb_str(""), &found));
	assert_false(placed_recall(desk->all, tx, curb_str(NULL), &found));
	store_end(desk->f.reader);
}

struct crowd {
	struct placed *all;
	struct fixture *f;
	int from;
};

/* Everybody goes through the same ids from another place on. */
static void *read_on(void *arg)
{
	struct crowd *crowd = arg;
	struct store_reader *reader = NULL;
	assert_int_equal(store_reader_open(crowd->f->store, &reader), 0);
	for (int i = 0; i < 1000; i++) {
		CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
		struct curb_tx *tx = store_begin(reader, arena);
		struct content_placed one = placed_of(arena, (crowd->from + i * 7) % 3000), found;
		if (placed_recall(crowd->all, tx, curb_id_str(&one.track.id), &found))
			assert_same(&found, &one);
		placed_remember(crowd->all, &one);
		store_end(reader);
	}
	store_reader_close(reader);
	return NULL;
}

static void placed__many_readers_get_each_their_own(void **state)
{
	enum { CROWD = 4 };
	struct desk *desk = *state;
	struct crowd crowds[CROWD];
	pthread_t threads[CROWD];
	for (int i = 0; i < CROWD; i++) {
		crowds[i] = (struct crowd){ desk->all, &desk->f, i * 700 };
		assert_int_equal(pthread_create(&threads[i], NULL, read_on, &crowds[i]), 0);
	}
	for (int i = 0; i < CROWD; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(placed__what_was_read_is_given_as_it_was, set_up, tear_down),
		cmocka_unit_test_setup_teardown(placed__what_is_given_outlives_its_slot, set_up, tear_down),
		cmocka_unit_test_setup_teardown(placed__a_slot_is_taken_over_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(placed__texts_too_long_are_not_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(placed__an_id_that_is_none_is_not_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(placed__many_readers_get_each_their_own, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
