#include "base/ban.h"
#include "migration/plan.h"
#include "runner/follow_backup.h"
#include "runner/follow_kind.h"
#include "store/backup.h"
#include "store/run_write.h"
#include "tests/support/fixture_plan.h"
#include "tests/support/fixture_run.h"

/* Frames about backups as rows and events: good ones, every cut, and what cannot be true. */

#define DIGEST "00000000000000000000000000000000000000000000000000000000000000aa"

static struct follow_run run;

static void
begin(struct fixture_runner *f)
{
	int64_t request = 0;

	run = (struct follow_run){ 0 };
	fixture_run(f, &request, &run.id);
	assert_int_equal(store_run_start(f->runner->store, run.id, 7, &f->err), GH_OK);
	run.target_id = fixture_target_id(f, "shop_development");
}

/* By their types, as wire/journal.h has them. */
static void
fields(struct gh_text *t, const char *types, ...)
{
	struct wire_out out = { .text = t };
	va_list ap;

	va_start(ap, types);
	for (; *types != '\0'; types++) {
		if (*types == 'i')
			wire_put_i64(&out, va_arg(ap, int));
		else if (*types == 'u')
			wire_put_u8(&out, (uint8_t)va_arg(ap, int));
		else
			wire_put_text(&out, va_arg(ap, const char *));
	}
	va_end(ap);
}

static enum gh_code
put(struct fixture_runner *f, enum wire_journal_kind kind, const struct gh_text *t, size_t len)
{
	const struct follow_kind *k = follow_kind_find(kind);
	const unsigned char *at = (const unsigned char *)gh_text_str(t);
	const struct wire_event e = { .kind = kind, .at_us = 70, .fields = { .at = at, .end = at + len } };

	assert_non_null(k);
	assert_false(k->reconcile);
	f->err = (struct gh_err){ 0 };
	return k->put(f->runner->store, &run, &e, &f->arena, &f->err);
}

struct told {
	const char *file, *digest, *format, *kind;
	int started, ended, size, level;
};

static const struct told good = { "a.dump", DIGEST, "custom", "", 1, 2, 5, WIRE_WRITTEN };

static void
told(struct gh_text *t, const struct told *b)
{
	gh_text_clear(t);
	fields(t, "ttiiittiiutiittttttt", b->file, b->digest, b->size, b->started, b->ended, "15.1", "15.2",
	    2, 9, b->level, "0001", 9, 99, b->format, "key", "3:3:", "abc", "a warning", b->kind, "my tool");
}

static enum gh_code
put_told(struct fixture_runner *f, const struct told *b)
{
	GH_TEXT t = { 0 };

	told(&t, b);
	return put(f, WIRE_J_BACKUP, &t, t.len);
}

static enum gh_code
put_proof(struct fixture_runner *f, int level, int state, int started, int ended)
{
	GH_TEXT t = { 0 };

	fields(&t, "uuiitt", level, state, started, ended, "a cluster", "so it is");
	return put(f, WIRE_J_PROOF, &t, t.len);
}

static enum gh_code
put_table(struct fixture_runner *f, enum wire_journal_kind kind, const char *name)
{
	GH_TEXT t = { 0 };

	fields(&t, kind == WIRE_J_PROOF_TABLE ? "ti" : "tii", name, 4, 8192);
	return put(f, kind, &t, t.len);
}

static void
a_runs_backup_has_its_tables_and_proofs(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	assert_int_equal(put_told(f, &good), GH_OK);
	assert_int_equal(put_table(f, WIRE_J_BACKUP_TABLE, "public.a"), GH_OK);
	assert_string_equal(
	    fixture_value(
		f, "SELECT kind || level || run_id || ' ' || encrypted_to || snapshot || log FROM backup", 0),
	    "runwritten1 key3:3:a warning");
	assert_int_equal(put_proof(f, WIRE_CHECKSUMMED, WIRE_OK, 3, 4), GH_OK);
	assert_int_equal(put_proof(f, WIRE_RESTORED, WIRE_OK, 4, 14), GH_OK);
	assert_int_equal(put_table(f, WIRE_J_PROOF_TABLE, "public.a"), GH_OK);
	assert_int_equal(put_proof(f, WIRE_COUNTED, WIRE_OK, 14, 20), GH_OK);
	/* How long it took: from the restore on. */
	assert_string_equal(
	    fixture_value(f, "SELECT level || proved_at || ' ' || prove_us FROM backup", 0), "counted20 16");
	assert_string_equal(fixture_value(f, "SELECT name || rows || bytes || restored FROM backup_table", 0),
	    "public.a481924");
	assert_string_equal(fixture_value(f, "SELECT count(*) || count(task_id) FROM proof", 0), "30");
	assert_string_equal(
	    fixture_value(f, "SELECT group_concat(text, '|') FROM event WHERE kind = 'backup'", 0),
	    "Backup a.dump: 5 bytes, 2 tables, 9 rows, written in 0.0 ms|"
	    "Backup is checksummed in 0.0 ms: so it is|Backup is restored in 0.0 ms: so it is|"
	    "Backup is counted in 0.0 ms: so it is");
}

static void
a_failed_proof_lowers_it(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	assert_int_equal(put_told(f, &good), GH_OK);
	assert_int_equal(put_proof(f, WIRE_LISTED, WIRE_OK, 3, 4), GH_OK);
	assert_int_equal(put_proof(f, WIRE_RESTORED, WIRE_FAILED, 4, 5), GH_OK);
	assert_string_equal(
	    fixture_value(f, "SELECT level || ': ' || broken FROM backup", 0), "listed: so it is");
	assert_int_equal(put_proof(f, WIRE_CHECKSUMMED, WIRE_FAILED, 4, 5), GH_OK);
	assert_string_equal(fixture_value(f, "SELECT level FROM backup", 0), "written");
}

static void
a_hooks_backup_has_no_file_and_no_level(void **state)
{
	struct fixture_runner *f = *state;
	const struct told hook = { "", "", "", "hook", 1, 2, -1, 0 };

	begin(f);
	assert_int_equal(put_told(f, &hook), GH_OK);
	assert_string_equal(
	    fixture_value(f, "SELECT kind || level || source || size FROM backup", 0), "hooknonemy tool-1");
	assert_non_null(
	    strstr(fixture_value(f, "SELECT text FROM event WHERE kind = 'backup'", 0), "my tool"));
}

/* A job of the program before this one may still run. */
static void
a_frame_of_an_older_job_ends_earlier(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT t = { 0 };

	begin(f);
	fields(&t, "ttiiittiiut", "a.dump", DIGEST, 5, 1, 2, "15", "15", 3, 9, WIRE_LISTED, "");
	assert_int_equal(put(f, WIRE_J_BACKUP, &t, t.len), GH_OK);
	assert_string_equal(
	    fixture_value(f, "SELECT level || format || plain_size || database_bytes FROM backup", 0),
	    "listedcustom-1-1");
}

static void
what_cannot_be_true_is_corrupt(void **state)
{
	struct fixture_runner *f = *state;
	const struct told bad[] = {
		{ "", DIGEST, "custom", "", 1, 2, 5, 1 },
		{ "../a", DIGEST, "custom", "", 1, 2, 5, 1 },
		{ ".a", DIGEST, "custom", "", 1, 2, 5, 1 },
		{ "a.dump", "", "custom", "", 1, 2, 5, 1 },
		{ "a.dump", "AA", "custom", "", 1, 2, 5, 1 },
		{ "a.dump", DIGEST, "tar", "", 1, 2, 5, 1 },
		{ "a.dump", DIGEST, "custom", "", 2, 1, 5, 1 },
		{ "a.dump", DIGEST, "custom", "", -1, 1, 5, 1 },
		{ "a.dump", DIGEST, "custom", "", 1, 2, -2, 1 },
		{ "a.dump", DIGEST, "custom", "", 1, 2, 5, 6 },
	};
	size_t i;

	begin(f);
	assert_int_equal(put_proof(f, WIRE_LISTED, WIRE_OK, 3, 4), GH_BAD_INPUT);
	assert_int_equal(put_table(f, WIRE_J_BACKUP_TABLE, "public.a"), GH_BAD_INPUT);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(put_told(f, &bad[i]), GH_BAD_INPUT);
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM backup", 0), "0");
	assert_int_equal(put_told(f, &good), GH_OK);
	assert_int_equal(put_told(f, &good), GH_CONFLICT);
	assert_int_equal(put_proof(f, 0, WIRE_OK, 3, 4), GH_BAD_INPUT);
	assert_int_equal(put_proof(f, 6, WIRE_OK, 3, 4), GH_BAD_INPUT);
	assert_int_equal(put_proof(f, WIRE_LISTED, WIRE_SKIPPED, 3, 4), GH_BAD_INPUT);
	assert_int_equal(put_proof(f, WIRE_LISTED, WIRE_OK, 4, 3), GH_BAD_INPUT);
	assert_int_equal(put_table(f, WIRE_J_BACKUP_TABLE, "public.a"), GH_OK);
	assert_int_equal(put_table(f, WIRE_J_BACKUP_TABLE, "public.a"), GH_CONFLICT);
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM proof", 0), "0");
}

static void
every_cut_is_corrupt(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT t = { 0 };
	GH_TEXT older = { 0 };
	size_t len;

	begin(f);
	told(&t, &good);
	fields(&older, "ttiiittiiut", "a.dump", DIGEST, 5, 1, 2, "15.1", "15.2", 2, 9, WIRE_WRITTEN, "0001");
	for (len = 0; len < t.len; len++) {
		if (len != older.len)
			assert_int_equal(put(f, WIRE_J_BACKUP, &t, len), GH_BAD_INPUT);
	}
	assert_int_equal(put_told(f, &good), GH_OK);
	gh_text_clear(&t);
	fields(&t, "tii", "public.a", 4, 8192);
	for (len = 0; len < t.len; len++)
		assert_int_equal(put(f, WIRE_J_BACKUP_TABLE, &t, len), GH_BAD_INPUT);
	gh_text_clear(&t);
	fields(&t, "uuiitt", WIRE_LISTED, WIRE_OK, 3, 4, "here", "so it is");
	for (len = 0; len < t.len; len++)
		assert_int_equal(put(f, WIRE_J_PROOF, &t, len), GH_BAD_INPUT);
	gh_text_clear(&t);
	fields(&t, "ti", "public.a", 4);
	for (len = 0; len < t.len; len++)
		assert_int_equal(put(f, WIRE_J_PROOF_TABLE, &t, len), GH_BAD_INPUT);
	gh_text_clear(&t);
	fields(&t, "titt", "a.json", 2, DIGEST, "{}");
	for (len = 0; len < t.len; len++)
		assert_int_equal(put(f, WIRE_J_SIDECAR, &t, len), GH_BAD_INPUT);
	gh_text_clear(&t);
	fields(&t, "t", "gone");
	for (len = 0; len < t.len; len++)
		assert_int_equal(put(f, WIRE_J_SIDECAR_SEEN, &t, len), GH_BAD_INPUT);
}

static enum gh_code
put_sidecar(struct fixture_runner *f, const char *name, const char *digest, int size, const char *text)
{
	GH_TEXT t = { 0 };

	fields(&t, "titt", name, size, digest, text);
	return put(f, WIRE_J_SIDECAR, &t, t.len);
}

static enum gh_code
put_seen(struct fixture_runner *f, const char *wrong)
{
	GH_TEXT t = { 0 };

	fields(&t, "t", wrong);
	return put(f, WIRE_J_SIDECAR_SEEN, &t, t.len);
}

static void
what_is_beside_it_is_kept_and_compared(void **state)
{
	static const char seen[] = "SELECT sidecar_wrong || sidecar_read FROM backup";
	struct fixture_runner *f = *state;
	struct store_sidecar s;

	begin(f);
	assert_int_equal(put_sidecar(f, "a.dump.json", DIGEST, 2, "{}"), GH_BAD_INPUT);
	assert_int_equal(put_told(f, &good), GH_OK);
	assert_int_equal(store_sidecar_get(f->runner->store, &f->arena, 1, &s, &f->err), GH_OK);
	assert_string_equal(s.name, "");
	assert_int_equal(s.size, -1);
	assert_int_equal(put_sidecar(f, "a.dump.json", DIGEST, 70000, "{}"), GH_OK);
	assert_int_equal(store_sidecar_get(f->runner->store, &f->arena, 1, &s, &f->err), GH_OK);
	assert_string_equal(s.name, "a.dump.json");
	assert_int_equal(s.size, 70000);
	assert_string_equal(s.digest, DIGEST);
	assert_string_equal(s.text, "{}");
	assert_int_equal(put_seen(f, "it is another one"), GH_OK);
	assert_string_equal(fixture_value(f, seen, 0), "it is another one1");
	assert_int_equal(put_seen(f, ""), GH_OK);
	assert_string_equal(fixture_value(f, seen, 0), "0");
}

static void
what_no_sidecar_is_is_corrupt(void **state)
{
	struct fixture_runner *f = *state;
	char *large = gh_alloc(&f->arena, WIRE_SIDECAR_MAX + 2);

	memset(large, 'a', WIRE_SIDECAR_MAX + 1);
	begin(f);
	assert_int_equal(put_told(f, &good), GH_OK);
	assert_int_equal(put_sidecar(f, "", DIGEST, 2, "{}"), GH_BAD_INPUT);
	assert_int_equal(put_sidecar(f, "../a.json", DIGEST, 2, "{}"), GH_BAD_INPUT);
	assert_int_equal(put_sidecar(f, ".a.json", DIGEST, 2, "{}"), GH_BAD_INPUT);
	assert_int_equal(put_sidecar(f, "a.json", "", 2, "{}"), GH_BAD_INPUT);
	assert_int_equal(put_sidecar(f, "a.json", "abc", 2, "{}"), GH_BAD_INPUT);
	assert_int_equal(put_sidecar(f, "a.json", DIGEST, -1, "{}"), GH_BAD_INPUT);
	assert_int_equal(put_sidecar(f, "a.json", DIGEST, 2, large), GH_BAD_INPUT);
	assert_int_equal(put_sidecar(f, "a.json", DIGEST, 2, large + 1), GH_OK);
}

/* What a restore shows is of the backup that it restores, but for what it takes itself. */
static void
a_restore_proves_the_backup_of_its_plan(void **state)
{
	static struct plan plan = { .act = PLAN_RESTORE };
	struct fixture_runner *f = *state;
	struct told other = good;

	begin(f);
	other.file = "older.dump";
	assert_int_equal(put_told(f, &other), GH_OK);
	plan.restore.backup = strtoll(fixture_value(f, "SELECT max(id) FROM backup", 0), NULL, 10);
	run.plan = &plan;
	assert_int_equal(
	    store_phase_put(f->runner->store, run.id, "preflight", "started", "", 2, &f->err), GH_OK);
	assert_int_equal(put_proof(f, WIRE_RESTORED, WIRE_OK, 2, 3), GH_OK);
	assert_string_equal(
	    fixture_value(f, "SELECT level FROM backup WHERE file = 'older.dump'", 0), "restored");
	assert_int_equal(
	    store_phase_put(f->runner->store, run.id, "backup", "started", "", 3, &f->err), GH_OK);
	assert_int_equal(put_told(f, &good), GH_OK);
	assert_int_equal(put_proof(f, WIRE_CHECKSUMMED, WIRE_OK, 3, 4), GH_OK);
	assert_int_equal(
	    store_phase_put(f->runner->store, run.id, "migrate", "started", "", 5, &f->err), GH_OK);
	assert_int_equal(put_proof(f, WIRE_COUNTED, WIRE_OK, 5, 6), GH_OK);
	assert_string_equal(
	    fixture_value(f, "SELECT level FROM backup WHERE file = 'a.dump'", 0), "checksummed");
	assert_string_equal(
	    fixture_value(f, "SELECT level FROM backup WHERE file = 'older.dump'", 0), "counted");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_runs_backup_has_its_tables_and_proofs),
		FIXTURE_TEST(a_failed_proof_lowers_it),
		FIXTURE_TEST(a_hooks_backup_has_no_file_and_no_level),
		FIXTURE_TEST(a_frame_of_an_older_job_ends_earlier),
		FIXTURE_TEST(what_cannot_be_true_is_corrupt),
		FIXTURE_TEST(every_cut_is_corrupt),
		FIXTURE_TEST(what_is_beside_it_is_kept_and_compared),
		FIXTURE_TEST(what_no_sidecar_is_is_corrupt),
		FIXTURE_TEST(a_restore_proves_the_backup_of_its_plan),
	};

	return cmocka_run_group_tests_name("runner/follow_backup", tests, NULL, NULL);
}
