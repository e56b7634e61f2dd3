/* Whether a piece of code aborts, as an assertion of ours does: it runs in a child. */
#ifndef CURB_TESTS_DIED_H
#define CURB_TESTS_DIED_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of the library that counts branches, when it is linked: what ran before the end is counted. */
extern void __gcov_dump(void) __attribute__((weak));

static inline void count_and_die(int number)
{
	(void)number;
	if (__gcov_dump)
		__gcov_dump();
}

static inline bool died(void (*run)(void))
{
	(void)fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		struct rlimit none = { 0, 0 };
		(void)setrlimit(RLIMIT_CORE, &none);
		(void)signal(SIGABRT, count_and_die); /* cmocka has its own */
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		run();
		_exit(0);
	}
	int status = 0;
	return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
	       WTERMSIG(status) == SIGABRT;
}

#endif
