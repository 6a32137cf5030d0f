/*
 * sqitch.conf as far as it says where things lie: [core] and [engine "pg"].  Sqitch:
 * lib/App/Sqitch/Target.pm.
 */
#ifndef GH_MIGRATION_SQITCH_CONF_H
#define GH_MIGRATION_SQITCH_CONF_H

#include "migration/convention.h"

/* Folders beneath the one that holds sqitch.conf, with / at the end; "" that one itself. */
struct sqitch_conf {
	const char *plan; /* path of the plan */
	const char *deploy, *revert, *verify;
	const char *again_deploy, *again_revert, *again_verify; /* of changes that were reworked */
	const char *extension;
	const char *registry;               /* "" not given */
	const char *user_name, *user_email; /* "" not given */
};

/* text is valid UTF-8; NULL: there is no such file. */
void sqitch_conf_read(struct gh_arena *a, const char *text, size_t len, struct sqitch_conf *ret);

#endif
