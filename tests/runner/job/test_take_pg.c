#include "base/ban.h"
#include "base/io.h"
#include "base/seal.h"
#include "tests/support/stand_in_dump.h"

#include <dirent.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>
#include <zstd.h>

/* Backups beside runs on a real server, each restored by the tools that an operator has. */

static struct rig rig;

static void
prepare(void)
{
	(void)rig_sql(&rig,
	    "SET ROLE shop; CREATE TABLE a (id int PRIMARY KEY, t text); "
	    "INSERT INTO a SELECT i, md5(i::text) FROM generate_series(1, 20000) i; "
	    "CREATE TABLE \"Odd.name\" (id int); INSERT INTO \"Odd.name\" VALUES (1), (2); "
	    "CREATE TABLE public.schema_migrations (version text PRIMARY KEY)");
	rig.spec.id = -17;
	rig.spec.person = "";
	rig.spec.level = "listed";
	rig.spec.encrypt_to = "";
}

static const struct rig_frame *
taken(void)
{
	const struct rig_frame *b;

	rig_run(&rig, &job_take);
	rig_expect(&rig, WIRE_SUCCEEDED, "3 tables, 20002 rows");
	b = rig_find(&rig, WIRE_J_BACKUP, 0);
	assert_non_null(b);
	assert_null(rig_find(&rig, WIRE_J_BACKUP, 1));
	return b;
}

static const char *
path_of(const struct rig_frame *b)
{
	return gh_printf(&rig.arena, "%s/%s", rig.folder, b->text);
}

static void
bytes_of(const char *path, struct gh_text *ret)
{
	assert_int_equal(gh_file_read(path, 1 << 26, ret, NULL), GH_OK);
}

/* Runs a program of PostgreSQL to its end. */
static void
tool(const char *const *argv)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		/* NOLINTNEXTLINE: execv does not write */
		(void)execv(argv[0], (char **)(uintptr_t)argv);
		_exit(127);
	}
	(void)waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

/* Into a database of its own; compares both tables. */
static void
restores(const char *file)
{
	const char *database = gh_printf(&rig.arena, "%s_back", rig.database);
	const char *const argv[] = { PG_CLUSTER_BIN "/pg_restore", "--exit-on-error", "-h",
		rig.cluster->folder, "-U", "postgres", "-d", database, file, NULL };
	char was[sizeof(rig.database)];

	(void)rig_sql(&rig, gh_printf(&rig.arena, "CREATE DATABASE %s", database));
	tool(argv);
	memcpy(was, rig.database, sizeof(was));
	(void)snprintf(rig.database, sizeof(rig.database), "%s", database);
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM a"), "20000");
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM \"Odd.name\""), "2");
	assert_string_equal(rig_sql(&rig, "SELECT t = md5('7') FROM a WHERE id = 7"), "t");
	memcpy(rig.database, was, sizeof(was));
	(void)rig_sql(&rig, gh_printf(&rig.arena, "DROP DATABASE %s", database));
}

static void
decompress(const char *data, size_t len, struct gh_text *ret)
{
	ZSTD_DCtx *z = ZSTD_createDCtx();
	ZSTD_inBuffer in = { .src = data, .size = len };
	static char piece[1 << 17];
	size_t left = 1;

	while (in.pos < in.size) {
		ZSTD_outBuffer out = { .dst = piece, .size = sizeof(piece) };

		left = ZSTD_decompressStream(z, &out, &in);
		assert_false(ZSTD_isError(left));
		gh_text_put_n(ret, piece, out.pos);
	}
	assert_int_equal(left, 0);
	(void)ZSTD_freeDCtx(z);
}

static const char *
plain_file(const struct gh_text *plain)
{
	const char *path = gh_printf(&rig.arena, "%s/plain", rig.folder);

	assert_memory_equal(plain->data, "PGDMP", 5);
	assert_int_equal(gh_file_replace(path, plain->data, plain->len, 0644, NULL), GH_OK);
	return path;
}

/* The backup is kept, and says what it can never become. */
static void
a_catalog_that_cannot_be_read(void **state)
{
	const struct rig_frame *b;

	(void)state;
	prepare();
	(void)rig_sql(&rig, "REVOKE EXECUTE ON FUNCTION string_agg(text, text) FROM PUBLIC");
	b = taken();
	assert_int_equal(b->state, WIRE_LISTED);
	assert_non_null(strstr(b->extra, "fingerprint= "));
	assert_non_null(strstr(rig_sentence(&rig), "it cannot be proved further than \"restored\": "));
	assert_non_null(strstr(rig_sentence(&rig), "permission denied for aggregate string_agg"));
}

static void
tells_all_about_it(void **state)
{
	const struct rig_frame *b, *t;
	GH_TEXT bytes = { 0 };
	GH_TEXT plain = { 0 };
	GH_TEXT json = { 0 };
	char digest[GH_SHA256_HEX_LEN];

	(void)state;
	prepare();
	rig.spec.compression = 9;
	rig.spec.threads = 2;
	b = taken();
	assert_int_equal(b->state, WIRE_LISTED);
	assert_non_null(strstr(b->text, "-t17.dump.zst"));
	assert_non_null(strstr(b->extra, "kind= source= format=custom to= snapshot="));
	assert_null(strstr(b->extra, "snapshot= "));
	assert_null(strstr(b->extra, "fingerprint= "));
	bytes_of(path_of(b), &bytes);
	gh_sha256_hex(bytes.data, bytes.len, digest);
	assert_string_equal(b->more, digest);
	assert_int_equal(b->number, bytes.len);
	decompress(bytes.data, bytes.len, &plain);
	assert_int_equal(b->wal, plain.len);
	restores(plain_file(&plain));
	t = rig_find(&rig, WIRE_J_BACKUP_TABLE, 0);
	assert_string_equal(t->text, "public.\"Odd.name\"");
	assert_int_equal(t->number, 2);
	t = rig_find(&rig, WIRE_J_BACKUP_TABLE, 1);
	assert_string_equal(t->text, "public.a");
	assert_int_equal(t->number, 20000);
	assert_int_equal(t->since, strtoll(rig_sql(&rig, "SELECT pg_total_relation_size('a')"), NULL, 10));
	bytes_of(gh_printf(&rig.arena, "%s.json", path_of(b)), &json);
	assert_non_null(strstr(json.data, "\"task\": 17,"));
	assert_non_null(strstr(json.data, gh_printf(&rig.arena, "\"sha256\": \"%s\"", digest)));
}

/* However few are said in so short a time, the last one is. */
static void
says_which_table_it_is_at(void **state)
{
	const struct rig_frame *p;
	size_t n;
	bool seen = false;

	(void)state;
	prepare();
	(void)taken();
	for (n = 0; (p = rig_find(&rig, WIRE_J_PROGRESS, n)) != NULL; n++)
		seen = seen ||
		    (strcmp(p->text, "dump") == 0 && strcmp(p->more, "table public.schema_migrations") == 0);
	assert_true(seen);
}

static void
opens_with_the_key_that_was_kept_elsewhere(void **state)
{
	char to[GH_SEAL_TEXT_LEN];
	const struct rig_frame *b;
	GH_SEAL_KEY key;
	GH_TEXT bytes = { 0 };
	GH_TEXT sealed = { 0 };
	const char *gatehouse = "./gatehouse", *file, *script;

	(void)state;
	prepare();
	rig.spec.level = "checksummed";
	gh_seal_key_make(&key);
	gh_seal_key_text(key.public_key, to);
	rig.spec.encrypt_to = to;
	b = taken();
	assert_int_equal(b->state, WIRE_CHECKSUMMED);
	assert_non_null(strstr(b->text, "-t17.dump.zst.sealed"));
	assert_non_null(strstr(b->extra, gh_printf(&rig.arena, "to=%s ", to)));
	bytes_of(path_of(b), &bytes);
	assert_int_equal(b->number, bytes.len);
	assert_memory_equal(bytes.data, GH_SEAL_MAGIC, strlen(GH_SEAL_MAGIC));
	assert_null(memmem(bytes.data, bytes.len, "PGDMP", 5));
	assert_null(memmem(bytes.data, bytes.len, "\x28\xb5\x2f\xfd", 4));
	assert_int_equal(gh_seal_key_write(gh_printf(&rig.arena, "%s/key", rig.folder), &key, NULL), GH_OK);
	file = gh_printf(&rig.arena, "%s/plain", rig.folder);
	script = gh_printf(
	    &rig.arena, "%s backup open %s --key %s/key >%s", gatehouse, path_of(b), rig.folder, file);
	tool((const char *const[]){ "/bin/sh", "-c", script, NULL });
	bytes_of(file, &sealed);
	restores(plain_file(&sealed));
}

static void
writes_a_folder_by_several_at_once(void **state)
{
	const struct rig_frame *b;
	struct stat st;

	(void)state;
	prepare();
	rig.spec.format = "directory";
	rig.spec.backup_jobs = 2;
	b = taken();
	assert_int_equal(b->state, WIRE_LISTED);
	assert_non_null(strstr(b->text, "-t17.dir"));
	assert_non_null(strstr(b->extra, "format=directory"));
	assert_int_equal(b->wal, -1);
	assert_int_equal(stat(path_of(b), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	restores(path_of(b));
}

static void
does_not_encrypt_a_folder(void **state)
{
	(void)state;
	prepare();
	rig.spec.format = "directory";
	rig.spec.encrypt_to = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
	rig_run(&rig, &job_take);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "cannot be encrypted");
	assert_null(rig_find(&rig, WIRE_J_BACKUP, 0));
}

static void
keeps_what_pg_dump_warned_of(void **state)
{
	const struct rig_frame *b;

	(void)state;
	prepare();
	(void)stand_in_use(&rig, "warns");
	b = taken();
	assert_non_null(
	    strstr(b->extra, "log=pg_dump: warning: something is odd\npg_dump: hint: Look at it.\n"));
	assert_non_null(strstr(rig_sentence(&rig), "pg_dump warned 1 time"));
}

static void
knows_the_newest_migration(void **state)
{
	(void)state;
	prepare();
	(void)rig_sql(&rig, "DROP TABLE schema_migrations");
	rig_track(&rig, "('001_a'), ('002_b')");
	rig_run(&rig, &job_take);
	rig_expect(&rig, WIRE_SUCCEEDED, "3 tables, 20004 rows");
	{
		GH_TEXT json = { 0 };

		bytes_of(gh_printf(&rig.arena, "%s.json", path_of(rig_find(&rig, WIRE_J_BACKUP, 0))), &json);
		assert_non_null(strstr(json.data, "\"schema_key\": \"002_b\""));
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(tells_all_about_it),
		TEST(a_catalog_that_cannot_be_read),
		TEST(says_which_table_it_is_at),
		TEST(opens_with_the_key_that_was_kept_elsewhere),
		TEST(writes_a_folder_by_several_at_once),
		TEST(does_not_encrypt_a_folder),
		TEST(keeps_what_pg_dump_warned_of),
		TEST(knows_the_newest_migration),
	};

	stand_in_dump(argc, argv);
	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/take on a server", tests, rig_group_start, rig_group_stop);
}
