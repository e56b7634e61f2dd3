/* Web Platform Tests for WebVTT: the trees are theirs, the file expectations are read off the files, which say in each cue
 * whether it is valid. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "captions_case.h"
#include "captions_inside.h"
#include "curb/cleanup.h"
#include "curb/json.h"

static bool load(const char *name, struct curb_buf *out)
{
	char path[512], piece[4096];
	(void)snprintf(path, sizeof path, "%s/webvtt/%s", CURB_CORPORA, name);
	CURB_AUTO(file) FILE *file = fopen(path, "rb");
	if (!file)
		return false;
	size_t n;
	while ((n = fread(piece, 1, sizeof piece, file)) > 0)
		curb_buf_add(out, piece, n);
	return true;
}

static bool have_corpora(void)
{
	struct stat st;
	if (stat(CURB_CORPORA "/webvtt", &st) == 0)
		return true;
	print_message("skipped: no corpora\n");
	return false;
}

/* ---- trees, in the form of the expectations ---- */
struct tree {
	struct curb_buf out;
	bool merge; /* neighbouring texts are one, times are left out: what well-formed text keeps */
	bool in_text;
};

static void indent(struct tree *t, size_t depth)
{
	if (t->in_text)
		curb_buf_text(&t->out, "\"\n");
	t->in_text = false;
	curb_buf_printf(&t->out, "| %*s", (int)(2 * depth), "");
}

static void attribute(struct tree *t, size_t depth, const char *name, struct curb_str value)
{
	indent(t, depth);
	curb_buf_printf(&t->out, "%s=\"%.*s\"\n", name, (int)value.len, value.ptr);
}

static void open_element(struct tree *t, const struct vtt_event *event)
{
	bool span = event->tag == VTT_C || event->tag == VTT_V || event->tag == VTT_LANG;
	indent(t, event->depth);
	curb_buf_printf(&t->out, "<%s>\n", span ? "span" : vtt_tag_name(event->tag));
	struct curb_buf classes = curb_buf(256);
	struct curb_str rest = event->classes, one;
	while (curb_str_cut(&rest, '.', &one)) {
		if (one.len)
			curb_buf_printf(&classes, "%s%.*s", classes.len ? " " : "", (int)one.len, one.ptr);
	}
	if (classes.len)
		attribute(t, event->depth + 1, "class", curb_buf_view(&classes));
	if (event->tag == VTT_LANG)
		attribute(t, event->depth + 1, "lang", event->text);
	if (event->tag == VTT_V)
		attribute(t, event->depth + 1, "title", event->text);
	curb_buf_free(&classes);
}

static void dump(void *arg, const struct vtt_event *event)
{
	struct tree *t = arg;
	int s = (int)(event->time_ms / 1000);
	if (event->kind == VTT_TEXT) {
		if (!t->in_text || !t->merge) {
			indent(t, event->depth);
			curb_buf_char(&t->out, '"');
		}
		curb_buf_str(&t->out, event->text);
		t->in_text = true;
	} else if (event->kind == VTT_OPEN) {
		open_element(t, event);
	} else if (event->kind == VTT_TIME && !t->merge) {
		indent(t, event->depth);
		curb_buf_printf(&t->out, "<?timestamp %02d:%02d:%02d.%03d>\n", s / 3600, s / 60 % 60, s % 60,
		                (int)(event->time_ms % 1000));
	} else if (event->kind == VTT_CLOSE && t->in_text) {
		curb_buf_text(&t->out, "\"\n");
		t->in_text = false;
	}
}

static struct curb_buf tree_of(struct curb_str cue_text, bool merge)
{
	struct tree t = { .out = curb_buf(1 << 16), .merge = merge };
	curb_buf_text(&t.out, "");
	(void)vtt_walk(cue_text, dump, &t);
	if (t.in_text)
		curb_buf_text(&t.out, "\"\n");
	assert_false(t.out.failed);
	return t.out;
}

/* The payload as the parser sees it: up to the first empty line, NUL replaced. */
static struct curb_str payload(struct curb_arena *arena, struct curb_str text)
{
	struct curb_buf out = curb_buf(4096);
	for (size_t i = 0;
	     i < text.len && !(text.ptr[i] == '\n' && i + 1 < text.len && text.ptr[i + 1] == '\n'); i++) {
		if (text.ptr[i])
			curb_buf_char(&out, text.ptr[i]);
		else
			curb_buf_text(&out, "\xef\xbf\xbd");
	}
	struct curb_str whole = curb_dup(arena, curb_buf_view(&out));
	curb_buf_free(&out);
	whole.len -= whole.len && whole.ptr[whole.len - 1] == '\n';
	return whole;
}

/* curb_json refuses NUL in strings, on purpose; two expectations have it. */
static void escape_nuls(struct curb_buf *json)
{
	for (char *at = json->data; (at = strstr(at, "\\u0000")) != NULL;)
		memcpy(at, "\\ufffd", 6);
}

static size_t compare_trees(struct curb_arena *arena, const char *name)
{
	CURB_AUTO(buf) struct curb_buf json = curb_buf(1 << 20);
	assert_true(load(name, &json));
	escape_nuls(&json);
	struct curb_value *cases = NULL;
	assert_int_equal(curb_json_parse(arena, curb_buf_view(&json), &cases), 0);
	for (size_t i = 0; i < curb_value_count(cases); i++) {
		struct curb_str text = payload(arena, curb_get_str(curb_value_at(cases, i), "text"));
		struct curb_buf tree = tree_of(text, false);
		assert_string_equal(tree.data ? tree.data : "",
		                    curb_cstr(arena, curb_get_str(curb_value_at(cases, i), "expectedTree")));
		/* what we make of it shows the same, and needs no more mending */
		CURB_AUTO(buf) struct curb_buf clean = curb_buf(4096);
		bool inner_times;
		(void)captions_clean(text, &clean, &inner_times);
		struct curb_buf before = tree_of(text, true), after = tree_of(curb_buf_view(&clean), true);
		assert_string_equal(before.data ? before.data : "", after.data ? after.data : "");
		curb_buf_clear(&after);
		assert_true(captions_clean(curb_buf_view(&clean), &after, &inner_times));
		assert_string_equal(after.data ? after.data : "", clean.data ? clean.data : "");
		curb_buf_free(&tree);
		curb_buf_free(&before);
		curb_buf_free(&after);
	}
	return curb_value_count(cases);
}

static void corpus__cue_texts_have_the_expected_trees(void **unused)
{
	(void)unused;
	if (!have_corpora())
		return;
	static const char *const names[] = { "entities.json", "tags.json", "text.json", "timestamps.json",
		                             "tree-building.json" };
	size_t n = 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct curb_arena *arena = curb_arena_new(8 << 20);
		n += compare_trees(arena, names[i]);
		curb_arena_free(arena);
	}
	assert_int_equal(n, 77);
}

/* ---- files ---- */
static const struct expected {
	const char *name;
	size_t cues;
	const char *settings; /* of each cue, cut at 12 characters; NULL: none has any */
} files[] = {
	{ "arrows.vtt", 6, NULL },
	{ "entities.vtt", 25, NULL },
	{ "header-garbage.vtt", 1, NULL },
	{ "header-space.vtt", 1, NULL },
	{ "header-tab.vtt", 1, NULL },
	{ "header-timings.vtt", 1, NULL },
	{ "ids.vtt", 5, NULL },
	{ "newlines.vtt", 4, NULL },
	{ "nulls.vtt", 7, "||||||align:end" },
	{ "regions-id.vtt", 4, "region:foo|region:bar|region:id|region:\v" },
	{ "regions-lines.vtt", 13,
	  "region:1|region:2|region:3|region:4|region:5|region:6|region:7|region:8|region:9|region:10|region:"
	  "11|region:12|region:13" },
	{ "regions-old.vtt", 2, NULL },
	{ "regions-regionanchor.vtt", 20,
	  "region:0|region:1|region:2|region:3|region:4|region:5|region:6|region:7|region:8|region:9|region:"
	  "10|region:11|region:12|region:13|region:14|region:15|region:16|region:17|region:18|region:19" },
	{ "regions-scroll.vtt", 6, "region:0|region:1|region:2|region:3|region:4|region:5" },
	{ "regions-viewportanchor.vtt", 20,
	  "region:0|region:1|region:2|region:3|region:4|region:5|region:6|region:7|region:8|region:9|region:"
	  "10|region:11|region:12|region:13|region:14|region:15|region:16|region:17|region:18|region:19" },
	{ "settings-align.vtt", 13,
	  "|align:start|align:center|align:end|align:left|align:right|align:end|align:end|align:end|align:"
	  "end|align:end|align:end|align:center" },
	{ "settings-line.vtt", 46,
	  "line:-1|line:0|line:-0|line:1|line:100|line:101|line:65536|line:4294967|line:1844674|line:1000000|"
	  "line:1.5|line:1797693|line:-179769|line:0.00000|line:0.00000||||||||||||||||||||||||line:0%|line:"
	  "00%|line:100%|line:100%,st|line:100%,ce|line:100%,en|line:0.00000|line:0.00000" },
	{ "settings-multiple.vtt", 2, "vertical:lr |vertical:rl " },
	{ "settings-position.vtt", 22,
	  "position:1%|position:100|position:1%|position:1.5|position:1%,|position:1%,|position:1%,|position:"
	  "1%||||||||||||||" },
	{ "settings-region.vtt", 9, "region:foo|region:bar|region:bar||region:foo||||" },
	{ "settings-size.vtt", 16, "|size:2%|size:0%|size:00%|size:100%|size:50%|size:1.5%|||||||||" },
	{ "settings-vertical.vtt", 8, "|vertical:lr|vertical:rl|vertical:lr||||" },
	{ "signature-bom.vtt", 0, NULL },
	{ "signature-no-newline.vtt", 0, NULL },
	{ "signature-space-no-newline.vtt", 0, NULL },
	{ "signature-space.vtt", 0, NULL },
	{ "signature-tab-no-newline.vtt", 0, NULL },
	{ "signature-tab.vtt", 0, NULL },
	{ "signature-timings.vtt", 0, NULL },
	{ "stylesheets.vtt", 2, NULL },
	{ "tags.vtt", 28, NULL },
	{ "text.vtt", 5, NULL },
	{ "timestamps.vtt", 10, NULL },
	{ "timings-60.vtt", 2, NULL },
	{ "timings-eof.vtt", 0, NULL },
	{ "timings-garbage.vtt", 0, NULL },
	{ "timings-negative.vtt", 4, NULL },
	{ "timings-omitted-hours.vtt", 3, NULL },
	{ "timings-too-long.vtt", 2, NULL },
	{ "timings-too-short.vtt", 2, NULL },
	{ "tree-building.vtt", 9, NULL },
	{ "whitespace-chars.vtt", 3, NULL },
};

static void check_settings(struct captions_case *c, const struct expected *e)
{
	struct curb_buf all = curb_buf(8192);
	for (size_t i = 0; i < c->set.count; i++) {
		struct curb_str settings = c->set.cues[i].settings;
		settings.len = settings.len > 12 ? 12 : settings.len;
		curb_buf_text(&all, i ? "|" : "");
		curb_buf_str(&all, settings);
		if (curb_str_starts(c->set.cues[i].text, "invalid"))
			assert_int_equal(settings.len, 0);
	}
	if (e->settings)
		assert_string_equal(all.data, e->settings);
	else
		assert_true(!c->set.count || all.len == c->set.count - 1);
	curb_buf_free(&all);
}

static void corpus__files_have_their_cues(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof files / sizeof *files && have_corpora(); i++) {
		const struct expected *e = &files[i];
		CURB_AUTO(buf) struct curb_buf text = curb_buf(1 << 20);
		assert_true(load(e->name, &text));
		struct captions_case c;
		case_parse_n(&c, curb_buf_view(&text));
		if (c.set.count != e->cues)
			fail_msg("%s: %zu cues instead of %zu", e->name, c.set.count, e->cues);
		assert_int_equal(c.ok, e->cues > 0);
		bool settings_file = strncmp(e->name, "settings", 8) == 0;
		for (size_t k = 0; k < c.set.count && !settings_file; k++)
			assert_false(curb_str_starts(c.set.cues[k].text, "invalid"));
		check_settings(&c, e);
		case_close(&c);
	}
}

static void corpus__every_file_is_in_the_table(void **unused)
{
	(void)unused;
	if (!have_corpora())
		return;
	size_t n = 0;
	DIR *dir = opendir(CURB_CORPORA "/webvtt");
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
		n += curb_str_ends(curb_str(entry->d_name), ".vtt");
	(void)closedir(dir);
	assert_int_equal(n, sizeof files / sizeof *files);
}

static void corpus__what_we_write_is_read_the_same(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof files / sizeof *files && have_corpora(); i++) {
		CURB_AUTO(buf) struct curb_buf text = curb_buf(1 << 20);
		assert_true(load(files[i].name, &text));
		struct captions_case c, again;
		case_parse_n(&c, curb_buf_view(&text));
		if (c.ok) {
			char *first = case_vtt(&c.set);
			case_parse(&again, first);
			assert_true(again.ok);
			assert_int_equal(again.n_told, 0);
			assert_int_equal(again.set.count, c.set.count);
			char *second = case_vtt(&again.set);
			assert_string_equal(first, second);
			free(first);
			free(second);
			case_close(&again);
		}
		case_close(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(corpus__cue_texts_have_the_expected_trees),
		cmocka_unit_test(corpus__files_have_their_cues),
		cmocka_unit_test(corpus__every_file_is_in_the_table),
		cmocka_unit_test(corpus__what_we_write_is_read_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
