/* What the walls around the worker and those around the program share.
 * The rule: nothing here gives a right; what is closed stays closed in whatever is executed later.
 */
#ifndef CONTENT_SANDBOX_INSIDE_H
#define CONTENT_SANDBOX_INSIDE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

/* Sanitizers reserve terabytes of addresses. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANDBOX_WATCHED 1
#endif
#endif
#ifndef SANDBOX_WATCHED
#define SANDBOX_WATCHED 0
#endif

/* No new privileges, no core file, dies with its parent. */
bool sandbox_privileges(void);
/* Lowers a limit for good; one that is lower already stays. */
bool sandbox_limit(__rlimit_resource_t what, rlim_t most);
/* No network of its own; where the system allows it. */
void sandbox_namespaces(void);

/* ---- sandbox_landlock.c ---- */

/* A set of rules in which nothing is allowed yet; -1 where the kernel has none. The descriptor is yours. */
int sandbox_rules(void);
/* Allows what is at `fd` (or below it, a folder) to be read, to be executed, a folder to be listed. False when it cannot be. */
enum sandbox_right { SANDBOX_READ = 0, SANDBOX_EXECUTE = 1, SANDBOX_LIST = 2 };
bool sandbox_allow(int rules, int fd, unsigned rights);
/* Puts the process under the rules, for good. */
bool sandbox_restrict(int rules);

#endif
