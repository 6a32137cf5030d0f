#include "base/ban.h"
#include "runner/cmd.h"

/* Every command, one line each. */
#define COMMANDS(X)                                                                                          \
	X(session_open)                                                                                      \
	X(session_close)                                                                                     \
	X(session_touch)                                                                                     \
	X(request_add)                                                                                       \
	X(request_approve)                                                                                   \
	X(request_refuse)                                                                                    \
	X(request_withdraw)                                                                                  \
	X(incident_open)                                                                                     \
	X(incident_note)                                                                                     \
	X(incident_close)                                                                                    \
	X(person_add)                                                                                        \
	X(person_role)                                                                                       \
	X(person_password)                                                                                   \
	X(run_cancel)                                                                                        \
	X(run_pause)                                                                                         \
	X(run_resume)                                                                                        \
	X(run_speed)                                                                                         \
	X(run_extend)                                                                                        \
	X(backup_take)                                                                                       \
	X(backup_prove)                                                                                      \
	X(backup_cancel)                                                                                     \
	X(read_task)                                                                                         \
	X(rehearsal_add)                                                                                     \
	X(read_rehearsal)                                                                                    \
	X(project_refresh)                                                                                   \
	X(read_status)                                                                                       \
	X(read_migrations)                                                                                   \
	X(read_runs)                                                                                         \
	X(read_run)                                                                                          \
	X(read_request)                                                                                      \
	X(backup_expire)                                                                                     \
	X(backup_look)                                                                                       \
	X(read_backup)                                                                                       \
	X(read_backups)                                                                                      \
	X(read_ledger)                                                                                       \
	X(read_incidents)                                                                                    \
	X(read_people)                                                                                       \
	X(read_plan)                                                                                         \
	X(read_files)                                                                                        \
	X(delivery_retry)                                                                                    \
	X(read_deliveries)

#define DECLARE(name) extern const struct cmd cmd_##name;
COMMANDS(DECLARE)
#undef DECLARE

const struct cmd *
cmd_find(unsigned op)
{
#define ROW(name) &cmd_##name,
	static const struct cmd *const table[] = { COMMANDS(ROW) };
#undef ROW
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if ((unsigned)table[i]->op == op)
			return table[i];
	}
	return NULL;
}
