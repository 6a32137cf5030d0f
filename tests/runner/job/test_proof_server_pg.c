#include "base/ban.h"
#include "tests/support/proof_rig.h"
#include "base/io.h"
#include "runner/job/proof.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

/* Restored and counted in a database of the configured server; here that is the target's own. */

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

static void
counted_but_for_owners(void **state)
{
	const struct rig_frame *f;

	(void)state;
	proof_rig_take(&p, &rig);
	proof_rig_prove(&p, "counted");
	rig_expect(&rig, WIRE_SUCCEEDED, "counted");
	f = rig_find(&rig, WIRE_J_PROOF, 3);
	assert_non_null(strstr(f->text, "a database of the configured server, PostgreSQL 15"));
	assert_non_null(strstr(f->more, "1 table with 50 rows"));
	assert_non_null(strstr(f->more, "the same but for owners and privileges"));
}

static void
who_may_too_much_is_refused(void **state)
{
	static const struct {
		const char *give, *take, *why;
	} cases[] = {
		{ "ALTER ROLE prover SUPERUSER", "ALTER ROLE prover NOSUPERUSER", "is a superuser" },
		{ "GRANT postgres TO prover", "REVOKE postgres FROM prover", "is a superuser" },
		{ "ALTER ROLE prover CREATEROLE", "ALTER ROLE prover NOCREATEROLE", "may create roles" },
		{ "ALTER ROLE prover REPLICATION", "ALTER ROLE prover NOREPLICATION", "may replicate" },
		{ "GRANT pg_execute_server_program TO prover", "REVOKE pg_execute_server_program FROM prover",
		    "reaches beyond a database" },
		{ "GRANT pg_read_server_files TO prover", "REVOKE pg_read_server_files FROM prover",
		    "reaches beyond a database" },
		{ "GRANT shop TO prover", "REVOKE shop FROM prover", "is a member of another role" },
		/* What a proof that was killed may have left is never the state of before. */
		{ "ALTER ROLE prover SET search_path = evil", "ALTER ROLE prover RESET ALL",
		    "has settings of its own" },
		{ "CREATE DATABASE evil OWNER prover", "DROP DATABASE evil", "owns the database evil" },
		{ "ALTER ROLE prover NOCREATEDB", "ALTER ROLE prover CREATEDB", "may not create databases" },
	};
	size_t i;

	(void)state;
	proof_rig_take(&p, &rig);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)rig_sql(&rig, cases[i].give);
		proof_rig_prove(&p, "counted");
		(void)rig_sql(&rig, cases[i].take);
		proof_rig_undecided(&p, WIRE_RESTORED, cases[i].why);
	}
}

/* What this role may not make is not the backup's fault. */
static void
what_the_role_may_not_make(void **state)
{
	(void)state;
	rig.spec.allow_superuser = true;
	rig.spec.connection =
	    gh_printf(&rig.arena, "host=%s dbname=%s user=postgres", rig.cluster->folder, rig.database);
	(void)rig_sql(&rig,
	    "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
	    "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e()");
	proof_rig_take(&p, &rig);
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(&p, WIRE_RESTORED, "permission denied to create event trigger");
	assert_int_equal(proof_rig_level(&p, WIRE_LISTED), WIRE_OK);
}

static void
the_server_is_down(void **state)
{
	(void)state;
	proof_rig_take(&p, &rig);
	rig.spec.scratch = "host=/nonexistent dbname=x user=prover";
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(&p, WIRE_RESTORED, "cannot connect to the scratch server");
	assert_int_equal(proof_rig_level(&p, WIRE_LISTED), WIRE_OK);
}

/* What reads the dump sees no file here: it is a client, and nothing else. */
static void
its_client_is_confined(void **state)
{
	(void)state;
	proof_rig_take(&p, &rig);
	proof_rig_curious(&rig);
	proof_rig_prove(&p, "counted");
	rig_expect(&rig, WIRE_SUCCEEDED, "counted");
	assert_int_equal(access(gh_printf(&rig.arena, "%s/escaped", rig.folder), F_OK), -1);
}

/* The functions of a dump run as the role that restores: what that role could do is undone. */
static void
a_malicious_one_leaves_nothing(void **state)
{
	static const struct {
		const char *deed, *why;
	} cases[] = {
		{ "ALTER ROLE prover SET search_path = evil",
		    "reaches beyond its database: settings of the role" },
		{ "ALTER ROLE prover IN DATABASE postgres SET work_mem = ''1MB''",
		    "reaches beyond its database: settings of postgres" },
		/* A right that is missing, or words like these, do not excuse it: it is the dump that speaks.
		 */
		{ "COPY (SELECT 1) TO PROGRAM ''true''", "must be superuser" },
		{ "PERFORM pg_read_file(''/etc/hostname'')", "permission denied" },
		{ "RAISE ''out of memory''", "out of memory" },
		{ "EXECUTE format(''ALTER DATABASE %I CONNECTION LIMIT 0'', current_database())",
		    "limits of its own database" },
		{ "EXECUTE format(''ALTER DATABASE %I IS_TEMPLATE true'', current_database())",
		    "limits of its own database" },
		{ "PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ''prover'' AND "
		  "pid "
		  "<> pg_backend_pid(); ALTER ROLE prover SET search_path = evil",
		    "reaches beyond its database: settings of the role" },
	};
	const char *before;
	size_t i;

	(void)state;
	(void)rig_sql(&rig,
	    "CREATE FUNCTION deed(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; "
	    "END';"
	    "ALTER TABLE a ADD CHECK (deed(id)); ALTER FUNCTION deed(int) OWNER TO shop");
	before = rig_sql(
	    &rig, "SELECT coalesce(string_agg(s::text, ',' ORDER BY s::text), '') FROM pg_db_role_setting s");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)rig_sql(&rig,
		    gh_printf(&rig.arena,
			"CREATE OR REPLACE FUNCTION deed(int) RETURNS boolean LANGUAGE plpgsql AS "
			"'BEGIN IF starts_with(current_database(), ''gatehouse_'') THEN %s; END IF; RETURN "
			"true; END'",
			cases[i].deed));
		rig.spec.id++;
		proof_rig_take(&p, &rig);
		proof_rig_prove(&p, "counted");
		proof_rig_caught(&p, WIRE_RESTORED, cases[i].why);
		assert_string_equal(before,
		    rig_sql(&rig,
			"SELECT coalesce(string_agg(s::text, ',' ORDER BY s::text), '') FROM "
			"pg_db_role_setting s"));
	}
}

/* What one table did is looked for also when another one ends the restore, for whatever reason. */
static void
a_restore_that_ends_early_is_looked_at(void **state)
{
	(void)state;
	rig.spec.allow_superuser = true;
	rig.spec.connection =
	    gh_printf(&rig.arena, "host=%s dbname=%s user=postgres", rig.cluster->folder, rig.database);
	(void)rig_sql(&rig,
	    "CREATE FUNCTION deed(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN IF "
	    "starts_with(current_database(), ''gatehouse_'') THEN ALTER ROLE prover SET search_path = evil; "
	    "END IF; RETURN true; END'; ALTER TABLE a ADD CHECK (deed(id));"
	    "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
	    "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e()");
	proof_rig_take(&p, &rig);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_RESTORED, "reaches beyond its database: settings of the role");
	assert_string_equal(
	    rig_sql(&rig, "SELECT count(*) FROM pg_db_role_setting WHERE setrole = 'prover'::regrole"), "0");
}

/* Killed before anybody looked: the next one does not begin, and says what there is to do. */
static void
a_killed_one_is_seen(void **state)
{
	int status;
	pid_t pid;

	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	(void)rig_sql(&rig,
	    "CREATE FUNCTION deed(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN IF "
	    "starts_with(current_database(), ''gatehouse_'') THEN ALTER ROLE prover SET search_path = evil; "
	    "END IF; RETURN true; END'; ALTER TABLE a ADD CHECK (deed(id)); ALTER FUNCTION deed(int) OWNER "
	    "TO "
	    "shop");
	proof_rig_take(&p, &rig);
	pid = fork();
	if (pid == 0) {
		rig_fault(&rig, "job.proof.restored", "kill");
		proof_rig_prove(&p, "counted");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	(void)unlink(gh_printf(&rig.arena, "%s/fault", rig.folder));
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(&p, WIRE_RESTORED, "ALTER ROLE CURRENT_USER RESET ALL");
	(void)rig_sql(&rig, "ALTER ROLE prover RESET ALL");
}

/* A server that asks this machine for no password would ask another one. */
static void
no_password_stays(void **state)
{
	(void)state;
	(void)rig_sql(&rig,
	    "CREATE FUNCTION deed(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN IF "
	    "starts_with(current_database(), ''gatehouse_'') THEN ALTER ROLE prover PASSWORD ''known''; END "
	    "IF; RETURN true; END'; ALTER TABLE a ADD CHECK (deed(id)); ALTER FUNCTION deed(int) OWNER TO "
	    "shop");
	proof_rig_take(&p, &rig);
	proof_rig_prove(&p, "counted");
	assert_string_equal(
	    rig_sql(&rig, "SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = 'prover'"), "t");
}

/* Where the role has a password, a dump could lock it out. */
static void
a_password_is_given_back(void **state)
{
	const char *hba = gh_printf(&rig.arena, "%s/data/pg_hba.conf", rig.cluster->folder);
	const char *with = gh_printf(&rig.arena, "%s password=right", rig.spec.scratch);
	GH_TEXT was = { 0 };
	GH_TEXT now = { 0 };
	PGconn *c;
	bool in;

	(void)state;
	(void)rig_sql(&rig,
	    "ALTER ROLE prover PASSWORD 'right'; CREATE FUNCTION deed(int) RETURNS boolean LANGUAGE plpgsql "
	    "AS "
	    "'BEGIN IF starts_with(current_database(), ''gatehouse_'') THEN ALTER ROLE prover PASSWORD "
	    "''wrong''; "
	    "END IF; RETURN true; END'; ALTER TABLE a ADD CHECK (deed(id)); ALTER FUNCTION deed(int) OWNER "
	    "TO shop");
	assert_int_equal(gh_file_read(hba, 1 << 20, &was, NULL), GH_OK);
	gh_text_put(&now, "local all prover scram-sha-256\n");
	gh_text_put(&now, gh_text_str(&was));
	proof_rig_take(&p, &rig);
	assert_int_equal(gh_file_replace(hba, now.data, now.len, 0644, NULL), GH_OK);
	(void)rig_sql(&rig, "SELECT pg_reload_conf()");
	/* Until the server has read it: without its password nobody is the role any more. */
	do {
		c = PQconnectdb(rig.spec.scratch);
		in = PQstatus(c) == CONNECTION_OK;
		PQfinish(c);
	} while (in);
	rig.spec.scratch = with;
	proof_rig_prove(&p, "counted");
	c = PQconnectdb(with);
	assert_int_equal(PQstatus(c), CONNECTION_OK);
	PQfinish(c);
	assert_int_equal(gh_file_replace(hba, was.data, was.len, 0644, NULL), GH_OK);
	(void)rig_sql(&rig, "SELECT pg_reload_conf()");
	proof_rig_caught(&p, WIRE_RESTORED, "it changes the password of the role");
}

/* A dump is SQL: an entry may be any statement. */
static void
a_database_that_a_dump_makes(void **state)
{
	static const char was[] = "CREATE DOMAIN public.there AS integer;", now[] = "CREATE DATABASE evil;";
	GH_TEXT plain = { 0 };
	char *at;

	(void)state;
	(void)rig_sql(&rig, "CREATE DOMAIN there AS integer; ALTER DOMAIN there OWNER TO shop");
	proof_rig_take(&p, &rig);
	proof_rig_unpack(&p, &plain);
	at = memmem(plain.data, plain.len, was, strlen(was));
	assert_non_null(at);
	memset(at, ' ', strlen(was));
	memcpy(at, now, strlen(now));
	proof_rig_pack(&p, plain.data, plain.len);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_RESTORED, "database evil, made by it or by somebody else with this role");
	/* It may be somebody's: it is told, not dropped. */
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM pg_database WHERE datname = 'evil'"), "1");
	(void)rig_sql(&rig, "DROP DATABASE evil");
}

/* Listed, and cut before it is read again. */
static enum gh_code
cut_between(struct job *j, struct gh_err *err)
{
	struct proof f;
	enum gh_code code;

	GH_TRY(proof_told(j, &f, err));
	code = proof_to(&f, WIRE_LISTED, err);
	if (code == GH_OK && truncate(p.path, j->spec.backup_size / 2) != 0)
		code = gh_fail_errno(err, GH_INTERNAL, "truncate");
	if (code == GH_OK)
		code = proof_to(&f, WIRE_COUNTED, err);
	proof_done(&f);
	if (code == GH_OK)
		job_outcome(j, WIRE_SUCCEEDED, "It is no good");
	return code;
}

/* Where nothing was made yet there is nothing to look at: the verdict is not lost over it. */
static void
damage_before_there_is_a_place(void **state)
{
	static const struct job_kind kind = { .name = "prove", .run = cut_between };

	(void)state;
	proof_rig_take(&p, &rig);
	rig.spec.scratch = "";
	rig_run(&rig, &kind);
	proof_rig_caught(&p, WIRE_RESTORED, "");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(counted_but_for_owners),
		T(who_may_too_much_is_refused),
		T(what_the_role_may_not_make),
		T(the_server_is_down),
		T(its_client_is_confined),
		T(a_malicious_one_leaves_nothing),
		T(a_restore_that_ends_early_is_looked_at),
		T(a_killed_one_is_seen),
		T(no_password_stays),
		T(a_password_is_given_back),
		T(damage_before_there_is_a_place),
		T(a_database_that_a_dump_makes),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/proof on a server", tests, rig_group_start, rig_group_stop);
}
