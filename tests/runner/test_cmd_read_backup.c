#include "base/ban.h"
#include "store/shelf_write.h"
#include "tests/support/fixture_backup.h"
#include "wire/journal.h"

static enum gh_code
ask(struct fixture_runner *f, int64_t backup, uint8_t part, int64_t after)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, backup);
	wire_put_u8(&out, part);
	wire_put_i64(&out, after);
	return fixture_cli(f, "viewer", WIRE_READ_BACKUP, false, &fields);
}

static const char *
text(struct fixture_runner *f, const struct wire_table *t, size_t row, const char *column)
{
	return fixture_cell(f, t, row, column)->text;
}

static void
gives_each_part(void **state)
{
	const struct store_backup_table orders = { .name = "public.orders", .rows = 30, .bytes = -1 };
	struct fixture_runner *f = *state;
	struct store_backup_new b = fixture_backup(f, "p-1.dump.zst", "written", 5 * GH_HOUR);
	struct store_proof proof = { .level = "checksummed",
		.state = "failed",
		.started_at = 7 * GH_HOUR,
		.ended_at = 7 * GH_HOUR + 3 * GH_SECOND,
		.place = "",
		.text = "its digest is another one" };
	const struct wire_table *t;

	b.log = "pg_dump: warning: first\nsecond\n";
	proof.backup_id = fixture_backup_add(f, &b);
	assert_int_equal(store_backup_table_add(f->runner->store, proof.backup_id, &orders, &f->err), GH_OK);
	assert_int_equal(store_proof_add(f->runner->store, &proof, &f->err), GH_OK);

	fixture_ok(f, ask(f, proof.backup_id, 0, 0));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_string_equal(text(f, t, 0, "target"), "shop_production");
	assert_string_equal(text(f, t, 0, "person"), "lead");
	assert_int_equal(fixture_cell(f, t, 0, "run")->kind, 'n');
	assert_string_equal(text(f, t, 0, "level"), "written");
	assert_string_equal(text(f, t, 0, "broken"), "its digest is another one");
	assert_int_equal(fixture_cell(f, t, 0, "took")->number, GH_SECOND);
	assert_int_equal(fixture_cell(f, t, 0, "database_bytes")->kind, 'n');
	assert_int_equal(fixture_cell(f, t, 0, "proved_at")->kind, 'n');

	fixture_ok(f, ask(f, proof.backup_id, 1, 0));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_string_equal(text(f, t, 0, "table"), "public.orders");
	assert_int_equal(fixture_cell(f, t, 0, "rows")->number, 30);
	assert_int_equal(fixture_cell(f, t, 0, "bytes")->kind, 'n');
	assert_int_equal(fixture_cell(f, t, 0, "restored")->kind, 'n');

	fixture_ok(f, ask(f, proof.backup_id, 2, 0));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_string_equal(text(f, t, 0, "state"), "failed");
	assert_int_equal(fixture_cell(f, t, 0, "took")->number, 3 * GH_SECOND);

	fixture_ok(f, ask(f, proof.backup_id, 3, 0));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 2);
	assert_string_equal(text(f, t, 1, "text"), "second");
	fixture_ok(f, ask(f, proof.backup_id, 3, 1));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_string_equal(text(f, t, 0, "text"), "second");
}

/* More lines than an answer holds: it says where to go on, and nothing is left out or comes twice. */
static void
goes_on_where_an_answer_was_full(void **state)
{
	struct fixture_runner *f = *state;
	struct store_backup_new b = fixture_backup(f, "p-1.dump.zst", "written", 5 * GH_HOUR);
	GH_TEXT log = { 0 };
	int64_t id, after = 0, n = 0;
	int pages = 0;

	for (n = 0; n < 5000; n++)
		gh_text_putf(&log, "line %" PRId64 "\n", n);
	b.log = gh_text_str(&log);
	id = fixture_backup_add(f, &b);
	n = 0;
	do {
		const struct wire_table *t;
		size_t i;

		fixture_ok(f, ask(f, id, 3, after));
		t = fixture_table(f);
		for (i = 0; i < t->n_rows; i++, n++)
			assert_string_equal(text(f, t, i, "text"), gh_printf(&f->arena, "line %" PRId64, n));
		after = strtoll(t->next, NULL, 10);
		pages++;
	} while (after != 0);
	assert_int_equal(n, 5000);
	assert_true(pages > 1);
}

/* Whole, however long it may be. */
static void
shows_what_is_beside_it(void **state)
{
	struct fixture_runner *f = *state;
	struct store_backup_new b = fixture_backup(f, "p-1.dump.zst", "written", 5 * GH_HOUR);
	int64_t id = fixture_backup_add(f, &b);
	char *large = gh_alloc(&f->arena, WIRE_SIDECAR_MAX + 1);
	const struct store_sidecar s = {
		.name = "p-1.dump.zst.json", .size = 70000, .digest = b.digest, .text = large
	};
	const struct wire_table *t;

	memset(large, 'a', WIRE_SIDECAR_MAX);
	fixture_ok(f, ask(f, id, 5, 0));
	assert_int_equal(fixture_table(f)->n_rows, 0);
	fixture_ok(f, store_sidecar_add(f->runner->store, id, &s, &f->err));
	fixture_ok(f, store_backup_sidecar(f->runner->store, id, "it is not there", false, &f->err));
	fixture_ok(f, ask(f, id, 5, 0));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_string_equal(text(f, t, 0, "file"), "p-1.dump.zst.json");
	assert_int_equal(fixture_cell(f, t, 0, "bytes")->number, 70000);
	assert_string_equal(text(f, t, 0, "digest"), b.digest);
	assert_string_equal(text(f, t, 0, "wrong"), "it is not there");
	assert_string_equal(text(f, t, 0, "text"), large);
	fixture_ok(f, ask(f, id, 0, 0));
	assert_string_equal(text(f, fixture_table(f), 0, "sidecar_wrong"), "it is not there");
}

static void
says_how_the_folder_was_seen(void **state)
{
	const struct store_shelf s = {
		.looked_at = 5, .problem = "", .total = 100, .free_size = 40, .a_day = 7, .full_at = 9
	};
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	f->runner->config->backups = "/srv/backups";
	fixture_ok(f, ask(f, 0, 4, 0));
	t = fixture_table(f);
	assert_int_equal(fixture_cell(f, t, 0, "looked_at")->kind, 'n');
	assert_int_equal(fixture_cell(f, t, 0, "free_bytes")->kind, 'n');
	assert_string_equal(text(f, t, 0, "full"), "not known yet");
	assert_int_equal(store_shelf_put(f->runner->store, &s, &f->err), GH_OK);
	fixture_ok(f, ask(f, 0, 4, 0));
	t = fixture_table(f);
	assert_string_equal(text(f, t, 0, "folder"), "/srv/backups");
	assert_int_equal(fixture_cell(f, t, 0, "free_bytes")->number, 40);
	assert_int_equal(fixture_cell(f, t, 0, "bytes_a_day")->number, 7);
	assert_int_equal(fixture_cell(f, t, 0, "full_at")->number, 9);
}

static void
refuses_what_is_not_there(void **state)
{
	struct fixture_runner *f = *state;
	struct store_backup_new b = fixture_backup(f, "p-1.dump.zst", "written", 5 * GH_HOUR);
	int64_t id = fixture_backup_add(f, &b);

	fixture_refused(f, GH_NOT_FOUND, "backup 99", ask(f, 99, 0, 0));
	fixture_refused(f, GH_BAD_INPUT, "no part 4", ask(f, id, 4, 0));
	fixture_refused(f, GH_BAD_INPUT, "no part 6", ask(f, id, 6, 0));
	fixture_refused(f, GH_BAD_INPUT, "nothing comes after", ask(f, id, 1, -1));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, 1);
	wire_put_u8(&out, 0);
	wire_put_i64(&out, 0);
	fixture_cuts_cli(f, "lead", WIRE_READ_BACKUP, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(gives_each_part),
		FIXTURE_TEST(goes_on_where_an_answer_was_full),
		FIXTURE_TEST(shows_what_is_beside_it),
		FIXTURE_TEST(says_how_the_folder_was_seen),
		FIXTURE_TEST(refuses_what_is_not_there),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_backup", tests, NULL, NULL);
}
