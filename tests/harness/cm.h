/* cmocka wants these before its own header; every test includes this one instead. */
#ifndef CURB_TESTS_CM_H
#define CURB_TESTS_CM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#endif
