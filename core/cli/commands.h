/* The command line: one row a command, one file each.
 * The rule: a command that touches data has a `serve` half that runs where the data is, and a `main` half that reads the
 * arguments, asks (control_do) and prints.
 *
 * To add one: a file with these halves, their declarations here, a row in commands.c.
 */
#ifndef CURB_CLI_COMMANDS_H
#define CURB_CLI_COMMANDS_H

#include "control.h"

struct command {
	const char *name;    /* "user add" */
	const char *usage;   /* its options, in one line */
	const char *summary; /* what it does, in one line */
	/* argv[0] is the last word of the name. Returns the exit code. */
	int (*main)(int argc, char **argv);
	int (*serve)(struct control_call *call); /* NULL: needs no data */
};

extern const struct command commands[]; /* ended by a row without name */

/* Prints "curbcut NAME: TEXT" of the thread's error; the exit code for it: 1. */
int command_failed(const char *name);

/* One option of a command line: `--name VALUE` with `value`, `--name` alone with `flag`. */
struct command_option {
	const char *name;
	const char **value;
	bool *flag;
};

/* Reads the options of argv that `options` name, ended by an entry without name (16 at most); what is not given keeps its
 * value. Returns the index in argv of the first word that is no option, or -1: what is wrong was printed, the exit code is 2.
 * Moves the options before the other words. */
int command_options(int argc, char **argv, const struct command_option *options);

/* A name of a file as the server knows it, which works in another folder: one that begins in this one is made whole. Arena. */
const char *command_path(struct curb_arena *arena, const char *name);

/* How far a long command is, on the side that has the data: a line {"percent":N} whenever that is another one. */
struct command_telling {
	struct control_call *call;
	int percent; /* told last; -1: nothing */
};
void command_tell_percent(void *telling, int permille);
bool command_is_cancelled(void *telling);

/* A line of an answer on standard output; for control_ask. */
void command_print(void *arg, struct curb_str json);

/* The main half of a command that takes --config and --data alone and prints the lines that `request` is answered with.
 * Returns the exit code. */
int command_list(const char *name, const char *request, int argc, char **argv);

int serve_main(int argc, char **argv);
int user_add_main(int argc, char **argv);
int user_add_serve(struct control_call *call);
int import_main(int argc, char **argv);
int import_serve(struct control_call *call);
int pack_export_main(int argc, char **argv);
int pack_export_serve(struct control_call *call);
int pack_have_main(int argc, char **argv);
int pack_have_serve(struct control_call *call);
int backup_main(int argc, char **argv);
int backup_serve(struct control_call *call);
int restore_main(int argc, char **argv);
int doctor_main(int argc, char **argv);
int doctor_serve(struct control_call *call);
int ledger_export_main(int argc, char **argv);
int ledger_export_serve(struct control_call *call);
int ledger_checkpoint_main(int argc, char **argv);
int ledger_checkpoint_serve(struct control_call *call);
int ledger_receipt_main(int argc, char **argv);
int ledger_receipt_serve(struct control_call *call);
int ledger_renew_main(int argc, char **argv);
int ledger_rotate_main(int argc, char **argv);
int ledger_renew_serve(struct control_call *call);
int ledger_rotate_serve(struct control_call *call);
int ledger_verify_main(int argc, char **argv);
int witness_main(int argc, char **argv);
int check_main(int argc, char **argv);
int institution_add_main(int argc, char **argv);
int institution_add_serve(struct control_call *call);
int erasure_forget_part_main(int argc, char **argv);
int erasure_forget_part_serve(struct control_call *call);
int plugin_list_main(int argc, char **argv);
int plugin_list_serve(struct control_call *call);
int routes_main(int argc, char **argv);
int routes_serve(struct control_call *call);
int plugin_new_main(int argc, char **argv);

#endif
