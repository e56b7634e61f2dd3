/* Services: a table of functions that one plugin publishes under a name and others look up.
 * The rule: publish in init, look up in start; the pointer is good from start to stop.
 */
#ifndef CURB_SERVICE_H
#define CURB_SERVICE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct curb_host;

/* Every service table starts with this: its own size, set by the provider, never shrinking. */
struct curb_service_head {
	uint32_t size;
};

/* Publishes `api` (state) under `name` ("notes.v1"), which must be in the plugin's `provides`.
 * CURB_ECONFLICT when somebody did already, CURB_EDENIED when it is not declared. */
int curb_publish(struct curb_host *host, const char *name, const struct curb_service_head *api);

/* Finds `name`, declared in `needs` or `wants`. CURB_EABI when it is smaller than `size`: the provider is
 * too old. CURB_ENOTFOUND when nobody published it (only for `wants`; then *ret_api is untouched). */
int curb_service(struct curb_host *host, const char *name, uint32_t size, const void **ret_api);

#ifdef __cplusplus
}
#endif
#endif
