/* curbcut serve: the supervisor, and under it the server itself. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app.h"
#include "commands.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "http.h"
#include "log.h"
#include "supervisor.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif

enum { OPTIONS_MOST = 8 };

struct arguments {
	const char *config_file;
	struct config_option options[OPTIONS_MOST + 1];
	int option_count;
	int board_fd; /* -1: we are the supervisor */
	int clock_fd; /* of the test's clock; -1: none */
};

static bool read_fd(const char *text, int *ret_fd)
{
	int64_t number;
	if (!curb_str_int(curb_str(text), &number) || number < 0 || number > 1 << 20)
		return false;
	*ret_fd = (int)number;
	return true;
}

static int read_arguments(int argc, char **argv, struct arguments *ret_arguments)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "data", required_argument, NULL, 'd' },
		{ "listen", required_argument, NULL, 'l' },
		{ "content-listen", required_argument, NULL, 'L' },
		{ "second-factor", required_argument, NULL, 'f' },
		{ "origin", required_argument, NULL, 'o' },
		{ "supervised", required_argument, NULL, 's' }, /* by the supervisor only */
#ifdef CURB_TEST_CLOCK
		{ "clock-fd", required_argument, NULL, 't' },
#endif
		{ NULL, 0, NULL, 0 },
	};
	struct arguments *a = ret_arguments;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		static const char *const keys[] = {
			['d'] = "data",          ['l'] = "listen", ['L'] = "content_listen",
			['f'] = "second_factor", ['o'] = "origin",
		};
		bool ok = true;
		if (option == 'c')
			a->config_file = optarg;
		else if (option == 's')
			ok = read_fd(optarg, &a->board_fd);
		else if (option == 't')
			ok = read_fd(optarg, &a->clock_fd);
		else if (option == '?' || a->option_count == OPTIONS_MOST)
			ok = false;
		else
			a->options[a->option_count++] = (struct config_option){ keys[option], optarg };
		if (!ok)
			return CURB_EINVAL;
	}
	return optind == argc ? 0 : CURB_EINVAL;
}

/* ---- the server ---- */

static void set_log_level(const char *word)
{
	static const struct {
		const char *word;
		enum curb_level level;
	} levels[] = {
		{ "error", CURB_ERROR }, { "warn", CURB_WARN }, { "info", CURB_INFO }, { "debug", CURB_DEBUG }
	};
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (strcmp(levels[i].word, word) == 0)
			log_level(levels[i].level);
}

static void tell_essential(const struct app *app)
{
	unsigned n = 0;
	for (; n < BOARD_NAMES && app->config->essential_list[n]; n++)
		(void)snprintf(app->board->essential[n], BOARD_NAME, "%s", app->config->essential_list[n]);
	app->board->essential_count = n;
}

/* The address that is served, as somebody would type it. */
static void print_address(const struct app *app)
{
	const char *colon = strrchr(app->config->listen, ':');
	int len = colon ? (int)(colon - app->config->listen) : 0;
	(void)printf("listening on http://%.*s:%d\n", len, app->config->listen, http_port(app->http));
	(void)fflush(stdout);
}

/* Until we are told to stop, or the database takes no more writes: then the supervisor starts a server that reopens and
 * checks it. The exit code. */
static int wait_for_the_end(const struct app *app, const sigset_t *waited)
{
	for (;;) {
		struct timespec second = { .tv_sec = 1 };
		int signal_number = sigtimedwait(waited, NULL, &second);
		if (signal_number == SIGTERM || signal_number == SIGINT)
			return 0;
		if (!store_writable(app->store))
			return 1;
	}
}

static int run_server(struct app *app, const sigset_t *waited)
{
	int64_t from_us = curb_tick_us();
	int err = app_open(app);
	if (!err)
		err = app_serve(app);
	if (err) {
		curb_log(CURB_ERROR, "start_refused reason=\"%s\"", curb_error_text());
		return EXIT_REFUSED;
	}
	if (app->board)
		atomic_store(&app->board->served, true);
	curb_log(CURB_INFO, "serving port=%d ms=%lld", http_port(app->http),
	         (long long)((curb_tick_us() - from_us) / 1000));
	print_address(app);
	int code = wait_for_the_end(app, waited);
	curb_log(code ? CURB_ERROR : CURB_INFO, "stopping reason=\"%s\"",
	         code ? "the database takes no more writes" : "asked to");
	return code;
}

/* What is in our memory goes to no file when we crash: keys, tokens, what people typed. A leak checker looks into its own
 * process and must be let; so must a test that reads which libraries its server has mapped. */
static void leave_no_core(void)
{
	const struct rlimit none = { 0, 0 };
	(void)setrlimit(RLIMIT_CORE, &none);
#if !defined(SANITIZED) && !defined(CURB_TEST_CLOCK)
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

static int be_server(const struct arguments *a)
{
	struct app app = { .lock_fd = -1 };
	leave_no_core();
	sigset_t waited;
	(void)sigemptyset(&waited);
	(void)sigaddset(&waited, SIGTERM);
	(void)sigaddset(&waited, SIGINT);
	(void)sigaddset(&waited, SIGHUP);
	(void)pthread_sigmask(SIG_BLOCK, &waited,
	                      NULL); /* before there are threads, so that none takes them */
	(void)signal(SIGPIPE, SIG_IGN);
	app.board = supervisor_join(a->board_fd);
	int err = config_read(a->config_file, a->options, &app.config);
	if (err) {
		curb_log(CURB_ERROR, "start_refused reason=\"%s\"", curb_error_text());
		return EXIT_REFUSED;
	}
	set_log_level(app.config->log);
	if (app.board)
		tell_essential(&app);
	int code = run_server(&app, &waited);
	app_close(&app);
	config_free(app.config);
	return code;
}

int serve_main(int argc, char **argv)
{
	struct arguments arguments = { .board_fd = -1, .clock_fd = -1 };
	if (read_arguments(argc, argv, &arguments)) {
		(void)fprintf(stderr, "curbcut serve takes --config, --data, --listen, --content-listen, "
		                      "--second-factor and --origin\n");
		return 2;
	}
#ifdef CURB_TEST_CLOCK
	if (arguments.clock_fd >= 0 && curb_clock_map(arguments.clock_fd))
		return command_failed("serve");
#endif
	if (arguments.board_fd >= 0)
		return be_server(&arguments);
	char *args[2 * OPTIONS_MOST + 8] = { (char[]){ "curbcut" } };
	for (int i = 0; i < argc && i < 2 * OPTIONS_MOST + 6; i++)
		args[i + 1] = argv[i];
	return supervisor_run(args);
}
