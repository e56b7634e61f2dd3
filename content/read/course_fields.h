/* Fields of course.json by tables: what each object may have, and what is taken from it. */
#ifndef CONTENT_COURSE_FIELDS_H
#define CONTENT_COURSE_FIELDS_H

#include "reader.h"

/* COURSE_NUMBER: whole, from 1 to 10,000. */
enum course_type {
	COURSE_TEXT,
	COURSE_TEXTS,
	COURSE_HOURS,
	COURSE_NUMBER,
	COURSE_LIST,
	COURSE_OBJECT,
	COURSE_IGNORED
};

struct course_field {
	const char *name; /* NULL: end of the table */
	enum course_type type;
	bool needed;
	const char *as; /* its name in the package; NULL: not taken over as it is */
};

/* Checks an object of course.json against its table, tells what is wrong at `where`, and takes over what has a name in
 * the package. True when every needed field is there and all are of their type. */
bool course_take(struct reader_job *job, const struct curb_value *from, const struct course_field *fields,
                 const char *where, struct curb_value *to);

#endif
