/* Between the files of the intake: the process, its frames, its package. */
#ifndef CONTENT_STORE_INSIDE_H
#define CONTENT_STORE_INSIDE_H

#include <sys/types.h>

#include "intake.h"

enum {
	INTAKE_SLOTS = 256,
	INTAKE_FILES = 20000,
	INTAKE_FINDINGS = 500,
	INTAKE_VERSIONS = 500, /* of a course in one pack */
	INTAKE_PACK = 8 << 20, /* bytes of their frames together */
	INTAKE_FRAME = 1 << 20,
	INTAKE_HEAD = 8
};

struct intake_file {
	struct blob_file *blob;
	struct curb_str path;
	const char *type; /* static */
	bool sealed;
};

struct intake_process;

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
	int permille; /* the most that was told */
	struct intake_process *process;
	int forms;                    /* asked for so far */
	bool making;                  /* one of them, now */
	int64_t forms_ms;             /* that making them took */
	struct curb_value *package;   /* as the worker sent it */
	struct curb_value **versions; /* of a pack, likewise; arena */
	size_t version_count, version_bytes;
};

/* Takes one frame. CURB_EINVAL with a text when the worker broke the contract; other errors are ours. */
int intake_frame(struct intake_state *state, char type, int slot, struct curb_str payload);
/* Adds a finding of our own or of the worker's; facts are copied. */
void intake_find(struct intake_state *state, const char *code, struct curb_str where, struct curb_str a,
                 struct curb_str b);
/* The package in known fields only, with files in place of numbers. CURB_EINVAL: it breaks the contract. */
int intake_check_package(struct intake_state *state, struct curb_value **ret_package);

/* One package of what the worker sent: the fields of `from` into `to`. CURB_EINVAL: it breaks the contract. */
int intake_take_package(struct intake_state *state, const struct curb_value *from, struct curb_value *to);

/* ---- course_pack_check.c: all versions of a course, carried from another server ---- */
bool intake_is_pack(const struct intake_state *state);
/* As intake.h says of a pack; finds files whose bytes are not those of their name. CURB_EINVAL: it breaks the contract. */
int intake_check_pack(struct intake_state *state, struct curb_value **ret_package);
/* A file that the pack names and does not bring: by its checksum. False: `value` is no such thing. */
bool intake_take_kept(const struct intake_state *state, const struct curb_value *value,
                      struct curb_value *to);

/* The cells that a worker sent of a spreadsheet. CURB_EINVAL: it breaks the contract. */
int intake_check_table(struct intake_state *state, const struct content_table **ret_table);

/* The most that was told so far; only growth is passed on. */
void intake_progress(struct intake_state *state, int permille);

/* ---- process.c ---- */
struct intake_process {
	pid_t pid;
	int pipe;            /* to read from */
	int upload, scratch; /* as the worker has them */
	int form, answers;   /* to write to; -1 when it may not ask for forms */
};
int intake_start(const struct intake_job *job, struct intake_process *ret_process);
/* Ends it if it still runs, waits, closes. *ret_status as from waitpid. */
void intake_stop(struct intake_process *process, bool kill_it, int *ret_status);

struct intake_give {
	int fd, as;
};
/* A process group with these descriptors, no others and no environment. CURB_EINTERNAL. */
int intake_spawn(const char *path, char *const argv[], const struct intake_give *gives, size_t n,
                 pid_t *ret_pid);
/* The same, closed on exec and high enough to be given; `fd` is closed. -1. */
int intake_lift(int fd);
/* Both ends are yours, closed on exec and high enough to be given. CURB_EINTERNAL. */
int intake_pipe(int *ret_in, int *ret_out);
/* A fresh, read-only opening: whoever gets it shares neither our position nor our right to write. -1. */
int intake_reopen(int fd);
/* Kills the group if asked to, and waits for the process. */
void intake_end(pid_t pid, bool kill_it, int *ret_status);

/* ---- listen.c ---- */
struct intake_listening {
	int64_t longest_ms, silent_ms; /* in all; without a byte */
	bool (*cancelled)(void *arg);  /* asked about every quarter of a second; may be NULL */
	void *cancel_arg;
	int (*hear)(void *arg, const char *bytes, size_t n);      /* an error ends the listening */
	int aside;                                                /* one more pipe; 0: none */
	void (*overhear)(void *arg, const char *bytes, size_t n); /* what comes by it */
	void *arg;
};
/* Until all ends of the pipe to write to are closed. CURB_EBUSY: its time is over; CURB_ECONFLICT when it was cancelled. */
int intake_listen(const struct intake_listening *listening, int in);
/* Behind it: one that has closed its end ends within some seconds. CURB_EBUSY: it goes on. */
int intake_wait(pid_t pid);
/* "00:01:02.50, start…", or without hours, in microseconds: whole seconds of it; 0: not that. */
int64_t intake_clock_us(const char *text);

/* ---- form.c ---- */

/* A program that could not write a file says no more than that it failed. CURB_EFULL when its disk is full. */
int intake_check_room(int fd);

/* Has the form made that the worker asks for, and answers it. CURB_EINVAL: what it asks for makes no sense; CURB_EFULL,
 * CURB_ECONFLICT when the import was cancelled. */
int intake_form(struct intake_state *state, struct curb_str payload);

#endif
