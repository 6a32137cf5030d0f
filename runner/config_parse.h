/*
 * Inside the reading of gatehouse.conf: what libConfuse parsed, on which line each thing stands, and the
 * mistakes so far.  Every value is parsed as text and checked by us, because libConfuse stops at the first it
 * dislikes.
 */
#ifndef GH_RUNNER_CONFIG_PARSE_H
#define GH_RUNNER_CONFIG_PARSE_H

#include "base/conf.h"
#include "runner/config.h"

struct config_note;  /* where a key stands */
struct config_start; /* where a section stands */

struct config_reader {
	struct config *config;
	struct gh_arena *arena; /* config's */
	struct gh_text *messages;
	cfg_t *cfg;
	struct config_note *notes;
	size_t n_notes;
	struct config_start *starts;
	size_t n_starts;
	int mistakes;
	bool quiet; /* a section is read again, for each of its targets: it was complained of once */
};

/* The keys of an environment and of a target (runner/config_policy.c); hook is the table of a hook. */
#define CONFIG_STR(name) CFG_STR(name, NULL, CFGF_NONE)
#define CONFIG_BACKUP_OPTS                                                                                   \
	CONFIG_STR("backup_level"), CONFIG_STR("backup_outside"), CONFIG_STR("backup_format"),               \
	    CONFIG_STR("backup_jobs"), CONFIG_STR("backup_compression"), CONFIG_STR("backup_threads"),       \
	    CONFIG_STR("backup_silence"), CONFIG_STR("backup_encrypt_to"), CONFIG_STR("backup_key_file"),    \
	    CFG_STR_LIST("backup_schedule", NULL, CFGF_NONE), CONFIG_STR("prove_within"),                    \
	    CONFIG_STR("prove_level"), CONFIG_STR("prove_every"), CONFIG_STR("prove_server"),                \
	    CONFIG_STR("backup_timeout"), CONFIG_STR("prove_timeout"), CONFIG_STR("keep_last"),              \
	    CONFIG_STR("keep_daily"), CONFIG_STR("keep_weekly"), CONFIG_STR("keep_monthly"),                 \
	    CONFIG_STR("restore_connection"), CONFIG_STR("restore_keep")
#define CONFIG_POLICY_OPTS(hook)                                                                             \
	CONFIG_STR("backup"), CONFIG_STR("approvals"), CONFIG_STR("connect_timeout"),                        \
	    CONFIG_STR("max_retries"), CONFIG_STR("retry_delay"), CONFIG_STR("lock_timeout"),                \
	    CONFIG_STR("statement_timeout"), CONFIG_STR("concurrently_timeout"), CONFIG_STR("transaction"),  \
	    CONFIG_STR("rollback_on_failure"), CONFIG_STR("guard_sessions"), CONFIG_STR("guard_wait"),       \
	    CONFIG_STR("long_transaction"), CONFIG_STR("replica_lag"), CONFIG_STR("health_url"),             \
	    CONFIG_STR("health_body"), CONFIG_STR("health_status"), CONFIG_STR("health_attempts"),           \
	    CONFIG_STR("health_delay"), CONFIG_STR("health_timeout"), CONFIG_STR("promote"),                 \
	    CONFIG_STR("rehearse"), CONFIG_STR("row_security"), CONFIG_STR("validated_constraints"),         \
	    CONFIG_STR("revert_window"), CONFIG_STR("allow_superuser"), CONFIG_STR("rehearse_server"),       \
	    CONFIG_STR("rehearse_rows"), CONFIG_BACKUP_OPTS, CFG_STR_LIST("windows", NULL, CFGF_NONE),       \
	    CFG_STR_LIST("expected_tables", NULL, CFGF_NONE),                                                \
	    CFG_SEC("hook", hook, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),                            \
	    CONFIG_STR("connect_timeout_ms"), CONFIG_STR("retry_delay_ms"), CONFIG_STR("lock_timeout_ms"),   \
	    CONFIG_STR("statement_timeout_ms"), CONFIG_STR("backupEnabled"),                                 \
	    CONFIG_STR("rollbackOnFailure"), CONFIG_STR("maxRetries"), CONFIG_STR("retryDelay"),             \
	    CONFIG_STR("healthCheckUrl")

/* Syntax and keys; a mistake there ends the reading. */
enum gh_code config_parse(struct config_reader *r, struct gh_err *err) GH_MUST_USE;
void config_parse_done(struct config_reader *r);

void config_mistake(struct config_reader *r, int line, const char *fmt, ...) GH_PRINTF(3, 4);
void config_warning(struct config_reader *r, int line, const char *fmt, ...) GH_PRINTF(3, 4);

/* The line of a key; the section's own where the key is not given. */
int config_line(const struct config_reader *r, cfg_t *sec, const char *key);

/* Values; NULL or fallback when the key is not given (or wrong, which is then a mistake). */
const char *config_text(struct config_reader *r, cfg_t *sec, const char *key);
/* As config_text, and the key must be there and begin with "/". */
const char *config_path(struct config_reader *r, cfg_t *sec, const char *key, const char *fallback);
int64_t config_number(
    struct config_reader *r, cfg_t *sec, const char *key, int64_t min, int64_t max, int64_t fallback);
/* "5s": base/duration.h. */
int64_t config_duration(
    struct config_reader *r, cfg_t *sec, const char *key, int64_t min_ms, int64_t max_ms, int64_t fallback);
bool config_bool(struct config_reader *r, cfg_t *sec, const char *key, bool fallback);
/* Letter or digit first, then letters, digits, "_", "-", "."; at most 64. */
bool config_name_good(const char *name);

/* The parts, each in its file: fill config and note mistakes. */
void config_general(struct config_reader *r);      /* config_general.c */
void config_projects(struct config_reader *r);     /* config_project.c */
void config_environments(struct config_reader *r); /* config_target.c */
void config_targets(struct config_reader *r);      /* config_target.c */
/*
 * Takes what a section says of a target's policy; what it does not say stays.  what: "target \"shop\"".
 * config_policy.c, config_hook.c
 */
void config_policy(struct config_reader *r, cfg_t *sec, const char *what, struct config_target *t);
void config_rehearsal(struct config_reader *r, cfg_t *sec, const char *what, struct config_target *t);
void config_hooks(struct config_reader *r, cfg_t *sec, const char *what, struct config_target *t);
/* config_backup.c: the defaults; what a section says; what contradicts itself once all of them are read. */
void config_backup_default(struct config_backup *ret);
void config_backup(struct config_reader *r, cfg_t *sec, const char *what, struct config_target *t);
void config_backup_check(
    struct config_reader *r, cfg_t *sec, const char *what, const struct config_target *t);
void config_postgresqls(struct config_reader *r); /* config_postgresql.c; after the targets */
/* A file with a secret: regular, 0600, readable.  key: "passfile".  config_target.c */
void config_secret_file(
    struct config_reader *r, cfg_t *sec, const char *key, const char *what, const char *path);
/* A connection string that holds no password; NULL and a mistake otherwise.  config_target.c */
const char *config_server(struct config_reader *r, cfg_t *sec, const char *key, const char *what);
void config_notifies(struct config_reader *r); /* config_notify.c; after the targets */
void config_outsides(struct config_reader *r); /* config_outside.c; after the targets */

/*
 * A connection string without its password, which goes into password (may be NULL: then it is only looked
 * for). *ret_found says whether there was one.  GH_BAD_INPUT when it is neither keywords nor a URI.
 * config_dsn.c
 */
enum gh_code config_dsn_split(const char *dsn, struct gh_text *ret, struct gh_secret *password,
    bool *ret_found, struct gh_err *err) GH_MUST_USE;

#endif
