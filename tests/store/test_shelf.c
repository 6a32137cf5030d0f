#include "base/ban.h"
#include "tests/support/fixture.h"

#include "base/clock.h"
#include "store/backup.h"
#include "store/shelf_write.h"

static void
a_folder_that_was_never_looked_at_says_so(void **state)
{
	struct fixture *f = *state;
	struct store_shelf s;

	assert_ok(f, store_shelf_get(&f->store, &f->arena, &s, &f->err));
	assert_int_equal(s.looked_at, 0);
	assert_string_equal(s.problem, "");
	assert_int_equal(s.full_at, -1);
	assert_int_equal(s.a_day, -1);
}

static void
keeps_what_was_seen_last(void **state)
{
	struct store_shelf in = { .looked_at = 5, .problem = "", .total = 100, .free_size = 40, .a_day = 7 };
	struct fixture *f = *state;
	struct store_shelf s;

	in.full_at = -1;
	assert_ok(f, store_shelf_put(&f->store, &in, &f->err));
	assert_ok(f, store_shelf_get(&f->store, &f->arena, &s, &f->err));
	assert_int_equal(s.full_at, -1);
	in = (struct store_shelf){
		.looked_at = 6, .problem = "gone", .total = -1, .free_size = -1, .a_day = 0
	};
	assert_ok(f, store_shelf_put(&f->store, &in, &f->err));
	assert_ok(f, store_shelf_get(&f->store, &f->arena, &s, &f->err));
	assert_int_equal(s.looked_at, 6);
	assert_string_equal(s.problem, "gone");
	assert_int_equal(s.free_size, -1);
	assert_int_equal(s.full_at, 0);
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM shelf"), 1);
}

static void
counts_what_a_target_took(void **state)
{
	struct fixture *f = *state;
	struct store_pace p;

	assert_ok(f, store_pace_get(&f->store, FIXTURE_STAGING, 0, &p, &f->err));
	assert_int_equal(p.taken, 1);
	assert_int_equal(p.first_at, p.last_at);
	assert_int_not_equal(p.first_at, 0);
	assert_int_equal(p.bytes, 2345678);
	assert_ok(f, fixture_exec(f, "UPDATE backup SET state = 'expired', state_at = 9"));
	assert_ok(f, store_pace_get(&f->store, FIXTURE_STAGING, 0, &p, &f->err));
	assert_int_equal(p.taken, 1);
	assert_ok(f, store_pace_get(&f->store, FIXTURE_STAGING, FIXTURE_NOW + GH_HOUR, &p, &f->err));
	assert_int_equal(p.taken + p.first_at + p.last_at + p.bytes, 0);
	assert_ok(f, store_pace_get(&f->store, FIXTURE_DEVELOPMENT, 0, &p, &f->err));
	assert_int_equal(p.taken, 0);
}

static void
pin_is(struct fixture *f, int64_t target, const char *want)
{
	struct store_pins list;
	GH_TEXT got = { 0 };
	size_t i;

	assert_ok(f, store_pin_list(&f->store, &f->arena, target, &list, &f->err));
	for (i = 0; i < list.n; i++)
		gh_text_putf(
		    &got, "%s%" PRId64 " %s", i == 0 ? "" : ", ", list.rows[i].backup_id, list.rows[i].text);
	assert_string_equal(gh_text_str(&got), want);
}

/* Backup 1 is of staging's run 2, which has the open incident 1; backup 2 of production's run 3. */
static void
names_what_is_open(void **state)
{
	struct fixture *f = *state;

	pin_is(f, FIXTURE_STAGING, "1 incident 1");
	assert_ok(f, fixture_exec(f, "UPDATE incident SET state = 'closed', closed_at = 9, closed_by = 1"));
	pin_is(f, FIXTURE_STAGING, "");
	/* as if run 4, which is under way, had taken it */
	assert_ok(f, fixture_exec(f, "UPDATE backup SET run_id = 4 WHERE id = 1"));
	pin_is(f, FIXTURE_STAGING, "1 run 4");

	pin_is(f, FIXTURE_PRODUCTION, "");
	assert_ok(f,
	    fixture_exec(f,
		"INSERT INTO task (id, kind, target_id, backup_id, state, queued_at)"
		" VALUES (7, 'prove', 3, 2, 'queued', 5)"));
	pin_is(f, FIXTURE_PRODUCTION, "2 task 7");
	assert_ok(f, fixture_exec(f, "UPDATE task SET state = 'running'"));
	pin_is(f, FIXTURE_PRODUCTION, "2 task 7");
	assert_ok(f, fixture_exec(f, "UPDATE task SET state = 'done'"));
	pin_is(f, FIXTURE_PRODUCTION, "");
	/* request 5 waits */
	assert_ok(f,
	    fixture_exec(f,
		"INSERT INTO plan_restore SELECT plan_digest, 2, 'f', plan_digest, '', 5, 5,"
		" '', 1, 5, 't', 'o', 7 FROM request WHERE id = 5"));
	pin_is(f, FIXTURE_PRODUCTION, "2 request 5");
	pin_is(f, FIXTURE_DEVELOPMENT, "");
	assert_ok(f, fixture_exec(f, "UPDATE request SET state = 'withdrawn' WHERE id = 5"));
	pin_is(f, FIXTURE_PRODUCTION, "");
}

static void
note(struct fixture *f, const char *text)
{
	assert_ok(f,
	    fixture_exec(f,
		gh_printf(&f->arena,
		    "INSERT INTO note (incident_id, person_id, text, created_at) VALUES (1, 1, '%s', 5)",
		    text)));
}

/* Incident 1 is of staging's run 2, and may say of backup 2, which is production's, what it likes. */
static void
an_incident_names_one_in_its_words(void **state)
{
	struct fixture *f = *state;

	note(f, "That was in backup 12, in backup 21 and in my_backup 2.");
	pin_is(f, FIXTURE_PRODUCTION, "");
	pin_is(f, FIXTURE_STAGING, "1 incident 1");
	note(f, "Take it from Backup #2.");
	pin_is(f, FIXTURE_PRODUCTION, "2 incident 1");
	/* Named once, however often, and by whatever. */
	note(f, "backup 2 and BACKUP 1: https://db.example.com/backups/2");
	pin_is(f, FIXTURE_PRODUCTION, "2 incident 1");
	pin_is(f, FIXTURE_STAGING, "1 incident 1");
	/* Its title is a text of it as well. */
	assert_ok(f,
	    fixture_exec(f,
		"INSERT INTO incident (id, target_id, title, severity, state, person_id, created_at)"
		" VALUES (7, NULL, 'backup 2 is all that is left', 'low', 'open', 1, 5)"));
	pin_is(f, FIXTURE_PRODUCTION, "2 incident 1, 2 incident 7");
	assert_ok(f, fixture_exec(f, "UPDATE incident SET state = 'closed', closed_at = 9, closed_by = 1"));
	pin_is(f, FIXTURE_PRODUCTION, "");
	pin_is(f, FIXTURE_STAGING, "");
}

/* As the pages show it, in a path, and at the end of a sentence; its sidecar is it as well. */
static void
an_incident_names_one_by_its_file(void **state)
{
	static const struct {
		const char *before, *after;
		bool named;
	} cases[] = { { "", "", true }, { "in /var/lib/gatehouse/backups/", ", then", true },
		{ "It was ", ".", true }, { "(\"", ".json\")", true }, { "x", "", false },
		{ "", "2", false } };
	const char *file = "shop-20261120T023007Z-t7.dump.zst";
	struct fixture *f = *state;
	size_t i;

	assert_ok(
	    f, fixture_exec(f, gh_printf(&f->arena, "UPDATE backup SET file = '%s' WHERE id = 2", file)));
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_ok(f,
		    fixture_exec(f,
			gh_printf(&f->arena,
			    "INSERT INTO incident (id, target_id, title, severity, state, person_id, "
			    "created_at)"
			    " VALUES (7%zu, NULL, '%s%s%s', 'low', 'open', 1, 5)",
			    i, cases[i].before, file, cases[i].after)));
		pin_is(
		    f, FIXTURE_PRODUCTION, cases[i].named ? gh_printf(&f->arena, "2 incident 7%zu", i) : "");
		assert_ok(f,
		    fixture_exec(f,
			"UPDATE incident SET state = 'closed', closed_at = 9, closed_by = 1 WHERE state = "
			"'open'"));
	}
}

static void
a_backup_says_until_when_it_is_kept(void **state)
{
	struct fixture *f = *state;
	struct store_backup b;

	assert_ok(f, store_backup_keep(&f->store, 1, 77, "its day", &f->err));
	assert_ok(f, store_backup_get(&f->store, &f->arena, 1, &b, &f->err));
	assert_int_equal(b.keep_until, 77);
	assert_string_equal(b.kept_for, "its day");
	assert_ok(f, store_backup_keep(&f->store, 1, 0, "", &f->err));
	assert_ok(f, store_backup_get(&f->store, &f->arena, 1, &b, &f->err));
	assert_int_equal(b.keep_until, 0);
	/* What another system keeps is not ours to say. */
	assert_ok(f, fixture_exec(f, "UPDATE backup SET file = '', keep_until = 5 WHERE id = 2"));
	assert_ok(f, store_backup_keep(&f->store, 2, 77, "its day", &f->err));
	assert_ok(f, store_backup_get(&f->store, &f->arena, 2, &b, &f->err));
	assert_int_equal(b.keep_until, 5);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(a_folder_that_was_never_looked_at_says_so),
		T(keeps_what_was_seen_last),
		T(counts_what_a_target_took),
		T(names_what_is_open),
		T(an_incident_names_one_in_its_words),
		T(an_incident_names_one_by_its_file),
		T(a_backup_says_until_when_it_is_kept),
	};

	return cmocka_run_group_tests_name("store/shelf", tests, NULL, NULL);
}
