#include "base/ban.h"
#include "tests/support/proof_rig.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

/* Several proofs on one configured server, and what those that were killed have left there. */

#define PREFIX "gatehouse_proof_inst_"

static struct rig rig;
static struct proof_rig p;

static int
setup(void **state)
{
	return proof_rig_server_setup(&p, &rig, state);
}

static int
teardown(void **state)
{
	return proof_rig_server_teardown(&p, &rig, state);
}

/* A proof of p in a process and a folder of its own; its exit code is 0 when the level ended like that. */
static pid_t
proves(const char *name, enum wire_level level, enum wire_state state)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct rig other = rig;

		(void)snprintf(other.folder, sizeof(other.folder), "%s",
		    gh_printf(&rig.arena, "%s/%s", rig.folder, name));
		(void)mkdir(other.folder, 0700);
		p.rig = &other;
		proof_rig_prove(&p, "counted");
		_exit(proof_rig_level(&p, level) == (int)state ? 0 : 1);
	}
	return pid;
}

static void
ended_well(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Until so many ask to be alone and are not; none of those of the jobs ends meanwhile. */
static void
until_they_wait(const char *n, pid_t one, pid_t two)
{
	int status;

	while (strcmp(rig_sql(&rig,
			  "SELECT count(*) FROM pg_stat_activity a WHERE usename = 'prover' AND query LIKE "
			  "'%try_advisory%' AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND "
			  "locktype = 'advisory' AND granted)"),
		   n) != 0) {
		assert_int_equal(waitpid(one, &status, WNOHANG), 0);
		assert_int_equal(waitpid(two, &status, WNOHANG), 0);
		(void)usleep(10000);
	}
}

static void
two_at_once(void **state)
{
	PGconn *other = PQconnectdb(rig.spec.scratch);
	pid_t one, two;

	(void)state;
	proof_rig_take(&p, &rig);
	PQclear(PQexec(other, "SELECT pg_advisory_lock(hashtextextended('gatehouse proofs', 7))"));
	one = proves("one", WIRE_COUNTED, WIRE_OK);
	rig.spec.id += 1000;
	two = proves("two", WIRE_COUNTED, WIRE_OK);
	until_they_wait("2", one, two);
	PQfinish(other);
	ended_well(one);
	ended_well(two);
}

/* Whether code of a dump waits in the server. */
static void
until_it_sleeps(pid_t job)
{
	int status;

	while (strcmp(rig_sql(&rig,
			  "SELECT count(*) FROM pg_stat_activity WHERE usename = 'prover' AND wait_event = "
			  "'PgSleep'"),
		   "0") == 0) {
		assert_int_equal(waitpid(job, &status, WNOHANG), 0);
		(void)usleep(10000);
	}
}

/* What a malicious one has done is there while a good one wants to be proved, and is not taken for the good
 * one's. */
static void
a_malicious_one_and_a_good_one_at_once(void **state)
{
	pid_t bad, good;

	(void)state;
	(void)rig_sql(&rig,
	    "CREATE FUNCTION deed(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN IF "
	    "starts_with(current_database(), ''gatehouse_'') THEN ALTER ROLE prover SET search_path = evil; "
	    "END "
	    "IF; RETURN true; END'; ALTER FUNCTION deed(int) OWNER TO shop; ALTER TABLE a ADD CHECK "
	    "(deed(id));"
	    "CREATE FUNCTION slow(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN IF "
	    "starts_with(current_database(), ''gatehouse_'') THEN WHILE NOT EXISTS (SELECT FROM "
	    "pg_catalog.pg_database WHERE datname = ''go_on'') LOOP PERFORM pg_catalog.pg_sleep(0.1); END "
	    "LOOP; END IF; RETURN true; "
	    "END'; ALTER FUNCTION slow(int) OWNER TO shop; CREATE TABLE b (id int CHECK (slow(id))); "
	    "INSERT INTO b VALUES (1); ALTER TABLE b OWNER TO shop");
	proof_rig_take(&p, &rig);
	bad = proves("bad", WIRE_RESTORED, WIRE_FAILED);
	/* The first table is restored and committed. */
	until_it_sleeps(bad);
	assert_string_equal(
	    rig_sql(&rig, "SELECT count(*) FROM pg_db_role_setting WHERE setrole = 'prover'::regrole"), "1");
	(void)rig_sql(&rig, "DROP TABLE b; ALTER TABLE a DROP CONSTRAINT a_id_check");
	rig.spec.id += 1000;
	proof_rig_done(&p);
	p = (struct proof_rig){ 0 };
	proof_rig_take(&p, &rig);
	good = proves("good", WIRE_COUNTED, WIRE_OK);
	until_they_wait("1", good, bad);
	(void)rig_sql(&rig, "CREATE DATABASE go_on");
	ended_well(bad);
	ended_well(good);
	(void)rig_sql(&rig, "DROP DATABASE go_on");
	assert_string_equal(
	    rig_sql(&rig, "SELECT count(*) FROM pg_db_role_setting WHERE setrole = 'prover'::regrole"), "0");
}

/* What a job that was killed has left goes with the next proof; what another one works on stays. */
static void
leftovers_go(void **state)
{
	const char *mine = PREFIX "7", *theirs = PREFIX "8";
	PGconn *other;

	(void)state;
	/* Also one that was made a template. */
	(void)rig_sql(&rig, "CREATE DATABASE " PREFIX "7 OWNER prover IS_TEMPLATE true");
	(void)rig_sql(&rig, "CREATE DATABASE " PREFIX "8 OWNER prover");
	other = PQconnectdb(rig.spec.scratch);
	PQclear(PQexec(other, "SELECT pg_advisory_lock(hashtextextended('" PREFIX "8', 7))"));
	proof_rig_take(&p, &rig);
	proof_rig_prove(&p, "counted");
	assert_int_equal(proof_rig_level(&p, WIRE_COUNTED), WIRE_OK);
	assert_string_equal(
	    rig_sql(
		&rig, gh_printf(&rig.arena, "SELECT count(*) FROM pg_database WHERE datname = '%s'", mine)),
	    "0");
	assert_string_equal(
	    rig_sql(
		&rig, gh_printf(&rig.arena, "SELECT count(*) FROM pg_database WHERE datname = '%s'", theirs)),
	    "1");
	PQfinish(other);
	(void)rig_sql(&rig, "DROP DATABASE " PREFIX "8");
}

/* One that cannot be dropped is in nobody's way. */
static void
a_leftover_that_stays(void **state)
{
	(void)state;
	(void)rig_sql(&rig, "CREATE DATABASE " PREFIX "6 OWNER shop");
	proof_rig_take(&p, &rig);
	proof_rig_prove(&p, "counted");
	assert_int_equal(proof_rig_level(&p, WIRE_COUNTED), WIRE_OK);
	assert_string_equal(
	    rig_sql(&rig, "SELECT count(*) FROM pg_database WHERE datname = '" PREFIX "6'"), "1");
	(void)rig_sql(&rig, "DROP DATABASE " PREFIX "6");
}

/* One at a time: the second waits until the first has let go. */
static void
one_at_a_time(void **state)
{
	PGconn *other = PQconnectdb(rig.spec.scratch);
	pid_t pid;
	int status;

	(void)state;
	proof_rig_take(&p, &rig);
	PQclear(PQexec(other, "SELECT pg_advisory_lock(hashtextextended('gatehouse proofs', 7))"));
	pid = fork();
	if (pid == 0) {
		proof_rig_prove(&p, "counted");
		_exit(proof_rig_level(&p, WIRE_COUNTED) == WIRE_OK ? 0 : 1);
	}
	/* It has come as far as to ask for it, and no database is made meanwhile. */
	while (strcmp(rig_sql(&rig,
			  "SELECT count(*) FROM pg_stat_activity WHERE usename = 'prover' AND query LIKE "
			  "'%try_advisory%'"),
		   "1") != 0) {
		assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
		(void)usleep(10000);
	}
	assert_string_equal(
	    rig_sql(&rig, "SELECT count(*) FROM pg_database WHERE datname LIKE 'gatehouse%'"), "0");
	PQfinish(other);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
not_for_ever(void **state)
{
	PGconn *other;

	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	proof_rig_take(&p, &rig);
	other = PQconnectdb(rig.spec.scratch);
	PQclear(PQexec(other, "SELECT pg_advisory_lock(hashtextextended('gatehouse proofs', 7))"));
	rig_fault(&rig, "job.proof.alone", "fail");
	proof_rig_prove(&p, "counted");
	PQfinish(other);
	proof_rig_undecided(
	    &p, WIRE_RESTORED, "another proof has been at the server for proofs for too long");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(two_at_once),
		T(a_malicious_one_and_a_good_one_at_once),
		T(leftovers_go),
		T(a_leftover_that_stays),
		T(one_at_a_time),
		T(not_for_ever),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/proof on a server with others", tests, rig_group_start, rig_group_stop);
}
