#include "log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"

enum { LINE_SIZE = 2048, NAME_SIZE = 256 };

static _Thread_local const char *my_plugin, *my_work;
static atomic_int most_level = CURB_INFO;
static atomic_int sink = STDERR_FILENO;
static atomic_bool plain_known, plain;

void log_thread(const char *plugin, const char *what)
{
	my_plugin = plugin;
	my_work = what;
}

void log_level(enum curb_level most)
{
	atomic_store(&most_level, (int)most);
}

void log_to(int fd)
{
	atomic_store(&sink, fd);
	atomic_store(&plain_known, false);
}

static bool is_terminal(int fd)
{
	if (!atomic_load(&plain_known)) {
		atomic_store(&plain, isatty(fd) == 1);
		atomic_store(&plain_known, true);
	}
	return atomic_load(&plain);
}

static const char *level_word(enum curb_level level)
{
	switch (level) {
	case CURB_ERROR: return "error";
	case CURB_WARN: return "warn";
	case CURB_INFO: return "info";
	case CURB_DEBUG: return "debug";
	}
	return "info";
}

/* Bytes of the character at `text` that may stand in a line as they are; 0: it must be escaped. C1 controls (U+0080 to
 * U+009F) steer terminals like the C0 ones do. */
static size_t plain_bytes(const unsigned char *text)
{
	if (text[0] < 0x80)
		return text[0] >= 0x20 && text[0] != 0x7f && text[0] != '\\';
	size_t n = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
	for (size_t i = 1; i < n; i++)
		if (!text[i])
			return 0;
	if (!curb_utf8_valid(curb_str_n((const char *)text, n)))
		return 0;
	return text[0] == 0xc2 && text[1] < 0xa0 ? 0 : n;
}

static size_t put_escape(unsigned char c, char *to, size_t size)
{
	switch (c) {
	case '\n': return (size_t)snprintf(to, size, "\\n");
	case '\r': return (size_t)snprintf(to, size, "\\r");
	case '\t': return (size_t)snprintf(to, size, "\\t");
	case '\\': return (size_t)snprintf(to, size, "\\\\");
	default: return (size_t)snprintf(to, size, "\\x%02x", c);
	}
}

size_t log_escape(const char *text, char *ret, size_t size)
{
	const unsigned char *from = (const unsigned char *)text;
	size_t len = 0;
	while (*from && len + 5 <= size) {
		if (*from >= 0x20 && *from < 0x7f && *from != '\\') { /* nearly always */
			ret[len++] = (char)*from++;
			continue;
		}
		size_t n = plain_bytes(from);
		if (n) {
			memcpy(ret + len, from, n);
			len += n;
			from += n;
			continue;
		}
		len += put_escape(*from++, ret + len, size - len);
	}
	ret[len] = '\0';
	return len;
}

/* ---- the last lines, for the page about the log ---- */

static struct ring {
	pthread_mutex_t lock;
	size_t count; /* ever written */
	struct log_kept lines[LOG_KEPT];
} rings[2] = { { .lock = PTHREAD_MUTEX_INITIALIZER }, { .lock = PTHREAD_MUTEX_INITIALIZER } };

/* Cut on a character's border; without the newline. */
static void keep(enum curb_level level, const char *line, size_t len)
{
	struct ring *ring = &rings[level <= CURB_WARN];
	if (len > LOG_KEPT_SIZE - 1)
		for (len = LOG_KEPT_SIZE - 1; len > 0 && ((unsigned char)line[len] & 0xc0) == 0x80;)
			len--;
	CURB_LOCKED(lock, &ring->lock);
	struct log_kept *kept = &ring->lines[ring->count++ % LOG_KEPT];
	kept->level = level;
	memcpy(kept->line, line, len);
	kept->line[len] = '\0';
}

size_t log_recent(bool serious, struct log_kept *ret_lines, size_t most)
{
	struct ring *ring = &rings[serious];
	CURB_LOCKED(lock, &ring->lock);
	size_t n = ring->count < LOG_KEPT ? ring->count : LOG_KEPT;
	if (n > most)
		n = most;
	for (size_t i = 0; i < n; i++)
		ret_lines[i] = ring->lines[(ring->count - 1 - i) % LOG_KEPT];
	return n;
}

/* Up to the second: made once a second and thread, for libc takes a lock of the whole process for it. */
static const char *second_of(int64_t now_ms)
{
	static _Thread_local struct {
		int64_t second;
		char text[32];
	} last;
	if (last.second != now_ms / 1000) {
		last.second = now_ms / 1000;
		curb_time_rfc3339(now_ms, last.text);
		last.text[19] = '\0'; /* the Z comes behind the milliseconds */
	}
	return last.text;
}

/* At most 2 NAME_SIZE + 128 bytes: `line` has LINE_SIZE. No format is read for what stands in every line. */
static size_t put_head(char *line, enum curb_level level, bool terminal)
{
	int64_t now = curb_wall_ms();
	int ms = (int)(now % 1000);
	const char sign[] = { '<', (char)('0' + (int)level), '>', '\0' };
	const char rest[] = { '.', (char)('0' + ms / 100), (char)('0' + ms / 10 % 10), (char)('0' + ms % 10),
		              '\0' };
	char *at = line;
	if (!terminal)
		at = stpcpy(at, sign);
	at = stpcpy(stpcpy(stpcpy(at, "time="), second_of(now)), rest);
	at = stpcpy(stpcpy(at, "Z level="), level_word(level));
	if (my_plugin) {
		at = stpcpy(at, " plugin=");
		at += log_escape(my_plugin, at, NAME_SIZE);
	}
	if (my_work) {
		at = stpcpy(at, " at=\"");
		at += log_escape(my_work, at, NAME_SIZE);
		at = stpcpy(at, "\"");
	}
	return (size_t)(stpcpy(at, " event=") - line);
}

void curb_log(enum curb_level level, const char *format, ...)
{
	if ((int)level > atomic_load(&most_level))
		return;
	char text[LINE_SIZE];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	char line[LINE_SIZE];
	int fd = atomic_load(&sink);
	bool terminal = is_terminal(fd);
	size_t len = put_head(line, level, terminal);
	len += log_escape(text, line + len, sizeof line - len - 1);
	size_t prefix = terminal ? 0 : sizeof "<6>" - 1;
	keep(level, line + prefix, len - prefix);
	line[len++] = '\n';
	/* One write a line: lines of threads do not mix. There is nobody to tell when the log itself fails. */
	ssize_t ignored = write(fd, line, len);
	(void)ignored;
}
