#include "base/ban.h"
#include "runner/job/notify.h"

#include <setjmp.h>
#include <cmocka.h>

static struct gh_arena arena;
static const struct wire_option facts[] = { { "migration", "006_add_user_photos" },
	{ "estimate", "2 minutes" }, { "downtime", "none" },
	{ "rollback", "down SQL of 006_add_user_photos is available (not rehearsed)" },
	{ "contact", "dba@example.com" }, { "request", "12" },
	{ "link", "https://gate.example.com/runs/7" } };

static struct wire_spec
spec(const char *subject)
{
	return (struct wire_spec){ .id = 3,
		.channel = "email",
		.event = "before",
		.subject = subject,
		.message = "Run 7 starts: 5 = 5, gr\xc3\xbcn.\n.\nand a line that is longer than what "
			   "quoted-printable "
			   "takes in one piece, which is 76. ",
		.made_us = INT64_C(1795255200000000),
		.from = "gatehouse@example.com",
		.to = "a@example.com,b@example.com",
		.options = facts,
		.n_options = sizeof(facts) / sizeof(facts[0]) };
}

static void
the_whole_mail(void **state)
{
	struct wire_spec s = spec("Database migration starts: 006_add_user_photos");
	GH_TEXT t = { 0 };

	(void)state;
	assert_int_equal(notify_mail_text(&s, &arena, &t, NULL), GH_OK);
	assert_string_equal(gh_text_str(&t),
	    "From: Gatehouse <gatehouse@example.com>\r\n"
	    "To: a@example.com,\r\n b@example.com\r\n"
	    "Subject: Database migration starts: 006_add_user_photos\r\n"
	    "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
	    "Message-ID: <gatehouse.3.1795255200000000@example.com>\r\n"
	    "References: <gatehouse.request.12@example.com>\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "X-Gatehouse-Event: before\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "Run 7 starts: 5 =3D 5, gr=C3=BCn.\r\n"
	    ".\r\n"
	    "and a line that is longer than what quoted-printable takes in one piece, wh=\r\n"
	    "ich is 76.=20\r\n"
	    "\r\n"
	    "- Migration: 006_add_user_photos\r\n"
	    "- Estimated duration: 2 minutes\r\n"
	    "- Expected downtime: none\r\n"
	    "- Rollback plan: down SQL of 006_add_user_photos is available (not rehearse=\r\n"
	    "d)\r\n"
	    "- Contact: dba@example.com\r\n"
	    "\r\n"
	    "https://gate.example.com/runs/7\r\n");
}

static const char *
subject_of(const char *subject)
{
	struct wire_spec s = spec(subject);
	GH_TEXT t = { 0 };
	const char *at, *end;

	assert_int_equal(notify_mail_text(&s, &arena, &t, NULL), GH_OK);
	at = strstr(gh_text_str(&t), "Subject: ") + 9;
	end = strstr(at, "\r\nDate");
	return gh_strndup(&arena, at, (size_t)(end - at));
}

static void
subjects_are_encoded_where_they_must(void **state)
{
	const char *s, *p;

	(void)state;
	assert_string_equal(subject_of("plain"), "plain");
	assert_string_equal(subject_of("gr\xc3\xbcn 1"), "=?UTF-8?Q?gr=C3=BCn_1?=");
	/* What looks like an encoded word is none. */
	assert_string_equal(subject_of("=?x?Q?y?="), "=?UTF-8?Q?=3D=3Fx=3FQ=3Fy=3F=3D?=");
	s = subject_of(
	    "\xf0\x9f\x90\x98\xf0\x9f\x90\x98\xf0\x9f\x90\x98\xf0\x9f\x90\x98\xf0\x9f\x90\x98\xf0\x9f"
	    "\x90\x98 and quite a lot of text that does not fit into one word of seventy-five");
	for (p = s; *p != '\0';) {
		size_t len = strcspn(p, "\r");

		assert_true(len <= 76);
		assert_memory_equal(p + (*p == ' '), "=?UTF-8?Q?", 10);
		assert_memory_equal(p + len - 2, "?=", 2);
		p += len;
		p += *p == '\r' ? 2 : 0;
	}
	assert_non_null(strstr(s, "=F0=9F=90=98=F0=9F=90=98=F0=9F=90=98=F0=9F=90=98=F0=9F=90=98?="));
}

static void
nothing_adds_to_the_header(void **state)
{
	struct wire_option request[] = { { "request", "1\r\nBcc: x@example.com" } };
	struct wire_spec s = spec("a\r\nBcc: x@example.com");
	GH_TEXT t = { 0 };
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(notify_mail_text(&s, &arena, &t, &err), GH_BAD_INPUT);
	assert_non_null(strstr(err.msg, "subject"));
	s = spec("a");
	s.to = "a@example.com\nBcc: x@example.com";
	assert_int_equal(notify_mail_text(&s, &arena, &t, NULL), GH_BAD_INPUT);
	s = spec("a");
	s.from = "a@example.com\rBcc: x@example.com";
	assert_int_equal(notify_mail_text(&s, &arena, &t, NULL), GH_BAD_INPUT);
	s = spec("a");
	s.event = "before\r\nX: y";
	assert_int_equal(notify_mail_text(&s, &arena, &t, NULL), GH_BAD_INPUT);
	s = spec("a");
	s.options = request;
	s.n_options = 1;
	assert_int_equal(notify_mail_text(&s, &arena, &t, NULL), GH_BAD_INPUT);
	s = spec("a");
	s.from = "nobody";
	assert_int_equal(notify_mail_text(&s, &arena, &t, NULL), GH_BAD_INPUT);
	s = spec("a");
	s.to = "";
	assert_int_equal(notify_mail_text(&s, &arena, &t, NULL), GH_BAD_INPUT);
	assert_int_equal(t.len, 0);
}

static int
drop(void **state)
{
	(void)state;
	gh_arena_done(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_mail),
		cmocka_unit_test(subjects_are_encoded_where_they_must),
		cmocka_unit_test(nothing_adds_to_the_header),
	};

	return cmocka_run_group_tests_name("runner/job/notify_mail_text", tests, NULL, drop);
}
