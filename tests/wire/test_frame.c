#include "base/ban.h"
#include "wire/csrf.h"
#include "wire/frame.h"
#include "wire/ops.h"
#include "wire/spec.h"
#include "wire/table.h"

#include <setjmp.h>
#include <cmocka.h>

static struct wire_in
in_of(const struct gh_text *t, size_t len)
{
	struct wire_in in = { .at = (const unsigned char *)gh_text_str(t) };

	in.end = in.at + len;
	return in;
}

static void
put_sample(struct gh_text *t)
{
	struct wire_out out = { .text = t };

	wire_put_u8(&out, 0xfe);
	wire_put_u16(&out, 0xfedc);
	wire_put_u32(&out, 0xfedcba98);
	wire_put_i64(&out, INT64_MIN);
	wire_put_bool(&out, true);
	wire_put_text(&out, "\xc3\xa9");
	wire_put_bytes(&out, "\0\xff", 2);
	assert_null(out.bad);
}

static enum gh_code
get_sample(struct wire_in *in, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	size_t len;
	bool same;

	same = wire_u8(in) == 0xfe;
	same = wire_u16(in) == 0xfedc && same;
	same = wire_u32(in) == 0xfedcba98 && same;
	same = wire_i64(in) == INT64_MIN && same;
	same = wire_bool(in) && same;
	same = strcmp(wire_text(in, &a), "\xc3\xa9") == 0 && same;
	same = memcmp(wire_bytes(in, &len), "\0\xff", len) == 0 && len == 2 && same;
	GH_TRY(wire_end(in, err));
	return same ? GH_OK : GH_INTERNAL;
}

static void
gives_back_what_was_put(void **state)
{
	GH_TEXT t = { 0 };
	struct wire_in in;

	(void)state;
	put_sample(&t);
	in = in_of(&t, t.len);
	assert_int_equal(get_sample(&in, NULL), GH_OK);
}

static void
refuses_every_cut_and_every_leftover(void **state)
{
	GH_TEXT t = { 0 };
	struct gh_err err = { 0 };
	struct wire_in in;
	size_t len;

	(void)state;
	put_sample(&t);
	for (len = 0; len < t.len; len++) {
		in = in_of(&t, len);
		assert_int_equal(get_sample(&in, NULL), GH_BAD_INPUT);
	}
	gh_text_putc(&t, 'x');
	in = in_of(&t, t.len);
	assert_int_equal(get_sample(&in, &err), GH_BAD_INPUT);
	assert_non_null(strstr(err.msg, "longer than its fields"));
}

static void
refuses_bad_texts_and_bools(void **state)
{
	static const unsigned char nul[] = { 0, 0, 0, 2, 'a', 0 }, utf8[] = { 0, 0, 0, 1, 0xff },
				   maybe[] = { 2 }, huge[] = { 0xff, 0xff, 0xff, 0xff, 'a' };
	GH_ARENA a = { 0 };
	struct wire_in in = { .at = nul, .end = nul + sizeof(nul) };

	(void)state;
	assert_string_equal(wire_text(&in, &a), "");
	assert_non_null(in.bad);
	in = (struct wire_in){ .at = utf8, .end = utf8 + sizeof(utf8) };
	(void)wire_text(&in, &a);
	assert_non_null(in.bad);
	in = (struct wire_in){ .at = maybe, .end = maybe + sizeof(maybe) };
	assert_false(wire_bool(&in));
	assert_non_null(in.bad);
	in = (struct wire_in){ .at = huge, .end = huge + sizeof(huge) };
	(void)wire_text(&in, &a);
	assert_non_null(in.bad);
}

static void
carries_a_table(void **state)
{
	static const char *const columns[] = { "name", "n", "at" };
	GH_ARENA a = { 0 };
	GH_TEXT t = { 0 };
	struct wire_out out = { .text = &t };
	struct wire_table_out w;
	struct wire_table table;
	struct wire_in in;
	size_t len;

	(void)state;
	wire_table_start(&w, &out, columns, 3);
	wire_table_text(&w, "shop");
	wire_table_int(&w, 7);
	wire_table_time(&w, 1000);
	wire_table_text(&w, NULL);
	wire_table_span(&w, -1);
	wire_table_bool(&w, true);
	wire_table_end(&w, "cursor");
	in = in_of(&t, t.len);
	assert_int_equal(wire_table_read(&in, &a, &table, NULL), GH_OK);
	assert_int_equal(table.n_rows, 2);
	assert_string_equal(table.cells[0].text, "shop");
	assert_int_equal(table.cells[2].number, 1000);
	assert_int_equal(table.cells[4].kind, 'n');
	assert_string_equal(table.next, "cursor");
	for (len = 0; len < t.len; len++) {
		in = in_of(&t, len);
		assert_int_equal(wire_table_read(&in, &a, &table, NULL), GH_BAD_INPUT);
	}
}

static void
carries_a_spec(void **state)
{
	GH_ARENA a = { 0 };
	GH_TEXT t = { 0 };
	struct wire_out out = { .text = &t };
	struct wire_spec s = {
		.id = 7, .target = "shop_staging", .plan = "bytes", .plan_len = 5, .intent_migration = -2
	};
	struct wire_spec got;
	struct wire_in in;
	size_t len;

	(void)state;
	wire_spec_put(&out, &s);
	in = in_of(&t, t.len);
	assert_int_equal(wire_spec_read(&in, &a, &got, NULL), GH_OK);
	assert_int_equal(got.id, 7);
	assert_string_equal(got.target, "shop_staging");
	assert_int_equal(got.plan_len, 5);
	assert_int_equal(got.intent_migration, -2);
	for (len = 0; len < t.len; len++) {
		in = in_of(&t, len);
		assert_int_equal(wire_spec_read(&in, &a, &got, NULL), GH_BAD_INPUT);
	}
}

static void
binds_a_form_to_its_act(void **state)
{
	unsigned char token[GH_TOKEN_LEN] = { 1 }, verifier[GH_SHA256_LEN], digest[GH_SHA256_LEN];
	char a[GH_SHA256_HEX_LEN], b[GH_SHA256_HEX_LEN];

	(void)state;
	wire_csrf(token, WIRE_REQUEST_APPROVE, "request/1", a);
	wire_csrf(token, WIRE_REQUEST_APPROVE, "request/1", b);
	assert_string_equal(a, b);
	wire_csrf(token, WIRE_REQUEST_APPROVE, "request/11", b);
	assert_string_not_equal(a, b);
	wire_csrf(token, WIRE_REQUEST_REFUSE, "request/1", b);
	assert_string_not_equal(a, b);
	wire_token_verifier(token, verifier);
	wire_token_digest(token, digest);
	assert_memory_not_equal(verifier, digest, sizeof(digest));
}

static void
names_operations(void **state)
{
	(void)state;
	assert_string_equal(wire_op_name(WIRE_REQUEST_APPROVE), "request.approve");
	assert_null(wire_op_name(0));
	assert_null(wire_op_name(65535));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_what_was_put),
		cmocka_unit_test(refuses_every_cut_and_every_leftover),
		cmocka_unit_test(refuses_bad_texts_and_bools),
		cmocka_unit_test(carries_a_table),
		cmocka_unit_test(carries_a_spec),
		cmocka_unit_test(binds_a_form_to_its_act),
		cmocka_unit_test(names_operations),
	};

	gh_hash_start();
	return cmocka_run_group_tests_name("wire/frame", tests, NULL, NULL);
}
