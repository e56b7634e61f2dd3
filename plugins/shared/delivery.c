#include "delivery.h"

#include "content/media_index.h"
#include "curb/err.h"
#include "curb/plugin.h"

enum { INDEX_MOST = 16 << 20, SECOND_US = 1000000 };

/* One request for bytes of a track. */
struct sending {
	const struct delivery *d;
	struct curb_req *req;
	struct content_unit unit;
	struct content_track track;
	const struct content_track *tracks; /* of the unit, or of the rendition, by position */
	size_t track_count;
	struct curb_piece *pieces;
	size_t piece_count;
	const struct media_piece *flat; /* of a flat track */
	size_t flat_count;
	uint64_t size;
};

/* What is a draft only the catalog knows. While it is set aside a lesson is open to those who have it in a class. */
static int check_class(const struct delivery *d, struct curb_req *req, const struct content_unit *unit)
{
	struct credit_standing standing;
	int err = d->credit->standing(d->credit, curb_req_tx(req), &curb_req_user(req)->id, unit, &standing);
	if (!err && !curb_id_some(&standing.cohort))
		return curb_fail(CURB_ENOTFOUND,
		                 "This lesson is not open to you now: the list of courses does not "
		                 "run, and you are in no class with this lesson. Try again later");
	return err;
}

static int check_open(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                      const struct curb_id *course)
{
	return d->catalog ? d->catalog->may_see(d->catalog, req, course, &unit->version) :
	                    check_class(d, req, unit);
}

int delivery_unit(const struct delivery *d, struct curb_req *req, struct curb_str id,
                  struct content_unit *ret_unit)
{
	struct content_unit unit;
	struct content_version version;
	int err = d->content->unit(d->content, curb_req_tx(req), id, &unit);
	if (!err)
		err = d->content->version(d->content, curb_req_tx(req), curb_id_str(&unit.version), &version);
	if (!err)
		err = check_open(d, req, &unit, &version.course);
	if (!err)
		*ret_unit = unit;
	return err;
}

int delivery_tracks(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                    const struct content_track **ret_tracks, size_t *ret_n)
{
	struct curb_tx *tx = curb_req_tx(req);
	struct content_version version;
	struct curb_id now = unit->version;
	int err = d->catalog ? d->content->version(d->content, tx, curb_id_str(&unit->version), &version) : 0;
	if (!err && d->catalog)
		err = d->catalog->now(d->catalog, tx, &version.course, &now);
	if (err == CURB_ENOTFOUND) /* nobody is shown the course any more */
		err = 0;
	return err ? err :
	             d->content->later_tracks(d->content, tx, unit, curb_id_str(&now), ret_tracks, ret_n);
}

const char *delivery_address(struct curb_req *req, const char *prefix, const struct content_track *track)
{
	enum { ENOUGH = 8 }; /* of the id's random end: to tell apart the people of one browser */
	struct curb_str person = curb_id_str(&curb_req_user(req)->id);
	struct curb_str mark = person.len > ENOUGH ? curb_str_from(person, person.len - ENOUGH) : person;
	return curb_printf(curb_req_arena(req), "%s/%s/%.*s?for=%.*s", prefix, track->id.text,
	                   (int)track->blob.len, track->blob.ptr, (int)mark.len, mark.ptr);
}

/* One of a rendition: the address names the unit's flat track, and this blob. */
static int find_rendition(struct sending *sending)
{
	const struct content_api *content = sending->d->content;
	const struct content_rendition *all = NULL;
	size_t n = 0;
	int err = content->renditions(content, curb_req_tx(sending->req), curb_id_str(&sending->unit.id),
	                              &all, &n);
	for (size_t i = 0; !err && i < n; i++)
		for (size_t k = 0; k < all[i].count; k++) {
			if (!curb_str_eq(all[i].tracks[k].blob, curb_req_param(sending->req, "blob")))
				continue;
			sending->track = all[i].tracks[k];
			sending->tracks = all[i].tracks;
			sending->track_count = all[i].count;
			return 0;
		}
	return err ? err : curb_fail(CURB_ENOTFOUND, "This file has changed; load the page again");
}

static int find_track(struct sending *sending)
{
	const struct delivery *d = sending->d;
	struct curb_req *req = sending->req;
	struct content_placed placed;
	int err = d->content->placed(d->content, curb_req_tx(req), curb_req_param(req, "track"), &placed);
	if (!err)
		err = check_open(d, req, &placed.unit, &placed.course);
	if (err)
		return err;
	sending->track = placed.track;
	sending->unit = placed.unit;
	return curb_str_eq(placed.track.blob, curb_req_param(req, "blob")) ? 0 : find_rendition(sending);
}

static int index_bytes(const struct sending *sending, const struct content_track *track,
                       struct curb_str *ret_bytes)
{
	const struct content_api *content = sending->d->content;
	return content->bytes(content, curb_req_tx(sending->req), track->index, INDEX_MOST, ret_bytes);
}

static int whole_file(struct sending *sending)
{
	sending->pieces = curb_alloc(curb_req_arena(sending->req), sizeof *sending->pieces);
	*sending->pieces = (struct curb_piece){ .blob = sending->track.blob,
		                                .length = (uint64_t)sending->track.size };
	sending->piece_count = 1;
	sending->size = (uint64_t)sending->track.size;
	return 0;
}

/* The flat track's own file, then ranges of the unit's other tracks. */
static int flat_file(struct sending *sending)
{
	const struct content_api *content = sending->d->content;
	struct curb_arena *arena = curb_req_arena(sending->req);
	struct curb_str bytes;
	int err = index_bytes(sending, &sending->track, &bytes);
	if (!err)
		err = media_pieces_read(arena, bytes, &sending->flat, &sending->flat_count);
	if (!err && !sending->tracks)
		err = content->tracks(content, curb_req_tx(sending->req), curb_id_str(&sending->unit.id),
		                      &sending->tracks, &sending->track_count);
	if (err)
		return err;
	struct curb_piece *pieces = curb_alloc_n(arena, sending->flat_count + 1, sizeof *pieces);
	pieces[0] = (struct curb_piece){ .blob = sending->track.blob,
		                         .length = (uint64_t)sending->track.size };
	for (size_t i = 0; i < sending->flat_count; i++) {
		const struct media_piece *piece = &sending->flat[i];
		if (piece->track >= sending->track_count)
			return curb_fail(CURB_EINTERNAL,
			                 "a flat track names track %u, of which there are %zu", piece->track,
			                 sending->track_count);
		pieces[i + 1] = (struct curb_piece){ .blob = sending->tracks[piece->track].blob,
			                             .offset = piece->offset,
			                             .length = piece->length };
	}
	sending->pieces = pieces;
	sending->piece_count = sending->flat_count + 1;
	sending->size = (uint64_t)sending->track.size +
	                media_pieces_length(sending->flat, sending->flat_count);
	return 0;
}

/* ---- what is noted ---- */

static int fragments_of(const struct sending *sending, const struct content_track *track,
                        const struct media_fragment **ret_fragments, size_t *ret_n)
{
	struct curb_str bytes;
	int err = index_bytes(sending, track, &bytes);
	return err ? err : media_index_read(curb_req_arena(sending->req), bytes, ret_fragments, ret_n);
}

static void join(struct media_span *span, bool *some, const struct media_span *more)
{
	if (!*some || more->from_us < span->from_us)
		span->from_us = more->from_us;
	if (!*some || more->to_us > span->to_us)
		span->to_us = more->to_us;
	*some = true;
}

static bool in_flat(const struct sending *sending, size_t track)
{
	for (size_t i = 0; i < sending->flat_count; i++)
		if (sending->flat[i].track == track)
			return true;
	return false;
}

/* The picture, which stands before the sound, tells the time; the sound tells what it holds behind the picture's end. */
static int span_of_flat(const struct sending *sending, struct curb_part part, struct media_span *ret_span,
                        bool *ret_some)
{
	uint64_t end_us = 0;
	int err = 0;
	for (size_t i = 0; !err && i < sending->track_count; i++) {
		const struct media_fragment *fragments = NULL;
		struct media_span span;
		size_t n = 0;
		if (!in_flat(sending, i))
			continue;
		err = fragments_of(sending, &sending->tracks[i], &fragments, &n);
		if (err)
			return err;
		bool any = media_span_of_flat(sending->flat, sending->flat_count,
		                              (uint64_t)sending->track.size, (uint32_t)i, fragments, n,
		                              part.from, part.to, &span);
		if (any && span.from_us < end_us)
			span.from_us = end_us;
		if (any && span.to_us > span.from_us)
			join(ret_span, ret_some, &span);
		uint64_t past_us = fragments[n - 1].start_us + fragments[n - 1].duration_us;
		end_us = past_us > end_us ? past_us : end_us;
	}
	return err;
}

static int span_of_track(const struct sending *sending, struct curb_part part, struct media_span *ret_span,
                         bool *ret_some)
{
	const struct media_fragment *fragments = NULL;
	size_t n = 0;
	int err = fragments_of(sending, &sending->track, &fragments, &n);
	if (!err)
		*ret_some = media_span_of_track(fragments, n, part.from, part.to, ret_span);
	return err;
}

/* One a part of the reply. */
struct notes {
	const struct credit_api *credit;
	struct credit_delivery deliveries[CURB_PARTS_MOST];
	size_t count;
};

static int write_notes(struct curb_tx *tx, void *arg)
{
	const struct notes *notes = arg;
	int err = 0;
	for (size_t i = 0; !err && i < notes->count; i++)
		err = notes->credit->delivered(notes->credit, tx, &notes->deliveries[i]);
	return err;
}

/* A second that is sent in part counts as sent: its other part was, or will be, asked for beside it. */
static struct credit_delivery delivery_of(const struct sending *sending, const struct media_span *span)
{
	uint64_t shift_us = (uint64_t)sending->track.start_ms * 1000;
	return (struct credit_delivery){
		.person = curb_req_user(sending->req)->id,
		.unit = sending->unit.id,
		.from_s = (int64_t)((span->from_us + shift_us) / SECOND_US),
		.to_s = (int64_t)((span->to_us + shift_us + SECOND_US - 1) / SECOND_US),
	};
}

static bool all_known(const struct sending *sending)
{
	const struct credit_api *credit = sending->d->credit;
	struct credit_delivery delivery = { .person = curb_req_user(sending->req)->id,
		                            .unit = sending->unit.id,
		                            .to_s = (sending->unit.duration_ms + 999) / 1000 };
	return credit->known_delivered(credit, &delivery);
}

/* Of each part, what was not noted before. */
static int gather_notes(const struct sending *sending, struct curb_str etag, struct notes *notes)
{
	struct curb_part parts[CURB_PARTS_MOST];
	size_t n = curb_req_parts(sending->req, sending->size, etag, parts);
	for (size_t i = 0; i < n; i++) {
		struct media_span span = { 0, 0 };
		bool some = false;
		int err = sending->flat ? span_of_flat(sending, parts[i], &span, &some) :
		                          span_of_track(sending, parts[i], &span, &some);
		if (err)
			return err;
		struct credit_delivery delivery = delivery_of(sending, &span);
		if (some && !notes->credit->known_delivered(notes->credit, &delivery))
			notes->deliveries[notes->count++] = delivery;
	}
	return 0;
}

static int note_delivery(const struct sending *sending, struct curb_str etag)
{
	struct notes notes = { .credit = sending->d->credit };
	bool counts = notes.credit && sending->track.index.len &&
	              (curb_req_user(sending->req)->roles & CURB_LEARNER);
	if (!counts || all_known(sending))
		return 0;
	int err = gather_notes(sending, etag, &notes);
	if (err || notes.count == 0)
		return err;
	err = curb_write(sending->req, curb_id_str(&notes.deliveries[0].person), write_notes, &notes);
	for (size_t i = 0; !err && i < notes.count; i++)
		notes.credit->remember_delivered(notes.credit, &notes.deliveries[i]);
	return err;
}

static const char *type_of(const struct sending *sending)
{
	if (curb_str_is(sending->track.type, "text/vtt"))
		return "text/vtt; charset=utf-8";
	return curb_cstr(curb_req_arena(sending->req), sending->track.type);
}

int delivery_reply(const struct delivery *d, struct curb_req *req)
{
	struct sending sending = { .d = d, .req = req };
	int err = find_track(&sending);
	if (!err)
		err = curb_str_is(sending.track.kind, "flat") ? flat_file(&sending) : whole_file(&sending);
	if (err)
		return err;
	const struct curb_body_info info = {
		.type = type_of(&sending),
		.etag = curb_str(curb_printf(curb_req_arena(req), "%s-%.16s", sending.track.id.text,
		                             sending.track.blob.ptr)),
		.immutable = true,
		.filename = curb_req_query(req, "download"),
	};
	err = note_delivery(&sending, info.etag);
	return err ? err : curb_reply_pieces(req, sending.pieces, sending.piece_count, &info);
}
