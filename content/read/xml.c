#include "xml.h"

#include <expat.h>

#include "captions_inside.h"
#include "curb/cleanup.h"

enum { DEEPEST = 64, ELEMENTS_MOST = 4000000 };

struct reading {
	const struct xml_walk *walk;
	XML_Parser parser;
	int depth, elements;
};

static struct curb_str local(const char *name)
{
	const char *colon = strchr(name, ':');
	return curb_str(colon ? colon + 1 : name);
}

static void note_line(const struct reading *reading)
{
	if (reading->walk->line)
		*reading->walk->line = XML_GetCurrentLineNumber(reading->parser);
}

static void begin(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *reading = arg;
	note_line(reading);
	reading->depth++;
	reading->elements++;
	if (reading->depth > DEEPEST || reading->elements > ELEMENTS_MOST ||
	    !reading->walk->begin(reading->walk->arg, local(name), attributes))
		(void)XML_StopParser(reading->parser, XML_FALSE);
}

static void end(void *arg, const XML_Char *name)
{
	struct reading *reading = arg;
	note_line(reading);
	reading->depth--;
	if (!reading->walk->end(reading->walk->arg, local(name)))
		(void)XML_StopParser(reading->parser, XML_FALSE);
}

static void text(void *arg, const XML_Char *bytes, int length)
{
	const struct reading *reading = arg;
	reading->walk->text(reading->walk->arg, curb_str_n(bytes, (size_t)length));
}

static void document_type(void *arg, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                          int has_subset)
{
	const struct reading *reading = arg;
	(void)name;
	(void)system;
	(void)public;
	(void)has_subset;
	(void)XML_StopParser(reading->parser, XML_FALSE);
}

/* Entities for the document type alone are harmless: nothing of it is read. All others can be piled up. */
static void entity(void *arg, const XML_Char *name, int of_type, const XML_Char *value, int length,
                   const XML_Char *base, const XML_Char *system, const XML_Char *public,
                   const XML_Char *notation)
{
	const struct reading *reading = arg;
	(void)name;
	(void)value;
	(void)length;
	(void)base;
	(void)system;
	(void)public;
	(void)notation;
	if (!of_type)
		(void)XML_StopParser(reading->parser, XML_FALSE);
}

/* A name that the document type, which is not read, would have declared: one of HTML's, or it is left out. */
static void skipped(void *arg, const XML_Char *name, int of_type)
{
	enum { LONGEST = 64 };
	const struct reading *reading = arg;
	CURB_AUTO(buf) struct curb_buf reference = curb_buf(LONGEST), out = curb_buf(LONGEST);
	curb_buf_printf(&reference, "%s;", name);
	if (!of_type && !reference.failed && vtt_reference(curb_buf_view(&reference), 0, &out))
		reading->walk->text(reading->walk->arg, curb_buf_view(&out));
}

static int windows_1252(void *arg, const XML_Char *name, XML_Encoding *ret_map)
{
	enum { BYTES = 256, OWN = 0x80, OWN_END = 0xA0 };
	(void)arg;
	if (!curb_str_is_nocase(curb_str(name), "windows-1252"))
		return XML_STATUS_ERROR;
	for (int i = 0; i < BYTES; i++)
		ret_map->map[i] = i >= OWN && i < OWN_END ? (int)vtt_windows_point((uint32_t)i) : i;
	return XML_STATUS_OK;
}

/* 0, or the line where it ended. Frees the parser. */
static unsigned long run(struct reading *reading, struct curb_str bytes)
{
	enum { MOST = 1 << 30 };
	XML_Parser parser = reading->parser;
	if (!parser || bytes.len > MOST) {
		XML_ParserFree(parser);
		return 1;
	}
	XML_SetUserData(parser, reading);
	XML_SetElementHandler(parser, begin, end);
	XML_SetCharacterDataHandler(parser, text);
	bool ok = XML_Parse(parser, bytes.ptr, (int)bytes.len, 1) == XML_STATUS_OK;
	unsigned long line = ok ? 0 : XML_GetCurrentLineNumber(parser);
	XML_ParserFree(parser);
	return ok ? 0 : line + !line;
}

bool xml_read(struct curb_str bytes, const struct xml_walk *walk)
{
	struct reading reading = { .walk = walk, .parser = XML_ParserCreate(NULL) };
	if (reading.parser)
		XML_SetStartDoctypeDeclHandler(reading.parser, document_type);
	return run(&reading, bytes) == 0;
}

unsigned long xml_read_page(struct curb_str bytes, const char *encoding, const struct xml_walk *walk)
{
	struct reading reading = { .walk = walk, .parser = XML_ParserCreate(encoding) };
	if (reading.parser) {
		(void)XML_UseForeignDTD(reading.parser, XML_TRUE); /* so that unknown names are no fault */
		XML_SetEntityDeclHandler(reading.parser, entity);
		XML_SetSkippedEntityHandler(reading.parser, skipped);
		XML_SetUnknownEncodingHandler(reading.parser, windows_1252, NULL);
	}
	return run(&reading, bytes);
}

void xml_no_text(void *arg, struct curb_str bytes)
{
	(void)arg;
	(void)bytes;
}

bool xml_no_end(void *arg, struct curb_str name)
{
	(void)arg;
	(void)name;
	return true;
}

struct curb_str xml_attribute(const char **attributes, const char *name)
{
	for (; attributes[0]; attributes += 2)
		if (curb_str_is(local(attributes[0]), name))
			return curb_str(attributes[1]);
	return curb_str(NULL);
}

bool xml_flag(const char **attributes, const char *name)
{
	struct curb_str said = xml_attribute(attributes, name);
	return curb_str_is(said, "1") || curb_str_is(said, "true");
}
