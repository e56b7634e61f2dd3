#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static bool local_four(const unsigned char *a)
{
	return a[0] == 127 || a[0] == 10 || (a[0] == 172 && (a[1] & 0xf0) == 16) ||
	       (a[0] == 192 && a[1] == 168) || (a[0] == 169 && a[1] == 254);
}

static bool local_six(const struct in6_addr *a)
{
	if (IN6_IS_ADDR_V4MAPPED(a))
		return local_four(&a->s6_addr[12]);
	return IN6_IS_ADDR_LOOPBACK(a) || IN6_IS_ADDR_LINKLOCAL(a) || (a->s6_addr[0] & 0xfe) == 0xfc;
}

bool address_local(struct curb_str text)
{
	char plain[INET6_ADDRSTRLEN];
	struct curb_str rest = text, address;
	struct in6_addr six;
	unsigned char four[4];
	if (!curb_str_cut(&rest, '/', &address) || address.len >= sizeof plain)
		return false;
	(void)snprintf(plain, sizeof plain, "%.*s", (int)address.len, address.ptr);
	if (inet_pton(AF_INET, plain, four) == 1)
		return local_four(four);
	return inet_pton(AF_INET6, plain, &six) == 1 && local_six(&six);
}
