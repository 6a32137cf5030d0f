#include "base/ban.h"
#include "runner/job/target.h"
#include "base/clock.h"
#include "runner/job/control.h"
#include "runner/job/sql.gen.h"

#include <poll.h>

#define RETRY_MAX_MS 60000

void
target_session_name(const struct wire_spec *s, char ret[TARGET_NAME_LEN])
{
	const char *whose = s->installation == NULL ? "" : s->installation;

	(void)snprintf(
	    ret, TARGET_NAME_LEN, "gatehouse:%" PRId64 "%s%s", s->id, whose[0] == '\0' ? "" : ":", whose);
}

/* Drives a connection attempt to its end or its deadline. */
static enum gh_code
attempt_wait(struct pg *pg, int64_t timeout_ms, struct gh_err *err)
{
	int64_t end = gh_clock_mono() + timeout_ms * 1000, left;
	PostgresPollingStatusType step = PGRES_POLLING_WRITING;

	while (step != PGRES_POLLING_OK) {
		struct pollfd fd = { .fd = PQsocket(pg->conn),
			.events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT };

		left = (end - gh_clock_mono()) / 1000;
		if (left <= 0) {
			pg_error_text(&pg->error, true, "no answer within %" PRId64 " ms", timeout_ms);
			return gh_fail(err, GH_UNAVAILABLE, "%s", pg->error.message);
		}
		if (job_stopped(pg->job))
			return gh_fail(err, GH_UNAVAILABLE, "%s", control_why(pg->job));
		if (job_poll(&fd, 1, left) <= 0)
			continue;
		step = PQconnectPoll(pg->conn);
		if (step == PGRES_POLLING_FAILED) {
			pg_error_conn(&pg->error, pg->conn);
			return gh_fail(err, GH_UNAVAILABLE, "%s", pg->error.message);
		}
	}
	return GH_OK;
}

static int64_t
timeout_of(const struct wire_spec *s)
{
	return s->connect_timeout_ms > 0 ? s->connect_timeout_ms : 5000;
}

PGconn *
target_connect_begin(const struct wire_spec *s, const char *name)
{
	char seconds[24], tcp_ms[24];
	/* dbname is expanded first; what follows wins over it. */
	const char *const keys[] = { "dbname", "passfile", "connect_timeout", "application_name",
		"client_encoding", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
		"tcp_user_timeout", NULL };
	const char *const values[] = { s->connection, TARGET_PASSFILE, seconds, name, "UTF8", "1", "10", "5",
		"3", tcp_ms, NULL };

	(void)snprintf(seconds, sizeof(seconds), "%" PRId64, timeout_of(s) / 1000 + 1);
	(void)snprintf(tcp_ms, sizeof(tcp_ms), "%d", 25000);
	return PQconnectStartParams(keys, values, 1);
}

static enum gh_code
attempt(struct pg *pg, struct gh_err *err)
{
	const struct wire_spec *s = &pg->job->spec;
	char name[TARGET_NAME_LEN];

	target_session_name(s, name);
	pg_close(pg);
	pg->error = (struct pg_error){ 0 };
	pg->conn = target_connect_begin(s, name);
	if (pg->conn == NULL)
		return gh_fail(err, GH_UNAVAILABLE, "out of memory");
	pg_notices_to_journal(pg);
	if (PQstatus(pg->conn) == CONNECTION_BAD) {
		pg_error_conn(&pg->error, pg->conn);
		return gh_fail(err, GH_UNAVAILABLE, "%s", pg->error.message);
	}
	return attempt_wait(pg, timeout_of(s), err);
}

/*
 * libpq 15 does not give the SQLSTATE of a refused connection, only the text.  These do not get better by
 * waiting: a wrong or missing password, an unknown role or database, a string that cannot be read.
 */
static bool
hopeless(const struct pg_error *e)
{
	static const char *const words[] = { "password authentication failed", "no password supplied",
		"authentication failed for user", "no pg_hba.conf entry", "does not exist",
		"permission denied for database", "is not permitted to log in", "invalid connection option",
		"missing \"=\" after", "invalid URI", "does not match", "root certificate",
		"certificate verify failed" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strstr(e->message, words[i]) != NULL)
			return true;
	}
	return false;
}

static enum gh_code
connect_retry(struct pg *pg, struct gh_err *err)
{
	const struct wire_spec *s = &pg->job->spec;
	int64_t wait_ms = s->retry_delay_ms > 0 ? s->retry_delay_ms : 1, n;

	for (n = 1;; n++) {
		struct gh_err why = { 0 };
		enum gh_code code = attempt(pg, &why);

		if (code == GH_OK)
			return GH_OK;
		if (hopeless(&pg->error) || n > s->max_retries || job_stopped(pg->job)) {
			pg_close(pg);
			return gh_fail(err, code, "cannot connect to %s%s: %s", s->target,
			    n > 1 ? " after several attempts" : "", why.msg);
		}
		say_retry(pg->job, n, wait_ms, why.msg);
		job_sleep(pg->job, wait_ms);
		wait_ms = wait_ms * 2 > RETRY_MAX_MS ? RETRY_MAX_MS : wait_ms * 2;
	}
}

static enum gh_code
identify(struct pg *pg, struct target_identity *ret, struct gh_err *err)
{
	struct gh_arena *a = pg->job->arena;
	PG_RESULT r = NULL;

	GH_TRY(pg_query(pg, SQL_IDENTITY, NULL, 0, &r, err));
	if (PQntuples(r) != 1)
		return gh_fail(
		    err, GH_INTERNAL, "%s does not say which database it is", pg->job->spec.target);
	*ret = (struct target_identity){
		.system_id = gh_strdup(a, PQgetvalue(r, 0, 0)),
		.database = gh_strdup(a, PQgetvalue(r, 0, 1)),
		.oid = strtoll(PQgetvalue(r, 0, 2), NULL, 10),
		.version = gh_strdup(a, PQgetvalue(r, 0, 3)),
		.version_number = strtoll(PQgetvalue(r, 0, 4), NULL, 10),
		.role = gh_strdup(a, PQgetvalue(r, 0, 5)),
		.recovery = PQgetvalue(r, 0, 6)[0] == 't',
		.superuser = PQgetvalue(r, 0, 7)[0] == 't',
		.backend_pid = strtoll(PQgetvalue(r, 0, 8), NULL, 10),
		.backend_start = gh_strdup(a, PQgetvalue(r, 0, 9)),
	};
	return GH_OK;
}

enum gh_code
target_connect(struct pg *pg, struct target_identity *ret, struct gh_err *err)
{
	const struct wire_spec *s = &pg->job->spec;

	GH_TRY(connect_retry(pg, err));
	GH_TRY(identify(pg, ret, err));
	say_backend(pg->job, ret->backend_pid, ret->backend_start);
	if (PQbackendPID(pg->conn) != ret->backend_pid)
		return gh_fail(err, GH_CONFLICT,
		    "%s is reached through a connection pooler, where locks and settings "
		    "leak between clients: connect to the server itself",
		    s->target);
	if (ret->recovery)
		return gh_fail(err, GH_CONFLICT,
		    "%s is a standby that only reads: connect to the primary server", s->target);
	if (ret->superuser && !s->allow_superuser)
		return gh_fail(err, GH_CONFLICT,
		    "%s: the role %s is a superuser, or may become one; use an ordinary role, or set "
		    "allow_superuser for this target",
		    s->target, ret->role);
	if (ret->version_number >= 140000)
		GH_TRY(pg_query(pg, SQL_SESSION, NULL, 0, NULL, err));
	return GH_OK;
}

void
target_say(struct job *j, const struct target_identity *id)
{
	struct wire_out o;

	say_start(j, WIRE_J_IDENTITY, &o);
	wire_put_text(&o, id->system_id);
	say_put(&o, id->database);
	wire_put_i64(&o, id->oid);
	say_put(&o, id->version);
	wire_put_i64(&o, id->version_number);
	say_put(&o, id->role);
	say_end(j, &o);
}

int64_t
target_lock_key(void)
{
	unsigned char sum[GH_SHA256_LEN];
	uint64_t key = 0;
	int i;

	gh_sha256("gatehouse", 9, sum);
	for (i = 0; i < 8; i++)
		key = key << 8 | sum[i];
	return (int64_t)key;
}

static enum gh_code
lock_one(struct pg *pg, int64_t key, const char *whose, int64_t wait_ms, struct gh_err *err)
{
	int64_t end = gh_clock_mono() + wait_ms * 1000;
	char text[24];
	const char *params[] = { text }, *got;
	PG_RESULT r = NULL;

	(void)snprintf(text, sizeof(text), "%" PRId64, key);
	for (;;) {
		GH_TRY(pg_value(pg, SQL_LOCK_TRY, params, 1, &got, err));
		if (got[0] == 't')
			return GH_OK;
		if (gh_clock_mono() >= end || job_stopped(pg->job))
			break;
		job_sleep(pg->job, 200);
	}
	GH_TRY(pg_query(pg, SQL_LOCK_HOLDER, params, 1, &r, err));
	if (PQntuples(r) == 0)
		return gh_fail(err, GH_CONFLICT, "%s holds the lock of %s", whose, pg->job->spec.target);
	return gh_fail(err, GH_CONFLICT, "%s holds the lock of %s: session %s, application \"%s\"", whose,
	    pg->job->spec.target, PQgetvalue(r, 0, 1), PQgetvalue(r, 0, 0));
}

enum gh_code
target_lock(struct pg *pg, const int64_t *tool_keys, size_t n, int64_t wait_ms, struct gh_err *err)
{
	size_t i;

	GH_TRY(lock_one(pg, target_lock_key(), "another run", wait_ms, err));
	/* Twice, so that it can be looked at without letting go: sql/lock_held.sql. */
	GH_TRY(lock_one(pg, target_lock_key(), "another run", 0, err));
	for (i = 0; i < n; i++)
		GH_TRY(lock_one(pg, tool_keys[i], "the project's own migration tool", wait_ms, err));
	return GH_OK;
}
