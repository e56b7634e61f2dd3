/* What is signed: a certificate as an Open Badge 3.0 (1EdTech, "OpenBadgeCredential"), the status list as the credential that
 * W3C Bitstring Status List v1.0 wants; both in W3C Verifiable Credentials Data Model 2.0.
 */
#include "certificate.h"
#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "status.h"

enum { PAYLOAD_MOST = 32 << 10, TIME_SIZE = 32 };

struct curb_str credential_did(struct curb_arena *arena, struct curb_str origin)
{
	static const char before[] = "://";
	const char *scheme = memmem(origin.ptr, origin.len, before, sizeof before - 1);
	struct curb_str host = scheme ? curb_str_from(origin, (size_t)(scheme - origin.ptr) + 3) : origin;
	struct curb_str name, port = host;
	(void)curb_str_cut(&port, ':', &name);
	bool ported = name.len < host.len;
	return curb_str(curb_printf(arena, "did:web:%.*s%s%.*s", (int)name.len, name.ptr, ported ? "%3A" : "",
	                            ported ? (int)port.len : 0, ported ? port.ptr : ""));
}

/* ---- pieces of JSON ---- */

static void put_types(struct curb_json *j, const char *first, const char *second)
{
	curb_json_key(j, "type");
	curb_json_begin(j, '[');
	curb_json_text(j, first);
	if (second)
		curb_json_text(j, second);
	curb_json_end(j, ']');
}

static void put_time(struct curb_json *j, const char *key, int64_t ms)
{
	char text[TIME_SIZE];
	curb_time_rfc3339(ms, text);
	curb_json_ktext(j, key, text);
}

/* "12.5" */
static const char *hours_text(struct curb_arena *arena, int64_t hundredths)
{
	if (hundredths % 100 == 0)
		return curb_printf(arena, "%lld", (long long)(hundredths / 100));
	return hundredths % 10 == 0 ? curb_printf(arena, "%lld.%lld", (long long)(hundredths / 100),
	                                          (long long)(hundredths % 100 / 10)) :
	                              curb_printf(arena, "%lld.%02lld", (long long)(hundredths / 100),
	                                          (long long)(hundredths % 100));
}

/* ---- a certificate ---- */

static void put_issuer(struct curb_json *j, struct curb_str did, const struct issued *issued)
{
	curb_json_key(j, "issuer");
	curb_json_begin(j, '{');
	curb_json_kstr(j, "id", did);
	put_types(j, "Profile", NULL);
	curb_json_kstr(j, "name", issued->issuer);
	curb_json_end(j, '}');
}

static const char *result_id(struct curb_arena *arena, const struct issued *issued, const char *which)
{
	return curb_printf(arena, "urn:uuid:%s#%s", issued->cohort.text, which);
}

static void put_description(struct curb_json *j, const char *id, const char *name, const char *type)
{
	curb_json_begin(j, '{');
	curb_json_ktext(j, "id", id);
	put_types(j, "ResultDescription", NULL);
	curb_json_ktext(j, "name", name);
	curb_json_ktext(j, "resultType", type);
	curb_json_end(j, '}');
}

static void put_achievement(struct curb_json *j, struct curb_arena *arena, const struct issued *issued)
{
	curb_json_key(j, "achievement");
	curb_json_begin(j, '{');
	curb_json_ktext(j, "id", curb_printf(arena, "urn:uuid:%s", issued->cohort.text));
	put_types(j, "Achievement", NULL);
	curb_json_ktext(j, "achievementType", "Certificate");
	curb_json_kstr(j, "name", issued->programme);
	curb_json_ktext(j, "description", "培训合格证书 Training pass certificate");
	curb_json_key(j, "criteria");
	curb_json_begin(j, '{');
	curb_json_ktext(j, "narrative",
	                "学完规定学时，结业考核的理论和实操都合格。"
	                "All class hours of the training, and a final assessment passed in theory and "
	                "practice.");
	curb_json_end(j, '}');
	curb_json_key(j, "resultDescription");
	curb_json_begin(j, '[');
	put_description(j, result_id(arena, issued, "online"), "线上学时 Online class hours",
	                "ext:OnlineClassHours");
	put_description(j, result_id(arena, issued, "offline"), "线下学时 Offline class hours",
	                "ext:OfflineClassHours");
	curb_json_end(j, ']');
	curb_json_end(j, '}');
}

static void put_result(struct curb_json *j, struct curb_arena *arena, const char *id, int64_t hundredths)
{
	curb_json_begin(j, '{');
	put_types(j, "Result", NULL);
	curb_json_ktext(j, "resultDescription", id);
	curb_json_ktext(j, "value", hours_text(arena, hundredths));
	curb_json_end(j, '}');
}

/* ends_ms is the first moment behind the class; who has all of it before then ends with the certificate. */
static int64_t last_moment(const struct issued *issued)
{
	int64_t last_ms = issued->ends_ms - 1000;
	return last_ms < issued->issued_ms ? last_ms : issued->issued_ms;
}

static void put_subject(struct curb_json *j, struct curb_arena *arena, const struct issued *issued)
{
	curb_json_key(j, "credentialSubject");
	curb_json_begin(j, '{');
	put_types(j, "AchievementSubject", NULL);
	curb_json_key(j, "identifier");
	curb_json_begin(j, '[');
	curb_json_begin(j, '{');
	curb_json_ktext(j, "type", "IdentityObject");
	curb_json_ktext(j, "identityType", "name");
	curb_json_kstr(j, "identityHash", issued->name);
	curb_json_kbool(j, "hashed", false);
	curb_json_end(j, '}');
	curb_json_end(j, ']');
	put_time(j, "activityStartDate", issued->starts_ms);
	put_time(j, "activityEndDate", last_moment(issued));
	put_achievement(j, arena, issued);
	curb_json_key(j, "result");
	curb_json_begin(j, '[');
	put_result(j, arena, result_id(arena, issued, "online"), issued->online_c);
	put_result(j, arena, result_id(arena, issued, "offline"), issued->offline_c);
	curb_json_end(j, ']');
	curb_json_end(j, '}');
}

static void put_status(struct curb_json *j, struct curb_arena *arena, struct curb_str origin,
                       const struct issued *issued)
{
	const char *list = curb_printf(arena, "%.*s/certificates/status/%lld", (int)origin.len, origin.ptr,
	                               (long long)(issued->place / STATUS_PLACES));
	const char *place = curb_printf(arena, "%lld", (long long)(issued->place % STATUS_PLACES));
	curb_json_key(j, "credentialStatus");
	curb_json_begin(j, '{');
	curb_json_ktext(j, "id", curb_printf(arena, "%s#%s", list, place));
	curb_json_ktext(j, "type", "BitstringStatusListEntry");
	curb_json_ktext(j, "statusPurpose", "revocation");
	curb_json_ktext(j, "statusListIndex", place);
	curb_json_ktext(j, "statusListCredential", list);
	curb_json_end(j, '}');
}

/* The claims that a token has beside the credential (RFC 7519, 4.1). */
static void put_claims(struct curb_json *j, struct curb_str did, const char *id, int64_t ms)
{
	curb_json_kstr(j, "iss", did);
	curb_json_ktext(j, "jti", id);
	curb_json_kint(j, "nbf", ms / 1000);
}

static struct curb_str signed_by(struct curb_arena *arena, const struct sign_key *key, struct curb_str did,
                                 const struct curb_buf *payload)
{
	CURB_ASSERT(!payload->failed);
	return sign_jwt(arena, key, did, curb_buf_view(payload));
}

struct curb_str credential_token(struct curb_arena *arena, const struct sign_key *key, struct curb_str origin,
                                 const struct issued *issued)
{
	CURB_AUTO(buf) struct curb_buf payload = curb_buf(PAYLOAD_MOST);
	struct curb_json j = curb_json(&payload);
	struct curb_str did = credential_did(arena, origin);
	const char *id = curb_printf(arena, "%.*s/certificates/%s", (int)origin.len, origin.ptr,
	                             issued->id.text);
	curb_json_begin(&j, '{');
	curb_json_key(&j, "@context");
	curb_json_begin(&j, '[');
	curb_json_text(&j, "https://www.w3.org/ns/credentials/v2");
	curb_json_text(&j, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json");
	curb_json_end(&j, ']');
	curb_json_ktext(&j, "id", id);
	put_types(&j, "VerifiableCredential", "OpenBadgeCredential");
	curb_json_kstr(&j, "name", issued->programme);
	put_issuer(&j, did, issued);
	put_time(&j, "validFrom", issued->issued_ms);
	put_subject(&j, arena, issued);
	put_status(&j, arena, origin, issued);
	put_claims(&j, did, id, issued->issued_ms);
	curb_json_end(&j, '}');
	return signed_by(arena, key, did, &payload);
}

/* ---- the status list ---- */

enum { HOUR_MS = 3600 * 1000 };

/* Clocks of those who check go wrong by minutes; and within an hour it is the same list, unless somebody was withdrawn. */
static int64_t dated_back(int64_t now_ms)
{
	return now_ms - now_ms % HOUR_MS - HOUR_MS;
}

struct curb_str credential_status(struct curb_arena *arena, const struct sign_key *key,
                                  struct curb_str origin, int64_t list, struct curb_str bits, int64_t now_ms)
{
	CURB_AUTO(buf) struct curb_buf payload = curb_buf(PAYLOAD_MOST + bits.len);
	struct curb_json j = curb_json(&payload);
	struct curb_str did = credential_did(arena, origin);
	const char *id = curb_printf(arena, "%.*s/certificates/status/%lld", (int)origin.len, origin.ptr,
	                             (long long)list);
	curb_json_begin(&j, '{');
	curb_json_key(&j, "@context");
	curb_json_begin(&j, '[');
	curb_json_text(&j, "https://www.w3.org/ns/credentials/v2");
	curb_json_end(&j, ']');
	curb_json_ktext(&j, "id", id);
	put_types(&j, "VerifiableCredential", "BitstringStatusListCredential");
	curb_json_kstr(&j, "issuer", did);
	put_time(&j, "validFrom", dated_back(now_ms));
	curb_json_key(&j, "credentialSubject");
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", curb_printf(arena, "%s#list", id));
	curb_json_ktext(&j, "type", "BitstringStatusList");
	curb_json_ktext(&j, "statusPurpose", "revocation");
	curb_json_kstr(&j, "encodedList", bits);
	curb_json_end(&j, '}');
	put_claims(&j, did, id, dated_back(now_ms));
	curb_json_end(&j, '}');
	return signed_by(arena, key, did, &payload);
}

/* ---- a token that came back ---- */

struct curb_str credential_id(struct curb_arena *arena, struct curb_str payload)
{
	static const char before[] = "/certificates/";
	struct curb_value *credential = NULL;
	if (curb_json_parse(arena, payload, &credential) != 0)
		return curb_str("");
	struct curb_str id = curb_get_str(credential, "id");
	const char *at = id.ptr ? memmem(id.ptr, id.len, before, sizeof before - 1) : NULL;
	struct curb_id parsed;
	if (!at || !curb_id_parse(curb_str_from(id, (size_t)(at - id.ptr) + sizeof before - 1), &parsed))
		return curb_str("");
	return curb_dup(arena, curb_id_str(&parsed));
}
