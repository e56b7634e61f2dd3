#include "board.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "curb/err.h"
#include "log.h"

enum { SIGNAL_STACK = 64 * 1024 };

static struct board *used;
static _Thread_local struct {
	unsigned line; /* 1 + index; 0: none yet */
	void *stack;   /* for signals; NULL: another one is in place */
	char context[320];
} mine;

/* Lines of ended threads, to be used again. */
static struct {
	pthread_mutex_t lock;
	pthread_key_t key;
	unsigned free_lines[BOARD_LINES];
	unsigned count;
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct board *board_map(int fd)
{
	void *page = mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return page == MAP_FAILED ? NULL : page;
}

struct board *board_new(int *ret_fd)
{
	int fd = memfd_create("curbcut-board", 0);
	if (fd < 0)
		return NULL;
	struct board *board = ftruncate(fd, sizeof(struct board)) == 0 ? board_map(fd) : NULL;
	if (board)
		*ret_fd = fd;
	else
		(void)close(fd);
	return board;
}

/* ---- deadly signals ---- */

static const int deadly[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };
static struct sigaction before[sizeof deadly / sizeof *deadly];

/* Marks whose thread it was, puts back what was there before (a sanitizer's handler, or the system's), and returns: the
 * fault happens again and takes the process with it. What was sent rather than met does not happen again by itself. */
static void on_deadly(int signal_number, siginfo_t *info, void *context)
{
	(void)context;
	if (mine.line)
		atomic_store(&used->crashed, mine.line);
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		if (deadly[i] == signal_number)
			(void)sigaction(signal_number, &before[i], NULL);
	if (info->si_code <= 0)
		(void)raise(signal_number);
}

/* An overflow of the stack leaves no room for a handler, so each thread has a stack for it. */
static void give_signal_stack(void)
{
	stack_t there;
	if (sigaltstack(NULL, &there) == 0 && !(there.ss_flags & SS_DISABLE))
		return; /* a sanitizer's */
	void *memory = mmap(NULL, SIGNAL_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return;
	stack_t stack = { .ss_sp = memory, .ss_size = SIGNAL_STACK };
	(void)sigaltstack(&stack, NULL);
	mine.stack = memory;
}

static void end_thread(void *unused)
{
	(void)unused;
	stack_t none = { .ss_flags = SS_DISABLE };
	if (mine.stack) {
		(void)sigaltstack(&none, NULL);
		(void)munmap(mine.stack, SIGNAL_STACK);
	}
	(void)pthread_mutex_lock(&pool.lock);
	if (mine.line)
		pool.free_lines[pool.count++] = mine.line;
	(void)pthread_mutex_unlock(&pool.lock);
}

void board_use(struct board *board)
{
	CURB_ASSERT(!used && pthread_key_create(&pool.key, end_thread) == 0);
	used = board;
	atomic_store(&board->crashed, 0);
	atomic_store(&board->lines, 0);
	struct sigaction action = { .sa_sigaction = on_deadly,
		                    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		(void)sigaction(deadly[i], &action, &before[i]);
}

static void take_line(void)
{
	give_signal_stack();
	(void)pthread_setspecific(pool.key, &mine);
	(void)pthread_mutex_lock(&pool.lock);
	if (pool.count)
		mine.line = pool.free_lines[--pool.count];
	else if (atomic_load(&used->lines) < BOARD_LINES)
		mine.line = 1 + atomic_fetch_add(&used->lines, 1);
	(void)pthread_mutex_unlock(&pool.lock);
}

static void put(char *to, size_t size, const char *text)
{
	size_t len = strnlen(text, size - 1);
	memcpy(to, text, len);
	to[len] = '\0';
}

void board_at_work(void *arg, const char *plugin, const char *what)
{
	(void)arg;
	log_thread(plugin, what);
	if (!plugin || !what) {
		curb_assert_context(NULL);
		if (mine.line)
			used->line[mine.line - 1].plugin[0] = '\0';
		return;
	}
	(void)snprintf(mine.context, sizeof mine.context, "%s: %s", plugin, what);
	curb_assert_context(mine.context);
	if (used && !mine.line)
		take_line();
	if (!mine.line)
		return;
	struct board_line *line = &used->line[mine.line - 1];
	put(line->what, sizeof line->what, what);
	put(line->plugin, sizeof line->plugin, plugin);
}
