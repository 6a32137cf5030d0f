#include "base/ban.h"
#include "runner/config.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

/* A folder of its own with conf, passfile (0600) and migrations/ in it. */
struct place {
	char folder[64];
	char path[128];
	struct gh_arena arena;
	struct gh_text messages;
	struct config *config;
};

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	char pass[128], migrations[128];
	GH_FD int fd = -1;

	assert_non_null(p);
	(void)snprintf(p->folder, sizeof(p->folder), "/tmp/gatehouse-config-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	(void)snprintf(p->path, sizeof(p->path), "%s/conf", p->folder);
	(void)snprintf(pass, sizeof(pass), "%s/passfile", p->folder);
	(void)snprintf(migrations, sizeof(migrations), "%s/migrations", p->folder);
	assert_int_equal(mkdir(migrations, 0700), 0);
	fd = open(pass, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(gh_write_all(fd, "*:*:*:*:canary\n", 15, NULL), GH_OK);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;
	const char *const files[] = { "conf", "passfile", "link" };
	char path[128];
	size_t i;

	for (i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", p->folder, files[i]);
		(void)unlink(path);
	}
	(void)snprintf(path, sizeof(path), "%s/migrations", p->folder);
	(void)rmdir(path);
	(void)rmdir(p->folder);
	config_free(p->config);
	gh_text_done(&p->messages);
	gh_arena_done(&p->arena);
	free(p);
	return 0;
}

/* Reads text, in which $ stands for the folder; in the messages FILE stands for its path. */
static enum gh_code
reads(struct place *p, const struct config_env *env, const char *text)
{
	GH_TEXT file = { 0 };
	GH_TEXT raw = { 0 };
	enum gh_code code;
	const char *at;

	for (; *text != '\0'; text++) {
		if (*text == '$')
			gh_text_put(&file, p->folder);
		else
			gh_text_putc(&file, *text);
	}
	assert_int_equal(gh_file_replace(p->path, gh_text_str(&file), file.len, 0600, NULL), GH_OK);
	config_free(p->config);
	p->config = NULL;
	gh_text_clear(&p->messages);
	code = config_read(p->path, env, &p->config, &raw, NULL);
	assert_true((code == GH_OK) == (p->config != NULL));
	for (at = gh_text_str(&raw); *at != '\0';) {
		if (strncmp(at, p->path, strlen(p->path)) == 0) {
			gh_text_put(&p->messages, "FILE");
			at += strlen(p->path);
		} else {
			gh_text_putc(&p->messages, *at++);
		}
	}
	return code;
}

#define HEAD                                                                                                 \
	"data = \"$/data\" socket = \"$/run\" web_user = \"root\"\n"                                         \
	"job = \"/bin/true\" pg_bin = \"$\"\n"                                                               \
	"project \"shop\" { folder = \"$/migrations\" convention = \"numbered\" }\n"
#define DEV "target \"d\" { project = shop environment = development connection = \"dbname=d\" }\n"

static void
fills_in_what_is_not_said(void **state)
{
	struct place *p = *state;
	const struct config_target *d;
	const struct config *c;

	assert_int_equal(reads(p, NULL, HEAD DEV), GH_OK);
	c = p->config;
	assert_string_equal(gh_text_str(&p->messages), "");
	assert_string_equal(c->environments[2], "production");
	assert_int_equal(c->parallel_runs, 2);
	assert_int_equal(c->refresh_seconds, 30);
	assert_string_equal(c->secrets + strlen(p->folder), "/data/secrets");
	d = config_target_find(c, "d");
	assert_non_null(d);
	assert_false(d->policy.backup);
	assert_int_equal(d->policy.approvals, 0);
	assert_int_equal(d->policy.lock_timeout_ms, 5000);
	assert_true(d->policy.rollback_on_failure);
	assert_ptr_equal(d->project, config_project_find(c, "shop"));
	assert_null(config_target_find(c, "x"));
}

static void
asks_more_of_later_environments(void **state)
{
	struct place *p = *state;

	/* This pg_bin has no pg_dump in it, and a target with backup needs one. */
	assert_int_equal(
	    reads(p, NULL,
		HEAD
		"target \"s\" {\n project = shop\n environment = staging\n connection = \"dbname=s\"\n}\n"),
	    GH_BAD_INPUT);
	assert_non_null(strstr(gh_text_str(&p->messages), "FILE:2: pg_bin: "));
	assert_int_equal(
	    reads(p, NULL,
		HEAD "target \"s\" {\n project = shop\n environment = staging\n connection = \"dbname=s\"\n"
		     " backup = no\n}\n"),
	    GH_OK);
	assert_int_equal(p->config->targets[0].policy.approvals, 1);
	assert_int_equal(p->config->targets[0].position, 1);
}

static void
names_every_mistake_by_its_line(void **state)
{
	static const char *const wanted[] = { "FILE:2: data must be an absolute path, not \"relative\"\n",
		"FILE:4: web_user: this machine has no account \"nobody-at-all\"\n",
		"FILE:6: parallel_runs must be a whole number from 1 to 64, not \"900\"\n",
		"FILE:7: this machine has no account \"nosuchaccount\"\n",
		"FILE:7: account \"nosuchaccount\" names no person\n",
		"FILE:9: project \"shop\": there is no folder /nonexistent/folder\n",
		("FILE:10: project \"shop\": there is no convention \"wild\": it is one of numbered, "
		 "sections, "),
		"FILE:15: target \"shop dev\": a name has",
		"FILE:16: target \"shop dev\": there is no project \"shoe\"\n",
		"FILE:17: target \"shop dev\": there is no environment \"dev\"\n",
		"FILE:20: target \"shop dev\": connection has a password in it: put it into a file",
		"FILE:21: target \"shop dev\": the passfile /etc/passwd has mode 0644: chmod 0600 it\n",
		"FILE:22: lock_timeout must be \"1ms\" to \"1h\", not \"0s\"\n",
		"FILE:23: backup must be true or false, not \"perhaps\"\n",
		"FILE:25: target \"t2\" has no connection (and DATABASE_URL is not set)\n",
		"FILE:26: target \"t2\" is there twice, first on line 25\n" };
	struct place *p = *state;
	size_t i;

	assert_int_equal(
	    reads(p, NULL,
		"# a comment { target \"x\"\ndata = relative\nsocket = \"/run/x\"\n"
		"web_user = nobody-at-all\nparallel_runs = 2\nparallel_runs = 900\n"
		"account \"nosuchaccount\" { }\nproject \"shop\" {\nfolder = /nonexistent/folder\n"
		"convention = wild\n}\n/* two\n lines */\n\ntarget \"shop dev\" {\nproject = shoe\n"
		"environment = dev // here\n\n\nconnection = \"host=/x password='a b'\"\n"
		"passfile = /etc/passwd\nlock_timeout = 0s\nbackup = perhaps\n}\n"
		"target \"t2\" { project = shop environment = production }\n"
		"target \"t2\" { project = shop environment = production }\n"),
	    GH_BAD_INPUT);
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (strstr(gh_text_str(&p->messages), wanted[i]) == NULL)
			fail_msg("\"%s\" is not in:\n%s", wanted[i], gh_text_str(&p->messages));
	}
}

static void
names_an_unknown_key_and_bad_syntax(void **state)
{
	struct place *p = *state;

	assert_int_equal(reads(p, NULL, "# c\ndata = /x\nfoo = 1\n"), GH_BAD_INPUT);
	assert_string_equal(gh_text_str(&p->messages), "FILE:3: no such option 'foo'\n");
	assert_int_equal(reads(p, NULL, HEAD "target \"a\" {\n # c\n pasfile = x\n}\n"), GH_BAD_INPUT);
	assert_string_equal(gh_text_str(&p->messages), "FILE:6: no such option 'pasfile'\n");
	assert_int_equal(reads(p, NULL, "data = \"x\n"), GH_BAD_INPUT);
	assert_int_equal(reads(p, NULL, HEAD DEV "parallel_runs = 2\nparallel_runs = 3\n"), GH_BAD_INPUT);
	assert_string_equal(
	    gh_text_str(&p->messages), "FILE:6: parallel_runs is given twice, first on line 5\n");
	assert_int_equal(reads(p, NULL, "data = /x\nenvironments = {a, a}\n"), GH_BAD_INPUT);
	assert_non_null(strstr(gh_text_str(&p->messages), "FILE:2: environment \"a\" is there twice\n"));
	assert_int_equal(reads(p, NULL, ""), GH_BAD_INPUT);
	assert_non_null(strstr(gh_text_str(&p->messages), "FILE:1: data is missing\n"));
	assert_int_equal(reads(p, NULL, HEAD DEV "project \"e\" {\n}\n"), GH_BAD_INPUT);
	assert_non_null(strstr(gh_text_str(&p->messages), "FILE:5: folder is missing\n"));
}

static void
warns_and_goes_on(void **state)
{
	struct place *p = *state;

	assert_int_equal(
	    reads(p, NULL, HEAD "project \"e\" { folder = /tmp convention = sections }\n" DEV), GH_OK);
	assert_string_equal(
	    gh_text_str(&p->messages), "FILE:4: warning: project \"e\": everybody may write to /tmp\n");
}

static void
refuses_a_passfile_that_others_may_read_or_that_is_none(void **state)
{
	struct place *p = *state;
	const char *conf =
	    HEAD "target \"d\" { project = shop environment = development connection = \"dbname=d\"\n"
		 "passfile = \"$/passfile\" }\n";
	char path[128], link[128];
	GH_FD int fd = -1;
	char got[32] = "";

	(void)snprintf(path, sizeof(path), "%s/passfile", p->folder);
	(void)snprintf(link, sizeof(link), "%s/link", p->folder);
	assert_int_equal(reads(p, NULL, conf), GH_OK);
	assert_int_equal(config_passfile(p->config, &p->config->targets[0], &fd, NULL), GH_OK);
	assert_int_equal(read(fd, got, sizeof(got) - 1), 15);
	assert_string_equal(got, "*:*:*:*:canary\n");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(config_passfile(p->config, &p->config->targets[0], &fd, NULL), GH_UNAVAILABLE);
	assert_int_equal(reads(p, NULL, conf), GH_BAD_INPUT);
	assert_non_null(strstr(gh_text_str(&p->messages), "FILE:5: target \"d\": the passfile"));
	assert_non_null(strstr(gh_text_str(&p->messages), "has mode 0640"));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(reads(p, NULL,
			     HEAD "target \"d\" { project = shop environment = development\n"
				  "connection = \"dbname=d\" passfile = \"$/link\" }\n"),
	    GH_BAD_INPUT);
	assert_non_null(strstr(gh_text_str(&p->messages), "is not a regular file"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(reads(p, NULL, conf), GH_BAD_INPUT);
	assert_non_null(strstr(gh_text_str(&p->messages), "No such file"));
}

static void
takes_the_url_of_one_target_and_its_password_apart(void **state)
{
	struct place *p = *state;
	const char *one = HEAD "target \"d\" { project = shop environment = development }\n";
	struct config_env env;
	GH_FD int fd = -1;
	char got[64] = "", *bytes;

	assert_int_equal(
	    setenv("DATABASE_URL", "postgres://me:ca%3anary@db:5433/shop?sslmode=require", 1), 0);
	bytes = getenv("DATABASE_URL"); /* NOLINT(concurrency-mt-unsafe) */
	assert_int_equal(config_env_take(&env, NULL), GH_OK);
	assert_null(getenv("DATABASE_URL")); /* NOLINT(concurrency-mt-unsafe) */
	assert_int_equal(bytes[0], '\0');
	assert_int_equal(bytes[20], '\0');
	assert_string_equal(env.url, "postgres://me@db:5433/shop?sslmode=require");
	assert_int_equal(reads(p, &env, one), GH_OK);
	assert_string_equal(p->config->targets[0].connection, env.url);
	assert_int_equal(config_passfile(p->config, &p->config->targets[0], &fd, NULL), GH_OK);
	assert_true(read(fd, got, sizeof(got) - 1) > 0);
	assert_string_equal(got, "*:*:*:*:ca\\:nary\n");
	assert_int_equal(
	    reads(p, &env, HEAD DEV "target \"e\" { project = shop environment = development }\n"),
	    GH_BAD_INPUT);
	assert_non_null(
	    strstr(gh_text_str(&p->messages), "FILE:5: target \"e\" has no connection: DATABASE_URL"));
	config_env_done(&env);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(fills_in_what_is_not_said),
		T(asks_more_of_later_environments),
		T(names_every_mistake_by_its_line),
		T(names_an_unknown_key_and_bad_syntax),
		T(warns_and_goes_on),
		T(refuses_a_passfile_that_others_may_read_or_that_is_none),
		T(takes_the_url_of_one_target_and_its_password_apart),
	};

	return cmocka_run_group_tests_name("runner/config", tests, NULL, NULL);
}
