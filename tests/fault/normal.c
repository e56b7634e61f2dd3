/* Loaded before SQLite into a server of a test: its writer commits as with synchronous=NORMAL, which no server of ours does. What
 * that loses is what a replay of power cuts must see. */
#include <dlfcn.h>
#include <sqlite3.h>
#include <string.h>

typedef int prepare_fn(sqlite3 *, const char *, int, sqlite3_stmt **, const char **);

/* Found by the name that the server calls. */
__attribute__((visibility("default"))) int sqlite3_prepare_v2(sqlite3 *db, const char *sql, int bytes,
                                                              sqlite3_stmt **ret_stmt, const char **ret_tail)
{
	prepare_fn *prepare = NULL;
	void *found = dlsym(RTLD_NEXT, "sqlite3_prepare_v2");
	memcpy(&prepare, &found, sizeof prepare);
	if (strcmp(sql, "PRAGMA synchronous = FULL") == 0)
		sql = "PRAGMA synchronous = NORMAL";
	return prepare(db, sql, bytes, ret_stmt, ret_tail);
}
