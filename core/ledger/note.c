#include "note.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base64.h"
#include "curb/err.h"

static const char dash[] = "\xe2\x80\x94 "; /* em dash, blank */

enum { ED25519 = 64, STAMPED = 8 + ED25519, KEY_BYTES = 1 + 32 };

/* ---- keys ---- */

static bool is_name(struct curb_str name)
{
	if (name.len == 0 || name.len >= NOTE_NAME || !curb_utf8_valid(name))
		return false;
	for (size_t at = 0; at < name.len;) {
		uint32_t c = curb_utf8_next(name, &at);
		bool blank = c <= 0x20 || c == 0x7f || c == 0x85 || c == 0xa0 || c == 0x1680 ||
		             (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
		             c == 0x205f || c == 0x3000;
		if (blank || c == '+')
			return false;
	}
	return true;
}

static uint32_t key_id(const struct note_key *key)
{
	unsigned char hash[32];
	const unsigned char middle[] = { '\n', (unsigned char)key->type };
	crypto_hash_sha256_state state;
	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, (const unsigned char *)key->name, strlen(key->name));
	(void)crypto_hash_sha256_update(&state, middle, sizeof middle);
	(void)crypto_hash_sha256_update(&state, key->public_key, sizeof key->public_key);
	(void)crypto_hash_sha256_final(&state, hash);
	return (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
}

int note_signer_of(const char *name, enum note_type type, const unsigned char seed[static 32],
                   struct note_signer *ret_signer)
{
	struct note_signer signer = { .key.type = type };
	unsigned char secret[64];
	if (!is_name(curb_str(name)))
		return curb_fail(
			CURB_EINVAL,
			"the name of a ledger's key is 1 to %d bytes without blanks and +, not \"%s\"",
			NOTE_NAME - 1, name);
	memcpy(signer.key.name, name, strlen(name));
	memcpy(signer.seed, seed, sizeof signer.seed);
	(void)crypto_sign_seed_keypair(signer.key.public_key, secret, seed);
	sodium_memzero(secret, sizeof secret);
	signer.key.id = key_id(&signer.key);
	*ret_signer = signer;
	note_signer_wipe(&signer);
	return 0;
}

void note_signer_wipe(struct note_signer *signer)
{
	sodium_memzero(signer->seed, sizeof signer->seed);
}

void note_key_write(struct curb_buf *out, const struct note_key *key)
{
	unsigned char bytes[KEY_BYTES] = { (unsigned char)key->type };
	memcpy(bytes + 1, key->public_key, sizeof key->public_key);
	curb_buf_printf(out, "%s+%08x+", key->name, (unsigned)key->id);
	base64_write(out, bytes, sizeof bytes);
}

int note_key_read(struct curb_str text, struct note_key *ret_key)
{
	struct curb_str rest = text, name, id;
	unsigned char bytes[KEY_BYTES];
	char own[9];
	size_t n;
	struct note_key key = { .id = 0 };
	if (!curb_str_cut(&rest, '+', &name) || !is_name(name) || !curb_str_cut(&rest, '+', &id) ||
	    !base64_read(rest, bytes, sizeof bytes, &n) || n != sizeof bytes ||
	    (bytes[0] != NOTE_ED25519 && bytes[0] != NOTE_COSIGNATURE))
		return curb_fail(CURB_EINVAL,
		                 "this is not a public key of a ledger or a witness: it must be NAME+ID+KEY");
	memcpy(key.name, name.ptr, name.len);
	memcpy(key.public_key, bytes + 1, sizeof key.public_key);
	key.type = bytes[0] == NOTE_ED25519 ? NOTE_ED25519 : NOTE_COSIGNATURE;
	key.id = key_id(&key);
	(void)snprintf(own, sizeof own, "%08x", (unsigned)key.id);
	if (!curb_str_is(id, own))
		return curb_fail(
			CURB_EINVAL,
			"the number in this public key is not that of the key: it was changed on its way");
	*ret_key = key;
	return 0;
}

/* ---- signing ---- */

static void sign(const struct note_signer *signer, struct curb_str message, unsigned char *ret_signature)
{
	unsigned char public_key[32], secret[64];
	(void)crypto_sign_seed_keypair(public_key, secret, signer->seed);
	(void)crypto_sign_detached(ret_signature, NULL, (const unsigned char *)message.ptr, message.len,
	                           secret);
	sodium_memzero(secret, sizeof secret);
}

static void add_line(struct curb_buf *out, const struct note_key *key, const unsigned char *signature,
                     size_t n)
{
	unsigned char bytes[4 + STAMPED] = { (unsigned char)(key->id >> 24), (unsigned char)(key->id >> 16),
		                             (unsigned char)(key->id >> 8), (unsigned char)key->id };
	memcpy(bytes + 4, signature, n);
	curb_buf_printf(out, "%s%s ", dash, key->name);
	base64_write(out, bytes, 4 + n);
	curb_buf_char(out, '\n');
}

void note_sign(struct curb_buf *out, const struct note_signer *signer, struct curb_str body)
{
	unsigned char signature[ED25519];
	sign(signer, body, signature);
	add_line(out, &signer->key, signature, sizeof signature);
}

/* What a witness signs. */
static void stamped(struct curb_buf *out, struct curb_str body, uint64_t time_s)
{
	curb_buf_printf(out, "cosignature/v1\ntime %llu\n", (unsigned long long)time_s);
	curb_buf_str(out, body);
}

void note_cosign(struct curb_buf *out, const struct note_signer *witness, struct curb_str body,
                 uint64_t time_s)
{
	struct curb_buf message = curb_buf(NOTE_MOST + 64);
	unsigned char signature[STAMPED];
	stamped(&message, body, time_s);
	for (int i = 0; i < 8; i++)
		signature[i] = (unsigned char)(time_s >> (56 - 8 * i));
	sign(witness, curb_buf_view(&message), signature + 8);
	add_line(out, &witness->key, signature, sizeof signature);
	curb_buf_free(&message);
}

/* ---- reading ---- */

static bool is_text(struct curb_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < 0x20 && text.ptr[i] != '\n')
			return false;
	return curb_utf8_valid(text);
}

static bool read_signature(struct curb_str line, struct note_signature *ret_signature)
{
	struct note_signature signature = { .id = 0 };
	unsigned char bytes[NOTE_NAME * 16];
	size_t n;
	if (!curb_str_starts(line, dash))
		return false;
	struct curb_str rest = curb_str_from(line, sizeof dash - 1);
	(void)curb_str_cut(&rest, ' ', &signature.name);
	if (!is_name(signature.name) || !base64_read(rest, bytes, sizeof bytes, &n) || n < 5)
		return false;
	signature.id = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	               bytes[3];
	if (n - 4 <= sizeof signature.bytes) {
		signature.len = n - 4;
		memcpy(signature.bytes, bytes + 4, signature.len);
	}
	*ret_signature = signature;
	return true;
}

/* Where the body ends: behind the newline of the last empty line. 0: there is none. */
static size_t body_end(struct curb_str text)
{
	for (size_t i = text.len; i-- > 1;)
		if (text.ptr[i] == '\n' && text.ptr[i - 1] == '\n')
			return i;
	return 0;
}

int note_read(struct curb_str text, struct note *ret_note)
{
	struct note note = { .count = 0 };
	size_t end = text.len <= NOTE_MOST && is_text(text) && curb_str_ends(text, "\n") ? body_end(text) : 0;
	note.body = curb_str_n(text.ptr, end);
	struct curb_str rest = curb_str_from(text, end + 1), line;
	bool ok = end > 0 && rest.len > 0;
	while (ok && rest.len > 0) {
		(void)curb_str_cut(&rest, '\n', &line);
		ok = note.count < NOTE_SIGNATURES && read_signature(line, &note.signatures[note.count++]);
	}
	if (!ok)
		return curb_fail(CURB_EINVAL, "this is not a signed note: it was cut or changed on its way");
	*ret_note = note;
	return 0;
}

static bool verifies(const struct note_key *key, struct curb_str message, const unsigned char *signature)
{
	return crypto_sign_verify_detached(signature, (const unsigned char *)message.ptr, message.len,
	                                   key->public_key) == 0;
}

static bool cosigned(const struct note_key *key, struct curb_str body, const unsigned char *stamp,
                     uint64_t *ret_time_s)
{
	struct curb_buf message = curb_buf(NOTE_MOST + 64);
	uint64_t time_s = 0;
	for (int i = 0; i < 8; i++)
		time_s = time_s << 8 | stamp[i];
	stamped(&message, body, time_s);
	bool ok = verifies(key, curb_buf_view(&message), stamp + 8);
	curb_buf_free(&message);
	*ret_time_s = time_s;
	return ok;
}

static bool holds(const struct note *note, const struct note_signature *one, const struct note_key *key,
                  uint64_t *ret_time_s)
{
	*ret_time_s = 0;
	if (one->len != (key->type == NOTE_COSIGNATURE ? STAMPED : ED25519))
		return false;
	return key->type == NOTE_COSIGNATURE ? cosigned(key, note->body, one->bytes, ret_time_s) :
	                                       verifies(key, note->body, one->bytes);
}

static bool is_of(const struct note_signature *one, const struct note_key *key)
{
	return one->id == key->id && curb_str_is(one->name, key->name);
}

/* C2SP signed-note: a note with a line of a known key that does not verify is malformed, whatever other lines it has. */
bool note_signed_by(const struct note *note, const struct note_key *key, uint64_t *ret_time_s)
{
	uint64_t first_s = 0, time_s;
	bool ok = true, any = false;
	for (size_t i = 0; ok && i < note->count; i++) {
		const struct note_signature *one = &note->signatures[i];
		if (!is_of(one, key))
			continue;
		ok = holds(note, one, key, &time_s);
		if (!any)
			first_s = time_s;
		any = true;
	}
	ok = ok && any;
	if (ret_time_s)
		*ret_time_s = ok ? first_s : 0;
	return ok;
}

bool note_has_line(const struct note *note, const struct note_key *key)
{
	bool has = false;
	for (size_t i = 0; !has && i < note->count; i++)
		has = is_of(&note->signatures[i], key);
	return has;
}

void note_copy_signature(struct curb_buf *out, const struct note *note, const struct note_key *key)
{
	for (size_t i = 0; i < note->count; i++) {
		const struct note_signature *one = &note->signatures[i];
		if (!is_of(one, key) || one->len == 0 || one->len > STAMPED)
			continue;
		add_line(out, key, one->bytes, one->len);
		return;
	}
}

/* ---- checkpoints ---- */

bool note_number(struct curb_str text, uint64_t *ret_number)
{
	int64_t number;
	if (!curb_str_int(text, &number) || text.ptr[0] == '-' || (text.ptr[0] == '0' && text.len > 1))
		return false;
	*ret_number = (uint64_t)number;
	return true;
}

void checkpoint_write(struct curb_buf *out, const struct checkpoint *checkpoint)
{
	curb_buf_str(out, checkpoint->origin);
	curb_buf_printf(out, "\n%llu\n", (unsigned long long)checkpoint->size);
	base64_write(out, checkpoint->root.bytes, sizeof checkpoint->root.bytes);
	curb_buf_char(out, '\n');
}

int checkpoint_read(struct curb_str body, struct checkpoint *ret_checkpoint)
{
	struct checkpoint checkpoint = { .size = 0 };
	struct curb_str rest = body, size, root;
	size_t n;
	bool ok = curb_str_cut(&rest, '\n', &checkpoint.origin) && checkpoint.origin.len > 0 &&
	          curb_str_cut(&rest, '\n', &size) && note_number(size, &checkpoint.size) &&
	          curb_str_cut(&rest, '\n', &root) && rest.len == 0 && curb_str_ends(body, "\n") &&
	          base64_read(root, checkpoint.root.bytes, sizeof checkpoint.root.bytes, &n) &&
	          n == sizeof checkpoint.root.bytes;
	if (!ok)
		return curb_fail(CURB_EINVAL,
		                 "this is not a checkpoint: it must be the lines origin, size and root");
	*ret_checkpoint = checkpoint;
	return 0;
}
