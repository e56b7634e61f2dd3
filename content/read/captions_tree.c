/* Cue text of WebVTT, section 6.4: the tokenizer and the tree builder in one pass, as events instead of nodes, so
 * that a file of nothing but tags costs no memory.
 */
#include "captions_inside.h"

struct walk {
	struct curb_str text;
	size_t at;
	vtt_event_fn event;
	void *arg;
	enum vtt_tag open[VTT_DEPTH_MAX];
	size_t depth;
	struct curb_buf scratch;
	bool clean;
};

static const char *const tag_names[] = {
	[VTT_C] = "c",       [VTT_I] = "i",   [VTT_B] = "b", [VTT_U] = "u",
	[VTT_RUBY] = "ruby", [VTT_RT] = "rt", [VTT_V] = "v", [VTT_LANG] = "lang",
};

const char *vtt_tag_name(enum vtt_tag tag)
{
	return tag_names[tag];
}

static bool tag_of(struct curb_str name, enum vtt_tag *ret_tag)
{
	for (size_t i = 0; i < sizeof tag_names / sizeof *tag_names; i++) {
		if (curb_str_is(name, tag_names[i])) {
			*ret_tag = (enum vtt_tag)i;
			return true;
		}
	}
	return false;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static void tell(struct walk *w, struct vtt_event event)
{
	event.depth = w->depth;
	w->event(w->arg, &event);
}

static void close_one(struct walk *w)
{
	w->depth--;
	tell(w, (struct vtt_event){ .kind = VTT_CLOSE, .tag = w->open[w->depth] });
}

/* From w->at to the first of `stops`, or the end; the stop is not taken. */
static struct curb_str until(struct walk *w, const char *stops)
{
	size_t from = w->at;
	while (w->at < w->text.len && (!w->text.ptr[w->at] || !strchr(stops, w->text.ptr[w->at])))
		w->at++;
	return curb_str_n(w->text.ptr + from, w->at - from);
}

/* As `until`, with character references decoded into the scratch buffer. */
static void decoded_until(struct walk *w, char stop)
{
	curb_buf_clear(&w->scratch);
	while (w->at < w->text.len && w->text.ptr[w->at] != stop) {
		char c = w->text.ptr[w->at++];
		size_t n = c == '&' ? vtt_reference(w->text, w->at, &w->scratch) : 0;
		w->at += n;
		if (!n)
			curb_buf_char(&w->scratch, c);
		w->clean = w->clean && (c != '&' || (n && w->text.ptr[w->at - 1] == ';'));
	}
}

static struct curb_str collapsed(struct curb_buf *buf)
{
	size_t to = 0;
	for (size_t i = 0; i < buf->len; i++) {
		if (!is_space(buf->data[i]))
			buf->data[to++] = buf->data[i];
		else if (to && buf->data[to - 1] != ' ')
			buf->data[to++] = ' ';
	}
	to -= to && buf->data[to - 1] == ' ';
	return curb_str_n(buf->data ? buf->data : "", to);
}

static void skip_end(struct walk *w)
{
	if (w->at < w->text.len)
		w->at++;
	else
		w->clean = false;
}

static void start_tag(struct walk *w)
{
	struct curb_str name = until(w, "\t\n\f .>");
	size_t from = w->at;
	if (w->at < w->text.len && w->text.ptr[w->at] == '.')
		(void)until(w, "\t\n\f >");
	struct curb_str classes = curb_str_n(w->text.ptr + from, w->at - from);
	decoded_until(w, '>');
	struct curb_str annotation = collapsed(&w->scratch);
	skip_end(w);
	enum vtt_tag tag = VTT_C;
	bool known = tag_of(name, &tag) && w->depth < VTT_DEPTH_MAX &&
	             (tag != VTT_RT || (w->depth && w->open[w->depth - 1] == VTT_RUBY));
	if (!known) {
		w->clean = false;
		return;
	}
	tell(w, (struct vtt_event){ .kind = VTT_OPEN, .tag = tag, .text = annotation, .classes = classes });
	w->open[w->depth++] = tag;
}

static void end_tag(struct walk *w)
{
	struct curb_str name = until(w, ">");
	skip_end(w);
	if (w->depth && curb_str_is(name, tag_names[w->open[w->depth - 1]])) {
		close_one(w);
	} else if (w->depth > 1 && w->open[w->depth - 1] == VTT_RT && curb_str_is(name, "ruby")) {
		close_one(w);
		close_one(w);
	} else {
		w->clean = false;
	}
}

static void timestamp_tag(struct walk *w)
{
	struct curb_str text = until(w, ">");
	skip_end(w);
	struct vtt_event event = { .kind = VTT_TIME };
	size_t end = 0;
	if (vtt_timestamp(text, &end, &event.time_ms) && end == text.len)
		tell(w, event);
	else
		w->clean = false;
}

static void any_tag(struct walk *w)
{
	w->at++;
	char c = w->at < w->text.len ? w->text.ptr[w->at] : '>';
	if (c == '/') {
		w->at++;
		end_tag(w);
	} else if (c >= '0' && c <= '9') {
		timestamp_tag(w);
	} else {
		start_tag(w);
	}
}

bool vtt_walk(struct curb_str cue_text, vtt_event_fn event, void *arg)
{
	struct walk w = { .text = cue_text,
		          .event = event,
		          .arg = arg,
		          .scratch = curb_buf(2 * cue_text.len + 16),
		          .clean = true };
	while (w.at < w.text.len) {
		if (w.text.ptr[w.at] == '<') {
			any_tag(&w);
			continue;
		}
		decoded_until(&w, '<');
		tell(&w, (struct vtt_event){ .kind = VTT_TEXT, .text = curb_buf_view(&w.scratch) });
	}
	while (w.depth) {
		w.clean = w.clean && w.open[w.depth - 1] == VTT_V;
		close_one(&w);
	}
	curb_buf_free(&w.scratch);
	return w.clean;
}
