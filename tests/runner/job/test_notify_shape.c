#include "base/ban.h"
#include "runner/job/notify.h"

#include <jansson.h>
#include <setjmp.h>
#include <cmocka.h>

static const struct wire_option facts[] = {
	{ "migration", "006_add_user_photos" },
	{ "migration", "007_a*b" },
	{ "target", "shop_production" },
	{ "estimate", "about 2 min 0 s, as on shop_staging" },
	{ "reason", "<!channel> & @all | [x](http://evil)" },
	{ "request", "12" },
	{ "run", "7" },
	{ "contact", "dba@example.com" },
	{ "link", "https://gate.example.com/runs/7?a=1&b=2" },
};
static struct gh_arena arena;

static struct wire_spec
spec(const char *channel)
{
	return (struct wire_spec){ .id = 3,
		.channel = channel,
		.event = "before",
		.subject = "Database migration starts: \"2\" migrations on shop_production",
		.message = "Run 7 starts.\nSecond <line>.",
		.made_us = INT64_C(1795255200000000),
		.from = "gatehouse@example.com",
		.to = "a@example.com,b@example.com",
		.options = facts,
		.n_options = sizeof(facts) / sizeof(facts[0]) };
}

static json_t *
shape(const struct wire_spec *s)
{
	GH_TEXT t = { 0 };
	json_error_t why;
	json_t *ret;

	notify_shape(s, &arena, &t);
	ret = json_loads(gh_text_str(&t), JSON_REJECT_DUPLICATES, &why);
	if (ret == NULL)
		fail_msg("%s at %d: %s", why.text, why.position, gh_text_str(&t));
	return ret;
}

static void
golden(const char *channel, const char *want)
{
	struct wire_spec s = spec(channel);
	GH_TEXT t = { 0 };

	json_decref(shape(&s));
	notify_shape(&s, &arena, &t);
	assert_string_equal(gh_text_str(&t), want);
}

#define SUBJECT "Database migration starts: \\\"2\\\" migrations on shop_production"

static void
slack_is_escaped_and_calls_nobody(void **state)
{
	(void)state;
	golden("slack",
	    "{\"text\":\"" SUBJECT "\",\"blocks\":[{\"type\":\"header\",\"text\":{\"type\":\"plain_text\","
	    "\"emoji\":false,\"text\":\"" SUBJECT "\"}}"
	    ",{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"verbatim\":true,\"text\":\"Run 7 "
	    "starts.\\nSecond &lt;line&gt;.\"}}"
	    ",{\"type\":\"section\",\"fields\":[{\"type\":\"mrkdwn\",\"verbatim\":true,\"text\":\"*Migration*"
	    "\\n"
	    "006_add_user_photos\\n007_a*b\"}"
	    ",{\"type\":\"mrkdwn\",\"verbatim\":true,\"text\":\"*Target*\\nshop_production\"}"
	    ",{\"type\":\"mrkdwn\",\"verbatim\":true,\"text\":\"*Estimated duration*\\nabout 2 min 0 s, as "
	    "on "
	    "shop_staging\"}"
	    ",{\"type\":\"mrkdwn\",\"verbatim\":true,\"text\":\"*Reason*\\n&lt;!channel&gt; &amp; @all | "
	    "[x](http://evil)\"}"
	    ",{\"type\":\"mrkdwn\",\"verbatim\":true,\"text\":\"*Contact*\\ndba@example.com\"}]}"
	    ",{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"verbatim\":true,\"text\":\"<https://"
	    "gate.example.com/runs/7?a=1&amp;b=2|Open in Gatehouse>\"}}]}");
}

static void
mattermost_is_a_table_and_calls_nobody(void **state)
{
	(void)state;
	golden("mattermost",
	    "{\"username\":\"Gatehouse\",\"text\":\"#### Database migration starts: \\\"2\\\" migrations on "
	    "shop\\\\_production\\nRun 7 starts. Second \\\\<line\\\\>.\\n\\n| | |\\n|:--|:--|\\n"
	    "| **Migration** | 006\\\\_add\\\\_user\\\\_photos, 007\\\\_a\\\\*b |\\n"
	    "| **Target** | shop\\\\_production |\\n"
	    "| **Estimated duration** | about 2 min 0 s, as on shop\\\\_staging |\\n"
	    "| **Reason** | \\\\<!channel\\\\> & @\xe2\x80\x8b"
	    "all \\\\| \\\\[x\\\\](http://evil) |\\n"
	    "| **Contact** | dba@\xe2\x80\x8b"
	    "example.com |\\n\\n[Open in Gatehouse](https://gate.example.com/runs/7?a=1&b=2)\\n\"}");
}

static void
teams_is_a_card_without_markdown(void **state)
{
	struct wire_spec s = spec("teams");
	json_t *j = shape(&s), *content, *body, *last;

	(void)state;
	content = json_object_get(json_array_get(json_object_get(j, "attachments"), 0), "content");
	assert_string_equal(json_string_value(json_object_get(content, "type")), "AdaptiveCard");
	body = json_object_get(content, "body");
	assert_int_equal(json_array_size(body), 7);
	last = json_array_get(json_object_get(json_array_get(body, 5), "inlines"), 1);
	assert_string_equal(json_string_value(json_object_get(last, "type")), "TextRun");
	assert_string_equal(
	    json_string_value(json_object_get(last, "text")), "<!channel> & @all | [x](http://evil)");
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(json_object_get(content, "actions"), 0), "url")),
	    "https://gate.example.com/runs/7?a=1&b=2");
	json_decref(j);
}

static void
a_webhook_gets_every_fact_by_its_name(void **state)
{
	(void)state;
	golden("webhook",
	    "{\"version\":1,\"delivery\":3,\"event\":\"before\",\"at\":\"2026-11-21T10:00:00Z\",\"subject\":"
	    "\"" SUBJECT "\",\"text\":\"Run 7 starts.\\nSecond "
	    "<line>.\",\"target\":\"shop_production\",\"estimate\":\"about 2 "
	    "min 0 s, as on shop_staging\",\"reason\":\"<!channel> & @all | "
	    "[x](http://evil)\",\"request\":12,"
	    "\"run\":7,\"contact\":\"dba@example.com\",\"link\":\"https://gate.example.com/runs/7?a=1&b=2\","
	    "\"migrations\":[\"006_add_user_photos\",\"007_a*b\"]}");
}

/* Longer than any service takes: cut at whole characters, and still JSON. */
static void
what_is_too_long_is_cut(void **state)
{
	static const char *const channels[] = { "slack", "mattermost", "teams" };
	char longs[9001];
	struct wire_option f[30];
	struct wire_spec s;
	size_t i;

	(void)state;
	for (i = 0; i < 9000; i += 2)
		memcpy(longs + i, "\xc3\xbc", 2);
	longs[9000] = '\0';
	for (i = 0; i < 30; i++)
		f[i] = (struct wire_option){ i % 2 == 0 ? "target" : "reason", longs };
	for (i = 0; i < 3; i++) {
		json_t *j;

		s = spec(channels[i]);
		s.subject = longs;
		s.message = longs;
		s.options = f;
		s.n_options = i == 0 ? 30 : 4;
		j = shape(&s);
		if (i == 0) {
			json_t *blocks = json_object_get(j, "blocks");

			/* Header, text, three times at most ten fields. */
			assert_int_equal(json_array_size(blocks), 5);
			assert_int_equal(
			    json_array_size(json_object_get(json_array_get(blocks, 2), "fields")), 10);
			assert_true(json_string_length(json_object_get(
					json_object_get(json_array_get(blocks, 0), "text"), "text")) <= 150);
		}
		json_decref(j);
	}
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
		cmocka_unit_test(slack_is_escaped_and_calls_nobody),
		cmocka_unit_test(mattermost_is_a_table_and_calls_nobody),
		cmocka_unit_test(teams_is_a_card_without_markdown),
		cmocka_unit_test(a_webhook_gets_every_fact_by_its_name),
		cmocka_unit_test(what_is_too_long_is_cut),
	};

	return cmocka_run_group_tests_name("runner/job/notify_shape", tests, NULL, drop);
}
