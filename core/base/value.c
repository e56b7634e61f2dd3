#include "value.h"

#include "curb/err.h"

struct curb_value *value_new(struct curb_arena *arena, enum curb_value_type type)
{
	struct curb_value *value = curb_alloc(arena, sizeof *value);
	value->type = type;
	value->arena = arena;
	return value;
}

static void make_room(struct curb_value *list)
{
	if (list->list.count < list->list.cap)
		return;
	size_t cap = list->list.cap ? list->list.cap * 2 : 8;
	struct curb_value **items = curb_alloc_n(list->arena, cap, sizeof(struct curb_value *));
	struct curb_str *keys = NULL;
	if (list->type == CURB_OBJECT)
		keys = curb_alloc_n(list->arena, cap, sizeof *keys);
	for (size_t i = 0; i < list->list.count; i++) {
		items[i] = list->list.items[i];
		if (keys)
			keys[i] = list->list.keys[i];
	}
	list->list.items = items;
	list->list.keys = keys;
	list->list.cap = cap;
}

void value_append(struct curb_value *list, struct curb_str key, struct curb_value *item)
{
	make_room(list);
	list->list.items[list->list.count] = item;
	if (list->type == CURB_OBJECT)
		list->list.keys[list->list.count] = key;
	list->list.count++;
}

enum curb_value_type curb_value_type(const struct curb_value *value)
{
	return value ? value->type : CURB_NULL;
}

static bool is_list(const struct curb_value *value)
{
	return value && (value->type == CURB_ARRAY || value->type == CURB_OBJECT);
}

size_t curb_value_count(const struct curb_value *value)
{
	return is_list(value) ? value->list.count : 0;
}

struct curb_value *curb_value_at(const struct curb_value *array, size_t i)
{
	return curb_value_type(array) == CURB_ARRAY && i < array->list.count ? array->list.items[i] : NULL;
}

struct curb_str curb_value_key(const struct curb_value *object, size_t i)
{
	return curb_value_type(object) == CURB_OBJECT && i < object->list.count ? object->list.keys[i] :
	                                                                          curb_str(NULL);
}

struct curb_value *curb_value_member(const struct curb_value *object, size_t i)
{
	return curb_value_type(object) == CURB_OBJECT && i < object->list.count ? object->list.items[i] :
	                                                                          NULL;
}

static bool find(const struct curb_value *object, const char *key, size_t *ret_i)
{
	if (curb_value_type(object) != CURB_OBJECT)
		return false;
	for (size_t i = 0; i < object->list.count; i++)
		if (curb_str_is(object->list.keys[i], key)) {
			*ret_i = i;
			return true;
		}
	return false;
}

struct curb_value *curb_value_get(const struct curb_value *object, const char *key)
{
	size_t i;
	return find(object, key, &i) ? object->list.items[i] : NULL;
}

struct curb_str curb_value_str(const struct curb_value *value)
{
	return curb_value_type(value) == CURB_STRING ? value->text : curb_str(NULL);
}

int64_t curb_value_int(const struct curb_value *value, int64_t otherwise)
{
	return curb_value_type(value) == CURB_INT ? value->integer : otherwise;
}

bool curb_value_bool(const struct curb_value *value, bool otherwise)
{
	return curb_value_type(value) == CURB_BOOL ? value->boolean : otherwise;
}

struct curb_str curb_value_digits(const struct curb_value *value)
{
	if (curb_value_type(value) == CURB_DECIMAL)
		return value->text;
	if (curb_value_type(value) == CURB_INT)
		return curb_str(curb_printf(value->arena, "%lld", (long long)value->integer));
	return curb_str(NULL);
}

static bool shift_left(int64_t number, int digits, int64_t *ret_value)
{
	for (int i = 0; i < digits; i++)
		if (__builtin_mul_overflow(number, 10, &number))
			return false;
	*ret_value = number;
	return true;
}

bool curb_value_fixed(const struct curb_value *value, int digits, int64_t *ret_value)
{
	if (curb_value_type(value) == CURB_INT)
		return value->integer >= 0 && shift_left(value->integer, digits, ret_value);
	struct curb_str text = curb_value_digits(value), whole;
	/* the sign is looked at here, since the whole part of -0.5 is 0 */
	if (!text.ptr || curb_str_starts(text, "-") || !curb_str_cut(&text, '.', &whole))
		return false;
	int64_t sum = 0;
	if (!curb_str_int(whole, &sum))
		return false;
	while (text.len && text.ptr[text.len - 1] == '0')
		text.len--;
	if (text.len > (size_t)digits)
		return false;
	for (size_t i = 0; i < (size_t)digits; i++) {
		int digit = i < text.len ? text.ptr[i] - '0' : 0;
		if (digit < 0 || digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, digit, &sum))
			return false;
	}
	*ret_value = sum;
	return true;
}

struct curb_str curb_get_str(const struct curb_value *object, const char *key)
{
	return curb_value_str(curb_value_get(object, key));
}

int64_t curb_get_int(const struct curb_value *object, const char *key, int64_t otherwise)
{
	return curb_value_int(curb_value_get(object, key), otherwise);
}

struct curb_value *curb_object(struct curb_arena *arena)
{
	return value_new(arena, CURB_OBJECT);
}

struct curb_arena *curb_value_arena(const struct curb_value *value)
{
	return value->arena;
}

struct curb_value *curb_array(struct curb_arena *arena)
{
	return value_new(arena, CURB_ARRAY);
}

struct curb_value *curb_string(struct curb_arena *arena, struct curb_str s)
{
	struct curb_value *value = value_new(arena, CURB_STRING);
	value->text = curb_dup(arena, s.ptr ? s : curb_str(""));
	return value;
}

struct curb_value *curb_integer(struct curb_arena *arena, int64_t number)
{
	struct curb_value *value = value_new(arena, CURB_INT);
	value->integer = number;
	return value;
}

struct curb_value *curb_boolean(struct curb_arena *arena, bool truth)
{
	struct curb_value *value = value_new(arena, CURB_BOOL);
	value->boolean = truth;
	return value;
}

void curb_put(struct curb_value *object, const char *key, struct curb_value *value)
{
	CURB_ASSERT(curb_value_type(object) == CURB_OBJECT);
	size_t i;
	if (find(object, key, &i))
		object->list.items[i] = value;
	else
		value_append(object, curb_dup(object->arena, curb_str(key)), value);
}

void curb_put_str(struct curb_value *object, const char *key, struct curb_str s)
{
	if (s.ptr)
		curb_put(object, key, curb_string(object->arena, s));
}

void curb_put_text(struct curb_value *object, const char *key, const char *text)
{
	curb_put_str(object, key, curb_str(text));
}

void curb_put_int(struct curb_value *object, const char *key, int64_t value)
{
	curb_put(object, key, curb_integer(object->arena, value));
}

void curb_put_bool(struct curb_value *object, const char *key, bool value)
{
	curb_put(object, key, curb_boolean(object->arena, value));
}

void curb_push(struct curb_value *array, struct curb_value *value)
{
	CURB_ASSERT(curb_value_type(array) == CURB_ARRAY);
	value_append(array, curb_str(NULL), value);
}

static void write_list(struct curb_json *j, const struct curb_value *value)
{
	bool object = value->type == CURB_OBJECT;
	curb_json_begin(j, object ? '{' : '[');
	for (size_t i = 0; i < value->list.count; i++) {
		if (object)
			curb_json_key(j, value->list.keys[i].ptr);
		curb_json_value(j, value->list.items[i]);
	}
	curb_json_end(j, object ? '}' : ']');
}

void curb_json_value(struct curb_json *j, const struct curb_value *value)
{
	switch (curb_value_type(value)) {
	case CURB_NULL: curb_json_null(j); break;
	case CURB_BOOL: curb_json_bool(j, value->boolean); break;
	case CURB_INT: curb_json_int(j, value->integer); break;
	case CURB_DECIMAL: curb_json_raw(j, value->text); break;
	case CURB_STRING: curb_json_str(j, value->text); break;
	case CURB_ARRAY:
	case CURB_OBJECT: write_list(j, value); break;
	}
}
