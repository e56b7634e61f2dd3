/* Five walls, each enough against some ways out, together against all we know. Landlock and namespaces are missing on
 * some systems; the call filter then still lets no path and no socket be named. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sandbox_inside.h"

bool sandbox_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

bool sandbox_limit(__rlimit_resource_t what, rlim_t most)
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
	return (SANDBOX_WATCHED || sandbox_limit(RLIMIT_AS, memory)) &&
	       sandbox_limit(RLIMIT_CPU, CPU_SECONDS) && sandbox_limit(RLIMIT_FSIZE, file) &&
	       sandbox_limit(RLIMIT_NOFILE, DESCRIPTORS) && sandbox_limit(RLIMIT_CORE, 0) &&
	       sandbox_limit(RLIMIT_NPROC, 0) && sandbox_limit(RLIMIT_MEMLOCK, 0) &&
	       sandbox_limit(RLIMIT_MSGQUEUE, 0);
}

void sandbox_namespaces(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) < 0)
		(void)unshare(CLONE_NEWNET | CLONE_NEWIPC);
}

static void close_landlock(void)
{
	int rules = sandbox_rules();
	if (rules < 0)
		return;
	(void)sandbox_restrict(rules); /* no rule was added: nothing is allowed */
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
		sandbox_namespaces();
	if ((walls & SANDBOX_PRIVILEGES) && !sandbox_privileges())
		return false;
	if (walls & SANDBOX_LANDLOCK)
		close_landlock();
	if ((walls & SANDBOX_LIMITS) && !close_limits())
		return false;
	return !(walls & SANDBOX_CALLS) || close_calls();
}
