/* The shipped executable as a process of its own, serving on a free port from a temporary folder.
 * The rule: whatever a test does to it, process_end leaves no process and no folder behind.
 */
#ifndef CURB_TESTS_PROCESS_H
#define CURB_TESTS_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "temp.h"

struct process {
	struct temp_folder folder; /* holds config, log and data */
	char config[512], log[512], data[512];
	pid_t supervisor; /* 0: not running */
	int out;          /* its standard output */
	int port;
	int clock_fd; /* 0: the clock is the machine's; else process_clock's */
};

/* A folder with a configuration of this text ([curbcut] and so on); nothing runs yet. */
void process_make(struct process *process, const char *config);
/* The test's own executable will be started, with this clock; the test moves it. All three start at the machine's time and
 * boot 1. Call it between make and start. */
struct process_clock {
	volatile int64_t wall_ms, boot_ms, boot;
};
struct process_clock *process_clock(struct process *process);
/* Starts it and waits until it says where it listens. */
void process_start(struct process *process);
/* Starts it when it must not come up: its exit code. */
int process_refused(struct process *process);
/* SIGTERM, and its exit code. */
int process_stop(struct process *process);
/* Kills what still runs, all children of the test with it, and removes the folder. */
void process_end(struct process *process);

/* The server under the supervisor; 0 while there is none. */
pid_t process_server(const struct process *process);
/* Waits until /healthz answers 200; the milliseconds that took. Fails the test after 20 s. */
int process_wait_up(const struct process *process);
/* The body of GET `path`, which must answer `status`. Yours: free(). */
char *process_get(const struct process *process, const char *path, int status);
/* What it has logged. Yours: free(). */
char *process_log(const struct process *process);

/* Runs the executable with these arguments (NULL-ended, without its name) and `input` (may be NULL) on standard input.
 * Its exit code; *ret_out is what it printed. Yours: free(). */
int process_command(const char *const *args, const char *input, char **ret_out);

#endif
