/* For programs: the keys, the status list, issuing. */
#include "certificate.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "status.h"

enum { KEYS_MOST = 64 << 10, LISTS_MOST = 1 << 20 };

/* A key as a member of "verificationMethod" or of "keys": its name is the one that tokens give. */
static const char *kid_of(struct curb_req *req, const struct sign_public *key)
{
	struct curb_str did = credential_did(curb_req_arena(req), curb_req_origin(req));
	return curb_printf(curb_req_arena(req), "%.*s#%s", (int)did.len, did.ptr, key->thumb);
}

/* ---- GET /.well-known/jwks.json (RFC 7517) ---- */

int certificate_get_jwks(struct curb_req *req, void *state)
{
	struct curb_buf out = curb_buf(KEYS_MOST);
	struct curb_json j = curb_json(&out);
	struct sign_public *keys = NULL;
	size_t n = 0;
	int err = keys_all(state, curb_req_tx(req), &keys, &n);
	if (err)
		return err;
	curb_json_begin(&j, '{');
	curb_json_key(&j, "keys");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < n; i++) {
		curb_json_begin(&j, '{');
		sign_put_jwk(&j, curb_req_arena(req), &keys[i]);
		curb_json_ktext(&j, "kid", kid_of(req, &keys[i]));
		curb_json_ktext(&j, "use", "sig");
		curb_json_ktext(&j, "alg", "EdDSA");
		curb_json_end(&j, '}');
	}
	curb_json_end(&j, ']');
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}

/* ---- GET /.well-known/did.json (did:web, W3C DID Core 1.0) ---- */

static void put_method(struct curb_req *req, struct curb_json *j, struct curb_str did,
                       const struct sign_public *key)
{
	curb_json_begin(j, '{');
	curb_json_ktext(j, "id", kid_of(req, key));
	curb_json_ktext(j, "type", "JsonWebKey");
	curb_json_kstr(j, "controller", did);
	curb_json_key(j, "publicKeyJwk");
	curb_json_begin(j, '{');
	sign_put_jwk(j, curb_req_arena(req), key);
	curb_json_end(j, '}');
	curb_json_end(j, '}');
}

int certificate_get_did(struct curb_req *req, void *state)
{
	struct curb_buf out = curb_buf(KEYS_MOST);
	struct curb_json j = curb_json(&out);
	struct curb_str did = credential_did(curb_req_arena(req), curb_req_origin(req));
	struct sign_public *keys = NULL;
	size_t n = 0;
	int err = keys_all(state, curb_req_tx(req), &keys, &n);
	if (err)
		return err;
	curb_json_begin(&j, '{');
	curb_json_key(&j, "@context");
	curb_json_begin(&j, '[');
	curb_json_text(&j, "https://www.w3.org/ns/did/v1");
	curb_json_text(&j, "https://w3id.org/security/jwk/v1");
	curb_json_end(&j, ']');
	curb_json_kstr(&j, "id", did);
	curb_json_key(&j, "verificationMethod");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < n; i++)
		put_method(req, &j, did, &keys[i]);
	curb_json_end(&j, ']');
	curb_json_key(&j, "assertionMethod");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < n; i++)
		curb_json_text(&j, kid_of(req, &keys[i]));
	curb_json_end(&j, ']');
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}

/* ---- GET /certificates/status/:list ---- */

int certificate_get_status(struct curb_req *req, void *state)
{
	struct certificate *c = state;
	struct curb_arena *arena = curb_req_arena(req);
	int64_t list = 0, there = 0, *places = NULL;
	size_t n = 0;
	if (!curb_str_int(curb_req_param(req, "list"), &list) || list < 0 || list > LISTS_MOST)
		return curb_fail(CURB_ENOTFOUND, "There is no such list");
	int err = issued_withdrawn(c, curb_req_tx(req), list, &places, &n, &there);
	if (err)
		return err;
	if (list > 0 && there <= 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such list");
	struct curb_str token = credential_status(arena, c->key, curb_req_origin(req), list,
	                                          status_encode(arena, places, n), curb_wall_ms());
	struct curb_buf out = curb_buf(token.len);
	curb_buf_str(&out, token);
	return curb_reply_bytes(req, 200, "application/vc+jwt", &out);
}
