/* The inside of struct curb_value: for json_read.c and value.c. */
#ifndef CURB_BASE_VALUE_H
#define CURB_BASE_VALUE_H

#include "curb/json.h"

struct curb_value {
	enum curb_value_type type;
	struct curb_arena *arena;
	union {
		bool boolean;
		int64_t integer;
		struct curb_str text; /* CURB_STRING, and the digits of CURB_DECIMAL */
		struct {
			struct curb_value **items;
			struct curb_str *keys; /* NULL in an array */
			size_t count, cap;
		} list;
	};
};

struct curb_value *value_new(struct curb_arena *arena, enum curb_value_type type);
void value_append(struct curb_value *list, struct curb_str key, struct curb_value *item);

#endif
