/* bench_usage PID[,PID…] COMMAND…: runs COMMAND, whose standard output goes to ours, and writes to descriptor 3
 * {"server_s","client_s","wall_s","peak_kb"}: processor time of the PIDs meanwhile, of COMMAND and all that it waited for, wall time,
 * and the most memory that one of these processes had at once. Ends as COMMAND does.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tally.h"

/* utime and stime of /proc/PID/stat, the 14th and 15th field. */
static double seconds_of(long pid)
{
	char path[64], text[1024] = "";
	unsigned long user = 0, sys = 0;
	(void)snprintf(path, sizeof path, "/proc/%ld/stat", pid);
	FILE *file = fopen(path, "re");
	if (!file || !fgets(text, sizeof text, file)) {
		(void)fprintf(stderr, "no process %ld\n", pid);
		exit(1);
	}
	(void)fclose(file);
	const char *at = strrchr(text, ')');
	if (!at || sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys) != 2) {
		(void)fprintf(stderr, "%s cannot be read\n", path);
		exit(1);
	}
	return (double)(user + sys) / (double)sysconf(_SC_CLK_TCK);
}

static double sum_of(const char *pids)
{
	double sum = 0;
	while (*pids) {
		char *end = NULL;
		sum += seconds_of(strtol(pids, &end, 10));
		pids = *end == ',' ? end + 1 : end;
	}
	return sum;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	double before = sum_of(argv[1]);
	double began = (double)tick_us() / 1e6;
	pid_t child = fork();
	if (child == 0) {
		(void)close(3);
		(void)execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	int status = 1;
	struct rusage usage = { 0 };
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return 1;
	double ended = (double)tick_us() / 1e6;
	(void)dprintf(3, "{\"server_s\":%.3f,\"client_s\":%.3f,\"wall_s\":%.3f,\"peak_kb\":%ld}\n",
	              sum_of(argv[1]) - before, seconds(usage.ru_utime) + seconds(usage.ru_stime),
	              ended - began, usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
