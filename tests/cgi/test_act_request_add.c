#include "base/ban.h"
#include "tests/cgi/http.h"

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;
	struct wire_out out = http_answer(h);

	wire_put_i64(&out, 5);
	wire_put_i64(&out, 0);
	assert_int_equal(http_post(h, FIXTURE_LEAD2, "/requests", WIRE_REQUEST_ADD, "target/shop_production",
			     "target=shop_production&direction=up&goal=0006&steps=&reason=new+photos"),
	    303);
	assert_string_equal(h->reply.location, "/requests/5");
	http_asked(h, FIXTURE_LEAD2, WIRE_REQUEST_ADD, "target/shop_production");
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "shop_production");
	assert_int_equal(wire_u8(&h->fields), 1);
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "0006");
	assert_int_equal(wire_i64(&h->fields), 0);
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "new photos");
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
goes_on_to_the_run(void **state)
{
	struct http *h = *state;
	struct wire_out out = http_answer(h);

	wire_put_i64(&out, 5);
	wire_put_i64(&out, 8);
	assert_int_equal(http_post(h, FIXTURE_LEAD2, "/requests", WIRE_REQUEST_ADD, "target/shop_production",
			     "target=shop_production&direction=up&goal=0006&steps=&reason=new+photos"),
	    303);
	assert_string_equal(h->reply.location, "/runs/8");
}

static void
asks_for_one_alone(void **state)
{
	struct http *h = *state;
	struct wire_out out = http_answer(h);

	wire_put_i64(&out, 5);
	wire_put_i64(&out, 0);
	assert_int_equal(http_post(h, FIXTURE_LEAD2, "/requests", WIRE_REQUEST_ADD, "target/shop_production",
			     "target=shop_production&direction=up&goal=0006&only=1&steps=&reason=new+photos"),
	    303);
	http_asked(h, FIXTURE_LEAD2, WIRE_REQUEST_ADD, "target/shop_production");
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "shop_production");
	assert_int_equal(wire_u8(&h->fields), 3);
}

/* What takes the place of a database is asked for by somebody who has typed its name. */
static void
a_restore_wants_the_name(void **state)
{
	struct http *h = *state;
	struct wire_out out = http_answer(h);

	assert_int_equal(http_post(h, FIXTURE_LEAD2, "/requests", WIRE_REQUEST_ADD, "target/shop_production",
			     "target=shop_production&direction=restore&goal=3&steps=&reason=r&confirm=shop"),
	    400);
	assert_says(h, "ype the name of the target");
	assert_int_equal(h->calls, 0);
	wire_put_i64(&out, 5);
	wire_put_i64(&out, 0);
	assert_int_equal(
	    http_post(h, FIXTURE_LEAD2, "/requests", WIRE_REQUEST_ADD, "target/shop_production",
		"target=shop_production&direction=restore&goal=3&steps=&reason=r&confirm=shop_production"),
	    303);
	http_asked(h, FIXTURE_LEAD2, WIRE_REQUEST_ADD, "target/shop_production");
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "shop_production");
	assert_int_equal(wire_u8(&h->fields), 6);
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "3");
}

static void
a_restore_may_go_on_uncounted(void **state)
{
	static const struct {
		const char *direction, *goal;
		uint8_t number;
	} rows[] = { { "restore", "3 uncounted", 6 }, { "side", "3", 7 } };
	struct http *h = *state;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wire_out out = http_answer(h);

		h->calls = 0;
		wire_put_i64(&out, 5);
		wire_put_i64(&out, 0);
		assert_int_equal(
		    http_post(h, FIXTURE_LEAD2, "/requests", WIRE_REQUEST_ADD, "target/shop_production",
			gh_printf(&h->f->arena,
			    "target=shop_production&direction=%s&goal=3&steps=&reason=r&confirm=shop_"
			    "production"
			    "&uncounted=1",
			    rows[i].direction)),
		    303);
		http_asked(h, FIXTURE_LEAD2, WIRE_REQUEST_ADD, "target/shop_production");
		assert_string_equal(wire_text(&h->fields, &h->f->arena), "shop_production");
		assert_int_equal(wire_u8(&h->fields), rows[i].number);
		assert_string_equal(wire_text(&h->fields, &h->f->arena), rows[i].goal);
	}
}

static void
asks_nobody_when_the_form_is_wrong(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_post(h, FIXTURE_LEAD2, "/requests", WIRE_REQUEST_ADD, "target/shop_production",
			     "target=shop_production&direction=up"),
	    422);
	assert_says(h, "Reason is missing");
	assert_says(h, "shop_production</pre>");
	assert_int_equal(http_post(h, FIXTURE_LEAD2, "/requests", WIRE_REQUEST_ADD, "target/shop_production",
			     "target=a&direction=sideways&reason=r"),
	    400);
	assert_says(h, "he direction is up, down, mark, repair, restore or side");
	assert_says(h, "sideways</pre>");
	assert_int_equal(http_post(h, FIXTURE_LEAD2, "/requests", WIRE_REQUEST_ADD, "target/shop_production",
			     "target=a&direction=down&steps=many&reason=r"),
	    422);
	assert_says(h, "not a number");
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_LEAD2, "/requests", WIRE_REQUEST_ADD, "target/shop_production",
		"target=shop_production&direction=up&goal=0006&steps=&reason=new+photos" };

	http_refused(h, &act, GH_CONFLICT, "not in this state", 409);
	assert_says(h, "new photos</pre>");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(sends_what_was_filled_in),
		T(goes_on_to_the_run),
		T(asks_for_one_alone),
		T(a_restore_wants_the_name),
		T(a_restore_may_go_on_uncounted),
		T(asks_nobody_when_the_form_is_wrong),
		T(shows_why_the_runner_refused),
	};

	return cmocka_run_group_tests_name("cgi/act_request_add", tests, NULL, NULL);
}
