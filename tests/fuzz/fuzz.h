/* What a fuzz target defines; libFuzzer or the driver calls it.
 * The rule: it returns 0, keeps nothing between calls, and touches no file and no network. */
#ifndef CURB_TESTS_FUZZ_H
#define CURB_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
