/* In place of the program that makes forms: its input, which looks like an AVI, says behind the mark what it does. */
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

int main(void)
{
	enum { BEHIND_MARK = 12 };
	char what[16] = "";
	if (pread(3, what, sizeof what - 1, BEHIND_MARK) < 0)
		return 2;
	(void)fputs(
		"  Duration: 00:00:10.00, start: 0\nout_time_us=N/A\nout_time_us=5000000\nout_time_us=-7\n",
		stderr);
	if (strcmp(what, "closes") == 0)
		(void)fclose(stderr);
	if (strcmp(what, "hangs") == 0 || strcmp(what, "closes") == 0)
		(void)select(0, NULL, NULL, NULL, NULL);
	if (strcmp(what, "nothing") == 0)
		return 0;
	(void)fputs("no form", stdout);
	return strcmp(what, "no media") != 0;
}
