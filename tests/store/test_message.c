#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/message_write.h"

static int64_t
message(struct fixture *f)
{
	struct store_message_fact rows[] = { { "target", "shop_staging" }, { "migration", "a" },
		{ "migration", "b" } };
	const struct store_message_facts facts = { 3, rows };
	const struct store_message m = { .event = "failed",
		.request_id = 2,
		.run_id = 2,
		.target_id = FIXTURE_STAGING,
		.subject = "s",
		.body = "b",
		.created_at = 5 };
	int64_t id = 0;

	assert_ok(f, store_message_add(&f->store, &m, &facts, &id, &f->err));
	return id;
}

static void
a_message_is_read_as_it_was_written(void **state)
{
	struct fixture *f = *state;
	int64_t id = message(f);
	struct store_message m;
	struct store_message_facts facts;

	assert_ok(f, store_message_get(&f->store, &f->arena, id, &m, &f->err));
	assert_string_equal(m.event, "failed");
	assert_int_equal(m.run_id, 2);
	assert_int_equal(m.created_at, 5);
	assert_ok(f, store_message_fact_list(&f->store, &f->arena, id, &facts, &f->err));
	assert_int_equal(facts.n, 3);
	assert_string_equal(facts.rows[2].name, "migration");
	assert_string_equal(facts.rows[2].value, "b");
	assert_code(f, GH_NOT_FOUND, store_message_get(&f->store, &f->arena, 99, &m, &f->err), "99");
}

static void
deliveries_are_listed_filtered_and_paged(void **state)
{
	struct fixture *f = *state;
	struct store_delivery_filter filter = { .state = "", .channel = "", .limit = 2 };
	struct store_deliveries list;
	struct store_channels channels;
	int64_t id = message(f);

	assert_ok(f, store_delivery_add(&f->store, id, "ops", "slack", 7, &f->err));
	assert_ok(f, store_delivery_add(&f->store, id, "mail", "email", 6, &f->err));
	assert_ok(f, store_delivery_add(&f->store, id, "ops", "slack", 5, &f->err));
	assert_ok(f, store_delivery_list(&f->store, &f->arena, &filter, &list, &f->err));
	assert_int_equal(list.n, 2);
	assert_int_equal(list.next, 2);
	assert_string_equal(list.rows[0].target, "shop_staging");
	filter.before = list.next;
	assert_ok(f, store_delivery_list(&f->store, &f->arena, &filter, &list, &f->err));
	assert_int_equal(list.n, 1);
	assert_int_equal(list.next, 0);
	filter = (struct store_delivery_filter){ .state = "waiting", .channel = "mail" };
	assert_ok(f, store_delivery_list(&f->store, &f->arena, &filter, &list, &f->err));
	assert_int_equal(list.n, 1);
	assert_ok(f, store_delivery_channel_list(&f->store, &f->arena, &channels, &f->err));
	assert_int_equal(channels.n, 2);
	assert_string_equal(channels.rows[0].name, "mail");
	assert_ok(f, store_delivery_waiting(&f->store, &f->arena, &channels, &f->err));
	assert_int_equal(channels.rows[1].next_at, 5);
	assert_ok(f, store_delivery_next(&f->store, "ops", 6, &id, &f->err));
	assert_int_equal(id, 3);
	assert_ok(f, store_delivery_next(&f->store, "ops", 4, &id, &f->err));
	assert_int_equal(id, 0);
}

static void
only_legal_moves_are_made(void **state)
{
	struct fixture *f = *state;
	struct store_delivery_move m = {
		.id = 1, .from = "waiting", .to = "sending", .attempts = 1, .text = ""
	};
	struct store_delivery_ids ids;
	struct store_delivery d;

	assert_ok(f, store_delivery_add(&f->store, message(f), "ops", "slack", 7, &f->err));
	assert_ok(f, store_delivery_move(&f->store, &m, &f->err));
	assert_code(f, GH_CONFLICT, store_delivery_move(&f->store, &m, &f->err), "no longer waiting");
	assert_ok(f, store_delivery_sending(&f->store, &f->arena, &ids, &f->err));
	assert_int_equal(ids.n, 1);
	m = (struct store_delivery_move){
		.id = 1, .from = "sending", .to = "sent", .attempts = 1, .sent_at = 9, .text = "ok"
	};
	assert_ok(f, store_delivery_move(&f->store, &m, &f->err));
	assert_ok(f, store_delivery_get(&f->store, &f->arena, 1, &d, &f->err));
	assert_int_equal(d.sent_at, 9);
	m.from = "sent";
	m.to = "waiting";
	assert_code(f, GH_CONFLICT, store_delivery_move(&f->store, &m, &f->err), "illegal change");
	assert_code(f, GH_NOT_FOUND, store_delivery_get(&f->store, &f->arena, 9, &d, &f->err), "9");
}

static void
the_newest_rehearsal_that_has_ended_counts(void **state)
{
	struct fixture *f = *state;
	struct store_rehearsed r;

	assert_ok(f, store_message_rehearsed(&f->store, FIXTURE_PLAN, &r, &f->err));
	assert_false(r.there);
	assert_ok(f,
	    fixture_exec(f,
		"INSERT INTO rehearsal (id, target_id, plan_digest, state, good, queued_at) VALUES (1, 3, "
		"'" FIXTURE_PLAN "', 'done', 1, 1), (2, 3, '" FIXTURE_PLAN "', 'running', 0, 2);"
		"INSERT INTO rehearsal_step (rehearsal_id, migration, pass, statement, state, took_us, "
		"row_count, blocks, "
		"wal_bytes, locks, rewritten, error, line, kind) VALUES (1, 0, 1, 0, 'ok', 30, -1, -1, -1, "
		"'', '', '', 1, 'SELECT'), "
		"(1, 0, 1, 1, "
		"'ok', 12, -1, -1, -1, '', '', '', 1, 'SELECT'), (1, 0, 2, 0, 'ok', 99, -1, -1, -1, '', '', "
		"'', 1, 'SELECT')"));
	assert_ok(f, store_message_rehearsed(&f->store, FIXTURE_PLAN, &r, &f->err));
	assert_true(r.there && r.good && !r.failed);
	assert_int_equal(r.took_us, 42);
}

/* What has come to its end is forgotten after a while, never what waits, and no number is given twice. */
static void
old_deliveries_are_forgotten(void **state)
{
	struct fixture *f = *state;
	int64_t first = message(f), then = message(f);

	assert_ok(f, store_delivery_add(&f->store, first, "ops", "slack", 7, &f->err));
	assert_ok(f, store_delivery_add(&f->store, first, "mail", "email", 7, &f->err));
	assert_ok(f, store_delivery_add(&f->store, then, "ops", "slack", 7, &f->err));
	assert_ok(f,
	    fixture_exec(f,
		"UPDATE delivery SET state = 'sending'; UPDATE delivery SET state = 'sent' WHERE id <> 2;"
		"UPDATE delivery SET state = 'waiting' WHERE id = 2"));
	assert_ok(f, store_delivery_prune(&f->store, 5, &f->err));
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM delivery"), 3);
	assert_ok(f, store_delivery_prune(&f->store, 6, &f->err));
	assert_int_equal(fixture_number(f, "SELECT count(*) * 100 + sum(id) FROM delivery"), 205);
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM message"), 2);
	assert_ok(f,
	    fixture_exec(f,
		"UPDATE delivery SET state = 'sending' WHERE id = 2; UPDATE delivery SET state = 'failed' "
		"WHERE id = 2"));
	assert_ok(f, store_delivery_prune(&f->store, 6, &f->err));
	assert_int_equal(fixture_number(f, "SELECT count(*) * 100 + sum(id) FROM delivery"), 103);
	assert_int_equal(fixture_number(f, "SELECT count(*) * 100 + min(id) FROM message"), 100 + then);
	assert_int_equal(
	    fixture_number(f, "SELECT count(DISTINCT message_id) * 100 + max(message_id) FROM message_fact"),
	    100 + then);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(a_message_is_read_as_it_was_written),
		T(deliveries_are_listed_filtered_and_paged),
		T(only_legal_moves_are_made),
		T(old_deliveries_are_forgotten),
		T(the_newest_rehearsal_that_has_ended_counts),
	};

	return cmocka_run_group_tests_name("store/message", tests, NULL, NULL);
}
