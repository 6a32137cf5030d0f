/*
 * gatehouse lint: migrations read without a runner and without a database.
 *
 *   command_lint.c   the options, the order of the findings, the exit code
 *   lint_gather.c    paths into files; lint_folder.c a folder into its files and the sides of migrations
 *   lint_child.c     the SQL parser, in a child that may die of what it reads
 *   lint_text.c, lint_json.c, lint_sarif.c   the formats
 */
#ifndef GH_CLI_LINT_H
#define GH_CLI_LINT_H

#include "cli/cli.h"
#include "migration/sql.h"

/* One file that was looked at, also when nothing came of it. */
struct cli_lint_file {
	const char *path;       /* from where the command runs; control characters as \xNN */
	const char *convention; /* "" none: plain SQL */
	enum convention_as as;
	const char *reason; /* why it is no migration; "" */
	const char *text;   /* without its byte order mark, for the lines that are shown; NULL: not read */
	size_t len;
};

/* One text for the parser. */
struct cli_lint_side {
	size_t file;         /* of the list of files */
	const char *name;    /* "up", "down", "verify" */
	const char *problem; /* it cannot run and is not parsed; "" none */
	struct sql_text sql;
};

struct cli_lint_finding {
	size_t file;
	const char *side; /* "" the file as a whole */
	struct lint_finding is;
};

struct cli_lint_folder;

/* Cleanup: cli_lint_done. */
struct cli_lint {
	struct gh_arena *arena;
	size_t n_files, cap_files;
	struct cli_lint_file *files;
	size_t n_sides, cap_sides;
	struct cli_lint_side *sides;
	size_t n_findings, cap_findings;
	struct cli_lint_finding *findings;
	struct cli_lint_folder *folders;        /* that were read (lint_folder.h) */
	size_t counts[LINT_ERROR + 1], ignored; /* by level, of those that are not ignored */
};

size_t cli_lint_file_add(struct cli_lint *l, const struct cli_lint_file *f);
void cli_lint_side_add(struct cli_lint *l, const struct cli_lint_side *s);
void cli_lint_finding_add(struct cli_lint *l, const struct cli_lint_finding *f);
/*
 * An error about a file; where it begins with "FILE:LINE:COLUMN: " or "FILE: " that is taken as its place
 * and left out.
 */
void cli_lint_problem(
    struct cli_lint *l, size_t file, const char *side, const char *rule, const char *problem);
/* The same into a finding whose file and side are set. */
void cli_lint_problem_read(
    const struct cli_lint *l, struct cli_lint_finding *f, const char *rule, const char *problem);

/* path is a folder or a file; convention NULL: found out.  GH_NOT_FOUND and the like name the path. */
enum gh_code cli_lint_gather(
    struct cli_lint *l, const char *path, const char *convention, struct gh_err *err) GH_MUST_USE;
void cli_lint_done(struct cli_lint *l);
/* Parses all sides and adds what is found. */
enum gh_code cli_lint_run(struct cli_lint *l, struct gh_err *err) GH_MUST_USE;

/* A line of the file, without its end; NULL when it has no such line or was not read. */
const char *cli_lint_line(const struct cli_lint_file *f, int64_t line, size_t *ret_len);
const char *cli_lint_level(enum lint_level level);

void cli_lint_text(const struct cli_lint *l, struct gh_text *out);
void cli_lint_json(const struct cli_lint *l, struct gh_text *out);
void cli_lint_sarif(const struct cli_lint *l, struct gh_text *out);

#endif
