#include "base/ban.h"
#include "tests/migration/plan_sample.h"

#include <setjmp.h>
#include <cmocka.h>

/* Plans that restore a backup. */

static struct plan_table restored[] = { { "public.a", 5 }, { "public.\"A b\"", 0 } };

static void
make_restore(struct plan *p, struct plan_migration m[2])
{
	make(p, m);
	m[0] = (struct plan_migration){
		.key = "restore:12", .version = "", .name = "n", .file = "f", .checksum = ""
	};
	p->act = PLAN_RESTORE;
	p->down = true;
	p->n_migrations = 1;
	p->n_queries = 0;
	p->restore = (struct plan_restore){ .backup = 12,
		.file = "f.dump.zst",
		.format = "custom",
		.encrypted_to = "",
		.digest = "00000000000000000000000000000000000000000000000000000000000000aa",
		.size = 5,
		.taken_at = 6,
		.schema = "0001_a",
		.snapshot = "",
		.fingerprint = "",
		.name = "shop",
		.keep_name = "shop_before_16389",
		.keep_ms = 7,
		.n_tables = 2,
		.tables = restored };
}

static void
restores_one_backup_downwards(void **state)
{
	struct plan_migration m[2];
	struct gh_err err = { 0 };
	GH_TEXT t = { 0 };
	GH_ARENA a = { 0 };
	struct plan p, again;

	(void)state;
	make_restore(&p, m);
	p.tracking = "";
	assert_int_equal(plan_write(&p, &t, &err), GH_OK);
	assert_non_null(strstr(gh_text_str(&t), "\nact restore\n"));
	assert_non_null(strstr(gh_text_str(&t), "\nrestore-keep shop_before_16389\n"));
	assert_non_null(strstr(gh_text_str(&t), "\nrestore-tables 2\nrestore-table 5 public.a\n"));
	assert_int_equal(plan_read(t.data, t.len, &a, &again, &err), GH_OK);
	assert_true(plan_restores(&again));
	assert_true(plan_needs_backup(&again));
	assert_int_equal(again.restore.backup, 12);
	assert_string_equal(again.restore.tables[1].name, "public.\"A b\"");
	assert_string_equal(again.restore.schema, "0001_a");
	assert_string_equal(again.tracking, "");
	assert_int_equal(again.restore.keep_ms, 7);
	make_restore(&p, m);
	p.act = PLAN_SIDE;
	p.restore.name = "shop_look";
	p.restore.keep_name = "";
	gh_text_clear(&t);
	assert_int_equal(plan_write(&p, &t, &err), GH_OK);
	assert_int_equal(plan_read(t.data, t.len, &a, &again, &err), GH_OK);
	assert_int_equal(again.act, PLAN_SIDE);
	assert_false(plan_needs_backup(&again));
}

static void
restores_nothing_that_contradicts_itself(void **state)
{
	struct plan_migration m[2];
	struct plan p;
	GH_TEXT t = { 0 };

	(void)state;
#define REFUSED(change)                                                                                      \
	do {                                                                                                 \
		make_restore(&p, m);                                                                         \
		change;                                                                                      \
		assert_int_equal(plan_write(&p, &t, NULL), GH_BAD_INPUT);                                    \
	} while (0)
	REFUSED(p.down = false);
	REFUSED(p.n_migrations = 2);
	REFUSED(p.n_queries = 1);
	REFUSED(p.one_transaction = true);
	REFUSED(m[0].key = "restore:13");
	REFUSED((m[0].run.sql = "SELECT 1", m[0].run.sql_len = 8));
	REFUSED(p.restore.backup = 0);
	REFUSED(p.restore.digest = "00");
	REFUSED(p.restore.digest = NULL);
	REFUSED(p.restore.size = -1);
	REFUSED(p.restore.keep_ms = -1);
	REFUSED(p.restore.name = "another");
	REFUSED(p.restore.keep_name = "");
	REFUSED(p.restore.keep_name = "shop");
	REFUSED(p.act = PLAN_SIDE);
	REFUSED(p.restore.file = "a\nb");
	REFUSED(p.restore.tables = ((struct plan_table[]){ { "a", -1 }, { "b", 1 } }));
	REFUSED(p.restore.tables = ((struct plan_table[]){ { "", 1 }, { "b", 1 } }));
#undef REFUSED
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(restores_one_backup_downwards),
		cmocka_unit_test(restores_nothing_that_contradicts_itself),
	};

	return cmocka_run_group_tests_name("migration/plan, restores", tests, NULL, NULL);
}
