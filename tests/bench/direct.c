#include "base/ban.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"

#include <libpq-fe.h>

/*
 * Migrations without Gatehouse: each file in a transaction with its tracking row, over one connection.
 *
 *   direct CONNECTION FILE...
 *
 * Prints the milliseconds that it took.
 */

static void
must(PGconn *c, PGresult *r, const char *what)
{
	ExecStatusType s = PQresultStatus(r);

	if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK) {
		(void)fprintf(stderr, "direct: %s: %s", what, PQerrorMessage(c));
		exit(1);
	}
	PQclear(r);
}

static void
migrate(PGconn *c, const char *path)
{
	const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
	const char *values[] = { name };
	GH_TEXT sql = { 0 };

	if (gh_file_read(path, 1 << 20, &sql, NULL) != GH_OK) {
		(void)fprintf(stderr, "direct: cannot read %s\n", path);
		exit(1);
	}
	must(c, PQexec(c, "BEGIN"), "BEGIN");
	must(c, PQexec(c, gh_text_str(&sql)), path);
	must(c,
	    PQexecParams(
		c, "INSERT INTO schema_migrations (version) VALUES ($1)", 1, NULL, values, NULL, NULL, 0),
	    "tracking row");
	must(c, PQexec(c, "COMMIT"), "COMMIT");
}

int
main(int argc, char **argv)
{
	PGconn *c;
	int64_t began;
	int i;

	if (argc < 3) {
		(void)fprintf(stderr, "usage: direct CONNECTION FILE...\n");
		return 2;
	}
	began = gh_clock_mono();
	c = PQconnectdb(argv[1]);
	if (PQstatus(c) != CONNECTION_OK) {
		(void)fprintf(stderr, "direct: %s", PQerrorMessage(c));
		return 1;
	}
	must(c,
	    PQexec(c,
		"CREATE TABLE schema_migrations (version text PRIMARY KEY, applied_at timestamptz NOT NULL "
		"DEFAULT now())"),
	    "tracking table");
	for (i = 2; i < argc; i++)
		migrate(c, argv[i]);
	PQfinish(c);
	(void)printf("%.1f\n", (double)(gh_clock_mono() - began) / 1000.0);
	return 0;
}
