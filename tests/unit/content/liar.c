/* A worker that breaks the contract of the wire, each name in its own way. */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void frame_of(char type, unsigned char slot, const void *bytes, uint32_t length, uint32_t claimed)
{
	const unsigned char head[8] = { (unsigned char)type,
		                        slot,
		                        0,
		                        0,
		                        (unsigned char)claimed,
		                        (unsigned char)(claimed >> 8),
		                        (unsigned char)(claimed >> 16),
		                        (unsigned char)(claimed >> 24) };
	if (write(4, head, sizeof head) != sizeof head || write(4, bytes, length) != (ssize_t)length)
		_exit(7);
}

static void frame(char type, unsigned char slot, const char *text)
{
	frame_of(type, slot, text, (uint32_t)strlen(text), (uint32_t)strlen(text));
}

static void open_file(const char *path, const char *type)
{
	char json[2000];
	(void)snprintf(json, sizeof json, "{\"path\":\"%s\",\"type\":\"%s\"}", path, type);
	frame('O', 0, json);
}

static void honest_file(const char *type)
{
	open_file("u1.mp3", type);
	frame('D', 0, "some bytes");
	frame_of('P', 0, "\5\0\0\0\0\0\0\0BYTES", 13, 13);
	frame('C', 0, "");
}

#define PACKAGE(lang, key, hours, file, more)                                                            \
	"{\"reader\":\"media\",\"name\":\"n\",\"lang\":" lang ",\"secret\":1,\"units\":[{\"key\":\"" key \
	"\",\"name\":\"u\",\"kind\":\"audiobook\",\"hours\":" hours                                      \
	",\"tracks\":[{\"kind\":\"audio\",\"file\":" file ",\"evil\":\"x\"}]}" more "]}"
#define DOCUMENT(kind, track, start, length, whole)                                                      \
	"{\"reader\":\"epub\",\"name\":\"n\",\"units\":[{\"key\":\"u1\",\"name\":\"u\",\"kind\":\"" kind \
	"\",\"hours\":1,\"duration_ms\":" whole ",\"tracks\":[{\"kind\":\"" track                        \
	"\",\"file\":0,\"start_ms\":" start ",\"duration_ms\":" length "}]}]}"
#define GOOD PACKAGE("\"en\"", "u1", "1", "0", "")

static void result(const char *json)
{
	honest_file("audio/mpeg");
	frame('R', 0, json);
	frame('E', 0, "");
}

static void flood(void)
{
	static char bytes[1 << 20];
	open_file("a", "audio/mpeg");
	for (;;)
		frame_of('D', 0, bytes, sizeof bytes, sizeof bytes);
}

/* More than any arena holds, each of them well-formed. */
static void findings(void)
{
	char json[400];
	(void)snprintf(json, sizeof json, "{\"code\":\"zip.end\",\"a\":\"%0300d\"}", 0);
	for (int i = 0; i < 200000; i++)
		frame('F', 0, json);
	result(GOOD);
}

static void lie_in_package(const char *how)
{
	static const struct {
		const char *how, *json;
	} packages[] = {
		{ "no-such-file", PACKAGE("\"en\"", "u1", "1", "1", "") },
		{ "negative-file", PACKAGE("\"en\"", "u1", "1", "-1", "") },
		{ "hours-negative", PACKAGE("\"en\"", "u1", "-1", "0", "") },
		{ "hours-text", PACKAGE("\"en\"", "u1", "\"1\"", "0", "") },
		{ "lang-number", PACKAGE("7", "u1", "1", "0", "") },
		{ "same-key", PACKAGE("\"en\"", "u1", "1", "0",
		                      ",{\"key\":\"u1\",\"name\":\"u\",\"kind\":\"video\",\"hours\":1}") },
		{ "kind", PACKAGE("\"en\"", "u1", "1", "0",
		                  ",{\"key\":\"u2\",\"name\":\"u\",\"kind\":\"script\",\"hours\":1}") },
		{ "no-units", "{\"reader\":\"media\",\"name\":\"n\",\"units\":[]}" },
		{ "list", "[]" },
	};
	for (size_t i = 0; i < sizeof packages / sizeof *packages; i++)
		if (strcmp(how, packages[i].how) == 0)
			result(packages[i].json);
}

static void lie_in_document(const char *how)
{
	static const struct {
		const char *how, *type, *json;
	} documents[] = {
		{ "document-honest", "application/json", DOCUMENT("document", "part", "0", "2000", "2000") },
		{ "parts-gap", "application/json", DOCUMENT("document", "part", "1000", "2000", "3000") },
		{ "parts-half", "application/json", DOCUMENT("document", "part", "0", "2500", "2500") },
		{ "parts-longer", "application/json", DOCUMENT("document", "part", "0", "2000", "4000") },
		{ "parts-none", "image/png", DOCUMENT("document", "cover", "0", "2000", "2000") },
		{ "parts-type", "text/vtt", DOCUMENT("document", "part", "0", "2000", "2000") },
		{ "parts-of-film", "application/json", DOCUMENT("video", "part", "0", "2000", "2000") },
		{ "picture-type", "text/vtt", DOCUMENT("document", "picture", "0", "2000", "2000") },
	};
	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
		if (strcmp(how, documents[i].how) != 0)
			continue;
		honest_file(documents[i].type);
		frame('R', 0, documents[i].json);
		frame('E', 0, "");
	}
}

static void lie_in_frames(const char *how)
{
	if (strcmp(how, "path-up") == 0)
		open_file("../etc/passwd", "audio/mpeg");
	else if (strcmp(how, "path-root") == 0)
		open_file("/etc/passwd", "audio/mpeg");
	else if (strcmp(how, "type") == 0)
		open_file("a.html", "text/html");
	else if (strcmp(how, "slot-twice") == 0)
		open_file("a", "audio/mpeg"), open_file("b", "audio/mpeg");
	else if (strcmp(how, "no-slot") == 0)
		frame('D', 9, "x");
	else if (strcmp(how, "patch-far") == 0)
		open_file("a", "audio/mpeg"), frame_of('P', 0, "\1\0\0\0\0\0\0\0x", 9, 9);
	else if (strcmp(how, "long-frame") == 0)
		frame_of('D', 0, "x", 1, 0x7FFFFFFF);
	else if (strcmp(how, "kind-of-frame") == 0)
		frame('Z', 0, "x");
	else if (strcmp(how, "finding") == 0)
		frame('F', 0, "{\"code\":\"made.up\"}");
	else if (strcmp(how, "json") == 0)
		frame('R', 0, "{");
	else if (strcmp(how, "progress") == 0)
		frame_of('G', 0, "\377\377\0\0", 4, 4);
	else if (strcmp(how, "after-end") == 0)
		result(GOOD), frame('D', 0, "x");
	else if (strcmp(how, "flood") == 0)
		flood();
}

static void lie_in_form(const char *how)
{
#define WISH(fd, size, want, texts, to)                                                          \
	"{\"fd\":" fd ",\"offset\":0,\"size\":" size ",\"want\":\"" want "\",\"texts\":\"" texts \
	"\",\"from\":0,\"to\":" to "}"
	static const struct {
		const char *how, *json;
	} wishes[] = {
		{ "form-good", WISH("3", "1", "all", "", "1") },
		{ "form-fd", WISH("4", "1", "all", "", "1") },
		{ "form-far", WISH("3", "2", "all", "", "1") },
		{ "form-want", WISH("3", "1", "-y", "", "1") },
		{ "form-texts", WISH("3", "1", "all", "1c -y", "1") },
		{ "form-part", WISH("3", "1", "all", "", "1001") },
	};
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
		if (strcmp(how, wishes[i].how) == 0)
			frame('T', 0, wishes[i].json), result(GOOD);
}

#define ROWS(rows) "{\"sheet\":\"s\",\"others\":0,\"hidden\":0,\"rows\":[" rows "]}"

static void lie_in_table(const char *how)
{
	static const struct {
		const char *how, *json;
	} tables[] = {
		{ "table-honest", ROWS("[1,\"\",\"a\"],[3,\"b\"]") },
		{ "table-none", "{\"sheet\":\"s\",\"others\":0,\"hidden\":0}" },
		{ "table-list", "[]" },
		{ "table-number", ROWS("[1,2]") },
		{ "table-order", ROWS("[2,\"a\"],[2,\"b\"]") },
		{ "table-empty", ROWS("[1,\"a\",\"\"]") },
		{ "table-columns",
		  ROWS("[1,\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\","
		       "\"13\",\"14\",\"15\",\"16\",\"17\"]") },
		{ "table-sheet", "{\"others\":0,\"hidden\":0,\"rows\":[]}" },
		{ "table-hidden", "{\"sheet\":\"s\",\"others\":0,\"hidden\":1,\"rows\":[]}" },
	};
	char json[60000], *at = json;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (strcmp(how, tables[i].how) == 0)
			frame('R', 0, tables[i].json), frame('E', 0, "");
	if (strcmp(how, "table-long") == 0) {
		(void)snprintf(json, sizeof json, ROWS("[1,\"%0301d\"]"), 0);
		frame('R', 0, json), frame('E', 0, "");
	}
	if (strcmp(how, "table-many") != 0)
		return;
	at += snprintf(at, 100, "{\"sheet\":\"s\",\"others\":0,\"hidden\":0,\"rows\":[");
	for (int i = 1; i <= 2001; i++)
		at += snprintf(at, 20, "%s[%d,\"x\"]", i > 1 ? "," : "", i);
	(void)snprintf(at, 10, "]}");
	frame('R', 0, json), frame('E', 0, "");
}

/* Anything but 0 to 5, or an upload that can be written to. */
static int more_is_open(void)
{
	for (int fd = 6; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return 1;
	return write(3, "x", 1) == 1;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	lie_in_frames(how);
	lie_in_package(how);
	lie_in_document(how);
	lie_in_table(how);
	lie_in_form(how);
	if (strcmp(how, "honest") == 0)
		result(GOOD);
	else if (strcmp(how, "crash") == 0)
		honest_file("audio/mpeg"), (void)raise(SIGSEGV);
	else if (strcmp(how, "crash-at-the-end") == 0)
		result(GOOD), (void)raise(SIGSEGV);
	else if (strcmp(how, "exit") == 0)
		result(GOOD), exit(3);
	else if (strcmp(how, "half-frame") == 0)
		frame_of('D', 0, "x", 1, 100);
	else if (strcmp(how, "never-ends") == 0)
		honest_file("audio/mpeg"), (void)pause();
	else if (strcmp(how, "open-file") == 0)
		honest_file("audio/mpeg"), open_file("b", "audio/mpeg"), frame('R', 0, GOOD),
			frame('E', 0, "");
	else if (strcmp(how, "refused") == 0)
		frame('F', 0, "{\"code\":\"zip.end\",\"a\":\"x\"}"), result(GOOD);
	else if (strcmp(how, "findings") == 0)
		findings();
	else if (strcmp(how, "environment") == 0)
		return getenv("PATH") || getenv("HOME") ? 0 : 42;
	else if (strcmp(how, "descriptors") == 0)
		return more_is_open() ? 0 : 42;
	return 0;
}
