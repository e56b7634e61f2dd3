#include "bundle.h"

#include <inttypes.h>
#include <sodium.h>

#include "curb/err.h"

static const char magic[] = "curbcut-bundle/v1\n";

void bundle_keys_of(const unsigned char sign_seed[static BUNDLE_KEY],
                    const unsigned char box_seed[static BUNDLE_KEY], struct bundle_keys *ret_keys)
{
	(void)crypto_sign_seed_keypair(ret_keys->sign_public, ret_keys->sign_secret, sign_seed);
	(void)crypto_box_seed_keypair(ret_keys->box_public, ret_keys->box_secret, box_seed);
}

/* ---- writing ---- */

static void add_hex(struct curb_buf *out, const char *name, const unsigned char bytes[static BUNDLE_KEY])
{
	char hex[2 * BUNDLE_KEY + 1];
	curb_hex(bytes, BUNDLE_KEY, hex);
	curb_buf_printf(out, "%s %s\n", name, hex);
}

void bundle_write(struct curb_buf *out, struct bundle *bundle, const struct bundle_keys *keys)
{
	unsigned char signature[BUNDLE_SIGNATURE];
	size_t from = out->len;
	memcpy(bundle->from, keys->sign_public, BUNDLE_KEY);
	curb_buf_text(out, magic);
	add_hex(out, "from", bundle->from);
	add_hex(out, "to", bundle->to);
	curb_buf_printf(out, "id %s\n", bundle->id.text);
	curb_buf_printf(out, "sequence %" PRId64 "\nmade %" PRId64 "\nrecords %" PRId64 "\n",
	                bundle->sequence, bundle->made_ms, bundle->records);
	curb_buf_printf(out, "receipt %zu\nsealed %zu\n\n", bundle->receipt.len, bundle->sealed.len);
	curb_buf_str(out, bundle->receipt);
	curb_buf_str(out, bundle->sealed);
	if (out->failed)
		return;
	(void)crypto_sign_detached(signature, NULL, (const unsigned char *)out->data + from, out->len - from,
	                           keys->sign_secret);
	curb_buf_add(out, signature, sizeof signature);
}

/* ---- reading ---- */

static int no_bundle(void)
{
	return curb_fail(
		CURB_EINVAL,
		"This is no bundle of records: choose the file as the other server gave it, its name "
		"ends in .curb-bundle");
}

static int cut_off(void)
{
	return curb_fail(CURB_EINVAL,
	                 "This bundle is cut off: copy the file again from where it was saved. Nothing was "
	                 "changed here");
}

static int other_form(void)
{
	return curb_fail(CURB_EINVAL,
	                 "This bundle is not as a server writes it: it was changed on its way. Copy the file "
	                 "again, or ask for it anew. Nothing was changed here");
}

/* The next line of the head, behind its name. */
static bool line_of(struct curb_str *rest, const char *name, struct curb_str *ret_value)
{
	struct curb_str line;
	size_t n = strlen(name);
	if (rest->len == 0 || !memchr(rest->ptr, '\n', rest->len) || !curb_str_cut(rest, '\n', &line) ||
	    !curb_str_starts(line, name) || line.len < n + 2 || line.ptr[n] != ' ')
		return false;
	*ret_value = curb_str_from(line, n + 1);
	return true;
}

static bool key_line(struct curb_str *rest, const char *name, unsigned char ret_key[static BUNDLE_KEY])
{
	struct curb_str text;
	return line_of(rest, name, &text) && curb_unhex(text, ret_key, BUNDLE_KEY);
}

/* In its one form, from 0 to `most`. */
static bool number_line(struct curb_str *rest, const char *name, int64_t most, int64_t *ret_number)
{
	struct curb_str text;
	int64_t number = 0;
	if (!line_of(rest, name, &text) || !curb_str_int(text, &number) || number < 0 || number > most ||
	    (text.len > 1 && text.ptr[0] == '0') || text.ptr[0] == '-')
		return false;
	*ret_number = number;
	return true;
}

static bool read_head(struct curb_str *rest, struct bundle *bundle, int64_t *ret_receipt, int64_t *ret_sealed)
{
	struct curb_str id, line;
	return key_line(rest, "from", bundle->from) && key_line(rest, "to", bundle->to) &&
	       line_of(rest, "id", &id) && curb_id_parse(id, &bundle->id) &&
	       curb_str_is(id, bundle->id.text) &&
	       number_line(rest, "sequence", INT64_C(1) << 40, &bundle->sequence) && bundle->sequence > 0 &&
	       number_line(rest, "made", INT64_C(1) << 52, &bundle->made_ms) &&
	       number_line(rest, "records", BUNDLE_RECORDS, &bundle->records) &&
	       number_line(rest, "receipt", BUNDLE_RECEIPT, ret_receipt) &&
	       number_line(rest, "sealed", BUNDLE_MOST, ret_sealed) && curb_str_cut(rest, '\n', &line) &&
	       line.len == 0;
}

int bundle_read(struct curb_str bytes, struct bundle *ret_bundle)
{
	size_t begun = sizeof magic - 1;
	struct bundle bundle = { .sequence = 0 };
	int64_t receipt = 0, sealed = 0;
	if (bytes.len == 0 || memcmp(bytes.ptr, magic, bytes.len < begun ? bytes.len : begun) != 0)
		return no_bundle();
	if (!memmem(bytes.ptr, bytes.len, "\n\n", 2))
		return cut_off();
	struct curb_str rest = curb_str_from(bytes, begun);
	if (!read_head(&rest, &bundle, &receipt, &sealed))
		return other_form();
	size_t wanted = (size_t)receipt + (size_t)sealed + BUNDLE_SIGNATURE;
	if (rest.len < wanted)
		return cut_off();
	if (rest.len > wanted)
		return other_form();
	bundle.receipt = curb_str_n(rest.ptr, (size_t)receipt);
	bundle.sealed = curb_str_n(rest.ptr + receipt, (size_t)sealed);
	*ret_bundle = bundle;
	return 0;
}

bool bundle_signed(struct curb_str bytes, const struct bundle *bundle)
{
	const unsigned char *text = (const unsigned char *)bytes.ptr;
	size_t n = bytes.len - BUNDLE_SIGNATURE;
	return bytes.len > BUNDLE_SIGNATURE &&
	       crypto_sign_verify_detached(text + n, text, n, bundle->from) == 0;
}

/* ---- the box ---- */

int bundle_seal(struct curb_arena *arena, struct curb_str plain, const unsigned char to[static BUNDLE_KEY],
                struct curb_str *ret_sealed)
{
	size_t size = plain.len + crypto_box_SEALBYTES;
	unsigned char *box = curb_alloc(arena, size);
	if (crypto_box_seal(box, (const unsigned char *)plain.ptr, plain.len, to) != 0)
		return curb_fail(CURB_EUNFIT, "Nothing can be sealed for this server: ask for its card anew");
	*ret_sealed = curb_str_n((const char *)box, size);
	return 0;
}

int bundle_open(struct curb_arena *arena, struct curb_str sealed, const struct bundle_keys *keys,
                struct curb_str *ret_plain)
{
	unsigned char *plain = curb_alloc(arena, sealed.len + 1);
	if (sealed.len < crypto_box_SEALBYTES ||
	    crypto_box_seal_open(plain, (const unsigned char *)sealed.ptr, sealed.len, keys->box_public,
	                         keys->box_secret) != 0)
		return curb_fail(
			CURB_EUNFIT,
			"This bundle cannot be opened: it was sealed for another server. Ask for one "
			"for this server");
	*ret_plain = curb_str_n((const char *)plain, sealed.len - crypto_box_SEALBYTES);
	return 0;
}

void bundle_hash(struct curb_str bytes, char ret_hash[static BUNDLE_HASH])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	(void)crypto_hash_sha256(hash, (const unsigned char *)bytes.ptr, bytes.len);
	curb_hex(hash, sizeof hash, ret_hash);
}
