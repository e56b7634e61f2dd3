#include "verify_case.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct world world;

void world_body(const struct world *w, int64_t n, struct curb_buf *out)
{
	struct entry_fact fact = { .name = curb_str("n"), .kind = ENTRY_NUMBER, .number = n };
	curb_buf_clear(out);
	if (n < 2 && w->first[n].ptr)
		curb_buf_str(out, w->first[n]);
	else if (n == w->odd)
		curb_buf_str(out, w->body);
	else
		assert_int_equal(entry_write(out, &fact, 1), 0);
}

static void keep(void *arg, unsigned level, uint64_t index, const struct merkle_hash *hash)
{
	struct world *w = arg;
	(void)index;
	if (level % TILE_HEIGHT == 0)
		memcpy(w->hashes[level / TILE_HEIGHT] + TILE_HASH * w->counts[level / TILE_HEIGHT]++,
		       hash->bytes, TILE_HASH);
}

void world_sign(struct world *w, struct curb_str origin)
{
	struct checkpoint checkpoint = { .origin = origin, .size = w->shown };
	struct curb_buf body = curb_buf(NOTE_MOST);
	merkle_root(&w->tree, &checkpoint.root);
	checkpoint_write(&body, &checkpoint);
	curb_buf_clear(&w->checkpoint);
	curb_buf_str(&w->checkpoint, curb_buf_view(&body));
	curb_buf_char(&w->checkpoint, '\n');
	note_sign(&w->checkpoint, &w->signer, curb_buf_view(&body));
	curb_buf_free(&body);
}

void world_fill(struct world *w, uint64_t size)
{
	struct curb_buf body = curb_buf(ENTRY_MOST);
	w->size = w->shown = size;
	memset(w->counts, 0, sizeof w->counts);
	w->tree = (struct merkle_tree){ .size = 0 };
	for (uint64_t n = 0; n < size; n++) {
		struct merkle_hash leaf;
		world_body(w, (int64_t)n, &body);
		merkle_leaf(curb_buf_view(&body), &leaf);
		merkle_append(&w->tree, &leaf, keep, w);
	}
	world_sign(w, curb_str("school.example"));
	curb_buf_free(&body);
}

int world_setup(void **state)
{
	const unsigned char seed[32] = { 5 };
	(void)state;
	world = (struct world){ .checkpoint = curb_buf(NOTE_MOST), .odd = NOWHERE, .swapped = NOWHERE };
	for (int i = 0; i < LEVELS; i++)
		world.hashes[i] = calloc(MOST, TILE_HASH);
	return sodium_init() < 0 || note_signer_of("school.example", NOTE_ED25519, seed, &world.signer);
}

int world_teardown(void **state)
{
	(void)state;
	for (int i = 0; i < LEVELS; i++)
		free(world.hashes[i]);
	curb_buf_free(&world.checkpoint);
	return 0;
}

int world_tile(void *arg, const struct tile *tile, struct curb_buf *out)
{
	const struct world *w = arg;
	uint64_t first = tile->index * TILE_WIDTH;
	struct curb_buf body = curb_buf(ENTRY_MOST);
	curb_buf_clear(out);
	if (!tile->entries)
		curb_buf_add(out, w->hashes[tile->level] + first * TILE_HASH,
		             (size_t)tile->width * TILE_HASH);
	for (uint64_t n = first; tile->entries && n < first + tile->width; n++) {
		world_body(w, (int64_t)n + ((int64_t)n == w->swapped), &body);
		curb_buf_u16(out, (uint16_t)body.len);
		curb_buf_str(out, curb_buf_view(&body));
	}
	curb_buf_free(&body);
	return w->spoil ? w->spoil(tile, out) : curb_buf_check(out);
}

/* ---- its files ---- */

char folder[64];

void folder_make(void)
{
	(void)snprintf(folder, sizeof folder, "/tmp/curb-verify-XXXXXX");
	assert_non_null(mkdtemp(folder));
}

void folder_remove(void)
{
	char command[100];
	(void)snprintf(command, sizeof command, "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

void folder_path(const char *name, char path[static 256])
{
	(void)snprintf(path, 256, "%s/%s", folder, name);
}

void folder_put(const char *name, struct curb_str bytes)
{
	char path[256];
	folder_path(name, path);
	for (char *slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
		*slash = '/';
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
	(void)close(fd);
}

void folder_put_tiles(unsigned level, bool entries)
{
	struct curb_buf name = curb_buf(256), bytes = curb_buf(1 << 20);
	struct tile tile = { .level = level, .entries = entries };
	for (; (tile.width = tile_width(&tile, world.size)) > 0; tile.index++) {
		curb_buf_clear(&name);
		tile_write(&name, &tile);
		assert_int_equal(world_tile(&world, &tile, &bytes), 0);
		folder_put(name.data, curb_buf_view(&bytes));
	}
	curb_buf_free(&name);
	curb_buf_free(&bytes);
}
