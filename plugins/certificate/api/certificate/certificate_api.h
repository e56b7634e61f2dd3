/* Service certificate.v1: which certificates there are, for whoever keeps something that follows from them.
 * The rule: nobody else issues or withdraws; what it tells is not to be shown to anybody without looking who may see it.
 *
 * Events, each with {"id": the certificate's} as payload:
 *     certificate.issued.v1       it was issued, also in the place of one that is withdrawn
 *     certificate.withdrawn.v1    its withdrawal was countersigned
 */
#ifndef CERTIFICATE_API_H
#define CERTIFICATE_API_H

#include <stdint.h>

#include "curb/db.h"
#include "curb/id.h"
#include "curb/service.h"
#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CERTIFICATE_SERVICE "certificate.v1"
#define CERTIFICATE_ISSUED "certificate.issued.v1"
#define CERTIFICATE_WITHDRAWN "certificate.withdrawn.v1"

/* A training pass certificate. */
struct certificate_held {
	struct curb_id id, cohort, institution, person;
	struct curb_str programme;
	int64_t hours_c;      /* class hours that it certifies, in hundredths */
	int64_t issued_ms;    /* when it was issued */
	int64_t withdrawn_ms; /* 0: it is in force */
	int64_t place;        /* certificates are numbered from 0 as they are issued */
	int64_t entry;        /* of the ledger */
	struct curb_str code; /* who types it where certificates are checked reads what it says */
};

/* A part of the final assessment; what waits for a countersignature counts for nothing. */
enum certificate_result { CERTIFICATE_NO_RESULT, CERTIFICATE_FAILED, CERTIFICATE_PASSED };

struct certificate_api {
	struct curb_service_head head;
	/* CURB_ENOTFOUND. Arena of tx. */
	int (*by_id)(const struct certificate_api *self, struct curb_tx *tx, struct curb_str id,
	             struct certificate_held *ret);
	/* The one in force of a person in a class. CURB_ENOTFOUND: there is none. Arena of tx. */
	int (*in_force)(const struct certificate_api *self, struct curb_tx *tx, const struct curb_id *cohort,
	                const struct curb_id *person, struct certificate_held *ret);
	/* `most` of them from a place on, in their order. Arena of tx. */
	int (*from)(const struct certificate_api *self, struct curb_tx *tx, int64_t place, int64_t most,
	            struct certificate_held **ret, size_t *ret_n);
	/* How somebody stands in the final assessment of a class. */
	int (*results)(const struct certificate_api *self, struct curb_tx *tx, const struct curb_id *cohort,
	               const struct curb_id *person, enum certificate_result *ret_theory,
	               enum certificate_result *ret_practice);
};

#ifdef __cplusplus
}
#endif
#endif
