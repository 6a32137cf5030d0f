#include "base/ban.h"
#include "base/clock.h"
#include "base/io.h"

#include <libpq-fe.h>

/*
 * A backfill without Gatehouse, as well as it can be written by hand: one prepared UPDATE a batch, which
 * commits by itself, over keys that are known to have no gaps.
 *
 *   loop CONNECTION ROWS SIZE
 *
 * Prints the milliseconds that it took.
 */

static void
must(PGconn *c, PGresult *r)
{
	if (PQresultStatus(r) != PGRES_COMMAND_OK) {
		(void)fprintf(stderr, "loop: %s", PQerrorMessage(c));
		exit(1);
	}
	PQclear(r);
}

int
main(int argc, char **argv)
{
	int64_t rows, size, at, began;
	PGconn *c;

	if (argc != 4 || !gh_parse_i64(argv[2], 1, INT64_C(1) << 40, &rows) ||
	    !gh_parse_i64(argv[3], 1, 1 << 30, &size)) {
		(void)fprintf(stderr, "usage: loop CONNECTION ROWS SIZE\n");
		return 2;
	}
	began = gh_clock_mono();
	c = PQconnectdb(argv[1]);
	if (PQstatus(c) != CONNECTION_OK) {
		(void)fprintf(stderr, "loop: %s", PQerrorMessage(c));
		return 1;
	}
	must(c, PQprepare(c, "batch", "UPDATE orders SET n = n + 1 WHERE id BETWEEN $1 AND $2", 0, NULL));
	for (at = 1; at <= rows; at += size) {
		char from[24], to[24];
		const char *const values[] = { from, to };

		(void)snprintf(from, sizeof(from), "%" PRId64, at);
		(void)snprintf(to, sizeof(to), "%" PRId64, at + size - 1);
		must(c, PQexecPrepared(c, "batch", 2, values, NULL, NULL, 0));
	}
	PQfinish(c);
	(void)printf("%.1f\n", (double)(gh_clock_mono() - began) / 1000.0);
	return 0;
}
