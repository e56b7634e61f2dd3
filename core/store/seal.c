/* Sealed values: version (1), key id (4, big-endian), nonce (24), then XChaCha20-Poly1305's ciphertext. */
#include <sodium.h>

#include "curb/key.h"
#include "inside.h"

enum {
	VERSION = 1,
	HEAD = 1 + 4,
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES
};

struct keys {
	uint32_t id;
	unsigned char seal[crypto_aead_xchacha20poly1305_ietf_KEYBYTES], index[crypto_generichash_KEYBYTES];
	unsigned char own[crypto_generichash_KEYBYTES];
};

struct keys *keys_new(const unsigned char *key, uint32_t key_id)
{
	if (!key)
		return NULL;
	struct keys *keys = sodium_malloc(sizeof *keys);
	CURB_ASSERT(keys);
	keys->id = key_id;
	(void)crypto_kdf_derive_from_key(keys->seal, sizeof keys->seal, 1, "curbseal", key);
	(void)crypto_kdf_derive_from_key(keys->index, sizeof keys->index, 2, "curbseal", key);
	(void)crypto_kdf_derive_from_key(keys->own, sizeof keys->own, 3, "curbseal", key);
	return keys;
}

void keys_free(struct keys *keys)
{
	sodium_free(keys);
}

static struct curb_str bound_to(struct curb_tx *tx, const char *table, const char *column, const char *id)
{
	return curb_str(curb_printf(curb_tx_arena(tx), "%s|%s|%s", table, column, id));
}

static void put_head(unsigned char *head, uint32_t key_id)
{
	head[0] = VERSION;
	for (int i = 0; i < 4; i++)
		head[1 + i] = (unsigned char)(key_id >> (24 - 8 * i));
}

int curb_seal(struct curb_tx *tx, const char *table, const char *column, const struct curb_id *id,
              struct curb_str plain, struct curb_str *ret_sealed)
{
	const struct keys *keys = tx->conn->store->keys;
	if (!keys)
		return curb_fail(CURB_EINTERNAL, "there is no key to seal %s.%s with", table, column);
	struct curb_str bound = bound_to(tx, table, column, id->text);
	unsigned char *out = curb_alloc(curb_tx_arena(tx), HEAD + NONCE + plain.len + TAG);
	put_head(out, keys->id);
	randombytes_buf(out + HEAD, NONCE);
	unsigned long long n = 0;
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(
		out + HEAD + NONCE, &n, (const unsigned char *)plain.ptr, plain.len,
		(const unsigned char *)bound.ptr, bound.len, NULL, out + HEAD, keys->seal);
	*ret_sealed = curb_str_n((const char *)out, HEAD + NONCE + (size_t)n);
	return 0;
}

int curb_unseal(struct curb_tx *tx, const char *table, const char *column, const struct curb_id *id,
                struct curb_str sealed, struct curb_str *ret_plain)
{
	const struct keys *keys = tx->conn->store->keys;
	const unsigned char *in = (const unsigned char *)sealed.ptr;
	unsigned char head[HEAD];
	if (!keys)
		return curb_fail(CURB_EINTERNAL, "there is no key to open %s.%s with", table, column);
	put_head(head, keys->id);
	if (sealed.len < HEAD + NONCE + TAG || memcmp(in, head, HEAD) != 0)
		return curb_fail(CURB_EINTERNAL, "%s.%s of %s is not sealed with key %u", table, column,
		                 id->text, keys->id);
	struct curb_str bound = bound_to(tx, table, column, id->text);
	unsigned char *out = curb_alloc(curb_tx_arena(tx), sealed.len - HEAD - NONCE - TAG + 1);
	unsigned long long n = 0;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    out, &n, NULL, in + HEAD + NONCE, sealed.len - HEAD - NONCE,
		    (const unsigned char *)bound.ptr, bound.len, in + HEAD, keys->seal) != 0)
		return curb_fail(CURB_EINTERNAL, "%s.%s of %s was changed, or belongs elsewhere", table,
		                 column, id->text);
	*ret_plain = curb_str_n((const char *)out, (size_t)n);
	return 0;
}

struct curb_str curb_blind_index(struct curb_tx *tx, const char *table, const char *column,
                                 struct curb_str plain)
{
	const struct keys *keys = tx->conn->store->keys;
	if (!keys)
		return curb_str_n(NULL, 0);
	struct curb_str bound = bound_to(tx, table, column, "");
	unsigned char hash[32];
	crypto_generichash_state state;
	(void)crypto_generichash_init(&state, keys->index, sizeof keys->index, sizeof hash);
	(void)crypto_generichash_update(&state, (const unsigned char *)bound.ptr, bound.len);
	(void)crypto_generichash_update(&state, (const unsigned char *)plain.ptr, plain.len);
	(void)crypto_generichash_final(&state, hash, sizeof hash);
	char *hex = curb_alloc(curb_tx_arena(tx), 2 * sizeof hash + 1);
	curb_hex(hash, sizeof hash, hex);
	return curb_str_n(hex, 2 * sizeof hash);
}

int curb_own_key(struct curb_host *host, struct curb_tx *tx, const char *name,
                 unsigned char ret_key[CURB_OWN_KEY])
{
	CURB_ASSERT(host && host->magic == CURB_HOST_MAGIC);
	const struct keys *keys = tx->conn->store->keys;
	if (!keys)
		return curb_fail(CURB_EINTERNAL, "there is no key to derive %s of %s from", name,
		                 host->owner);
	const char *bound = curb_printf(curb_tx_arena(tx), "%s|%s", host->owner, name);
	(void)crypto_generichash(ret_key, CURB_OWN_KEY, (const unsigned char *)bound, strlen(bound),
	                         keys->own, sizeof keys->own);
	return 0;
}
