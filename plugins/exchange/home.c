/* What stands on a first page of bundles, and the help. */
#include "cells.h"
#include "curb/err.h"
#include "exchange.h"

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct curb_home_help help[] = {
	{ EXCHANGE_MAKERS, CURB_TEXT("Records between servers"),
	  TEXTS(CURB_TEXT("A server without a line to others hands its records up in a file, on a USB stick "
	                  "say: make a bundle for the other server, save it, carry it there, and hand it in "
	                  "on the same page there."),
	        CURB_TEXT("Nobody but that server can read a bundle. It is taken once, whole or not at all, "
	                  "in whatever order bundles arrive; the page says which one is missing."),
	        CURB_TEXT("What came from another server is shown as it was there. It changes no hours of "
	                  "this server.")) },
	{ CURB_ADMIN | CURB_HELP_MACHINE, CURB_TEXT("Servers that are trusted"),
	  TEXTS(CURB_TEXT("Bundles are taken from servers whose card was entered, and made for those. A card "
	                  "is one line of the page about records; compare its check number by telephone.")) },
	{ 0 },
};

static int fill(void *self, struct curb_req *req, struct curb_value *sections, struct curb_value **ret_next)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *section = curb_object(arena), *items = curb_array(arena),
			  *item = curb_object(arena);
	(void)self;
	(void)ret_next;
	curb_put_str(item, "title", curb_tr(req, "Bundles to and from other servers", NULL));
	curb_put_text(item, "href", "/exchange");
	curb_push(items, item);
	curb_put_str(section, "title", curb_tr(req, "Records between servers", NULL));
	curb_put(section, "items", items);
	curb_push(sections, section);
	return 0;
}

struct curb_home_part exchange_home_part(struct exchange *x)
{
	return (struct curb_home_part){ .self = x,
		                        .name = "exchange",
		                        .roles = EXCHANGE_READERS,
		                        .rank = 80,
		                        .fill = fill,
		                        .help = help };
}
