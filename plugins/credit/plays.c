/* Plays and beats over HTTP. */
#include "credit.h"
#include "curb/err.h"
#include "presence.h"
#include "reading.h"

/* ---- POST /api/v1/plays ---- */

struct new_play {
	struct credit *c;
	struct curb_str unit, cohort;
	struct curb_id person;
	struct credit_now now;
	struct credit_play play;
	struct credit_check check;
};

static int open_play(struct curb_tx *tx, void *arg)
{
	struct new_play *new = arg;
	struct presence presence;
	int err = credit_check_played(new->c, tx, new->unit);
	if (!err)
		err = credit_open_play(new->c, tx, &new->person, new->unit, new->cohort, &new->now,
		                       &new->play);
	if (!err)
		err = presence_begin(new->c, tx, &new->play, &presence);
	return err ? err :
	             presence_tell(new->c, tx, new->play.presence_s, &presence, &new->play.unit, &new->check);
}

static int put_media(struct curb_req *req, struct credit *c, struct curb_str unit_id, struct curb_json *j)
{
	struct content_unit unit;
	int err = c->content->unit(c->content, curb_req_tx(req), unit_id, &unit);
	if (err)
		return err;
	struct credit_player player = credit_player_of(c, unit.kind);
	return player.media ? player.media(player.self, req, &unit, j) : 0;
}

static int answer_play(struct curb_req *req, void *arg)
{
	struct new_play *new = arg;
	struct curb_buf out = curb_buf(256 << 10);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "play", new->play.id.text);
	curb_json_key(&j, "media");
	curb_json_begin(&j, '{');
	int err = put_media(req, new->c, new->unit, &j);
	curb_json_end(&j, '}');
	curb_json_kint(&j, "resume_s", new->play.position_s);
	curb_json_kint(&j, "beat_s", CREDIT_BEAT_S);
	presence_put_json(&j, &new->check);
	curb_json_end(&j, '}');
	if (!err)
		return curb_reply_json(req, 201, &out);
	curb_buf_free(&out);
	return err;
}

int credit_post_play(struct curb_req *req, void *state)
{
	struct new_play new = {
		.c = state,
		.unit = curb_req_field(req, "unit"),
		.cohort = curb_req_field(req, "cohort"),
		.person = curb_req_user(req)->id,
		.now = credit_now(),
	};
	if (!new.unit.ptr || !new.cohort.ptr)
		return curb_fail(CURB_EINVAL,
		                 "unit and cohort are needed: the lesson and the class it is learned in, or "
		                 "\"points\" for self-study");
	return curb_write_reply(req, curb_id_str(&new.person), open_play, answer_play, &new);
}

/* ---- POST /api/v1/plays/:id/beats ---- */

struct new_beat {
	struct credit *c;
	struct credit_beat beat;
	struct credit_answer answer;
};

static int take_beat(struct curb_tx *tx, void *arg)
{
	struct new_beat *new = arg;
	return credit_take_beat(new->c, tx, &new->beat, &new->answer);
}

static const char *why(const char *reason)
{
	static const struct {
		const char *reason, *text;
	} words[] = {
		{ "share_full",
		  CURB_TEXT("The online hours of this class are full. Everything you learned is kept. You "
		            "can go on watching "
		            "as much as you like; it adds no hours. The rest is earned in class.") },
		{ "hours_full",
		  CURB_TEXT("This lesson has earned all its class hours. You can take it again as often as "
		            "you like.") },
		{ "day_full",
		  CURB_TEXT("Today's online hours are full. Everything you learned is kept, and you can go "
		            "on watching. Watch this part again tomorrow and it can count.") },
		{ "clock", CURB_TEXT("This came faster than it can be played, so a part is not counted yet. "
		                     "Play it again "
		                     "and it counts.") },
		{ "class_over",
		  CURB_TEXT("This class has ended; you may go on learning, but it adds no hours") },
		{ "not_delivered",
		  CURB_TEXT("A part of this was not sent to you by this server, so it is not counted. Play "
		            "it here and it counts.") },
		{ "presence",
		  CURB_TEXT("This waits for you: press Go on where the lesson asks for it, and it counts. "
		            "Nothing is lost by waiting.") },
		{ "seen_before",
		  CURB_TEXT("This part counted before. You can take it again as often as you like.") },
		{ "repeated", CURB_TEXT("This was reported before; nothing was counted twice.") },
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(reason, words[i].reason) == 0)
			return words[i].text;
	return CURB_TEXT("Counted.");
}

static void put_late(struct curb_json *j, const struct ranges *late)
{
	curb_json_key(j, "late");
	curb_json_begin(j, '[');
	for (size_t i = 0; i < late->count; i++) {
		curb_json_begin(j, '[');
		curb_json_int(j, late->spans[i].from);
		curb_json_int(j, late->spans[i].to);
		curb_json_end(j, ']');
	}
	curb_json_end(j, ']');
}

static int answer_beat(struct curb_req *req, void *arg)
{
	const struct new_beat *new = arg;
	const struct credit_answer *a = &new->answer;
	struct curb_buf out = curb_buf(64 << 10);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_kint(&j, "seen_s", a->seen_s);
	curb_json_kint(&j, "granted_s", a->granted_s);
	curb_json_kint(&j, "added_s", a->added_s);
	curb_json_kint(&j, "uncredited_s", a->seen_s - a->granted_s);
	curb_json_kint(&j, "unit_s", a->unit_s);
	curb_json_key(&j, "online");
	curb_json_begin(&j, '{');
	curb_json_kint(&j, "granted_s", a->online_s);
	curb_json_kint(&j, "cap_s", a->cap_s);
	curb_json_kint(&j, "remains_s", a->cap_s > a->online_s ? a->cap_s - a->online_s : 0);
	curb_json_end(&j, '}');
	if (a->points >= 0)
		curb_json_kint(&j, "points", a->points);
	put_late(&j, &a->late);
	presence_put_json(&j, &a->check);
	curb_json_ktext(&j, "lease", a->held ? "held" : "moved");
	curb_json_ktext(&j, "reason", a->reason);
	curb_json_kstr(&j, "why", curb_tr(req, why(a->reason), NULL));
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}

int credit_post_beat(struct curb_req *req, void *state)
{
	struct new_beat new = { .c = state };
	new.beat.play = curb_req_param(req, "id");
	new.beat.person = curb_req_user(req)->id;
	new.beat.now = credit_now();
	int err = credit_read_beat(curb_req_arena(req), curb_req_value(req), &new.beat);
	if (err)
		return err;
	return curb_write_reply(req, curb_id_str(&new.beat.person), take_beat, answer_beat, &new);
}
