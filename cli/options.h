/*
 * The options of every command, in one table: they may stand before or after the command's name.
 */
#ifndef GH_CLI_OPTIONS_H
#define GH_CLI_OPTIONS_H

#include "cli/cli.h"

enum cli_ask { CLI_ASK_NOTHING, CLI_ASK_HELP, CLI_ASK_VERSION };

/* Fills c; the command's name is left in args[0].  Texts point into argv. */
enum gh_code cli_options(
    struct cli *c, int argc, char **argv, enum cli_ask *ret_ask, struct gh_err *err) GH_MUST_USE;

#endif
