#include "base/ban.h"
#include "tests/support/config_text.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

#define HEAD                                                                                                 \
	"data = \"/tmp/x\" socket = \"/tmp/x\" web_user = \"root\"\njob = \"/bin/true\" pg_bin = "           \
	"\"/usr/lib/postgresql/15/bin\"\nproject \"shop\" { folder = \"/usr\" }\n"
#define TARGET "target \"p\" { project = shop environment = production connection = \"dbname=p\"\n"
#define PUBLIC "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

/* A key file of mode 0600; $ stands for its path in what is read. */
static char key_file[] = "/tmp/gatehouse-key-XXXXXX";

static int
setup(void **state)
{
	GH_FD int fd = mkostemp(key_file, O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(gh_write_all(fd, "canary\n", 7, NULL), GH_OK);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return unlink(key_file);
}

/* What follows HEAD begins on line 4; messages lose the file's name. */
static struct config *
reads(const char *text, struct gh_text *messages)
{
	return config_text_read(HEAD, text, key_file, messages);
}

static struct config *
good(const char *text)
{
	GH_TEXT messages = { 0 };
	struct config *ret = reads(text, &messages);

	if (ret == NULL)
		fail_msg("%s", gh_text_str(&messages));
	assert_string_equal(gh_text_str(&messages), "");
	return ret;
}

static void
fills_in_what_is_not_said(void **state)
{
	struct config *c = good(TARGET "}\n");
	const struct config_backup *b = &c->targets[0].backup;
	int fd = 0;

	(void)state;
	assert_int_equal(c->targets[0].policy.backup_level, POLICY_LISTED);
	assert_int_equal(c->targets[0].policy.backup_outside_ms, 0);
	assert_string_equal(b->format, "custom");
	assert_int_equal(b->jobs, 1);
	assert_int_equal(b->compression, 3);
	assert_int_equal(b->threads, 0);
	assert_string_equal(b->encrypt_to, "");
	assert_null(b->key_file);
	assert_int_equal(b->n_schedules, 0);
	assert_int_equal(b->prove_within_ms, 0);
	assert_int_equal(b->prove_every_ms, 0);
	assert_int_equal(b->prove_level, POLICY_COUNTED);
	assert_int_equal(b->timeout_ms, INT64_C(172800000));
	assert_int_equal(b->prove_timeout_ms, INT64_C(172800000));
	assert_int_equal(b->keep_last + b->keep_daily + b->keep_weekly + b->keep_monthly, 0);
	assert_string_equal(b->prove_server, "");
	assert_string_equal(b->restore_connection, "");
	assert_int_equal(b->restore_keep_ms, INT64_C(604800000));
	assert_int_equal(config_backup_key(&c->targets[0], &fd, NULL), GH_OK);
	assert_int_equal(fd, -1);
	config_free(c);
}

static void
reads_every_option(void **state)
{
	struct config *c = good(
	    TARGET "backup_level = counted backup_outside = 1d backup_format = directory backup_jobs = 4\n"
		   "backup_compression = 19 backup_threads = 2 backup_silence = 1h backup_key_file = \"$\"\n"
		   "backup_schedule = {\"30 2 * * * Europe/Berlin\", \"0 14 * * mon-fri UTC\"}\n"
		   "prove_within = 6h prove_level = restored backup_timeout = 3h prove_timeout = 12h "
		   "prove_every = 7d keep_last = 3 keep_daily = 7 keep_weekly = 5\n"
		   "keep_monthly = 12 prove_server = \"host=/run/prove user=prover\"\n"
		   "restore_connection = \"dbname=postgres user=maker\" restore_keep = 30d }\n"
		   "outside \"main\" { target = p kind = command command = {\"/bin/true\"} }\n"
		   "target \"q\" { project = shop environment = production connection = \"dbname=q\"\n"
		   "backup_encrypt_to = \"" PUBLIC "\" backup_key_file = \"$\" }\n");
	const struct config_target *t = &c->targets[0];
	const struct config_backup *b = &t->backup;
	GH_FD int fd = -1;
	char got[16] = "";

	(void)state;
	assert_int_equal(t->policy.backup_level, POLICY_COUNTED);
	assert_int_equal(t->policy.backup_outside_ms, 86400000);
	assert_string_equal(b->format, "directory");
	assert_int_equal(b->jobs, 4);
	assert_int_equal(b->compression, 19);
	assert_int_equal(b->threads, 2);
	assert_int_equal(b->silence_ms, 3600000);
	assert_int_equal(b->n_schedules, 2);
	assert_string_equal(b->schedules[1], "0 14 * * mon-fri UTC");
	assert_int_equal(b->prove_within_ms, 6 * 3600000);
	assert_int_equal(b->prove_level, POLICY_RESTORED);
	assert_int_equal(b->timeout_ms, 3 * 3600000);
	assert_int_equal(b->prove_timeout_ms, 12 * 3600000);
	assert_int_equal(b->prove_every_ms, INT64_C(604800000));
	assert_int_equal(b->keep_last, 3);
	assert_int_equal(b->keep_daily, 7);
	assert_int_equal(b->keep_weekly, 5);
	assert_int_equal(b->keep_monthly, 12);
	assert_string_equal(b->prove_server, "host=/run/prove user=prover");
	assert_string_equal(b->restore_connection, "dbname=postgres user=maker");
	assert_int_equal(b->restore_keep_ms, INT64_C(2592000000));
	assert_string_equal(c->targets[1].backup.encrypt_to, PUBLIC);
	assert_string_equal(c->targets[1].backup.key_file, key_file);
	assert_int_equal(config_backup_key(&c->targets[1], &fd, NULL), GH_OK);
	assert_int_equal(read(fd, got, sizeof(got) - 1), 7);
	assert_string_equal(got, "canary\n");
	assert_int_equal(chmod(key_file, 0640), 0);
	assert_int_equal(config_backup_key(&c->targets[1], &fd, NULL), GH_UNAVAILABLE);
	assert_int_equal(chmod(key_file, 0600), 0);
	config_free(c);
}

static void
a_target_takes_back_what_its_environment_says(void **state)
{
	struct config *c = good(
	    "environment \"production\" { backup_encrypt_to = \"" PUBLIC "\" backup_key_file = \"$\"\n"
	    "backup_schedule = {\"0 2 * * * UTC\"} prove_server = \"host=/p\" restore_connection = "
	    "\"host=/r\"\n"
	    "backup_level = restored keep_last = 9 prove_level = listed prove_timeout = 1h }\n" TARGET "}\n"
	    "target \"q\" { project = shop environment = production connection = \"dbname=q\"\n"
	    "backup_encrypt_to = none backup_key_file = none backup_schedule = {never} prove_server = none\n"
	    "restore_connection = none backup_level = written keep_last = 0 prove_level = counted\n"
	    "backup_format = directory backup_jobs = 2 }\n");
	const struct config_backup *p = &c->targets[0].backup, *q = &c->targets[1].backup;

	(void)state;
	assert_string_equal(p->encrypt_to, PUBLIC);
	assert_int_equal(p->n_schedules, 1);
	assert_string_equal(p->prove_server, "host=/p");
	assert_int_equal(p->keep_last, 9);
	assert_int_equal(c->targets[0].policy.backup_level, POLICY_RESTORED);
	assert_string_equal(q->encrypt_to, "");
	assert_null(q->key_file);
	assert_int_equal(q->n_schedules, 0);
	assert_string_equal(q->prove_server, "");
	assert_string_equal(q->restore_connection, "");
	assert_int_equal(q->keep_last, 0);
	assert_int_equal(p->prove_level, POLICY_LISTED);
	assert_int_equal(q->prove_level, POLICY_COUNTED);
	assert_int_equal(q->prove_timeout_ms, 3600000);
	assert_int_equal(c->targets[1].policy.backup_level, POLICY_WRITTEN);
	config_free(c);
}

/* The file itself is not looked at: only whoever wants to read encrypted backups here needs one. */
static void
encrypts_without_a_key_where_nothing_is_opened(void **state)
{
	struct config *c = good(TARGET "backup_encrypt_to = \"" PUBLIC "\" backup_level = checksummed }\n"
				       "target \"q\" { project = shop environment = production backup = no\n"
				       "connection = \"dbname=q\" backup_encrypt_to = \"" PUBLIC "\" }\n");

	(void)state;
	config_free(c);
}

static void
names_each_mistake_by_its_line(void **state)
{
	static const char *const rows[][2] = {
		{ "backup_level = proved",
		    "5: target \"p\": backup_level must be written, checksummed, listed, restored or "
		    "counted, not "
		    "\"proved\"\n" },
		{ "backup_level = none", "5: target \"p\": backup_level must be written, " },
		{ "backup_outside = 1", "5: backup_outside must be a whole number and its unit" },
		{ "backup_format = tar",
		    "5: target \"p\": backup_format must be custom or directory, not \"tar\"\n" },
		{ "backup_jobs = 0", "5: backup_jobs must be a whole number from 1 to 64, not \"0\"\n" },
		{ "\nbackup_jobs = 2",
		    "6: target \"p\": backup_jobs above 1 needs backup_format = \"directory\": one file is "
		    "written by "
		    "one\n" },
		{ "backup_compression = 20",
		    "5: backup_compression must be a whole number from 1 to 19, not \"20\"\n" },
		{ "backup_threads = -1",
		    "5: backup_threads must be a whole number from 0 to 64, not \"-1\"\n" },
		{ "backup_encrypt_to = \"AAAA\"",
		    "5: target \"p\": backup_encrypt_to is a public key, 44 characters of base64" },
		{ "backup_encrypt_to = \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\"",
		    "5: target \"p\": backup_encrypt_to is a public key" },
		{ "backup_encrypt_to = \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH-8=\"",
		    "5: target \"p\": backup_encrypt_to is a public key" },
		{ "backup_encrypt_to = \"" PUBLIC "\"",
		    "4: target \"p\": backup_level listed needs what opens the backups, which are encrypted: "
		    "name it "
		    "with backup_key_file, or set backup_level = \"checksummed\" and prove them where the "
		    "key is\n" },
		{ "backup_encrypt_to = \"" PUBLIC "\"\nbackup_level = restored",
		    "6: target \"p\": backup_level restored needs what opens" },
		{ "backup_encrypt_to = \"" PUBLIC "\" backup_level = written\nprove_within = 1h",
		    "6: target \"p\": prove_within needs what opens the backups, which are encrypted: name "
		    "it with "
		    "backup_key_file, or set prove_within = \"0s\"" },
		{ "backup_encrypt_to = \"" PUBLIC "\" backup_level = written\nprove_every = 1h",
		    "6: target \"p\": prove_every needs what opens" },
		{ "backup_encrypt_to = \"" PUBLIC "\" backup_key_file = \"$\"\nbackup_format = directory",
		    "6: target \"p\": backup_encrypt_to needs the custom format: the files of a directory "
		    "are not "
		    "encrypted. Set backup_format = \"custom\", or backup_encrypt_to = \"none\"\n" },
		{ "backup_key_file = \"key\"", "5: backup_key_file must be an absolute path, not \"key\"\n" },
		{ "backup_key_file = \"/nonexistent\"",
		    "5: target \"p\": cannot look at the key file /nonexistent: No such file" },
		{ "backup_key_file = \"/etc/passwd\"",
		    "5: target \"p\": the key file /etc/passwd has mode 0644: chmod 0600 it\n" },
		{ "backup_key_file = \"/etc\"",
		    "5: target \"p\": the key file /etc is not a regular file\n" },
		{ "backup_schedule = {\"30 2 * * Europe/Berlin\"}",
		    "5: target \"p\": backup_schedule: the weekday must be 0 to 7" },
		{ "backup_schedule = {\"30 2 * * *\"}",
		    "5: target \"p\": backup_schedule: a time zone must follow the weekday, as in \"30 2 * * "
		    "* "
		    "Europe/Berlin\", not \"\"\n" },
		{ "backup_schedule = {\"30 2 * *\"}",
		    "5: target \"p\": backup_schedule: a schedule is \"MINUTE HOUR DAY MONTH WEEKDAY "
		    "ZONE\"" },
		{ "backup_schedule = {\"30 2 * * * for 1h UTC\"}",
		    "backup_schedule: a time zone must follow" },
		{ "backup_schedule = {never, \"30 2 * * * UTC\"}", "backup_schedule: the minute must be" },
		{ "prove_within = 400d", "5: prove_within must be \"0s\" to \"366d\", not \"400d\"\n" },
		{ "prove_level = checksummed",
		    "5: target \"p\": prove_level must be listed, restored or counted, not "
		    "\"checksummed\"\n" },
		{ "\nprove_level = \"\"", "6: prove_level is empty\n" },
		{ "prove_level = all", "5: target \"p\": prove_level must be listed, " },
		{ "backup_timeout = 0s", "5: backup_timeout must be \"1s\" to \"366d\", not \"0s\"\n" },
		{ "prove_timeout = 48", "5: prove_timeout must be a whole number and its unit" },
		{ "prove_every = 3", "5: prove_every must be a whole number and its unit" },
		{ "prove_server = \"host=x password=y\"",
		    "5: target \"p\": prove_server has a password in it: put it into the target's "
		    "passfile\n" },
		{ "prove_server = \"nonsense\"", "5: target \"p\": prove_server: it must be keyword=value" },
		{ "keep_last = many", "5: keep_last must be a whole number from 0 to 10000, not \"many\"\n" },
		{ "keep_daily = -1", "5: keep_daily must be a whole number from 0" },
		{ "keep_weekly = x", "5: keep_weekly must be a whole number from 0" },
		{ "keep_monthly = x", "5: keep_monthly must be a whole number from 0" },
		{ "restore_connection = \"postgresql://u:p@h/d\"",
		    "5: target \"p\": restore_connection has a password in it: put it into the target's "
		    "passfile\n" },
		{ "restore_keep = 0s", "5: restore_keep must be \"1s\" to \"366d\", not \"0s\"\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		GH_TEXT text = { 0 };
		GH_TEXT messages = { 0 };

		gh_text_putf(&text, "%s%s\n}\n", TARGET, rows[i][0]);
		if (reads(gh_text_str(&text), &messages) != NULL)
			fail_msg("\"%s\" is taken", rows[i][0]);
		if (strstr(gh_text_str(&messages), rows[i][1]) == NULL)
			fail_msg("\"%s\" is not in:\n%s", rows[i][1], gh_text_str(&messages));
	}
}

/* Of an environment each is said once, in its own line; what only comes of both stands at the target. */
static void
says_of_an_environment_what_is_its_own(void **state)
{
	GH_TEXT messages = { 0 };

	(void)state;
	assert_null(reads("environment \"production\" {\n keep_last = x\n backup_encrypt_to = \"" PUBLIC
			  "\" }\n" TARGET "}\n"
			  "target \"q\" { project = shop environment = production connection = \"dbname=q\"\n"
			  "backup_level = checksummed\nbackup_format = directory }\n",
	    &messages));
	assert_string_equal(gh_text_str(&messages),
	    "5: keep_last must be a whole number from 0 to 10000, not \"x\"\n"
	    "7: target \"p\": backup_level listed needs what opens the backups, which are encrypted: name it "
	    "with "
	    "backup_key_file, or set backup_level = \"checksummed\" and prove them where the key is\n"
	    "11: target \"q\": backup_encrypt_to needs the custom format: the files of a directory are not "
	    "encrypted. "
	    "Set backup_format = \"custom\", or backup_encrypt_to = \"none\"\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_in_what_is_not_said),
		cmocka_unit_test(reads_every_option),
		cmocka_unit_test(a_target_takes_back_what_its_environment_says),
		cmocka_unit_test(encrypts_without_a_key_where_nothing_is_opened),
		cmocka_unit_test(names_each_mistake_by_its_line),
		cmocka_unit_test(says_of_an_environment_what_is_its_own),
	};

	return cmocka_run_group_tests_name("runner/config_backup", tests, setup, teardown);
}
