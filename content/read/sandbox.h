/* The walls around the worker: after sandbox_close it can read its three descriptors, compute, and no more.
 * The rule: whatever needs a file, a converter or a library's table is opened before.
 */
#ifndef CONTENT_SANDBOX_H
#define CONTENT_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

enum sandbox_wall {
	SANDBOX_PRIVILEGES = 1, /* no new privileges, no core file, dies with its parent */
	SANDBOX_LIMITS = 2,     /* memory, processor time, file size, descriptors, processes */
	SANDBOX_NAMESPACES = 4, /* no network; where the system allows it */
	SANDBOX_LANDLOCK = 8,   /* no file, no port; where the kernel knows it */
	SANDBOX_CALLS = 16,     /* system calls by allow-list; anything else ends the process */
	SANDBOX_ALL = 31
};

/* Closes the walls named. False when one that must stand does not (all but namespaces and Landlock); then do not go on. */
bool sandbox_close(uint32_t walls);

/* A program of others. */
struct sandbox_guest {
	const char *program; /* an absolute path; the caller then executes it by this very pointer */
	int input;           /* what is at this descriptor may be opened again, to be read */
	/* What else may be read (a folder: all in it), and read and executed: absolute paths with blanks between them. NULL: nothing is,
	 * and `program` is executed alone. */
	const char *reads, *runs;
};

/* The walls for it: it opens the libraries of the system, its input and those paths, to be read, and no other file; no network, no
 * process, no other program (its loader alone, and `runs` in its own place), bounded memory. All must stand, Landlock too, and each
 * path be there: false when one does not, and then do not go on. */
bool sandbox_program(const struct sandbox_guest *guest);

#endif
