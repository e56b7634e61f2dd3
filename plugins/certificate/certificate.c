/* Certificate: final assessments and the training pass certificates that follow from them. The tables of the plugin and its life. */
#include "certificate.h"

#include <stdlib.h>
#include <string.h>

#include "certificate_embedded.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/key.h"
#include "curb/service.h"
#include "payment.h"

enum { CHECK_BODY = 64 << 10 };

static const struct curb_route routes[] = {
	{ "GET", "/assessments", CERTIFICATE_SIGNERS, CURB_SCOPE_INSTITUTION, CURB_BODY_NONE, 0,
	  assess_page_waiting, CURB_LANE_ANY },
	{ "GET", "/assessments/:class", CERTIFICATE_READERS, CURB_SCOPE_INSTITUTION, CURB_BODY_NONE, 0,
	  assess_page_class, CURB_LANE_ANY },
	{ "GET", "/assessments/:class/:person", CERTIFICATE_READERS, CURB_SCOPE_INSTITUTION, CURB_BODY_NONE,
	  0, assess_page_person, CURB_LANE_ANY },
	{ "POST", "/assessments/:class/:person", CERTIFICATE_MAKERS, CURB_SCOPE_INSTITUTION, CURB_BODY_FORM,
	  0, assess_post, CURB_LANE_ANY },
	{ "POST", "/assessments/:class/:person/:id/countersign", CERTIFICATE_SIGNERS, CURB_SCOPE_INSTITUTION,
	  CURB_BODY_FORM, 0, assess_post_sign, CURB_LANE_ANY },
	{ "GET", "/certificates", CURB_LEARNER, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, certificate_page_mine,
	  CURB_LANE_ANY },
	{ "GET", "/certificates/:id", CERTIFICATE_READERS | CURB_LEARNER, CURB_SCOPE_OWN, CURB_BODY_NONE, 0,
	  certificate_page, CURB_LANE_ANY },
	{ "GET", "/certificates/:id/withdraw", CERTIFICATE_SIGNERS, CURB_SCOPE_INSTITUTION, CURB_BODY_NONE, 0,
	  certificate_page_withdraw, CURB_LANE_ANY },
	{ "POST", "/certificates/:id/withdraw", CERTIFICATE_SIGNERS, CURB_SCOPE_INSTITUTION, CURB_BODY_FORM,
	  0, certificate_post_withdraw, CURB_LANE_ANY },
	{ "POST", "/certificates/:id/withdraw/countersign", CERTIFICATE_SIGNERS, CURB_SCOPE_INSTITUTION,
	  CURB_BODY_FORM, 0, certificate_post_withdraw_sign, CURB_LANE_ANY },
	{ "GET", "/certificates/class/:class", CERTIFICATE_READERS, CURB_SCOPE_INSTITUTION, CURB_BODY_NONE, 0,
	  certificate_page_class, CURB_LANE_ANY },
	{ "POST", "/certificates/class/:class", CERTIFICATE_SIGNERS, CURB_SCOPE_INSTITUTION, CURB_BODY_FORM,
	  0, certificate_post_class, CURB_LANE_ANY },
	{ "POST", "/api/v1/certificates", CERTIFICATE_SIGNERS, CURB_SCOPE_INSTITUTION, CURB_BODY_JSON, 0,
	  certificate_post, CURB_LANE_ANY },
	{ "GET", "/payments", PAYMENT_READERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0, payment_page_all,
	  CURB_LANE_ANY },
	{ "POST", "/payments", PAYMENT_READERS, CURB_SCOPE_REGION, CURB_BODY_FORM, 0, payment_post,
	  CURB_LANE_HEAVY },
	{ "GET", "/payments/:id", PAYMENT_READERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0, payment_page,
	  CURB_LANE_ANY },
	{ "GET", "/payments/:id/file", PAYMENT_READERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  payment_get_file, CURB_LANE_ANY },
	{ "GET", "/payments/:id/lines/:n", PAYMENT_READERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  payment_page_line, CURB_LANE_ANY },
	{ "GET", "/check", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, check_page, CURB_LANE_ANY },
	{ "POST", "/check/text", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_FORM, CHECK_BODY, check_post_text,
	  CURB_LANE_ANY },
	{ "POST", "/check/file", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_PARTS, CHECK_BODY, check_post_file,
	  CURB_LANE_ANY },
	{ "GET", "/certificates/status/:list", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0,
	  certificate_get_status, CURB_LANE_ANY },
	{ "GET", "/.well-known/did.json", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0,
	  certificate_get_did, CURB_LANE_ANY },
	{ "GET", "/.well-known/jwks.json", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0,
	  certificate_get_jwks, CURB_LANE_ANY },
	{ 0 },
};

static const char *const provides[] = { CERTIFICATE_SERVICE, NULL };
static const char *const needs[] = { CREDIT_SERVICE, CURB_HOME_SERVICE, CURB_DOCTOR_SERVICE,
	                             CURB_ERASURE_SERVICE, NULL };
static const char *const prefixes[] = {
	"/assessments", "/certificates",         "/api/v1/certificates",   "/check",
	"/payments",    "/.well-known/did.json", "/.well-known/jwks.json", NULL
};

/* ---- links on the page of a class ---- */

static void push_link(struct curb_req *req, struct curb_value *links, const char *href, const char *label)
{
	struct curb_value *link = curb_object(curb_req_arena(req));
	curb_put_text(link, "href", href);
	curb_put_str(link, "label", curb_tr(req, label, NULL));
	curb_push(links, link);
}

static int fill_links(void *self, struct curb_req *req, const struct credit_class *class,
                      struct curb_value *links)
{
	(void)self;
	struct curb_arena *arena = curb_req_arena(req);
	if (!curb_may(req, CERTIFICATE_READERS, &class->institution))
		return 0;
	push_link(req, links, curb_printf(arena, "/assessments/%s", class->id.text),
	          CURB_TEXT("Final assessment"));
	push_link(req, links, curb_printf(arena, "/certificates/class/%s", class->id.text),
	          CURB_TEXT("Certificates"));
	if (curb_may(req, PAYMENT_READERS, &class->institution))
		push_link(req, links, curb_printf(arena, "/payments?class=%s", class->id.text),
		          CURB_TEXT("Payments"));
	return 0;
}

/* ---- life ---- */

struct opening {
	struct certificate *c;
	int64_t now_ms;
};

/* The key's public half is kept: what it signed can be checked for good, also behind a new key of the server. */
static int open_key(struct curb_tx *tx, void *arg)
{
	struct opening *opening = arg;
	unsigned char seed[CURB_OWN_KEY];
	int err = curb_own_key(opening->c->host, tx, "certificates", seed);
	if (err)
		return err;
	sign_key_free(opening->c->key);
	opening->c->key = sign_key_new(seed);
	explicit_bzero(seed, sizeof seed);
	return keys_add(opening->c, tx, &opening->c->key->public, opening->now_ms);
}

static int init(struct curb_host *host, void **ret_state)
{
	struct certificate *c = curb_xcalloc(1, sizeof *c);
	c->host = host;
	c->api.head.size = sizeof c->api;
	certificate_held_api(&c->api);
	*ret_state = c;
	struct opening opening = { c, curb_wall_ms() };
	int err = curb_host_write(host, curb_str(NULL), open_key, &opening);
	return err ? err : curb_publish(host, CERTIFICATE_SERVICE, &c->api.head);
}

/* Hours that a certificate rests on are not certified again elsewhere. */
static int may_go(void *self, struct curb_tx *tx, const struct curb_id *class_id,
                  const struct curb_id *person)
{
	struct issued last;
	int err = issued_last(self, tx, class_id, person, &last);
	if (err || !issued_in_force(&last))
		return err;
	return curb_fail(CURB_EUNFIT,
	                 "A certificate of this class is in force, and these hours stay with it. "
	                 "Withdraw the certificate first");
}

static int start(struct curb_host *host, void *state)
{
	struct certificate *c = state;
	const struct credit_links links = { c, "certificate", fill_links, may_go };
	int err = curb_service(host, CREDIT_SERVICE, sizeof *c->credit, (const void **)&c->credit);
	if (!err)
		err = curb_service(host, CURB_HOME_SERVICE, sizeof *c->home, (const void **)&c->home);
	if (!err)
		err = curb_service(host, CURB_DOCTOR_SERVICE, sizeof *c->doctor, (const void **)&c->doctor);
	const struct curb_home_part part = certificate_home_part(c);
	const struct curb_doctor_check check = certificate_doctor_check(c);
	if (!err)
		err = c->credit->offer_links(c->credit, &links);
	if (!err)
		err = c->home->offer(c->home, &part);
	if (!err)
		err = c->doctor->offer(c->doctor, &check);
	if (!err)
		err = curb_service(host, CURB_ERASURE_SERVICE, sizeof *c->erasure,
		                   (const void **)&c->erasure);
	const struct curb_erasure_part erased = certificate_erasure_part(c);
	return err ? err : c->erasure->offer(c->erasure, &erased);
}

static void stop(void *state)
{
	struct certificate *c = state;
	c->erasure->withdraw(c->erasure, "certificate");
	c->credit->withdraw_links(c->credit, "certificate");
	c->home->withdraw(c->home, "certificate");
	c->doctor->withdraw(c->doctor, "certificate");
}

static void fini(void *state)
{
	struct certificate *c = state;
	if (c)
		sign_key_free(c->key);
	free(c);
}

const struct curb_plugin curb_plugin = {
	CURB_PLUGIN_HEAD,
	.name = "certificate",
	.version = "1.0.0",
	.provides = provides,
	.needs = needs,
	.migrations = certificate_migrations,
	.routes = routes,
	.prefixes = prefixes,
	.templates = certificate_templates,
	.messages = certificate_messages,
	.assets = certificate_assets,
	.init = init,
	.start = start,
	.stop = stop,
	.fini = fini,
};
