#include <string.h>

#include "content/finding.h"

#define NOTE CONTENT_NOTE
#define DOUBT CONTENT_DOUBT
#define REFUSED CONTENT_REFUSED
static const struct content_finding_code codes[] = {
#define FINDING(code, severity, what, mend) { code, severity, what, mend },
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
