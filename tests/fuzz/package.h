/* One package made of files, read by one reader as the worker does it. Not thread-safe. */
#ifndef TESTS_FUZZ_PACKAGE_H
#define TESTS_FUZZ_PACKAGE_H

#include "reader.h"
#include "zipmaker.h"

/* A small MP3, the same in each call. */
struct zip_item fuzz_sound(const char *name);

/* The reader must bid for it; then it is refused, or `right` is true of the package and that can be sent. Aborts otherwise. */
void fuzz_package(const struct content_reader *reader, const struct zip_item *items, size_t count,
                  bool (*right)(const struct curb_value *package));

#endif
