#include "base/ban.h"
#include "tests/support/proof_rig.h"
#include "tests/support/plain_user.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/stat.h>

/* What is wrong with a file, and at which level it is found. */

static struct rig rig;
static struct proof_rig p;

static int
setup(void **state)
{
	int failed = rig_setup(state);

	p = (struct proof_rig){ 0 };
	(void)rig_sql(&rig,
	    "CREATE TABLE a (id int PRIMARY KEY, t text); INSERT INTO a SELECT g, md5(g::text) FROM "
	    "generate_series(1, 1000) g; CREATE TABLE \"Odd \"\"na.me\" (id int); "
	    "INSERT INTO \"Odd \"\"na.me\" VALUES (1); ALTER TABLE a OWNER TO shop; "
	    "ALTER TABLE \"Odd \"\"na.me\" OWNER TO shop");
	return failed;
}

static int
teardown(void **state)
{
	proof_rig_done(&p);
	return rig_teardown(state);
}

static void
a_good_one_is_listed(void **state)
{
	const struct rig_frame *f;

	(void)state;
	proof_rig_take(&p, &rig);
	proof_rig_prove(&p, "listed");
	rig_expect(&rig, WIRE_SUCCEEDED, "Proved as \"listed\"");
	assert_int_equal(proof_rig_level(&p, WIRE_CHECKSUMMED), WIRE_OK);
	assert_int_equal(proof_rig_level(&p, WIRE_LISTED), WIRE_OK);
	assert_int_equal(proof_rig_level(&p, WIRE_RESTORED), 0);
	f = rig_find(&rig, WIRE_J_PROOF, 0);
	assert_true(f->since > 0 && f->number >= f->since);
	assert_string_equal(f->text, "");
	f = rig_find(&rig, WIRE_J_PROOF, 1);
	assert_non_null(strstr(f->more, "all 2 tables"));
}

/* Nothing needs a server until it is restored: neither the target nor one for proofs. */
static void
every_kilobyte_that_is_flipped(void **state)
{
	GH_TEXT good = { 0 };
	GH_TEXT bad = { 0 };
	size_t at;

	(void)state;
	proof_rig_take(&p, &rig);
	proof_rig_read(&p, &good);
	assert_true(good.len > 4096);
	for (at = 0; at < good.len; at += 1024) {
		gh_text_clear(&bad);
		gh_text_put_n(&bad, good.data, good.len);
		bad.data[at] = (char)(bad.data[at] ^ 0x10);
		proof_rig_write(&p, bad.data, bad.len, false);
		proof_rig_prove(&p, "counted");
		proof_rig_caught(&p, WIRE_CHECKSUMMED, "is not the file that was written");
	}
}

/* As if it had been written so: the compression's own sums find it. */
static void
every_kilobyte_that_was_flipped_before_it_was_hashed(void **state)
{
	GH_TEXT good = { 0 };
	GH_TEXT bad = { 0 };
	size_t at;

	(void)state;
	proof_rig_take(&p, &rig);
	proof_rig_read(&p, &good);
	for (at = 512; at < good.len; at += 1024) {
		gh_text_clear(&bad);
		gh_text_put_n(&bad, good.data, good.len);
		bad.data[at] = (char)(bad.data[at] ^ 0x10);
		proof_rig_write(&p, bad.data, bad.len, true);
		proof_rig_prove(&p, "counted");
		proof_rig_caught(&p, WIRE_CHECKSUMMED, "");
	}
}

static void
truncated_at_any_place(void **state)
{
	static const int cuts[] = { 1, 2, 10, 50, 99 };
	GH_TEXT good = { 0 };
	GH_TEXT plain = { 0 };
	size_t i;

	(void)state;
	proof_rig_take(&p, &rig);
	proof_rig_read(&p, &good);
	proof_rig_unpack(&p, &plain);
	for (i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		size_t len = good.len * (size_t)cuts[i] / 100;

		proof_rig_write(&p, good.data, len, false);
		rig.spec.backup_size = (int64_t)good.len;
		proof_rig_prove(&p, "counted");
		proof_rig_caught(&p, WIRE_CHECKSUMMED,
		    gh_printf(&rig.arena, "has %zu bytes, and %zu were written", len, good.len));
		rig.spec.backup_size = -1;
		proof_rig_prove(&p, "counted");
		proof_rig_caught(&p, WIRE_CHECKSUMMED, "is not the file that was written");
		proof_rig_write(&p, good.data, len, true);
		proof_rig_prove(&p, "counted");
		proof_rig_caught(&p, WIRE_CHECKSUMMED, "ends in the middle");
	}
	proof_rig_write(&p, "", 0, false);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_CHECKSUMMED, "is empty");
	/* What pg_dump wrote was cut: pg_restore --list alone would not see it. */
	proof_rig_pack(&p, plain.data, plain.len - 200);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_RESTORED, "cannot be restored");
	proof_rig_pack(&p, plain.data, 100);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_LISTED, "pg_restore cannot list it");
}

static void
another_version_of_the_format(void **state)
{
	GH_TEXT plain = { 0 };

	(void)state;
	proof_rig_take(&p, &rig);
	proof_rig_unpack(&p, &plain);
	assert_memory_equal(plain.data, "PGDMP", 5);
	plain.data[6] = 99;
	proof_rig_pack(&p, plain.data, plain.len);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_LISTED, "unsupported version");
	proof_rig_pack(&p, "this is no dump", 15);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_LISTED, "pg_restore cannot list it");
}

static void
that_of_another_target(void **state)
{
	GH_TEXT other = { 0 };
	struct proof_rig q = { 0 };
	const char *file, *digest;

	(void)state;
	proof_rig_take(&p, &rig);
	file = p.file;
	digest = rig.spec.backup_digest;
	(void)rig_sql(&rig, "DROP TABLE a; CREATE TABLE b (id int); ALTER TABLE b OWNER TO shop");
	rig.spec.id++;
	proof_rig_take(&q, &rig);
	assert_string_not_equal(file, q.file);
	proof_rig_read(&q, &other);
	/* The record of the first. */
	rig.spec.backup_file = file;
	rig.spec.backup_digest = digest;
	rig.spec.backup_size = (int64_t)other.len;
	rig.spec.tables = p.tables.data;
	rig.spec.tables_len = p.tables.len;
	proof_rig_write(&p, other.data, other.len, false);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_CHECKSUMMED, "is not the file that was written");
	/* Whoever swaps the digest as well is found by the list. */
	proof_rig_write(&p, other.data, other.len, true);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_LISTED, "the rows of public.a are not in it");
	proof_rig_done(&q);
}

static void
no_file_of_ours(void **state)
{
	const char *aside;

	(void)state;
	proof_rig_take(&p, &rig);
	aside = gh_printf(&rig.arena, "%s.aside", p.path);
	assert_int_equal(rename(p.path, aside), 0);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_CHECKSUMMED, "is not there any more");
	assert_int_equal(symlink(aside, p.path), 0);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_CHECKSUMMED, "is a symbolic link");
	assert_int_equal(unlink(p.path), 0);
	assert_int_equal(mkfifo(p.path, 0600), 0);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_CHECKSUMMED, "is not a regular file");
	assert_int_equal(unlink(p.path), 0);
	assert_int_equal(mkdir(p.path, 0700), 0);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_CHECKSUMMED, "is not a regular file");
	assert_int_equal(rmdir(p.path), 0);
}

/* What says nothing about the backup fails the job, and makes no mark on the backup. */
static void
what_is_not_its_fault(void **state)
{
	const char *folder, *file;

	(void)state;
	proof_rig_take(&p, &rig);
	folder = rig.spec.backup_folder;
	rig.spec.backup_folder = "/nonexistent";
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(&p, WIRE_CHECKSUMMED, "cannot open the folder of the backups");
	rig.spec.backup_folder = folder;
	file = rig.spec.backup_file;
	rig.spec.backup_file = "../x";
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(&p, WIRE_CHECKSUMMED, "is not the name of a backup");
	rig.spec.backup_file = file;
	assert_int_equal(chmod(p.path, 0), 0);
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(&p, WIRE_CHECKSUMMED, "Permission denied");
	assert_int_equal(chmod(p.path, 0600), 0);
	rig.spec.pg_restore = "/nonexistent/pg_restore";
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(&p, WIRE_LISTED, "/nonexistent/pg_restore");
	assert_int_equal(proof_rig_level(&p, WIRE_CHECKSUMMED), WIRE_OK);
	rig.spec.backup_digest = "";
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(&p, WIRE_CHECKSUMMED, "no digest");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_good_one_is_listed),
		T(every_kilobyte_that_is_flipped),
		T(every_kilobyte_that_was_flipped_before_it_was_hashed),
		T(truncated_at_any_place),
		T(another_version_of_the_format),
		T(that_of_another_target),
		T(no_file_of_ours),
		T(what_is_not_its_fault),
	};

	if (plain_user() != 0)
		return 1;
	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/proof of a file", tests, rig_group_start, rig_group_stop);
}
