#include "base/ban.h"
#include "tests/support/job_rig.h"
#include "base/clock.h"
#include "base/io.h"

#include <libpq-fe.h>

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
