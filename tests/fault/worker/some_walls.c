/* The worker's walls one at a time: argv[1] says which, argv[2] what is tried. Only for tests. */
#include <stdlib.h>

#include "reader.h"
#include "sandbox.h"

int main(int argc, char **argv)
{
	enum { NO_WALLS = 98 };
	if (argc != 3 || !sandbox_close((uint32_t)strtoul(argv[1], NULL, 10)))
		return NO_WALLS;
	package_read(NULL, NULL, argv[2]);
	return NO_WALLS;
}
