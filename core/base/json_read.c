#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "curb/err.h"
#include "value.h"

static struct curb_value *copy_of(struct curb_arena *arena, json_t *from);

static void copy_members(struct curb_value *to, json_t *from)
{
	const char *key;
	json_t *item;
	json_object_foreach(from, key, item)
		value_append(to, curb_dup(to->arena, curb_str(key)), copy_of(to->arena, item));
}

static void copy_items(struct curb_value *to, json_t *from)
{
	size_t i;
	json_t *item;
	json_array_foreach(from, i, item)
		value_append(to, curb_str(NULL), copy_of(to->arena, item));
}

/* The shortest digits that give the same double; 15 always do for what people write by hand. */
static struct curb_str decimal_text(struct curb_arena *arena, double number)
{
	const char *text = curb_printf(arena, "%.15g", number);
	if (strtod(text, NULL) < number || strtod(text, NULL) > number)
		text = curb_printf(arena, "%.17g", number);
	return curb_str(text);
}

static struct curb_value *copy_of(struct curb_arena *arena, json_t *from)
{
	static const enum curb_value_type types[] = {
		[JSON_OBJECT] = CURB_OBJECT, [JSON_ARRAY] = CURB_ARRAY,  [JSON_STRING] = CURB_STRING,
		[JSON_INTEGER] = CURB_INT,   [JSON_REAL] = CURB_DECIMAL, [JSON_TRUE] = CURB_BOOL,
		[JSON_FALSE] = CURB_BOOL,    [JSON_NULL] = CURB_NULL,
	};
	struct curb_value *to = value_new(arena, types[json_typeof(from)]);
	switch (to->type) {
	case CURB_OBJECT: copy_members(to, from); break;
	case CURB_ARRAY: copy_items(to, from); break;
	case CURB_STRING:
		to->text = curb_dup(arena, curb_str_n(json_string_value(from), json_string_length(from)));
		break;
	case CURB_INT: to->integer = json_integer_value(from); break;
	case CURB_DECIMAL: to->text = decimal_text(arena, json_real_value(from)); break;
	case CURB_BOOL: to->boolean = json_is_true(from); break;
	case CURB_NULL: break;
	}
	return to;
}

/* At least what copy_of() takes: a list grows by doubling from 8 and leaves its old arrays behind, and the
 * arena rounds up to 16. SIZE_MAX: nested deeper than `left`; jansson has a limit of its own (2048), ours keeps every walk
 * over the tree shallow. */
static size_t cost_of(json_t *value, int left)
{
	if (left == 0)
		return SIZE_MAX;
	size_t i, count = json_is_object(value) ? json_object_size(value) : json_array_size(value);
	size_t cost = sizeof(struct curb_value) + 15;
	if (json_is_string(value))
		cost += json_string_length(value) + 16;
	if (json_is_real(value))
		cost += 96;
	if (count)
		cost += (count < 2 ? 8 : 4 * count) * (sizeof(struct curb_value *) + sizeof(struct curb_str));
	const char *key;
	json_t *item;
	json_object_foreach(value, key, item) {
		size_t more = cost_of(item, left - 1);
		if (more == SIZE_MAX)
			return SIZE_MAX;
		cost += strlen(key) + 16 + more;
	}
	json_array_foreach(value, i, item) {
		size_t more = cost_of(item, left - 1);
		if (more == SIZE_MAX)
			return SIZE_MAX;
		cost += more;
	}
	return cost;
}

static int check_tree(struct curb_arena *arena, json_t *tree)
{
	enum { DEEPEST = 48 };
	size_t cost = cost_of(tree, DEEPEST);
	if (cost == SIZE_MAX)
		return curb_fail(CURB_EINVAL, "this JSON is nested more than %d deep", DEEPEST);
	if (cost > curb_arena_left(arena))
		return curb_fail(CURB_ETOOBIG,
		                 "this JSON has more parts than can be read; send less at once");
	return 0;
}

int curb_json_parse(struct curb_arena *arena, struct curb_str text, struct curb_value **ret_value)
{
	json_error_t why;
	json_t *tree = json_loadb(text.ptr ? text.ptr : "", text.len,
	                          JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (!tree)
		return curb_fail(CURB_EINVAL, "this is not valid JSON: %s, line %d, column %d", why.text,
		                 why.line, why.column);
	int err = check_tree(arena, tree);
	if (!err)
		*ret_value = copy_of(arena, tree);
	json_decref(tree);
	return err;
}
