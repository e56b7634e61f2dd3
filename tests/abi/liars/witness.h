/* A test program that defines `witness` hears what the plugins do; the server does not define it. */
#ifndef CURB_TESTS_WITNESS_H
#define CURB_TESTS_WITNESS_H

__attribute__((weak)) void witness(const char *what);

static inline void tell(const char *what)
{
	if (witness)
		witness(what);
}

#endif
