#include "a11y/a11y_api.h"

#include <string.h>

#include "a11y_embedded.h"
#include "curb/err.h"

static const struct a11y_feature features[] = {
	{ "captions", CURB_TEXT("Captions") },
	{ "signLanguage", CURB_TEXT("Sign language") },
	{ "audioDescription", CURB_TEXT("Spoken description of the picture") },
	{ "transcript", CURB_TEXT("Transcript") },
	{ "braille", CURB_TEXT("Braille file") },
	{ "synchronizedAudioText", CURB_TEXT("Text shown in time with the sound") },
	{ "structuralNavigation", CURB_TEXT("Chapters") },
	{ "alternativeText", CURB_TEXT("Pictures described in words") },
	{ "displayTransformability", CURB_TEXT("Text that can be made larger") },
};

static const struct a11y_feature *feature(size_t i)
{
	return i < sizeof features / sizeof *features ? &features[i] : NULL;
}

static const char *feature_text(const char *name, size_t len)
{
	for (size_t i = 0; feature(i); i++)
		if (strlen(features[i].name) == len && memcmp(features[i].name, name, len) == 0)
			return features[i].text;
	return NULL;
}

const struct a11y_api *a11y_service(void)
{
	static const struct a11y_api api = {
		.size = sizeof api,
		.templates = a11y_templates,
		.messages = a11y_messages,
		.assets = a11y_assets,
		.feature = feature,
		.feature_text = feature_text,
	};
	return &api;
}
