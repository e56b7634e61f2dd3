#include "cm.h"
#include "inside.h"

/* RFC 9110, 12.5.3, and what browsers send. */
static const struct {
	const char *first, *second; /* values of two headers; NULL: not sent */
	bool gzip;
} cases[] = {
	{ NULL, NULL, false },
	{ "", NULL, false },
	{ " ", NULL, false },
	{ "gzip", NULL, true },
	{ "GZip", NULL, true },
	{ "x-gzip", NULL, true },
	{ "gzip, deflate", NULL, true },
	{ "gzip, deflate, br, zstd", NULL, true },
	{ "compress, gzip", NULL, true },
	{ "br;q=1.0, gzip;q=0.8, *;q=0.1", NULL, true },
	{ "br", NULL, false },
	{ "deflate, br", NULL, false },
	{ "identity", NULL, false },
	{ "*", NULL, true },
	{ "*;q=0", NULL, false },
	{ "*;q=0.5", NULL, true },
	{ "gzip;q=0", NULL, false },
	{ "gzip;q=0.000", NULL, false },
	{ "gzip;q=0.001", NULL, true },
	{ "gzip;Q=0", NULL, false },
	{ "gzip ; q=0", NULL, false },
	{ "gzip;\tq=0", NULL, false },
	{ "gzip;q=0, *", NULL, false },
	{ "*, gzip;q=0", NULL, false },
	{ "gzip, *;q=0", NULL, true },
	{ "gzip, identity;q=0", NULL, true },
	{ "*, identity;q=0", NULL, true },
	{ "identity;q=0", NULL, false },
	{ "identity;q=0, br", NULL, false },
	{ "gzip;q=1.0, identity; q=0.5, *;q=0", NULL, true },
	{ "gzip;q=0.5, identity", NULL, false },
	{ "gzip;q=0.5, identity;q=0.5", NULL, true },
	{ "gzip;q=0.2, *;q=0.5", NULL, false },
	{ "identity;q=1, *;q=0", NULL, false }, /* Chromium, for media */
	{ "gzip;q=abc", NULL, false },
	{ "gzip;q=", NULL, false },
	{ "gzip;q=2", NULL, false },
	{ "gzip;q=-1", NULL, false },
	{ "gzip, gzip;q=0", NULL, false },
	{ "gzip;q=0, gzip", NULL, false },
	{ ",, gzip ,", NULL, true },
	{ ",;,", NULL, false },
	{ "gzippy, gzi, notgzip", NULL, false },
	{ "br", "gzip", true },
	{ "gzip", "deflate", true },
	{ "gzip", "gzip;q=0", false },
	{ "*", "gzip;q=0", false },
	{ "", "gzip", true },
};

static void coding__gzip_is_what_the_client_says(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct http_head head = { .headers = { { curb_str("Accept"), curb_str("gzip") } },
			                  .count = 1 };
		if (cases[i].first)
			head.headers[head.count++] = (struct http_header){ curb_str("Accept-Encoding"),
				                                           curb_str(cases[i].first) };
		if (cases[i].second)
			head.headers[head.count++] = (struct http_header){ curb_str("accept-encoding"),
				                                           curb_str(cases[i].second) };
		if (coding_takes_gzip(&head) != cases[i].gzip)
			fail_msg("\"%s\" and \"%s\"", cases[i].first ? cases[i].first : "-",
			         cases[i].second ? cases[i].second : "-");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(coding__gzip_is_what_the_client_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
