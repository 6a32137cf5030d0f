#include "base/ban.h"
#include "base/text.h"
#include "migration/sql.h"

#include <setjmp.h>
#include <cmocka.h>

/* "table app.orders; column orders.note" of one statement. */
static const char *
losses(struct gh_arena *a, const char *sql)
{
	const struct sql_text t = { .sql = sql, .len = strlen(sql), .file = "f.sql", .first_line = 1 };
	struct sql_script script;
	GH_TEXT ret = { 0 };
	size_t i;

	sql_read(&t, a, &script);
	if (script.n != 1)
		fail_msg("%s: %s", sql, script.problem);
	for (i = 0; i < script.statements[0].n_losses; i++) {
		const struct sql_loss *l = &script.statements[0].losses[i];

		gh_text_putf(&ret, "%s%s %s%s%s", i == 0 ? "" : "; ", l->kind, l->object,
		    l->column[0] == '\0' ? "" : ".", l->column);
	}
	return gh_strdup(a, gh_text_str(&ret));
}

static void
what_is_lost_is_named(void **state)
{
	static const struct {
		const char *sql, *losses;
	} cases[] = {
		{ "DROP TABLE app.orders", "table app.orders" },
		{ "DROP TABLE a, \"B c\"", "table a; table \"B c\"" },
		{ "ALTER TABLE orders DROP COLUMN note, DROP COLUMN \"Old\"",
		    "column orders.note; column orders.Old" },
		{ "TRUNCATE orders", "rows orders" },
		{ "DELETE FROM orders", "rows orders" },
		{ "DELETE FROM orders WHERE id > 5", "some rows orders" },
		{ "DROP SCHEMA s CASCADE", "schema s" },
		{ "DROP SEQUENCE s", "sequence s" },
		{ "DROP INDEX i", "" },
		{ "CREATE TABLE t (id int)", "" },
		{ "ALTER TABLE t ADD COLUMN n int", "" },
		{ "SELECT 1", "" },
	};
	GH_ARENA a = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *is = losses(&a, cases[i].sql);

		if (strcmp(is, cases[i].losses) != 0)
			fail_msg("%s: [%s], expected [%s]", cases[i].sql, is, cases[i].losses);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_lost_is_named),
	};

	return cmocka_run_group_tests_name("migration/sql_loss", tests, NULL, NULL);
}
