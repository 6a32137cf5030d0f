/*
 * Within lint: folders of migrations, each read once, and what of them was asked for.
 */
#ifndef GH_CLI_LINT_FOLDER_H
#define GH_CLI_LINT_FOLDER_H

#include "cli/lint.h"
#include "migration/reading.h"

/* A folder that was read, kept until its texts are parsed. */
struct cli_lint_folder {
	struct cli_lint_folder *next;
	dev_t dev;
	ino_t ino;
	const char *path; /* as given */
	struct reading reading;
	const struct convention *c; /* NULL: plain SQL */
	const char *why;            /* none was chosen */
	bool several;               /* since more than one fits */
	struct convention_found found;
	size_t *place; /* of each of its files: 1 + number in the list of files, 0: not added */
	bool whole;    /* all of it was asked for */
};

/* Reads it, or takes it from the list when it is there already; given NULL: its convention is found out. */
enum gh_code cli_lint_folder_get(struct cli_lint *l, const char *path, const struct convention *given,
    struct cli_lint_folder **ret, struct gh_err *err) GH_MUST_USE;
/* All of it that was not taken before. */
void cli_lint_folder_take(struct cli_lint *l, struct cli_lint_folder *f);
/* One of its files. */
void cli_lint_folder_take_file(struct cli_lint *l, struct cli_lint_folder *f, size_t i);
/* A text that no convention has taken apart. */
void cli_lint_folder_plain(struct cli_lint *l, size_t file, const struct convention_text *text);

#endif
