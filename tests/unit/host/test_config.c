#include <stdio.h>
#include <stdlib.h>

#include "cm.h"
#include "config.h"
#include "curb/err.h"
#include "temp.h"

/* Reads `text` as a file; the error's text when it is refused. */
static int read_text(const char *text, const struct config_option *options, struct config **ret_config)
{
	struct temp_folder folder = temp_folder();
	char path[512];
	temp_path(&folder, "conf", path);
	temp_write(&folder, "conf", text, strlen(text));
	int err = config_read(path, options, ret_config);
	temp_remove(&folder);
	return err;
}

static void refused(const char *text, const char *why)
{
	struct config *config = NULL;
	assert_int_equal(read_text(text, NULL, &config), CURB_EINVAL);
	if (!strstr(curb_error_text(), why))
		fail_msg("refused because %s", curb_error_text());
	assert_null(config);
}

static void config__defaults(void **state)
{
	(void)state;
	struct config *config = NULL;
	assert_int_equal(config_read(NULL, NULL, &config), 0);
	assert_string_equal(config->listen, "127.0.0.1:8080");
	assert_int_equal(config->threads, 2000);
	assert_int_equal(config->password_memory, 46);
	assert_false(config->lan_plain);
	assert_non_null(strstr(config->plugin_folder, CURB_PLUGIN_DIR));
	config_free(config);
}

static void config__file_then_options(void **state)
{
	(void)state;
	struct config *config = NULL;
	struct config_option options[] = { { "listen", "127.0.0.1:0" }, { NULL, NULL } };
	const char *text = "; a comment\n[curbcut]\nlisten = 0.0.0.0:80\nthreads = 64\nlan_plain = yes\n"
			   "plugins = one\n  two\nessential = two\n[two]\ncolour = blue\n";
	assert_int_equal(read_text(text, options, &config), 0);
	assert_string_equal(config->listen, "127.0.0.1:0");
	assert_int_equal(config->threads, 64);
	assert_true(config->lan_plain);
	assert_string_equal(config->plugin_list[0], "one");
	assert_string_equal(config->plugin_list[1], "two");
	assert_null(config->plugin_list[2]);
	assert_string_equal(config->essential_list[0], "two");
	struct plugins_setting setting;
	assert_true(config_setting(config, "two", 0, &setting));
	assert_string_equal(setting.key, "colour");
	assert_string_equal(setting.value, "blue");
	assert_int_equal(setting.line, 10);
	assert_false(config_setting(config, "two", 1, &setting));
	assert_int_equal(config_check_sections(config), 0);
	config_free(config);
}

static void config__wrong_lines_are_named(void **state)
{
	(void)state;
	refused("[curbcut]\nlisten = a:1\nlissten = a:1\n", "line 3: [curbcut] has no key lissten");
	refused("[curbcut]\nthreads = many\n", "line 2: threads is a number from 8 to 10000, not many");
	refused("[curbcut]\npassword_memory = 18\n", "password_memory is a number from 19 to 1024");
	refused("[curbcut]\nthreads = 100000\n", "threads is a number");
	refused("[curbcut]\nlan_plain = perhaps\n", "lan_plain is yes or no");
	refused("[curbcut]\ndata = /a\n\ndata = /b\n", "line 4: data is set twice");
	refused("[curbcut]\nwhat is this\n", "line 2: this is no");
	refused("[curbcut]\nplugins = a\nessential = b\n", "essential names b");
	refused("[curbcut]\npermits = 4\npermits_for_hours = 4\n", "permits_for_hours must be less");
	char text[1000] = "[curbcut]\nplugins = ";
	memset(text + strlen(text), 'a', 500);
	refused(text, "line 2: the line is longer");
}

static void config__plain_cookies_stay_on_a_local_network(void **state)
{
	(void)state;
	static const char *const good[] = { "127.0.0.1:80",     "10.1.2.3:80",   "172.31.0.1:80",
		                            "192.168.1.2:8080", "0.0.0.0:80",    "[fd00::1]:8080",
		                            "[::]:80",          "169.254.3.4:80" };
	static const char *const bad[] = { "8.8.8.8:80", "172.32.0.1:80", "192.169.1.2:80",
		                           "[2001:db8::1]:80" };
	char text[256];
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct config *config = NULL;
		(void)snprintf(text, sizeof text,
		               "[curbcut]\nlan_plain = yes\norigin = http://school.lan\nlisten = %s\n",
		               good[i]);
		if (read_text(text, NULL, &config) != 0)
			fail_msg("%s: %s", good[i], curb_error_text());
		config_free(config);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		(void)snprintf(text, sizeof text, "[curbcut]\nlan_plain = yes\nlisten = %s\n", bad[i]);
		refused(text, "lan_plain = yes is for a local network, and listen is");
	}
	refused("[curbcut]\nlan_plain = yes\norigin = https://learn.example.org\n",
	        "take lan_plain out, or give an origin that begins with http://");
}

static void config__section_of_nobody(void **state)
{
	(void)state;
	struct config *config = NULL;
	assert_int_equal(read_text("[curbcut]\nplugins = one\nessential =\n[onne]\na = b\n", NULL, &config),
	                 0);
	assert_int_equal(config_check_sections(config), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "line 5"));
	assert_non_null(strstr(curb_error_text(), "[onne]"));
	config_free(config);
}

static void config__no_such_file(void **state)
{
	(void)state;
	struct config *config = NULL;
	assert_int_equal(config_read("/nowhere/at/all", NULL, &config), CURB_ENOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(config__defaults),
		cmocka_unit_test(config__file_then_options),
		cmocka_unit_test(config__wrong_lines_are_named),
		cmocka_unit_test(config__plain_cookies_stay_on_a_local_network),
		cmocka_unit_test(config__section_of_nobody),
		cmocka_unit_test(config__no_such_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
