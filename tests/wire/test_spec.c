#include "base/ban.h"
#include "wire/spec.h"

#include <setjmp.h>
#include <cmocka.h>

/* Every field has a value of its own, so that two that change places are seen. */
static const struct wire_option options[] = { { "placeholder", "eu" }, { "b", "" } };
static const char *const words[] = { "/usr/bin/list", "-a", NULL };
static const struct wire_outside_source outside = { .name = "nightly",
	.kind = "command",
	.folder = "/o",
	.pattern = "*.dump",
	.stanza = "main",
	.timeout_ms = 21,
	.n_args = 2,
	.args = words };
static const struct wire_spec full = { .id = 17,
	.installation = "i",
	.convention = "numbered",
	.folder = "/f",
	.schema = "s",
	.table = "t",
	.n_options = 2,
	.options = options,
	.target = "shop",
	.connection = "dbname=shop",
	.allow_superuser = true,
	.connect_timeout_ms = 1,
	.max_retries = 2,
	.retry_delay_ms = 3,
	.plan = "plan\0bytes",
	.plan_len = 10,
	.plan_digest = "d",
	.backup_folder = "/b",
	.pg_dump = "/pg_dump",
	.pg_restore = "/pg_restore",
	.backend_pid = 4,
	.backend_start = "bs",
	.intent_migration = 5,
	.intent_statement = 6,
	.intent_xid = "x",
	.done = 7,
	.phase = 8,
	.environment = "production",
	.project = "p",
	.goal = "g",
	.person = "who",
	.reason = "why",
	.request = 9,
	.window_end_us = 10,
	.pg_bin = "/bin",
	.scratch = "host=/s",
	.scratch_folder = "/sf",
	.sample_rows = -1,
	.since_xid = "1,2",
	.kept = "{16389,16402}",
	.channel = "slack",
	.address = "a",
	.from = "f@x",
	.to = "t@x",
	.user = "u",
	.subject = "sub",
	.message = "m",
	.event = "before",
	.ca_file = "/ca",
	.no_tls = true,
	.timeout_ms = 11,
	.made_us = 12,
	.format = "directory",
	.backup_jobs = 13,
	.compression = 14,
	.threads = 15,
	.encrypt_to = "key",
	.last_size = 16,
	.last_plain = -1,
	.backup = 18,
	.backup_file = "file",
	.backup_digest = "bd",
	.backup_size = 4711,
	.backup_tables = 21,
	.backup_rows = 22,
	.database_bytes = 815,
	.fingerprint = "fp",
	.sidecar_digest = "sd",
	.tables = "\0\0\0\0",
	.tables_len = 4,
	.has_key = true,
	.level = "counted",
	.restore_connection = "dbname=postgres",
	.restore_keep_ms = 19,
	.n_outside = 1,
	.outside = &outside,
	.system_id = "7441" };

static void
every_field_comes_back(void **state)
{
	GH_TEXT text = { 0 };
	GH_TEXT again = { 0 };
	GH_ARENA a = { 0 };
	struct wire_out out = { .text = &text }, other = { .text = &again };
	struct wire_in in;
	struct wire_spec s;

	(void)state;
	wire_spec_put(&out, &full);
	assert_null(out.bad);
	in = (struct wire_in){ .at = (const unsigned char *)text.data,
		.end = (const unsigned char *)text.data + text.len };
	assert_int_equal(wire_spec_read(&in, &a, &s, NULL), GH_OK);
	assert_int_equal(s.n_options, 2);
	assert_string_equal(s.options[0].value, "eu");
	assert_string_equal(s.pg_bin, "/bin");
	assert_string_equal(s.format, "directory");
	assert_int_equal(s.backup_jobs, 13);
	assert_int_equal(s.compression, 14);
	assert_int_equal(s.threads, 15);
	assert_string_equal(s.encrypt_to, "key");
	assert_int_equal(s.last_size, 16);
	assert_int_equal(s.last_plain, -1);
	assert_int_equal(s.backup, 18);
	assert_string_equal(s.backup_file, "file");
	assert_string_equal(s.backup_digest, "bd");
	assert_int_equal(s.backup_size, 4711);
	assert_int_equal(s.backup_tables, 21);
	assert_int_equal(s.backup_rows, 22);
	assert_int_equal(s.database_bytes, 815);
	assert_string_equal(s.fingerprint, "fp");
	assert_string_equal(s.sidecar_digest, "sd");
	assert_int_equal(s.tables_len, 4);
	assert_true(s.has_key);
	assert_string_equal(s.level, "counted");
	assert_string_equal(s.restore_connection, "dbname=postgres");
	assert_int_equal(s.restore_keep_ms, 19);
	assert_string_equal(s.kept, "{16389,16402}");
	assert_int_equal(s.n_outside, 1);
	assert_string_equal(s.outside[0].name, "nightly");
	assert_string_equal(s.system_id, "7441");
	wire_spec_put(&other, &s);
	assert_int_equal(again.len, text.len);
	assert_memory_equal(again.data, text.data, text.len);
}

static void
refuses_every_cut_and_what_is_left_over(void **state)
{
	GH_TEXT text = { 0 };
	struct wire_out out = { .text = &text };
	size_t len;

	(void)state;
	wire_spec_put(&out, &full);
	gh_text_putc(&text, '\0');
	for (len = 0; len <= text.len; len++) {
		unsigned char *cut =
		    malloc(len + 1); /* exactly so large that a sanitizer sees a byte too many */
		GH_ARENA a = { 0 };
		struct wire_in in = { .at = cut, .end = cut + len };
		struct wire_spec s;

		assert_non_null(cut);
		memcpy(cut, text.data, len);
		if ((wire_spec_read(&in, &a, &s, NULL) == GH_OK) != (len == text.len - 1))
			fail_msg("%zu of %zu bytes", len, text.len);
		free(cut);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_comes_back),
		cmocka_unit_test(refuses_every_cut_and_what_is_left_over),
	};

	return cmocka_run_group_tests_name("wire/spec", tests, NULL, NULL);
}
