/* Numbers of certificates for another server: the plain one leaves this file in a sealed box alone. */
#include <sodium.h>

#include "curb/err.h"
#include "curb/person.h"
#include "eligible.h"

static int seal(struct curb_arena *arena, struct curb_str plain, const unsigned char *key,
                struct curb_str *ret_box)
{
	size_t size = crypto_box_SEALBYTES + plain.len;
	unsigned char *box = curb_alloc(arena, size);
	if (crypto_box_seal(box, (const unsigned char *)plain.ptr, plain.len, key) != 0)
		return curb_fail(CURB_EINVAL, "This key cannot seal anything");
	*ret_box = curb_str_n((const char *)box, size);
	return 0;
}

int curb_person_number(struct curb_tx *tx, const struct curb_id *person,
                       const unsigned char key[CURB_NUMBER_KEY], struct curb_person_number *ret_number)
{
	struct eligible holds, waits;
	struct curb_person_number number = { 0 };
	int err = people_eligible(tx, person, &holds, &waits);
	if (!err && curb_id_some(&holds.id) && holds.number.len > 0) {
		number.mark = curb_blind_index(tx, "core_eligible", "number", holds.number);
		if (key)
			err = seal(curb_tx_arena(tx), holds.number, key, &number.box);
	}
	if (!err)
		*ret_number = number;
	return err;
}
