/* Which network an IP address belongs to. */
#ifndef CURB_HTTP_ADDRESS_H
#define CURB_HTTP_ADDRESS_H

#include <stdbool.h>

#include "curb/str.h"

/* True for an address of this machine or of a local network (RFC 1918, RFC 3927, RFC 4193, RFC 4291 link-local), as text:
 * "192.168.1.9", "fd00::1", "fd00::/64". False for what is no address. */
bool address_local(struct curb_str text);

#endif
