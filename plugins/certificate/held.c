/* Certificates, as other plugins know them, and how these are told of new and withdrawn ones. */
#include "certificate.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/job.h"

static struct certificate *certificate_of(const struct certificate_api *self)
{
	return CURB_CONTAINER_OF(self, struct certificate, api);
}

static struct certificate_held held_of(const struct issued *issued)
{
	return (struct certificate_held){ .id = issued->id,
		                          .cohort = issued->cohort,
		                          .institution = issued->institution,
		                          .person = issued->person,
		                          .programme = issued->programme,
		                          .hours_c = issued->online_c + issued->offline_c,
		                          .issued_ms = issued->issued_ms,
		                          .withdrawn_ms = issued->withdrawn_ms,
		                          .place = issued->place,
		                          .entry = issued->entry };
}

static int by_id(const struct certificate_api *self, struct curb_tx *tx, struct curb_str id,
                 struct certificate_held *ret)
{
	struct issued issued;
	int err = issued_by_id(certificate_of(self), tx, id, &issued);
	if (!err)
		*ret = held_of(&issued);
	return err;
}

static int in_force(const struct certificate_api *self, struct curb_tx *tx, const struct curb_id *cohort,
                    const struct curb_id *person, struct certificate_held *ret)
{
	struct issued last;
	int err = issued_last(certificate_of(self), tx, cohort, person, &last);
	if (!err && !issued_in_force(&last))
		return curb_fail(CURB_ENOTFOUND, "This trainee has no certificate of this class in force");
	if (!err)
		*ret = held_of(&last);
	return err;
}

static int from(const struct certificate_api *self, struct curb_tx *tx, int64_t place, int64_t most,
                struct certificate_held **ret, size_t *ret_n)
{
	struct issued *issued = NULL;
	size_t n = 0;
	int err = issued_from(certificate_of(self), tx, place, most, &issued, &n);
	if (err)
		return err;
	struct certificate_held *held = curb_alloc_n(curb_tx_arena(tx), n + 1, sizeof *held);
	for (size_t i = 0; i < n; i++)
		held[i] = held_of(&issued[i]);
	*ret = held;
	*ret_n = n;
	return 0;
}

void certificate_held_api(struct certificate_api *api)
{
	api->by_id = by_id;
	api->in_force = in_force;
	api->from = from;
}

int certificate_tell(struct certificate *c, struct curb_tx *tx, const char *event, const struct curb_id *id)
{
	return curb_emit(c->host, tx, event,
	                 curb_str(curb_printf(curb_tx_arena(tx), "{\"id\":\"%s\"}", id->text)));
}
