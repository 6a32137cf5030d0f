#include "base/ban.h"
#include "tests/support/job_rig.h"
#include "base/clock.h"
#include "base/io.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

/* For a process beside the one that runs the job: it waits for what it sees, never for some time. */

#define PATIENCE_US (60 * GH_SECOND) /* of a slow machine; then the test fails */

static bool
is_true(PGconn *c, const char *sql)
{
	PGresult *res = PQexec(c, sql);
	bool is = PQntuples(res) == 1 && PQgetvalue(res, 0, 0)[0] == 't';

	PQclear(res);
	return is;
}

bool
rig_until(const char *conninfo, const char *sql)
{
	int64_t end = gh_clock_mono() + PATIENCE_US;
	PGconn *c = PQconnectdb(conninfo);
	bool is;

	while (!(is = is_true(c, sql)) && gh_clock_mono() < end)
		(void)usleep(10000);
	PQfinish(c);
	return is;
}

bool
rig_until_said(const struct rig *r, const char *text)
{
	int64_t end = gh_clock_mono() + PATIENCE_US;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/journal", r->folder);
	do {
		GH_TEXT bytes = { 0 };

		if (gh_file_read(path, GH_TEXT_LIMIT, &bytes, NULL) == GH_OK && bytes.len > 0 &&
		    memmem(bytes.data, bytes.len, text, strlen(text)) != NULL)
			return true;
		(void)usleep(10000);
	} while (gh_clock_mono() < end);
	return false;
}

pid_t
rig_beside(struct rig *r, const char *application, bool (*what)(const char *conninfo))
{
	const char *conninfo = rig_conninfo(r, application);
	pid_t pid = fork();

	if (pid == 0)
		_exit(what(conninfo) ? 0 : 1);
	return pid;
}

void
rig_ended_well(pid_t pid)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static bool
has_done(PGconn *c, const char *sql)
{
	PGresult *res = PQexec(c, sql);
	ExecStatusType status = PQresultStatus(res);

	PQclear(res);
	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

pid_t
rig_hold(struct rig *r, const char *application, const char *first, const char *until)
{
	const char *conninfo = rig_conninfo(r, application);
	int fd[2];
	char done;
	pid_t pid;

	assert_int_equal(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		PGconn *c = PQconnectdb(conninfo);
		bool well = has_done(c, first) && write(fd[1], "d", 1) == 1;

		(void)close(fd[1]);
		well = well &&
		    (strncmp(until, "SELECT", 6) == 0 ? rig_until(conninfo, until)
						      : rig_until_said(r, until));
		well = has_done(c, "COMMIT") && well;
		PQfinish(c);
		_exit(well ? 0 : 1);
	}
	(void)close(fd[1]);
	assert_int_equal(read(fd[0], &done, 1), 1);
	(void)close(fd[0]);
	return pid;
}

pid_t
rig_stop_at(struct rig *r, const char *like)
{
	const char *conninfo = rig_conninfo(r, "other");
	const char *active = gh_printf(&r->arena,
	    "SELECT count(*) = 1 FROM pg_stat_activity WHERE state = 'active' AND usename = 'shop' AND "
	    "datname = current_database() AND query LIKE '%s'",
	    like);
	pid_t pid = fork();

	if (pid == 0)
		_exit(rig_until(conninfo, active) && kill(getppid(), SIGTERM) == 0 ? 0 : 1);
	return pid;
}
