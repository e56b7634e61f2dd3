/* Bank: the credit bank, where certificates become credits by rule. The tables of the plugin and its life. */
#include <stdlib.h>

#include "bank_embedded.h"
#include "curb/err.h"
#include "curb/service.h"
#include "transfer.h"

static const struct curb_route routes[] = {
	{ "GET", "/credits", CURB_LEARNER, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, bank_page_mine, CURB_LANE_ANY },
	{ "GET", "/credits/statement.csv", CURB_LEARNER, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, bank_get_mine,
	  CURB_LANE_ANY },
	{ "GET", "/credits/class/:class", BANK_READERS, CURB_SCOPE_INSTITUTION, CURB_BODY_NONE, 0,
	  bank_page_class, CURB_LANE_ANY },
	{ "GET", "/credits/class/:class/statement.csv", BANK_READERS, CURB_SCOPE_INSTITUTION, CURB_BODY_NONE,
	  0, bank_get_class, CURB_LANE_ANY },
	{ "GET", "/credits/class/:class/:person", BANK_READERS, CURB_SCOPE_INSTITUTION, CURB_BODY_NONE, 0,
	  bank_page_person, CURB_LANE_ANY },
	{ "POST", "/credits/class/:class/:person", TRANSFER_ASKERS, CURB_SCOPE_INSTITUTION, CURB_BODY_FORM, 0,
	  transfer_post_ask, CURB_LANE_ANY },
	{ "GET", "/credits/waiting", TRANSFER_SIGNERS, CURB_SCOPE_INSTITUTION, CURB_BODY_NONE, 0,
	  transfer_page_waiting, CURB_LANE_ANY },
	{ "GET", "/credits/transfers/:id", BANK_READERS, CURB_SCOPE_INSTITUTION, CURB_BODY_NONE, 0,
	  transfer_page, CURB_LANE_ANY },
	{ "POST", "/credits/transfers/:id/countersign", TRANSFER_SIGNERS, CURB_SCOPE_INSTITUTION,
	  CURB_BODY_FORM, 0, transfer_post_sign, CURB_LANE_ANY },
	{ "POST", "/credits/transfers/:id/refuse", TRANSFER_SIGNERS, CURB_SCOPE_INSTITUTION, CURB_BODY_FORM,
	  0, transfer_post_refuse, CURB_LANE_ANY },
	{ "POST", "/credits/transfers/:id/return", TRANSFER_ASKERS, CURB_SCOPE_INSTITUTION, CURB_BODY_FORM, 0,
	  transfer_post_return, CURB_LANE_ANY },
	{ 0 },
};

static const char *const needs[] = { CREDIT_SERVICE, CURB_HOME_SERVICE, CURB_DOCTOR_SERVICE,
	                             CURB_ERASURE_SERVICE, NULL };
static const char *const wants[] = { CERTIFICATE_SERVICE, NULL };
static const char *const prefixes[] = { "/credits", NULL };

/* ---- links on the page of a class ---- */

static int fill_links(void *self, struct curb_req *req, const struct credit_class *class,
                      struct curb_value *links)
{
	struct curb_value *link = curb_object(curb_req_arena(req));
	bool has = false;
	if (!curb_may(req, BANK_READERS, &class->institution))
		return 0;
	int err = bank_has_credits(self, curb_req_tx(req), class, &has);
	if (err || !has)
		return err;
	curb_put_text(link, "href", curb_printf(curb_req_arena(req), "/credits/class/%s", class->id.text));
	curb_put_str(link, "label", curb_tr(req, "Credits of the class", NULL));
	curb_push(links, link);
	return 0;
}

/* ---- life ---- */

static int init(struct curb_host *host, void **ret_state)
{
	struct bank *b = curb_xcalloc(1, sizeof *b);
	b->host = host;
	*ret_state = b;
	return 0;
}

static int offer(struct bank *b)
{
	const struct credit_links links = { b, "bank", fill_links, NULL };
	const struct curb_home_part part = bank_home_part(b);
	const struct curb_doctor_check check = bank_doctor_check(b);
	int err = b->credit->offer_links(b->credit, &links);
	if (!err)
		err = b->home->offer(b->home, &part);
	if (!err)
		err = b->doctor->offer(b->doctor, &check);
	const struct curb_erasure_part erased = bank_erasure_part(b);
	return err ? err : b->erasure->offer(b->erasure, &erased);
}

/* What happened while the plugin was not there, or while the ledger took no entries, is made up for by the walk. Where nobody
 * issues certificates there is nothing to walk over, and what they brought before stands. */
static int start(struct curb_host *host, void *state)
{
	struct bank *b = state;
	int err = curb_service(host, CREDIT_SERVICE, sizeof *b->credit, (const void **)&b->credit);
	if (!err)
		err = curb_service(host, CURB_HOME_SERVICE, sizeof *b->home, (const void **)&b->home);
	if (!err)
		err = curb_service(host, CURB_DOCTOR_SERVICE, sizeof *b->doctor, (const void **)&b->doctor);
	if (!err)
		err = curb_service(host, CURB_ERASURE_SERVICE, sizeof *b->erasure,
		                   (const void **)&b->erasure);
	if (!err)
		err = offer(b);
	if (err)
		return err;
	err = curb_service(host, CERTIFICATE_SERVICE, sizeof *b->certificate, (const void **)&b->certificate);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	return curb_host_write(host, curb_str(NULL), deposit_begin_walk, b);
}

static void stop(void *state)
{
	struct bank *b = state;
	b->erasure->withdraw(b->erasure, "bank");
	b->doctor->withdraw(b->doctor, "bank");
	b->home->withdraw(b->home, "bank");
	b->credit->withdraw_links(b->credit, "bank");
}

static void fini(void *state)
{
	free(state);
}

const struct curb_plugin curb_plugin = {
	CURB_PLUGIN_HEAD,
	.name = "bank",
	.version = "1.0.0",
	.needs = needs,
	.wants = wants,
	.migrations = bank_migrations,
	.routes = routes,
	.hooks = deposit_hooks,
	.prefixes = prefixes,
	.templates = bank_templates,
	.messages = bank_messages,
	.assets = bank_assets,
	.init = init,
	.start = start,
	.stop = stop,
	.fini = fini,
};
