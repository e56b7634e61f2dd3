#include "argon.h"

#include <argon2.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>

enum { VERSION = 0x13, BYTES = 64, AT_ONCE = 1 << 20 };

static struct {
	uint8_t *bytes;
	size_t size;
	bool filled;
} kept; /* of the one thread */

static int lend(uint8_t **ret_bytes, size_t size)
{
	if (size > kept.size) {
		if (kept.bytes)
			(void)munmap(kept.bytes, kept.size);
		void *fresh = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		kept.bytes = fresh == MAP_FAILED ? NULL : fresh;
		kept.size = kept.bytes ? size : 0;
		if (kept.bytes)
			(void)madvise(kept.bytes, kept.size, MADV_DONTDUMP);
	}
	kept.filled = kept.bytes != NULL;
	*ret_bytes = kept.bytes;
	return kept.bytes ? ARGON2_OK : ARGON2_MEMORY_ALLOCATION_ERROR;
}

/* The library has wiped it. */
static void take_back(uint8_t *bytes, size_t size)
{
	(void)bytes;
	(void)size;
}

bool argon_keeps(void)
{
	return kept.filled;
}

/* A part at a time: the address space is locked meanwhile. */
void argon_give_back(void)
{
	for (size_t from = 0; kept.filled && from < kept.size; from += AT_ONCE)
		(void)madvise(kept.bytes + from, kept.size - from < AT_ONCE ? kept.size - from : AT_ONCE,
		              MADV_DONTNEED);
	kept.filled = false;
}

/* "m=47104": the number behind `name`. */
static bool cut_cost(struct curb_str *rest, char sep, const char *name, uint32_t *ret_cost)
{
	struct curb_str part;
	int64_t cost = 0;
	if (!curb_str_cut(rest, sep, &part) || !curb_str_starts(part, name) ||
	    !curb_str_int(curb_str_from(part, strlen(name)), &cost) || cost < 1 || cost > UINT32_MAX)
		return false;
	*ret_cost = (uint32_t)cost;
	return true;
}

static bool decode(struct curb_str text, unsigned char bytes[BYTES], uint32_t *ret_len)
{
	size_t len = 0;
	int err = sodium_base642bin(bytes, BYTES, text.ptr, text.len, NULL, &len, NULL,
	                            sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	*ret_len = (uint32_t)len;
	return err == 0;
}

/* Fills in the costs, the salt and the length of the hash. */
static bool read_hash(struct curb_str text, argon2_context *context, unsigned char wanted[BYTES])
{
	static const char kind[] = "$argon2id$v=19$";
	struct curb_str salt, rest = curb_str_from(text, sizeof kind - 1);
	return curb_str_starts(text, kind) && cut_cost(&rest, ',', "m=", &context->m_cost) &&
	       cut_cost(&rest, ',', "t=", &context->t_cost) && cut_cost(&rest, '$', "p=", &context->lanes) &&
	       curb_str_cut(&rest, '$', &salt) && rest.ptr &&
	       decode(salt, context->salt, &context->saltlen) && decode(rest, wanted, &context->outlen);
}

bool argon_matches(const char *hash, struct curb_str password)
{
	unsigned char salt[BYTES], wanted[BYTES], made[BYTES];
	argon2_context context = { .out = made,
		                   .pwd = (uint8_t *)(uintptr_t)password.ptr,
		                   .pwdlen = (uint32_t)password.len,
		                   .salt = salt,
		                   .threads = 1,
		                   .version = VERSION,
		                   .allocate_cbk = lend,
		                   .free_cbk = take_back,
		                   .flags = ARGON2_DEFAULT_FLAGS };
	bool same = read_hash(curb_str(hash), &context, wanted) &&
	            argon2_ctx(&context, Argon2_id) == ARGON2_OK &&
	            sodium_memcmp(made, wanted, context.outlen) == 0;
	sodium_memzero(made, sizeof made);
	return same;
}
