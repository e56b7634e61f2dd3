/* Numbers of certificates for other systems: in a sealed box, as a mark, as much of them as everybody may see, or whole for who has
 * said that she looks. */
#include <sodium.h>

#include "curb/err.h"
#include "curb/person.h"
#include "eligible.h"
#include "number.h"

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

int curb_person_number_text(struct curb_tx *tx, const struct curb_id *person, bool whole,
                            struct curb_str *ret_text)
{
	struct eligible holds, waits;
	int err = people_eligible(tx, person, &holds, &waits);
	if (err)
		return err;
	struct curb_str text = whole ? holds.number : people_number_shown(holds.number);
	*ret_text = text.ptr ? text : curb_str("");
	return 0;
}

void curb_number_mark(struct curb_tx *tx, struct curb_str typed, bool *ret_fits, struct curb_str *ret_mark)
{
	struct people_number number = { .plain = curb_str_trim(typed) };
	*ret_fits = people_number_read(curb_tx_arena(tx), typed, &number) == 0;
	*ret_mark = curb_blind_index(tx, "core_eligible", "number", number.plain);
}
