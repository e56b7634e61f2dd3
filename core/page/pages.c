#include "pages.h"

#include <string.h>

#include "curb/err.h"

enum { ARENA_MAX = 64 << 20, TEMPLATE_SIZE_MAX = 256 << 10 };

struct pages *pages_new(void)
{
	struct curb_arena *arena = curb_arena_new(ARENA_MAX);
	struct pages *pages = curb_alloc(arena, sizeof *pages);
	pages->arena = arena;
	pages->langs[pages->lang_count++] = "en";
	return pages;
}

void pages_free(struct pages *pages)
{
	if (pages)
		curb_arena_free(pages->arena);
}

void *pages_grow(struct pages *pages, void *rows, size_t count, size_t *room, size_t row_size)
{
	if (count < *room)
		return rows;
	*room = *room ? *room * 2 : 16;
	void *more = curb_alloc_n(pages->arena, *room, row_size);
	if (count)
		memcpy(more, rows, count * row_size);
	return more;
}

/* "name" of "name.html"; NULL when it does not end so or is too long. */
static const char *stem(struct pages *pages, const char *name, const char *end)
{
	struct curb_str s = curb_str(name);
	if (!curb_str_ends(s, end) || s.len == strlen(end))
		return NULL;
	return curb_cstr(pages->arena, curb_str_n(name, s.len - strlen(end)));
}

static int add_template(struct pages *pages, const char *owner, const struct curb_embedded *file)
{
	const char *name = stem(pages, file->name, ".html");
	if (!name || file->size > TEMPLATE_SIZE_MAX)
		return curb_fail(CURB_EINVAL, "Template %s/%s: it is not named NAME.html, or over 256 KB.",
		                 owner, file->name);
	struct template *template = NULL;
	struct curb_str text = curb_str_n((const char *)file->bytes, file->size);
	int err = template_compile(pages->arena, owner, name, text, &template);
	if (err)
		return err;
	pages->templates = pages_grow(pages, pages->templates, pages->template_count, &pages->template_room,
	                              sizeof(struct template *));
	pages->templates[pages->template_count++] = template;
	struct pages_parts *parts = strcmp(name, "nav") == 0  ? &pages->nav :
	                            strcmp(name, "foot") == 0 ? &pages->foot :
	                                                        NULL;
	if (!parts)
		return 0;
	if (parts->count == PAGES_NAV_MAX)
		return curb_fail(CURB_EINTERNAL, "too many owners bring a template %s.html", name);
	parts->list[parts->count++] = template;
	return 0;
}

static bool find_lang(const struct pages *pages, struct curb_str lang, size_t *ret_number)
{
	for (size_t i = 0; i < pages->lang_count; i++)
		if (curb_str_is_nocase(lang, pages->langs[i])) {
			*ret_number = i;
			return true;
		}
	return false;
}

size_t pages_lang_number(const struct pages *pages, struct curb_str lang)
{
	size_t number = 0;
	return find_lang(pages, lang, &number) ? number : 0;
}

static int add_catalog(struct pages *pages, const char *owner, const struct curb_embedded *file)
{
	const char *lang = stem(pages, file->name, ".mo");
	struct pages_catalog row = { .owner = owner };
	if (!lang)
		return curb_fail(CURB_EINVAL, "Messages %s/%s is not named LANGUAGE.mo.", owner, file->name);
	int err = mo_open(&row.mo, file->name, file->bytes, file->size);
	if (err)
		return err;
	if (!find_lang(pages, curb_str(lang), &row.lang)) {
		if (pages->lang_count == PAGES_LANGS_MAX)
			return curb_fail(CURB_EINVAL, "Messages %s/%s: too many languages.", owner,
			                 file->name);
		row.lang = pages->lang_count;
		pages->langs[pages->lang_count++] = lang;
	}
	pages->catalogs = pages_grow(pages, pages->catalogs, pages->catalog_count, &pages->catalog_room,
	                             sizeof row);
	pages->catalogs[pages->catalog_count++] = row;
	return 0;
}

static const char *type_of(struct curb_str name)
{
	static const struct {
		const char *end, *type;
	} types[] = {
		{ ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".mjs", "text/javascript; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".webp", "image/webp" },
		{ ".ico", "image/x-icon" },
		{ ".woff2", "font/woff2" },
		{ ".vtt", "text/vtt; charset=utf-8" },
		{ ".txt", "text/plain; charset=utf-8" },
		{ ".wasm", "application/wasm" },
	};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (curb_str_ends(name, types[i].end))
			return types[i].type;
	return NULL;
}

/* Addresses are written into pages as they are: nothing that would need escaping may be in one. */
static bool is_asset_name(const char *name)
{
	return *name && *name != '/' && strlen(name) < 200 &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./")] ==
	               '\0';
}

/* FNV-1a: tells one version of our own files from the next, no more. */
static unsigned long long version_of(const struct curb_embedded *file)
{
	unsigned long long hash = 0xcbf29ce484222325;
	for (uint64_t i = 0; i < file->size; i++)
		hash = (hash ^ file->bytes[i]) * 0x100000001b3;
	return hash;
}

/* The row of the table that is called `name` and `end`; NULL when there is none. */
static const struct curb_embedded *find_row(const struct curb_embedded *files, struct curb_str name,
                                            const char *end)
{
	for (; files->name; files++)
		if (strncmp(files->name, name.ptr, name.len) == 0 && strcmp(files->name + name.len, end) == 0)
			return files;
	return NULL;
}

#define PACKED ".gz"

static bool is_packed(const struct curb_embedded *files, const struct curb_embedded *file)
{
	struct curb_str name = curb_str(file->name);
	return curb_str_ends(name, PACKED) &&
	       find_row(files, curb_str_n(name.ptr, name.len - strlen(PACKED)), "");
}

/* What gzip makes ends with the length of what it was made of (RFC 1952, 2.3.1). */
static bool unpacks_to(const struct curb_embedded *packed, uint64_t size)
{
	if (packed->size < 18 || memcmp(packed->bytes, "\x1f\x8b\x08", 3) != 0)
		return false;
	const unsigned char *end = packed->bytes + packed->size - 4;
	return ((uint32_t)end[0] | (uint32_t)end[1] << 8 | (uint32_t)end[2] << 16 | (uint32_t)end[3] << 24) ==
	       (uint32_t)size;
}

static int add_asset(struct pages *pages, const char *owner, const struct curb_embedded *file,
                     const struct curb_embedded *packed)
{
	struct pages_asset asset = { .owner = owner, .name = file->name };
	asset.file.type = type_of(curb_str(file->name));
	if (!asset.file.type || !is_asset_name(file->name))
		return curb_fail(CURB_EINVAL, "Asset %s/%s: a name or kind of file that is not served.",
		                 owner, file->name);
	if (packed && !unpacks_to(packed, file->size))
		return curb_fail(CURB_EINVAL, "Asset %s/%s: it is not what gzip makes of %s.", owner,
		                 packed->name, file->name);
	asset.file.bytes = curb_str_n((const char *)file->bytes, file->size);
	if (packed)
		asset.file.gzip = curb_str_n((const char *)packed->bytes, packed->size);
	/* Most browsers take the packed bytes: what nobody asks for is not even read from the disk. */
	asset.file.version = curb_str(
		curb_printf(pages->arena, "%016llx", version_of(packed ? packed : file)));
	asset.address = curb_printf(pages->arena, "/assets/%s/%s/%s", owner, asset.file.version.ptr,
	                            file->name);
	pages->assets = pages_grow(pages, pages->assets, pages->asset_count, &pages->asset_room,
	                           sizeof asset);
	pages->assets[pages->asset_count++] = asset;
	return 0;
}

static int add_assets(struct pages *pages, const char *owner, const struct curb_embedded *files)
{
	int err = 0;
	for (const struct curb_embedded *file = files; file && file->name && !err; file++)
		if (!is_packed(files, file))
			err = add_asset(pages, owner, file, find_row(files, curb_str(file->name), PACKED));
	return err;
}

typedef int (*add_fn)(struct pages *pages, const char *owner, const struct curb_embedded *file);

static int add_all(struct pages *pages, const char *owner, const struct curb_embedded *files, add_fn add)
{
	int err = 0;
	for (; files && files->name && !err; files++)
		err = add(pages, owner, files);
	return err;
}

int pages_add(struct pages *pages, const char *owner, const struct curb_embedded *templates,
              const struct curb_embedded *messages, const struct curb_embedded *assets)
{
	CURB_ASSERT(!pages->sealed);
	owner = curb_cstr(pages->arena, curb_str(owner));
	int err = add_all(pages, owner, templates, add_template);
	if (!err)
		err = add_all(pages, owner, messages, add_catalog);
	return err ? err : add_assets(pages, owner, assets);
}

static int compare_template(const struct template *t, const char *owner, struct curb_str name)
{
	int order = strcmp(t->owner, owner);
	if (order)
		return order;
	order = strncmp(t->name, name.ptr, name.len);
	return order ? order : (t->name[name.len] != '\0');
}

const struct template *pages_template(const struct pages *pages, const char *owner, struct curb_str name)
{
	CURB_ASSERT(pages->sealed);
	size_t from = 0, to = pages->template_count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = compare_template(pages->templates[middle], owner, name);
		if (order == 0)
			return pages->templates[middle];
		if (order > 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

/* The simple layout has easy words where there are some. */
static size_t easy_words(const struct curb_value *model)
{
	return curb_str_is(curb_get_str(curb_value_get(model, "needs"), "layout"), "simple") ? 1 : 0;
}

int pages_render(const struct pages *pages, const char *owner, const char *name, struct curb_str lang,
                 const struct curb_value *model, struct curb_buf *out)
{
	const struct template *template = pages_template(pages, owner, curb_str(name));
	if (!template)
		return curb_fail(CURB_EINTERNAL, "There is no template %s/%s.html.", owner, name);
	size_t number = pages_lang_number(pages, lang);
	struct template_run run = { .text = 2 * number + easy_words(model),
		                    .globals = pages->globals[number] };
	return template_render(template, &run, model, out);
}

int pages_layout(const struct pages *pages, const char *owner, const char *name, struct curb_str lang,
                 const struct curb_value *model, struct curb_buf *out)
{
	const struct template *layout = pages_template(pages, PAGES_COMMON, curb_str("layout"));
	const struct template *content = pages_template(pages, owner, curb_str(name));
	if (!layout || !content)
		return curb_fail(CURB_EINTERNAL, "There is no template %s/%s.html.",
		                 content ? PAGES_COMMON : owner, content ? "layout" : name);
	char head[TEMPLATE_KEY_MAX + 8];
	size_t n = strlen(name) < TEMPLATE_KEY_MAX ? strlen(name) : TEMPLATE_KEY_MAX;
	memcpy(head, name, n);
	memcpy(head + n, ".head", sizeof ".head");
	size_t number = pages_lang_number(pages, lang);
	struct template_run run = { .text = 2 * number + easy_words(model),
		                    .content = content,
		                    .head = pages_template(pages, owner, curb_str(head)),
		                    .nav = pages->nav.list,
		                    .foot = pages->foot.list,
		                    .globals = pages->globals[number] };
	return template_render(layout, &run, model, out);
}

int pages_asset(const struct pages *pages, struct curb_str path, struct pages_file *ret_file)
{
	static const char before[] = "/assets/";
	for (size_t i = 0; i < pages->asset_count; i++) {
		const struct pages_asset *asset = &pages->assets[i];
		if (!curb_str_is(path, asset->address + sizeof before - 1))
			continue;
		*ret_file = asset->file;
		return 0;
	}
	return curb_fail(CURB_ENOTFOUND, "There is no such file. Reload the page.");
}
