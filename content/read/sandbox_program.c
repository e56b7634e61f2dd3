/* The walls around a program that is not ours: it must be loaded (files of libraries, one exec) and may use threads. It keeps
 * the descriptors that it was given, of which its input can be opened again to be read. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "sandbox.h"
#include "sandbox_inside.h"

/* One with more to read has models of speech among it. */
static bool limits(const struct sandbox_guest *guest)
{
	enum { CPU_SECONDS = 48 * 3600, DESCRIPTORS = 64 };
	const rlim_t memory = (rlim_t)(guest->reads ? 8 : 4) << 30, file = (rlim_t)16 << 30;
	return (SANDBOX_WATCHED || sandbox_limit(RLIMIT_AS, memory)) &&
	       sandbox_limit(RLIMIT_CPU, CPU_SECONDS) && sandbox_limit(RLIMIT_FSIZE, file) &&
	       sandbox_limit(RLIMIT_NOFILE, DESCRIPTORS) && sandbox_limit(RLIMIT_CORE, 0) &&
	       sandbox_limit(RLIMIT_MEMLOCK, 0) && sandbox_limit(RLIMIT_MSGQUEUE, 0);
}

/* ---- files ---- */

static bool allow_path(int rules, const char *path, unsigned rights)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	bool ok = fd >= 0 && sandbox_allow(rules, fd, rights);
	if (fd >= 0)
		(void)close(fd);
	return ok;
}

/* Each of a list with blanks between them; NULL: none. */
static bool allow_paths(int rules, const char *list, unsigned rights)
{
	char path[PATH_MAX];
	for (list = list ? list : ""; *(list += strspn(list, " "));) {
		size_t n = strcspn(list, " ");
		if (n >= sizeof path || list[0] != '/')
			return false;
		memcpy(path, list, n);
		path[n] = '\0';
		if (!allow_path(rules, path, rights))
			return false;
		list += n;
	}
	return true;
}

/* The program that loads programs, by the name that ours has of it. */
static const char *loader(void)
{
	const ElfW(Phdr) *head = (const ElfW(Phdr) *)getauxval(AT_PHDR); // NOLINT(performance-no-int-to-ptr)
	size_t n = getauxval(AT_PHNUM);
	uintptr_t base = 0;
	for (size_t i = 0; i < n; i++)
		if (head[i].p_type == PT_PHDR)
			base = (uintptr_t)head - head[i].p_vaddr;
	for (size_t i = 0; i < n; i++)
		if (head[i].p_type == PT_INTERP)
			return (const char *)(base + head[i].p_vaddr); // NOLINT(performance-no-int-to-ptr)
	return NULL;
}

/* What is executed, what it is loaded from, and its input. Folders that a system does not have are no loss. */
static bool close_files(const struct sandbox_guest *guest)
{
	static const char *const folders[] = { "/usr/lib", "/usr/lib64", "/usr/local/lib",
		                               "/lib",     "/lib64",     "/etc/ld.so.cache" };
	const char *loads = loader();
	int rules = sandbox_rules();
	if (rules < 0)
		return false;
	bool ok = loads && allow_path(rules, loads, SANDBOX_EXECUTE) &&
	          allow_path(rules, guest->program, SANDBOX_EXECUTE) &&
	          sandbox_allow(rules, guest->input, SANDBOX_READ) &&
	          allow_paths(rules, guest->reads, SANDBOX_LIST) &&
	          allow_paths(rules, guest->runs, SANDBOX_EXECUTE | SANDBOX_LIST);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		(void)allow_path(rules, folders[i], guest->runs ? SANDBOX_LIST : SANDBOX_READ);
	ok = ok && sandbox_restrict(rules);
	(void)close(rules);
	return ok;
}

/* ---- calls ---- */

/* None takes an address or another process; those with a path are below, or are Landlock's. */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(readv),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(lseek),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(fcntl),
	SCMP_SYS(mmap),
	SCMP_SYS(mprotect),
	SCMP_SYS(munmap),
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(futex),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(arch_prctl),
	SCMP_SYS(getrandom),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sysinfo),
	SCMP_SYS(uname),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(nanosleep),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getrusage),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(select),
	SCMP_SYS(pselect6),
	SCMP_SYS(fadvise64),
};

/* What interpreters and their libraries look for besides: none writes, and what they open is Landlock's. */
static const int allowed_with_more[] = {
	SCMP_SYS(newfstatat),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(statx),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getdents64),
	SCMP_SYS(getcwd),
	SCMP_SYS(getppid),
	SCMP_SYS(dup),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(pipe2),
	SCMP_SYS(eventfd2),
	SCMP_SYS(getcpu),
	SCMP_SYS(sched_setaffinity),
	SCMP_SYS(set_mempolicy),
	SCMP_SYS(get_mempolicy),
	SCMP_SYS(membarrier),
	SCMP_SYS(execve), /* Landlock says what */
};

static bool rules_with_arguments(scmp_filter_ctx filter, const char *program)
{
	const scmp_datum_t writes = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
	const struct scmp_arg_cmp reading = {
		.arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = writes, .datum_b = 0
	};
	const struct scmp_arg_cmp by_descriptor = {
		.arg = 3, .op = SCMP_CMP_MASKED_EQ, .datum_a = AT_EMPTY_PATH, .datum_b = AT_EMPTY_PATH
	};
	const struct scmp_arg_cmp a_thread = {
		.arg = 0, .op = SCMP_CMP_MASKED_EQ, .datum_a = CLONE_THREAD, .datum_b = CLONE_THREAD
	};
	const struct scmp_arg_cmp to_look = { .arg = 2, .op = SCMP_CMP_EQ, .datum_a = 0 };
	const struct scmp_arg_cmp the_program = { .arg = 0,
		                                  .op = SCMP_CMP_EQ,
		                                  .datum_a = (uintptr_t)program };
	const struct scmp_arg_cmp myself = { .arg = 0, .op = SCMP_CMP_EQ, .datum_a = (scmp_datum_t)getpid() };
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, reading) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1, by_descriptor) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, a_thread) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, to_look) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(execve), 1, the_program) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, myself) == 0;
}

/* Any other call gets an error in place of death: which calls a program of others tries is not ours to know. */
static bool close_calls(const struct sandbox_guest *guest)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool ok = filter != NULL;
	for (size_t i = 0; ok && i < sizeof allowed / sizeof *allowed; i++)
		ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
	for (size_t i = 0; ok && guest->runs && i < sizeof allowed_with_more / sizeof *allowed_with_more; i++)
		ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_with_more[i], 0) == 0;
	ok = ok && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 0) == 0 &&
	     /* the C library then takes clone */
	     seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
	     rules_with_arguments(filter, guest->program) && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return ok;
}

bool sandbox_program(const struct sandbox_guest *guest)
{
	sandbox_namespaces();
	return sandbox_privileges() && close_files(guest) && limits(guest) && close_calls(guest);
}
