/* Five walls, each enough against some ways out, together against all we know. Landlock and namespaces are missing on
 * some systems; the call filter then still lets no path and no socket be named. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WATCHED 1
#endif
#endif
#ifndef WATCHED
#define WATCHED 0
#endif

static bool close_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

static bool limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit now;
	if (getrlimit(what, &now) < 0)
		return false;
	if (now.rlim_max < most)
		most = now.rlim_max;
	return setrlimit(what, &(struct rlimit){ most, most }) == 0;
}

static bool close_limits(void)
{
	enum { CPU_SECONDS = 1200, DESCRIPTORS = 16 };
	const rlim_t memory = (rlim_t)2 << 30, file = (rlim_t)16 << 30;
	/* sanitizers reserve terabytes of addresses */
	return (WATCHED || limit(RLIMIT_AS, memory)) && limit(RLIMIT_CPU, CPU_SECONDS) &&
	       limit(RLIMIT_FSIZE, file) && limit(RLIMIT_NOFILE, DESCRIPTORS) && limit(RLIMIT_CORE, 0) &&
	       limit(RLIMIT_NPROC, 0) && limit(RLIMIT_MEMLOCK, 0) && limit(RLIMIT_MSGQUEUE, 0);
}

static void close_namespaces(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) < 0)
		(void)unshare(CLONE_NEWNET | CLONE_NEWIPC);
}

/* The kernel's attributes as they are since ABI 6; older ones take the front part. */
struct landlock_attr {
	uint64_t files, ports, scopes;
};

static void close_landlock(void)
{
	enum { REFER_SINCE = 2, TRUNCATE_SINCE = 3, PORTS_SINCE = 4, IOCTL_SINCE = 5, SCOPES_SINCE = 6 };
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1)
		return;
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
	int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	if (rules < 0)
		return;
	(void)syscall(SYS_landlock_restrict_self, rules, 0); /* no rule was added: nothing is allowed */
	(void)close(rules);
}

/* Calls that are always fine: none takes a path, an address or another process. */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(readv),
	SCMP_SYS(preadv),
	SCMP_SYS(write),
	SCMP_SYS(pwrite64),
	SCMP_SYS(writev),
	SCMP_SYS(lseek),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(munmap),
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(futex),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sysinfo),
	SCMP_SYS(fadvise64),
	SCMP_SYS(getrusage),
	SCMP_SYS(restart_syscall),
};

/* Calls that libraries try and can do without: they get an error in place of death. newfstatat is how the C library
 * looks at an open file; it could look at any path. */
static const struct {
	int call, error;
} answered[] = {
	{ SCMP_SYS(ioctl), ENOTTY },    { SCMP_SYS(newfstatat), EACCES }, { SCMP_SYS(clone3), EAGAIN },
	{ SCMP_SYS(readlink), EACCES }, { SCMP_SYS(access), EACCES },
};

static bool add_rules(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp no_exec = {
		.arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC, .datum_b = 0
	};
	const struct scmp_arg_cmp myself = {
		.arg = 0, .op = SCMP_CMP_EQ, .datum_a = (scmp_datum_t)getpid(), .datum_b = 0
	};
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) < 0)
			return false;
	for (size_t i = 0; i < sizeof answered / sizeof *answered; i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO((unsigned)answered[i].error), answered[i].call,
		                     0) < 0)
			return false;
	/* tgkill to oneself is how abort() ends */
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, myself) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_exec) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_exec) == 0;
}

static bool close_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool ok = filter && add_rules(filter) && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return ok;
}

bool sandbox_close(uint32_t walls)
{
	if (walls & SANDBOX_NAMESPACES)
		close_namespaces();
	if ((walls & SANDBOX_PRIVILEGES) && !close_privileges())
		return false;
	if (walls & SANDBOX_LANDLOCK)
		close_landlock();
	if ((walls & SANDBOX_LIMITS) && !close_limits())
		return false;
	return !(walls & SANDBOX_CALLS) || close_calls();
}
