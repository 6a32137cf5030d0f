#include "base/ban.h"
#include "base/io.h"
#include "runner/config.h"

#include <setjmp.h>
#include <cmocka.h>

/* A folder of its own with conf, url and pass (0600) and migrations/ in it. */
struct place {
	char folder[64];
	struct gh_arena arena;
	struct gh_text messages;
	struct config *config;
};

static const char *
in(struct place *p, const char *name)
{
	return gh_printf(&p->arena, "%s/%s", p->folder, name);
}

static void
put(struct place *p, const char *name, const char *text, unsigned mode)
{
	assert_int_equal(gh_file_replace(in(p, name), text, strlen(text), mode, NULL), GH_OK);
	assert_int_equal(chmod(in(p, name), mode), 0);
}

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	(void)snprintf(p->folder, sizeof(p->folder), "/tmp/gatehouse-notify-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	assert_int_equal(mkdir(in(p, "migrations"), 0700), 0);
	put(p, "url", "https://hooks.example.com/canary-url\nsecond line\n", 0600);
	put(p, "pass", "canary-pass\n", 0600);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	(void)unlink(in(p, "conf"));
	(void)unlink(in(p, "url"));
	(void)unlink(in(p, "pass"));
	(void)unlink(in(p, "link"));
	(void)rmdir(in(p, "migrations"));
	(void)rmdir(p->folder);
	config_free(p->config);
	gh_text_done(&p->messages);
	gh_arena_done(&p->arena);
	free(p);
	return 0;
}

#define HEAD                                                                                                 \
	"data = \"$/data\" socket = \"$/run\" web_user = \"root\"\n"                                         \
	"job = \"/bin/true\" pg_bin = \"$\"\n"                                                               \
	"project \"shop\" { folder = \"$/migrations\" convention = \"numbered\" }\n"                         \
	"target \"d\" { project = shop environment = development connection = \"dbname=d\" }\n"

/* Reads the head and text, in which $ stands for the folder; text begins on line 5. */
static enum gh_code
reads(struct place *p, const char *text)
{
	GH_TEXT file = { 0 };
	const char *all = gh_printf(&p->arena, HEAD "%s", text);

	for (; *all != '\0'; all++) {
		if (*all == '$')
			gh_text_put(&file, p->folder);
		else
			gh_text_putc(&file, *all);
	}
	put(p, "conf", gh_text_str(&file), 0600);
	config_free(p->config);
	p->config = NULL;
	gh_text_clear(&p->messages);
	return config_read(in(p, "conf"), NULL, &p->config, &p->messages, NULL);
}

static void
mistaken(struct place *p, const char *text, int line, const char *words)
{
	const char *said, *where = gh_printf(&p->arena, "/conf:%d: ", line);

	if (reads(p, text) != GH_BAD_INPUT)
		fail_msg("taken: %s", text);
	said = gh_text_str(&p->messages);
	if (strstr(said, words) == NULL || strstr(said, where) == NULL)
		fail_msg("\"%s\" does not say %s\"%s\"", said, where, words);
	assert_null(strstr(said, "canary"));
}

#define HOOK "notify \"ops\" {\nkind = \"slack\"\nurl_file = \"$/url\"\n"
#define MAIL "notify \"m\" {\nkind = \"email\"\nserver = \"smtp://mx:587\"\nfrom = \"g@example.com\"\n"
#define TO   "to = {\"a@example.com\"}\n"

static void
fills_in_what_is_not_said(void **state)
{
	struct place *p = *state;
	const struct config_notify *n;

	assert_int_equal(reads(p, HOOK "}\n"), GH_OK);
	assert_string_equal(gh_text_str(&p->messages), "");
	n = config_notify_find(p->config, "ops");
	assert_non_null(n);
	assert_null(config_notify_find(p->config, "other"));
	assert_int_equal(n->events, CONFIG_EVENTS);
	assert_true(config_notify_wants(n, CONFIG_UNKNOWN, "anywhere", "anything"));
	assert_int_equal(n->attempts, 8);
	assert_int_equal(n->retry_delay_ms, 60000);
	assert_string_equal(n->contact, "");
	assert_string_equal(p->config->public_url, "");
	assert_int_equal(reads(p, ""), GH_OK);
	assert_int_equal(p->config->n_notify, 0);
}

static void
limits_what_a_channel_is_told(void **state)
{
	struct place *p = *state;
	const struct config_notify *n;

	assert_int_equal(
	    reads(p,
		HOOK "events = {\"failed\", \"unknown\"}\nenvironments = {\"production\"}\n}\n"
		     "notify \"two\" {\nkind = \"teams\"\nurl_file = \"$/url\"\ntargets = {\"d\"}\n}\n"
		     "public_url = \"https://gate.example.com//\"\n"),
	    GH_OK);
	n = config_notify_find(p->config, "ops");
	assert_true(config_notify_wants(n, CONFIG_FAILED, "production", "x"));
	assert_false(config_notify_wants(n, CONFIG_AFTER, "production", "x"));
	assert_false(config_notify_wants(n, CONFIG_FAILED, "staging", "x"));
	n = config_notify_find(p->config, "two");
	assert_true(config_notify_wants(n, CONFIG_AFTER, "development", "d"));
	assert_false(config_notify_wants(n, CONFIG_AFTER, "development", "e"));
	assert_string_equal(p->config->public_url, "https://gate.example.com");
	assert_string_equal(config_event_name(CONFIG_BEFORE), "before");
}

static void
names_each_mistake_by_its_line(void **state)
{
	struct place *p = *state;

	mistaken(p, "notify \"ops\" {\n}\n", 5, "kind must be");
	mistaken(p, "notify \"ops\" {\nkind = \"pager\"\n}\n", 6, "kind must be");
	mistaken(
	    p, "notify \"o/ps\" {\nkind = \"slack\"\nurl_file = \"$/url\"\n}\n", 5, "a name has letters");
	mistaken(p, "notify \"ops\" {\nkind = \"slack\"\n}\n", 5, "url_file is missing");
	mistaken(p, HOOK "events = {\"after\", \"never\"}\n}\n", 8, "there is no event \"never\"");
	mistaken(p, HOOK "environments = {\"moon\"}\n}\n", 8, "there is no environment \"moon\"");
	mistaken(p, HOOK "targets = {\"x\"}\n}\n", 8, "there is no target \"x\"");
	mistaken(p, HOOK "contact = \"a\\nb\"\n}\n", 8, "one line");
	mistaken(p, HOOK "server = \"smtp://x\"\n}\n", 8, "server is for kind");
	mistaken(p, HOOK "attempts = 0\n}\n", 8, "attempts");
	mistaken(p, HOOK "ca_file = \"$/nothing\"\n}\n", 8, "cannot read");
	mistaken(p, HOOK "colour = \"red\"\n}\n", 8, "colour");
	mistaken(p, HOOK "}\n" HOOK "}\n", 9, "is there twice");
	mistaken(p, "public_url = \"gate.example.com\"\n", 5, "public_url must be");
}

static void
a_mail_needs_all_that_belongs_to_it(void **state)
{
	struct place *p = *state;
	const struct config_notify *n;

	assert_int_equal(
	    reads(p,
		MAIL "to = {\"a@example.com\", \"b@example.com\"}\nuser = \"g\"\npassword_file = "
		     "\"$/pass\"\n}\n"),
	    GH_OK);
	n = config_notify_find(p->config, "m");
	assert_string_equal(n->to, "a@example.com,b@example.com");
	assert_true(n->tls);
	mistaken(
	    p, "notify \"m\" {\nkind = \"email\"\nfrom = \"g@example.com\"\n" TO "}\n", 5, "server must be");
	mistaken(p, MAIL "}\n", 5, "needs from and to");
	mistaken(p, MAIL "to = {\"a@example.com\\r\\nBcc: x@example.com\"}\n}\n", 9, "is no mail address");
	mistaken(p, MAIL "to = {\"<a@example.com>\"}\n}\n", 9, "is no mail address");
	mistaken(p, MAIL TO "url_file = \"$/url\"\n}\n", 10, "url_file is for webhooks");
	mistaken(p, MAIL TO "user = \"g\"\n}\n", 5, "belong together");
	mistaken(p, MAIL TO "user = \"g\"\npassword_file = \"$/pass\"\ntls = false\n}\n", 12, "in the clear");
	mistaken(p,
	    "notify \"m\" {\nkind = \"email\"\nserver = \"smtp://u:p@mx\"\nfrom = \"g@example.com\"\n" TO
	    "}\n",
	    7, "server must be");
	mistaken(p,
	    "notify \"m\" {\nkind = \"email\"\nserver = \"http://mx\"\nfrom = \"g@example.com\"\n" TO "}\n",
	    7, "server must be");
}

static void
a_secret_file_is_nobody_elses_and_is_never_shown(void **state)
{
	struct place *p = *state;

	assert_int_equal(chmod(in(p, "url"), 0640), 0);
	mistaken(p, HOOK "}\n", 7, "has mode 0640: chmod 0600 it");
	assert_int_equal(unlink(in(p, "url")), 0);
	mistaken(p, HOOK "}\n", 7, "cannot open");
	assert_int_equal(symlink(in(p, "pass"), in(p, "url")), 0);
	mistaken(p, HOOK "}\n", 7, "cannot open");
	(void)unlink(in(p, "url"));
	put(p, "url", "\nhttps://x\n", 0600);
	mistaken(p, HOOK "}\n", 7, "is empty");
	put(p, "url", "canary.example.com\n", 0600);
	mistaken(p, HOOK "}\n", 7, "must be an address");
	put(p, "url", "http://canary.example.com\n", 0600);
	assert_int_equal(reads(p, HOOK "}\n"), GH_OK);
	assert_non_null(strstr(gh_text_str(&p->messages), "warning: notify \"ops\": the address in"));
	assert_null(strstr(gh_text_str(&p->messages), "canary"));
}

static void
the_secret_comes_as_its_first_line(void **state)
{
	struct place *p = *state;
	GH_TEXT text = { 0 };
	GH_FD int fd = -1;
	struct gh_err err = { 0 };

	assert_int_equal(reads(p, HOOK "}\n" MAIL TO "}\n"), GH_OK);
	assert_int_equal(config_notify_secret(config_notify_find(p->config, "ops"), &fd, NULL), GH_OK);
	assert_int_equal(gh_read_all(fd, 1000, &text, NULL), GH_OK);
	assert_string_equal(gh_text_str(&text), "https://hooks.example.com/canary-url");
	gh_fd_done(&fd);
	gh_text_clear(&text);
	assert_int_equal(config_notify_secret(config_notify_find(p->config, "m"), &fd, NULL), GH_OK);
	assert_int_equal(gh_read_all(fd, 1000, &text, NULL), GH_OK);
	assert_string_equal(gh_text_str(&text), "");
	gh_fd_done(&fd);
	assert_int_equal(chmod(in(p, "url"), 0604), 0);
	assert_int_equal(
	    config_notify_secret(config_notify_find(p->config, "ops"), &fd, &err), GH_UNAVAILABLE);
	assert_null(strstr(err.msg, "canary"));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(fills_in_what_is_not_said),
		T(limits_what_a_channel_is_told),
		T(names_each_mistake_by_its_line),
		T(a_mail_needs_all_that_belongs_to_it),
		T(a_secret_file_is_nobody_elses_and_is_never_shown),
		T(the_secret_comes_as_its_first_line),
	};

	return cmocka_run_group_tests_name("runner/config_notify", tests, NULL, NULL);
}
