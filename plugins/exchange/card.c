/* The card of a server, one line: "curbcut-server/v1 KEY KEY KEY OF THE LEDGER". */
#include <stdio.h>

#include "bundle.h"
#include "curb/err.h"
#include "curb/ledger.h"

static const char word[] = "curbcut-server/v1";

struct curb_str card_write(struct curb_arena *arena, const struct bundle_card *card)
{
	char sign[2 * BUNDLE_KEY + 1], box[2 * BUNDLE_KEY + 1];
	curb_hex(card->sign_public, BUNDLE_KEY, sign);
	curb_hex(card->box_public, BUNDLE_KEY, box);
	return curb_str(curb_printf(arena, "%s %s %s %.*s", word, sign, box, (int)card->ledger_key.len,
	                            card->ledger_key.ptr));
}

int card_read(struct curb_str text, struct bundle_card *ret_card)
{
	struct curb_str rest = curb_str_trim(text), first, sign, box;
	struct bundle_card card;
	if (rest.len == 0)
		return curb_fail(CURB_EINVAL, "Paste the card of the other server here");
	if (rest.len > CARD_MOST || !curb_str_cut(&rest, ' ', &first) || !curb_str_is(first, word) ||
	    !curb_str_cut(&rest, ' ', &sign) || !curb_unhex(sign, card.sign_public, BUNDLE_KEY) ||
	    !curb_str_cut(&rest, ' ', &box) || !curb_unhex(box, card.box_public, BUNDLE_KEY) ||
	    curb_ledger_key_check(rest) != 0)
		return curb_fail(CURB_EINVAL,
		                 "This is not a whole card: it is one line that begins with "
		                 "curbcut-server/v1. Copy it again from the other server's page");
	card.ledger_key = rest;
	*ret_card = card;
	return 0;
}

void card_check(const struct bundle_card *card, char ret_text[static CARD_CHECK])
{
	enum { GROUPS = 4, DIGITS = 10000, GROUP_HEX = 6 };
	char hash[BUNDLE_HASH], bytes[CARD_MOST];
	size_t n = 2 * BUNDLE_KEY + card->ledger_key.len;
	CURB_ASSERT(n <= sizeof bytes);
	memcpy(bytes, card->sign_public, BUNDLE_KEY);
	memcpy(bytes + BUNDLE_KEY, card->box_public, BUNDLE_KEY);
	memcpy(bytes + 2 * BUNDLE_KEY, card->ledger_key.ptr, card->ledger_key.len);
	bundle_hash(curb_str_n(bytes, n), hash);
	for (int i = 0; i < GROUPS; i++) {
		unsigned char number[3];
		(void)curb_unhex(curb_str_n(hash + GROUP_HEX * i, GROUP_HEX), number, sizeof number);
		(void)snprintf(ret_text + 5 * i, (size_t)(CARD_CHECK - 5 * i),
		               i < GROUPS - 1 ? "%04u " : "%04u",
		               ((unsigned)number[0] << 16 | (unsigned)number[1] << 8 | number[2]) % DIGITS);
	}
}
