#include <string.h>

#include "content/finding.h"

#define NOTE CONTENT_NOTE
#define DOUBT CONTENT_DOUBT
#define REFUSED CONTENT_REFUSED
#define MEANS(name, text) static const char means_##name[] = text;
#include "finding_means.h"
#undef MEANS

static const struct content_finding_code codes[] = {
#define FINDING(code, severity, what, mend, means) { code, severity, what, mend, means_##means },
#include "finding_codes.h"
#undef FINDING
};

const struct content_finding_code *content_finding_code(const char *code, size_t length)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strlen(codes[i].code) == length && memcmp(codes[i].code, code, length) == 0)
			return &codes[i];
	return NULL;
}

const struct content_finding_code *content_finding_at(size_t i)
{
	return i < sizeof codes / sizeof *codes ? &codes[i] : NULL;
}
