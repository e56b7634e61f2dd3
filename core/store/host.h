/* The owner of statements: a plugin, or the core itself.
 * The rule: made by the loader (one a plugin) or static (the core's parts); never by a plugin.
 */
#ifndef CURB_STORE_HOST_H
#define CURB_STORE_HOST_H

#include <stdint.h>

enum { CURB_HOST_MAGIC = 0x486f7374 };

struct curb_host {
	uint32_t magic;
	const char *owner; /* table prefix and log name: "notes"; "core" for the core      */
	void *slot;        /* core/plugin: the loader's record of this plugin; NULL for the core */
};

/* The core's own: owns every table core_…; static. */
extern struct curb_host curb_core_host;

#endif
