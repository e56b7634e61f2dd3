/* Landlock (landlock(7)): which files may be opened. Whatever the kernel knows to forbid is forbidden, but for what is added. */
#include <errno.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox_inside.h"

/* The kernel's attributes as they are since ABI 6; older ones take the front part. */
struct landlock_attr {
	uint64_t files, ports, scopes;
};

int sandbox_rules(void)
{
	enum { REFER_SINCE = 2, TRUNCATE_SINCE = 3, PORTS_SINCE = 4, IOCTL_SINCE = 5, SCOPES_SINCE = 6 };
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1)
		return -1;
	struct landlock_attr attr = { .files = (UINT64_C(1) << 13) - 1 };
	size_t size = offsetof(struct landlock_attr, ports);
	if (abi >= REFER_SINCE)
		attr.files |= UINT64_C(1) << 13;
	if (abi >= TRUNCATE_SINCE)
		attr.files |= UINT64_C(1) << 14;
	if (abi >= IOCTL_SINCE)
		attr.files |= UINT64_C(1) << 15;
	if (abi >= PORTS_SINCE) {
		attr.ports = 3; /* bind, connect */
		size = offsetof(struct landlock_attr, scopes);
	}
	if (abi >= SCOPES_SINCE) {
		attr.scopes = 3; /* abstract sockets, signals */
		size = sizeof attr;
	}
	return (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
}

/* A right over folders is none that a file can have. */
static bool lists(int fd, unsigned rights)
{
	struct stat about;
	return (rights & SANDBOX_LIST) && fstat(fd, &about) == 0 && S_ISDIR(about.st_mode);
}

bool sandbox_allow(int rules, int fd, unsigned rights)
{
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE |
		                  (rights & SANDBOX_EXECUTE ? LANDLOCK_ACCESS_FS_EXECUTE : 0u) |
		                  (lists(fd, rights) ? LANDLOCK_ACCESS_FS_READ_DIR : 0u),
		.parent_fd = fd,
	};
	/* what lies in no file system (memfd_create(2)) is under no rules */
	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0 ||
	       errno == EBADFD;
}

bool sandbox_restrict(int rules)
{
	return syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}
