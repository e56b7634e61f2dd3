/* Findings in the author's words. */
#include "content/finding.h"
#include "curb/err.h"
#include "curb/request.h"
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
	curb_json_kstr(j, "a", finding->a);
	curb_json_kstr(j, "b", finding->b);
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

struct said {
	struct curb_str code, where, what, means, mend;
};

static struct curb_value *item(struct curb_req *req, const struct said *said)
{
	struct curb_value *item = curb_object(curb_req_arena(req));
	curb_put_str(item, "where", said->where);
	curb_put_str(item, "what", said->what);
	curb_put_str(item, "means", said->means);
	curb_put_str(item, "mend", said->mend);
	curb_put_str(item, "code", said->code);
	curb_put_text(item, "href", codes_address(curb_req_arena(req), said->code));
	return item;
}

struct curb_value *findings_item(struct curb_req *req, const struct intake_finding *finding)
{
	struct curb_value *facts = curb_object(curb_req_arena(req));
	curb_put_str(facts, "a", finding->a);
	curb_put_str(facts, "b", finding->b);
	return item(req, &(const struct said){
				 .code = curb_str(finding->row->code),
				 .where = finding->where,
				 .what = curb_tr(req, finding->row->what, facts),
				 .means = curb_tr(req, finding->row->means, NULL),
				 .mend = curb_tr(req, finding->row->mend, facts),
			 });
}

struct curb_value *findings_kept_item(struct curb_req *req, const struct curb_value *kept)
{
	struct curb_str code = curb_get_str(kept, "code"), where = curb_get_str(kept, "where");
	const struct intake_finding finding = {
		.row = code.len ? content_finding_code(code.ptr, code.len) : NULL,
		.where = where,
		.a = curb_get_str(kept, "a"),
		.b = curb_get_str(kept, "b"),
	};
	if (finding.row && curb_value_get(kept, "a"))
		return findings_item(req, &finding);
	return item(req, &(const struct said){
				 .code = code,
				 .where = where,
				 .what = curb_get_str(kept, "what"),
				 .means = curb_get_str(kept, "means"),
				 .mend = curb_get_str(kept, "mend"),
			 });
}
