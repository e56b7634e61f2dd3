#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "template.h"

/* Whatever a template says, a value cannot open a tag or leave its quotes. */
static void run(struct curb_arena *arena, const struct template *template)
{
	static const char hostile[] = "javascript:\"\002'\002`\002<\002>\002 onclick=\002";
	struct curb_value *model = curb_object(arena), *list = curb_array(arena);
	curb_put_text(model, "a", hostile);
	curb_push(list, curb_string(arena, curb_str(hostile)));
	curb_put(model, "l", list);
	struct template_run outside = { 0 };
	struct curb_buf out = curb_buf(1 << 20);
	(void)template_render(template, &outside, model, &out);
	static const char *const never[] = { "\"\002", "'\002", "`\002", "<\002", ">\002" };
	for (size_t i = 0; out.data && i < sizeof never / sizeof *never; i++)
		if (strstr(out.data, never[i]))
			abort();
	curb_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size > 64 << 10 || memchr(bytes, 2, size)) /* the value's mark */
		return 0;
	struct curb_arena *arena = curb_arena_new(64 << 20);
	struct template *template = NULL;
	if (template_compile(arena, "fuzz", "t", curb_str_n((const char *)bytes, size), &template) == 0)
		run(arena, template);
	curb_arena_free(arena);
	return 0;
}
