/* Findings in the author's words. */
#include "curb/err.h"
#include "inside.h"

static const char *severity_word(enum content_severity severity)
{
	switch (severity) {
	case CONTENT_NOTE: return "note";
	case CONTENT_DOUBT: return "doubt";
	case CONTENT_REFUSED: return "refused";
	}
	return "note";
}

static void put_one(struct ingest *ingest, struct curb_arena *arena, const struct intake_finding *finding,
                    struct curb_str lang, struct curb_json *j)
{
	const char *what = pages_tr(ingest->o.pages, lang, finding->row->what);
	const char *mend = pages_tr(ingest->o.pages, lang, finding->row->mend);
	curb_json_begin(j, '{');
	curb_json_ktext(j, "severity", severity_word(finding->row->severity));
	curb_json_ktext(j, "code", finding->row->code);
	curb_json_kstr(j, "where", finding->where);
	curb_json_kstr(j, "what", intake_text(arena, what, finding));
	curb_json_ktext(j, "means", pages_tr(ingest->o.pages, lang, finding->row->means));
	curb_json_kstr(j, "mend", intake_text(arena, mend, finding));
	curb_json_end(j, '}');
}

void findings_put(struct ingest *ingest, struct curb_arena *arena, const struct intake_package *package,
                  struct curb_str lang, struct curb_json *j)
{
	curb_json_key(j, "findings");
	curb_json_begin(j, '[');
	for (size_t i = 0; i < package->count; i++)
		put_one(ingest, arena, &package->findings[i], lang, j);
	curb_json_end(j, ']');
}
