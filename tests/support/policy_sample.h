/*
 * The text of a policy with its defaults, as policy_write (migration/policy.h) has it: the only place where
 * tests have it by heart.
 */
#ifndef GH_TESTS_POLICY_SAMPLE_H
#define GH_TESTS_POLICY_SAMPLE_H

#define POLICY_SAMPLE(backup, approvals, guard_sessions, guard_wait_ms)                                      \
	"backup " backup "\n"                                                                                \
	"backup_level listed\n"                                                                              \
	"backup_outside_ms 0\n"                                                                              \
	"approvals " approvals "\n"                                                                          \
	"max_retries 5\n"                                                                                    \
	"retry_delay_ms 3000\n"                                                                              \
	"lock_timeout_ms 5000\n"                                                                             \
	"statement_timeout_ms 0\n"                                                                           \
	"concurrently_timeout_ms 0\n"                                                                        \
	"transaction tool\n"                                                                                 \
	"rollback_on_failure 1\n"                                                                            \
	"guard_sessions " guard_sessions "\n"                                                                \
	"guard_wait_ms " guard_wait_ms "\n"                                                                  \
	"long_transaction_ms 0\n"                                                                            \
	"replica_lag_ms 0\n"                                                                                 \
	"health_url \n"                                                                                      \
	"health_body \n"                                                                                     \
	"health_status 200\n"                                                                                \
	"health_attempts 5\n"                                                                                \
	"health_delay_ms 2000\n"                                                                             \
	"health_timeout_ms 5000\n"                                                                           \
	"promote 0\n"                                                                                        \
	"rehearse 0\n"                                                                                       \
	"revert_ms 0\n"                                                                                      \
	"row_security 0\n"                                                                                   \
	"validated_constraints 0\n"

#define POLICY_SAMPLE_USUAL       POLICY_SAMPLE("1", "1", "5", "1000")
#define POLICY_SAMPLE_USUAL_LEN   "456" /* as a plan has it */
#define POLICY_SAMPLE_DEVELOPMENT POLICY_SAMPLE("0", "0", "0", "0")

#endif
