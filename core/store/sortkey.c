/* Sort keys: ICU's, since SQL knows no pinyin. The collator is opened at the first use: only writes need it. */
#include <pthread.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>

#include "curb/db.h"
#include "curb/err.h"
#include "store.h"

static UCollator *collator;

static void open_collator(void)
{
	UErrorCode status = U_ZERO_ERROR;
	collator = ucol_open("zh", &status);
	if (U_FAILURE(status))
		collator = NULL;
}

struct curb_str curb_sort_key(struct curb_tx *tx, struct curb_str text)
{
	enum { LONGEST = 1024 };
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	(void)pthread_once(&once, open_collator);
	UChar wide[LONGEST];
	int32_t n = 0;
	UErrorCode status = U_ZERO_ERROR;
	int32_t len = text.len < LONGEST ? (int32_t)text.len : LONGEST;
	(void)u_strFromUTF8WithSub(wide, LONGEST, &n, text.ptr ? text.ptr : "", len, 0xfffd, NULL, &status);
	if (!collator || U_FAILURE(status))
		return curb_dup(curb_tx_arena(tx), text.ptr ? text : curb_str(""));
	int32_t size = ucol_getSortKey(collator, wide, n, NULL, 0);
	unsigned char *key = curb_alloc(curb_tx_arena(tx), (size_t)size + 1);
	(void)ucol_getSortKey(collator, wide, n, key, size);
	return curb_str_n((const char *)key, (size_t)size);
}
