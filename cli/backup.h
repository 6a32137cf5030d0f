/*
 * The commands beneath `gatehouse backup`, each a row of the table in command_backup.c.
 */
#ifndef GH_CLI_BACKUP_H
#define GH_CLI_BACKUP_H

#include "cli/cli.h"

extern const struct cli_command cli_backup_list, cli_backup_show, cli_backup_take, cli_backup_prove,
    cli_backup_tasks, cli_backup_cancel, cli_backup_expire, cli_backup_look, cli_backup_folder,
    cli_backup_restore, cli_backup_key, cli_backup_open;

struct gh_seal_key;
/* What pg_dump wrote, from a file's start; key NULL: none is at hand. */
enum gh_code cli_backup_unpack(
    int in, const struct gh_seal_key *key, int out, struct gh_err *err) GH_MUST_USE;

/*
 * A task that was just queued: says so, or with --wait follows it to its end and prints it and its backup;
 * the exit code is 1 when the task failed, or when what it looked at is broken.
 */
enum gh_code cli_backup_task(struct cli *c, int64_t task, enum cli_exit *ret, struct gh_err *err) GH_MUST_USE;

#endif
