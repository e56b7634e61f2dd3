#include "beside.h"

#include <string.h>

#include "captions.h"
#include "reader.h"

static const struct {
	const char *word, *text,
		*media; /* what a text, and what media of that word are; NULL: they are not called so */
} words[] = {
	{ "captions", "captions", NULL },
	{ "caption", "captions", NULL },
	{ "cc", "captions", NULL },
	{ "sdh", "captions", NULL },
	{ "字幕", "captions", NULL },
	{ "subtitles", "subtitles", NULL },
	{ "subtitle", "subtitles", NULL },
	{ "subs", "subtitles", NULL },
	{ "翻译字幕", "subtitles", NULL },
	{ "descriptions", "descriptions", "audio-description" },
	{ "description", "descriptions", "audio-description" },
	{ "described", "descriptions", "audio-description" },
	{ "desc", "descriptions", "audio-description" },
	{ "ad", "descriptions", "audio-description" },
	{ "口述影像", "descriptions", "audio-description" },
	{ "口述", "descriptions", "audio-description" },
	{ "解说", "descriptions", "audio-description" },
	{ "chapters", "chapters", NULL },
	{ "chapter", "chapters", NULL },
	{ "章节", "chapters", NULL },
	{ "目录", "chapters", NULL },
	{ "sign", NULL, "sign" },
	{ "signed", NULL, "sign" },
	{ "sign-language", NULL, "sign" },
	{ "手语", NULL, "sign" },
};

static const struct {
	const char *word, *lang;
} langs[] = {
	{ "中文", "zh-CN" },  { "汉语", "zh-CN" },   { "普通话", "zh-CN" }, { "英文", "en" },
	{ "英语", "en" },     { "简体", "zh-Hans" }, { "繁体", "zh-Hant" }, { "简体中文", "zh-Hans" },
	{ "chs", "zh-Hans" }, { "cht", "zh-Hant" },
};

static const char *kind_of(struct curb_str word, bool text)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (curb_str_is_nocase(word, words[i].word))
			return text ? words[i].text : words[i].media;
	return NULL;
}

/* Words of two and three letters are languages only where a dot stands in front, as in lesson1.en.srt. */
static struct curb_str lang_of(struct curb_str word, bool dot)
{
	size_t first = 0;
	for (size_t i = 0; i < sizeof langs / sizeof *langs; i++)
		if (curb_str_is_nocase(word, langs[i].word))
			return curb_str(langs[i].lang);
	while (first < word.len && word.ptr[first] != '-')
		first++;
	bool sure = dot ? first <= 3 : first == 2;
	return sure && name_is_lang(word) ? word : curb_str(NULL);
}

/* ---- the words behind the lesson's name ---- */

/* Bytes of a sign that parts words; 0: it is none. */
static size_t parting(struct curb_str s, size_t at)
{
	static const char *const signs[] = { ".", "-",  "_",  " ",  "(",  ")", "[",
		                             "]", "（", "）", "【", "】", "·", "　" };
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t n = strlen(signs[i]);
		if (s.len - at >= n && memcmp(s.ptr + at, signs[i], n) == 0)
			return n;
	}
	return 0;
}

/* The next word; with `hyphens` they are part of it, as in zh-CN. */
static struct curb_str next_word(struct curb_str s, size_t at, bool hyphens)
{
	size_t end = at;
	while (end < s.len && ((hyphens && s.ptr[end] == '-' && end > at) || !parting(s, end)))
		end++;
	return curb_str_n(s.ptr + at, end - at);
}

static bool take_word(struct curb_str word, bool text, bool dot, struct beside *to)
{
	const char *kind = kind_of(word, text);
	struct curb_str lang = kind ? curb_str(NULL) : lang_of(word, dot);
	to->kind = kind ? kind : to->kind;
	to->lang = lang.ptr ? lang : to->lang;
	return kind || lang.ptr;
}

static bool take_words(struct curb_str rest, bool text, struct beside *to)
{
	bool dot = false;
	for (size_t at = 0, n; at < rest.len;) {
		n = parting(rest, at);
		if (n) {
			dot = rest.ptr[at] == '.';
			at += n;
			continue;
		}
		struct curb_str word = next_word(rest, at, true);
		if (!take_word(word, text, dot, to)) {
			word = next_word(rest, at, false);
			if (!take_word(word, text, dot, to))
				return false;
		}
		at += word.len;
	}
	return true;
}

/* ---- the lesson's name ---- */

static struct curb_str folder_of(struct curb_str path)
{
	size_t end = path.len;
	while (end && path.ptr[end - 1] != '/')
		end--;
	return curb_str_n(path.ptr, end ? end - 1 : 0);
}

static char folded(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static bool begins(struct curb_str s, struct curb_str with)
{
	size_t i = 0;
	while (i < with.len && i < s.len && folded(s.ptr[i]) == folded(with.ptr[i]))
		i++;
	return i == with.len;
}

/* "lesson1.final.srt": words that tools and people leave in the names of captions. */
static void take_captions(struct curb_str path, struct beside *to)
{
	to->kind = "captions";
	to->lang = captions_lang_of_name(path);
}

bool beside_lesson(struct curb_str lesson, struct curb_str path, struct beside *ret)
{
	struct curb_str stem = name_stem(lesson), name = name_stem(path), folder = folder_of(path);
	bool text = name_is_captions(path);
	*ret = (struct beside){ .stem = stem.len, .same_folder = curb_str_eq(folder_of(lesson), folder) };
	if (!begins(name, stem) || (name.len > stem.len && !parting(name, stem.len)))
		return false;
	struct curb_str rest = curb_str_from(name, stem.len);
	if (!ret->same_folder)
		ret->kind = kind_of(
			curb_str_from(folder, folder_of(folder).len + (folder_of(folder).len > 0)), text);
	if (!take_words(rest, text, ret)) {
		if (!text || !ret->same_folder || rest.ptr[0] != '.')
			return false;
		take_captions(path, ret);
	}
	if (!ret->kind && text)
		ret->kind = "captions";
	return ret->kind != NULL;
}
