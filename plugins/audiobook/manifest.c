/* The book as other players read it: W3C Audiobooks, a profile of the Publication Manifest. Addresses are relative to
 * the manifest's own, so they stay true behind any front. */
#include "audiobook.h"
#include "curb/err.h"

enum { MANIFEST_MOST = 1 << 20 };

/* ISO 8601, exact to the millisecond: players add these up. */
static void put_duration(struct curb_req *req, struct curb_json *j, int64_t ms)
{
	curb_json_ktext(j, "duration",
	                curb_printf(curb_req_arena(req), "PT%lld.%03lldS", (long long)(ms / 1000),
	                            (long long)(ms % 1000)));
}

static void put_resource(struct curb_req *req, struct curb_json *j, const struct content_track *track)
{
	curb_json_ktext(j, "type", "LinkedResource");
	curb_json_ktext(j, "url", book_address(req, track));
	curb_json_kstr(j, "encodingFormat", track->type);
}

static void put_order(struct curb_req *req, struct curb_json *j, const struct book *book)
{
	curb_json_key(j, "readingOrder");
	curb_json_begin(j, '[');
	for (size_t i = 0; i < book->sound_count; i++) {
		const struct book_sound *sound = &book->sounds[i];
		curb_json_begin(j, '{');
		put_resource(req, j, sound->track);
		put_duration(req, j, sound->duration_ms);
		curb_json_kstr(j, "name", sound->name.len ? sound->name : book->unit.name);
		curb_json_end(j, '}');
	}
	curb_json_end(j, ']');
}

static void put_resources(struct curb_req *req, struct curb_json *j, const struct book *book)
{
	curb_json_key(j, "resources");
	curb_json_begin(j, '[');
	curb_json_begin(j, '{');
	curb_json_ktext(j, "type", "LinkedResource");
	curb_json_ktext(j, "url", curb_printf(curb_req_arena(req), "/books/%s/contents", book->unit.id.text));
	curb_json_ktext(j, "encodingFormat", "text/html");
	curb_json_ktext(j, "rel", "contents");
	curb_json_end(j, '}');
	if (book->cover) {
		curb_json_begin(j, '{');
		put_resource(req, j, book->cover);
		curb_json_ktext(j, "rel", "cover");
		curb_json_kstr(j, "name", book->unit.name);
		curb_json_end(j, '}');
	}
	curb_json_end(j, ']');
}

static void put_book(struct curb_req *req, struct curb_json *j, const struct book *book,
                     const struct content_version *version)
{
	struct curb_arena *arena = curb_req_arena(req);
	curb_json_key(j, "@context");
	curb_json_begin(j, '[');
	curb_json_text(j, "https://schema.org");
	curb_json_text(j, "https://www.w3.org/ns/pub-context");
	if (version->lang.len) {
		curb_json_begin(j, '{');
		curb_json_kstr(j, "language", version->lang);
		curb_json_end(j, '}');
	}
	curb_json_end(j, ']');
	curb_json_ktext(j, "conformsTo", "https://www.w3.org/TR/audiobooks/");
	curb_json_ktext(j, "type", "Audiobook");
	curb_json_ktext(j, "id", curb_printf(arena, "urn:uuid:%s", book->unit.id.text));
	curb_json_ktext(j, "url", curb_printf(arena, "/books/%s", book->unit.id.text));
	curb_json_kstr(j, "name", book->unit.name);
	if (version->lang.len)
		curb_json_kstr(j, "inLanguage", version->lang);
	if (version->provider.len)
		curb_json_kstr(j, "publisher", version->provider);
	curb_json_ktext(j, "accessMode", "auditory");
	put_duration(req, j, book->unit.duration_ms);
	put_order(req, j, book);
	put_resources(req, j, book);
}

int book_manifest(struct curb_req *req, void *state)
{
	struct audiobook *a = state;
	const struct content_api *content = a->delivery.content;
	struct content_version version;
	struct book book;
	int err = book_open(a, req, curb_req_param(req, "id"), &book);
	if (!err)
		err = content->version(content, curb_req_tx(req), curb_id_str(&book.unit.version), &version);
	if (err)
		return err;
	struct curb_buf out = curb_buf(MANIFEST_MOST);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	put_book(req, &j, &book, &version);
	curb_json_end(&j, '}');
	return curb_reply_bytes(req, 200, "application/ld+json", &out);
}
