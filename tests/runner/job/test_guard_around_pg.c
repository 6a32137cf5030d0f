#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

/* What the guard sees of others who do not hold the statement up. */

static struct rig rig;

/* Reads orders, and ends when somebody says so. */
#define UNTIL_TOLD                                                                                           \
	"DO $$ BEGIN PERFORM 1 FROM orders; WHILE NOT EXISTS (SELECT FROM go) LOOP PERFORM pg_sleep(0.02); " \
	"END LOOP; END $$;"
#define IT_RUNS                                                                                              \
	"SELECT count(*) = 1 FROM pg_stat_activity WHERE usename = 'shop' AND state = 'active' AND query "   \
	"LIKE 'DO %'"

static void
stand(void)
{
	rig_orders(&rig);
	(void)rig_sql(&rig, "CREATE TABLE go (id int); GRANT SELECT ON go TO shop");
	rig.plan.policy.long_transaction_ms = 300;
	rig.plan.policy.replica_lag_ms = 300;
	rig_add(&rig, "001_slow", UNTIL_TOLD, NULL);
}

/* In a process of its own: what is done while the statement runs, until the run has said so. */
static void
meanwhile(const char *first, const char *said)
{
	const char *conninfo = rig_conninfo(&rig, "report");
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		PGconn *c = PQconnectdb(conninfo);
		bool well = rig_until(conninfo, IT_RUNS);

		PQclear(PQexec(c, first));
		well = rig_until_said(&rig, said) && well;
		PQclear(PQexec(c, "COMMIT"));
		PQclear(PQexec(c, "INSERT INTO go VALUES (1)"));
		PQfinish(c);
		_exit(well ? 0 : 1);
	}
	rig_run(&rig, &job_run);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_int_equal(status, 0);
}

static void
an_old_transaction_on_a_table_that_it_touches(void **state)
{
	const struct rig_frame *f;
	const char *told;

	(void)state;
	stand();
	meanwhile("BEGIN; SELECT count(*) FROM orders", "meanwhile pid ");
	f = rig_saying(&rig, WIRE_J_LOG, "While the statement runs, pid ");
	assert_non_null(f);
	told = f->text;
	assert_non_null(strstr(told,
	    "(postgres, report, idle in transaction) holds ACCESS SHARE on public.orders, "
	    "in a transaction of "));
	assert_non_null(rig_last(&rig, WIRE_J_PROGRESS, "running", "holds ACCESS SHARE on public.orders"));
}

static void
a_replica_that_falls_behind(void **state)
{
	struct pg_cluster standby;
	struct gh_err err = { 0 };
	const char *conninfo;

	(void)state;
	stand();
	if (pg_cluster_standby(rig.cluster, &standby, &err) != GH_OK)
		fail_msg("%s", err.msg);
	conninfo = gh_printf(&rig.arena, "host=%s dbname=postgres user=postgres", standby.folder);
	rig_hang(conninfo, "SELECT pg_wal_replay_pause()");
	meanwhile("CREATE TABLE written (id int)", "meanwhile the replica walreceiver is ");
	rig_hang(conninfo, "SELECT pg_wal_replay_resume()");
	pg_cluster_stop(&standby);
	assert_non_null(
	    rig_saying(&rig, WIRE_J_LOG, "While the statement runs, the replica walreceiver is "));
	assert_non_null(rig_last(&rig, WIRE_J_PROGRESS, "running", "the replica walreceiver is "));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(an_old_transaction_on_a_table_that_it_touches),
		T(a_replica_that_falls_behind),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/guard_around (PostgreSQL)", tests, rig_group_start, rig_group_stop);
}
