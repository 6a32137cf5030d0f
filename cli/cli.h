/*
 * The command line.  A command is a row of the table in main.c: its name, its usage and a function that calls
 * the runner and gives an exit code.  Everything it asks is a frame over admin.sock; the runner decides who
 * may do what.
 */
#ifndef GH_CLI_CLI_H
#define GH_CLI_CLI_H

#include "wire/client.h"
#include "wire/table.h"

/* Documented in gatehouse(1); pipelines depend on them. */
enum cli_exit {
	CLI_OK = 0,
	CLI_FAILED = 1,  /* failed clean: the database is as it was; also: the runner does not answer */
	CLI_USAGE = 2,   /* the call was wrong */
	CLI_WAITING = 3, /* pending, or waiting for approval */
	CLI_REFUSED = 4,
	CLI_PERSON = 5, /* failed partly, unknown, or something only a person can decide */
};

struct cli {
	struct gh_arena *arena;
	const char *socket;
	bool json, wait, yes, files, dry_run;
	const char *target, *environment;
	const char *to, *only, *down_to; /* versions */
	const char *reason, *comment, *digest, *roles, *state, *channel, *actor, *op, *subject, *cursor;
	const char *format, *convention, *fail_on; /* lint; convention: create, too */
	const char *folder;                        /* create */
	const char *size, *pause, *until;          /* speed, extend */
	const char *level;                         /* backup prove */
	const char *key;                           /* backup open */
	const char *side;                          /* backup restore */
	bool uncounted;                            /* backup restore */
	int64_t steps, down, limit;                /* 0: not given */
	int n_args;                                /* after the command's name */
	char **args;
};

struct cli_command {
	const char *name;
	const char *usage;                      /* what follows the name */
	const char *help;                       /* one line */
	const struct cli_command *const *parts; /* commands beneath it, NULL at the end; NULL: it has none */
	enum gh_code (*run)(struct cli *c, enum cli_exit *ret, struct gh_err *err);
};

extern const struct cli_command cli_command_approve, cli_command_down, cli_command_incidents,
    cli_command_mark, cli_command_people, cli_command_plan, cli_command_refresh, cli_command_refuse,
    cli_command_repair, cli_command_run, cli_command_up, cli_command_withdraw;
extern const struct cli_command cli_command_status, cli_command_list, cli_command_runs, cli_command_backup,
    cli_command_ledger;
extern const struct cli_command cli_command_cancel, cli_command_pause, cli_command_resume, cli_command_speed,
    cli_command_extend;
extern const struct cli_command cli_command_lint, cli_command_create, cli_command_deliveries,
    cli_command_rehearse;

/* One call on admin.sock.  fields may be NULL. */
enum gh_code cli_call(struct cli *c, enum wire_op op, const struct gh_text *fields, struct wire_reply *ret,
    struct gh_err *err) GH_MUST_USE;
/* The same for a read: the reply's table in the arena. */
enum gh_code cli_read(struct cli *c, enum wire_op op, const struct gh_text *fields, struct wire_table *ret,
    struct gh_err *err) GH_MUST_USE;
/* A fresh idempotency key and an empty form token: how every act starts. */
void cli_put_head(struct cli *c, struct wire_out *out);

/* The target meant by --target, --env or, when there is only one, by nothing. */
enum gh_code cli_target(struct cli *c, const char **ret, struct gh_err *err) GH_MUST_USE;
/* The id given as the command's only argument. */
enum gh_code cli_id(struct cli *c, const char *what, int64_t *ret, struct gh_err *err) GH_MUST_USE;

/* The cell of a named column; a column that is not there is GH_INTERNAL (runner and client of different
 * versions). */
enum gh_code cli_cell(const struct wire_table *t, size_t row, const char *column,
    const struct wire_cell **ret, struct gh_err *err) GH_MUST_USE;

/* Prints a table: aligned columns, or with --json an object {"rows": [...], "next": ...}. */
void cli_print(const struct cli *c, const struct wire_table *t, struct gh_text *out);
/* A terminal has room for some of the columns; with --json they stay all. */
enum gh_code cli_narrow(struct cli *c, struct wire_table *t, const char *const *columns, size_t n,
    struct gh_err *err) GH_MUST_USE;
/* A table of one row: a line for each column that has something; JSON as cli_print. */
void cli_print_row(const struct cli *c, const struct wire_table *t, struct gh_text *out);
/* As it is, without escapes of a terminal. */
void cli_print_lines(const char *text, struct gh_text *out);
/* One line on standard error that is rewritten on a terminal, one line a change elsewhere; last is the
 * caller's, "" at the start. */
void cli_progress(const char *text, char *last, size_t size);

/* What is read a part at a time (read.run, read.backup): all rows of one. */
struct cli_part {
	enum wire_op op;
	int64_t id;
	uint8_t part;
};
enum gh_code cli_part_read(
    struct cli *c, const struct cli_part *p, struct wire_table *ret, struct gh_err *err) GH_MUST_USE;

/* Follows a run to its end with a progress line on standard error; the exit code says how it ended. */
enum gh_code cli_follow(struct cli *c, int64_t run, enum cli_exit *ret, struct gh_err *err) GH_MUST_USE;
/* Sends request.add with that direction, target and goal; --reason must be given. */
enum gh_code cli_order(struct cli *c, uint8_t direction, const char *target, const char *goal,
    enum cli_exit *ret, struct gh_err *err) GH_MUST_USE;
/* After a request was made or approved: says what it waits for, or follows its run with --wait. */
enum gh_code cli_after_request(
    struct cli *c, int64_t request, int64_t run, enum cli_exit *ret, struct gh_err *err) GH_MUST_USE;

/* From the terminal without echo (twice when it is new), else the first line of standard input. */
enum gh_code cli_password(
    const char *prompt, bool twice, struct gh_secret *ret, struct gh_err *err) GH_MUST_USE;

enum cli_exit cli_exit_of_code(enum gh_code code);
enum cli_exit cli_exit_of_state(const char *run_state);

#endif
