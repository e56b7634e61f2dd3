/* Between the files of the intake: the process, its frames, its package. */
#ifndef CONTENT_STORE_INSIDE_H
#define CONTENT_STORE_INSIDE_H

#include <sys/types.h>

#include "intake.h"

enum {
	INTAKE_SLOTS = 256,
	INTAKE_FILES = 20000,
	INTAKE_FINDINGS = 500,
	INTAKE_FRAME = 1 << 20,
	INTAKE_HEAD = 8
};

struct intake_file {
	struct blob_file *blob;
	struct curb_str path;
	const char *type; /* static */
	bool sealed;
};

struct intake_state {
	struct curb_arena *arena;
	struct curb_arena *scratch; /* one frame's JSON; emptied before the next */
	const struct intake_job *job;
	struct blob_batch *batch;
	struct intake_file *files; /* grows; arena */
	size_t file_count, file_room;
	int slots[INTAKE_SLOTS]; /* number of the file in it, or -1 */
	struct intake_finding *findings;
	size_t finding_count;
	bool refused, ended;
	uint64_t bytes;
	int permille;               /* the most that was told */
	struct curb_value *package; /* as the worker sent it */
};

/* Takes one frame. CURB_EINVAL with a text when the worker broke the contract; other errors are ours. */
int intake_frame(struct intake_state *state, char type, int slot, struct curb_str payload);
/* Adds a finding of our own or of the worker's; facts are copied. */
void intake_find(struct intake_state *state, const char *code, struct curb_str where, struct curb_str a,
                 struct curb_str b);
/* The package in known fields only, with files in place of numbers. CURB_EINVAL: it breaks the contract. */
int intake_check_package(struct intake_state *state, struct curb_value **ret_package);

/* The cells that a worker sent of a spreadsheet. CURB_EINVAL: it breaks the contract. */
int intake_check_table(struct intake_state *state, const struct content_table **ret_table);

/* ---- process.c ---- */
struct intake_process {
	pid_t pid;
	int pipe; /* to read from */
};
int intake_start(const struct intake_job *job, struct intake_process *ret_process);
/* Ends it if it still runs, and waits. *ret_status as from waitpid. */
void intake_stop(struct intake_process *process, bool kill_it, int *ret_status);

#endif
