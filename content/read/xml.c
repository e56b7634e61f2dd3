#include "xml.h"

#include <expat.h>

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

static void begin(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *reading = arg;
	reading->depth++;
	reading->elements++;
	if (reading->depth > DEEPEST || reading->elements > ELEMENTS_MOST ||
	    !reading->walk->begin(reading->walk->arg, local(name), attributes))
		(void)XML_StopParser(reading->parser, XML_FALSE);
}

static void end(void *arg, const XML_Char *name)
{
	struct reading *reading = arg;
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

bool xml_read(struct curb_str bytes, const struct xml_walk *walk)
{
	enum { MOST = 1 << 30 };
	struct reading reading = { .walk = walk, .parser = XML_ParserCreate(NULL) };
	if (!reading.parser || bytes.len > MOST) {
		XML_ParserFree(reading.parser);
		return false;
	}
	XML_SetUserData(reading.parser, &reading);
	XML_SetElementHandler(reading.parser, begin, end);
	XML_SetCharacterDataHandler(reading.parser, text);
	XML_SetStartDoctypeDeclHandler(reading.parser, document_type);
	enum XML_Status status = XML_Parse(reading.parser, bytes.ptr, (int)bytes.len, 1);
	XML_ParserFree(reading.parser);
	return status == XML_STATUS_OK;
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
