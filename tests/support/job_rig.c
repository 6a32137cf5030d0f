#include "base/ban.h"
#include "tests/support/job_rig.h"
#include "base/io.h"
#include "migration/convention.h"
#include "runner/job/control.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

static const char *
value(struct rig *r, const char *database, const char *sql)
{
	char conninfo[256];
	const char *text = "";
	PGconn *c;
	PGresult *res;

	(void)snprintf(conninfo, sizeof(conninfo),
	    "host=%s dbname=%s user=postgres options='-c synchronous_commit=off'", r->cluster->folder,
	    database);
	c = PQconnectdb(conninfo);
	res = PQexec(c, sql);
	if (PQresultStatus(res) != PGRES_TUPLES_OK && PQresultStatus(res) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(c));
	if (PQntuples(res) > 0)
		text = gh_strdup(&r->arena, PQgetvalue(res, 0, 0));
	PQclear(res);
	PQfinish(c);
	return text;
}

const char *
rig_sql(struct rig *r, const char *sql)
{
	return value(r, r->database, sql);
}

void
rig_start(struct rig *r, struct pg_cluster *c)
{
	static int number;
	struct gh_arena *a = &r->arena;

	*r = (struct rig){
		.cluster = c, .arena = { .limit = (size_t)1 << 30 }, .folder = "/tmp/gh-test-job-XXXXXX"
	};
	assert_non_null(mkdtemp(r->folder));
	(void)snprintf(r->database, sizeof(r->database), "shop_%d", ++number);
	if (number == 1)
		(void)value(r, "postgres", "CREATE ROLE shop LOGIN");
	(void)value(r, "postgres", gh_printf(a, "CREATE DATABASE %s OWNER shop", r->database));
	(void)rig_sql(r, "GRANT ALL ON SCHEMA public TO shop");
	r->spec = (struct wire_spec){ .id = 100 + number,
		.target = "shop_test",
		.convention = "numbered",
		.folder = r->folder,
		.schema = "",
		.table = "",
		.connection = gh_printf(a, "host=%s dbname=%s user=shop", c->folder, r->database),
		.connect_timeout_ms = 5000,
		.max_retries = 1,
		.retry_delay_ms = 50,
		.backup_folder = r->folder,
		.pg_dump = PG_CLUSTER_BIN "/pg_dump",
		.pg_restore = PG_CLUSTER_BIN "/pg_restore",
		.backend_start = "",
		.intent_migration = -2,
		.intent_statement = -2,
		.intent_xid = "" };
	r->plan = (struct plan){ .target = "shop_test",
		.convention = "numbered",
		.tracking = "public.schema_migrations",
		.after = "",
		.database = r->database,
		.system_id = rig_sql(r, "SELECT system_identifier::text FROM pg_control_system()"),
		.migrations = r->migrations };
	policy_default(true, &r->plan.policy);
	r->plan.policy.lock_timeout_ms = 300;
	r->plan.policy.max_retries = 1;
	r->plan.policy.retry_delay_ms = 50;
	r->plan.database_oid =
	    strtoll(rig_sql(r, "SELECT oid FROM pg_database WHERE datname = current_database()"), NULL, 10);
}

void
rig_convention(struct rig *r, const char *name)
{
	const struct convention *c = convention_find(name);

	assert_non_null(c);
	assert_true(c->n_tracking > 0);
	r->spec.convention = r->plan.convention = name;
	r->plan.tracking = gh_printf(&r->arena, "%s.%s", c->tracking[0].schema, c->tracking[0].table);
	r->plan.one_transaction = c->one_transaction;
}

void
rig_done(struct rig *r)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		(void)execl("/bin/rm", "rm", "-rf", r->folder, (char *)NULL);
		_exit(127);
	}
	(void)waitpid(pid, &status, 0);
	gh_text_done(&r->bytes);
	gh_arena_done(&r->arena);
}

void
rig_seal(struct rig *r)
{
	struct gh_err err = { 0 };
	char digest[GH_SHA256_HEX_LEN];

	gh_text_clear(&r->bytes);
	if (plan_write(&r->plan, &r->bytes, &err) != GH_OK)
		fail_msg("%s", err.msg);
	plan_digest(r->bytes.data, r->bytes.len, digest);
	r->spec.plan = r->bytes.data;
	r->spec.plan_len = r->bytes.len;
	r->spec.plan_digest = gh_strdup(&r->arena, digest);
}

/* As main.c does, without a process. */
static void
job_do(struct rig *r, const struct job_kind *kind, int fd)
{
	GH_ARENA a = { .limit = JOB_ARENA_LIMIT };
	struct job j = { .spec = r->spec, .arena = &a };
	struct gh_err err = { 0 };
	GH_FD int passfile = -1;
	struct control control;

	job_signals();
	control_start(&j, &control, r->control > 0 ? r->control : -1);
	if (gh_memfd("passfile", "", 0, &passfile, &err) != GH_OK || dup2(passfile, WIRE_PASSFILE_FD) < 0 ||
	    wire_journal_open(&j.journal, fd, &err) != GH_OK)
		fail_msg("%s", err.msg);
	if (kind->run(&j, &err) != GH_OK && j.outcome == 0)
		job_outcome(&j, WIRE_FAILED_CLEAN, "%s.", err.msg);
	if (j.bad.code != GH_OK)
		fail_msg("the journal could not be written: %s", j.bad.msg);
	{ /* the outcome's frame, as say_outcome */
		struct wire_out o;

		wire_journal_start(&j.journal, WIRE_J_OUTCOME, &o);
		wire_put_u8(&o, (uint8_t)j.outcome);
		wire_put_text(&o, j.sentence);
		assert_int_equal(wire_journal_end(&j.journal, &o, &err), GH_OK);
	}
	wire_journal_done(&j.journal);
}

static int
journal_open(struct rig *r)
{
	GH_FD int fd =
	    open(gh_printf(&r->arena, "%s/journal", r->folder), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int high;

	assert_true(fd >= 0);
	/* Out of the way of the numbers that a job has for its own. */
	high = fcntl(fd, F_DUPFD_CLOEXEC, 10);
	assert_true(high >= 0);
	return high;
}

void
rig_run(struct rig *r, const struct job_kind *kind)
{
	GH_FD int fd = journal_open(r);

	if (r->spec.plan == NULL && r->plan.n_migrations > 0)
		rig_seal(r);
	job_do(r, kind, fcntl(fd, F_DUPFD_CLOEXEC, 10));
	rig_read(r, fd);
}

/* As the runner follows a journal: what became of a migration answers the intent. */
static void
remember_migration(struct rig *r, const struct rig_frame *f)
{
	struct wire_spec *s = &r->spec;

	if (f->state == WIRE_OK || f->state == WIRE_ROLLED_BACK || f->state == WIRE_TAKEN_BACK) {
		s->intent_migration = s->intent_statement = -2;
		s->intent_xid = "";
	}
	s->done = 0;
	while (rig_migration(r, s->done) == WIRE_OK)
		s->done++;
}

void
rig_remember(struct rig *r)
{
	struct wire_spec *s = &r->spec;
	size_t i;

	s->done = 0;
	s->phase = 0;
	s->intent_migration = s->intent_statement = -2;
	for (i = 0; i < r->n_frames; i++) {
		const struct rig_frame *f = &r->frames[i];

		if (f->kind == WIRE_J_BACKEND) {
			s->backend_pid = f->number;
			s->backend_start = f->text;
		} else if (f->kind == WIRE_J_INTENT) {
			s->intent_migration = f->migration;
			s->intent_statement = f->statement;
			s->intent_xid = f->text;
		} else if (f->kind == WIRE_J_MIGRATION) {
			remember_migration(r, f);
		} else if (f->kind == WIRE_J_PHASE && (f->state == WIRE_OK || f->state == WIRE_SKIPPED)) {
			s->phase = f->phase;
		}
	}
}

void
rig_fault(struct rig *r, const char *point, const char *action)
{
	const char *path = gh_printf(&r->arena, "%s/fault", r->folder);
	const char *line = gh_printf(&r->arena, "%s %s\n", point, action);

	assert_int_equal(gh_file_replace(path, line, strlen(line), 0600, NULL), GH_OK);
	(void)setenv("GATEHOUSE_FAULT", path, 1); /* NOLINT(concurrency-mt-unsafe) */
}

void
rig_hang(const char *conninfo, const char *sql)
{
	PGconn *c = PQconnectdb(conninfo);

	PQclear(PQexec(c, sql));
	PQfinish(c);
}

void
rig_run_killed(struct rig *r, const char *point)
{
	GH_FD int fd = journal_open(r);
	const char *nth = strchr(point, '#');
	size_t len = nth == NULL ? strlen(point) : (size_t)(nth - point);
	int status = 0;
	pid_t pid;

	rig_seal(r);
	rig_fault(r, gh_strndup(&r->arena, point, len),
	    gh_printf(&r->arena, "kill %s", nth == NULL ? "1" : nth + 1));
	pid = fork();
	if (pid == 0) {
		job_do(r, &job_run, fcntl(fd, F_DUPFD_CLOEXEC, 10));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFSIGNALED(status))
		fail_msg("the job was not killed at %s", point);
	rig_read(r, fd);
	rig_remember(r);
}
