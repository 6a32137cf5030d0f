#include "base/ban.h"
#include "base/io.h"
#include "runner/work.h"
#include "store/backup_write.h"
#include "tests/support/fake_job.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/task_rig.h"

/* Which job holds which secret: the passwords of its own target, and the key when it has something to open.
 */

#define KEY_OF_PRODUCTION "key of production"

static char keep[] = "/tmp/gatehouse-task-spec-XXXXXX";

/* ---- as the job: it says what it was given ---- */

static const char *
holds(struct gh_arena *a, int fd)
{
	char buf[64];
	ssize_t n = pread(fd, buf, sizeof(buf), 0);

	return n < 0 ? "none" : gh_strndup(a, buf, (size_t)n);
}

static int
job(void)
{
	struct fake_job j;
	int code = fake_job_open(&j);
	const char *key, *pass;

	if (code != 0)
		return code;
	fake_job_say_start(&j);
	key = holds(&j.arena, WIRE_KEY_FD);
	pass = holds(&j.arena, WIRE_PASSFILE_FD);
	if (j.spec.has_key != (strcmp(key, "none") != 0))
		return 6;
	fake_job_end(
	    &j, WIRE_FAILED_CLEAN, gh_printf(&j.arena, "%s, passwords [%s], [%s]", j.spec.level, pass, key));
	return 0;
}

/* ---- as the test ---- */

static const char *
secret(struct fixture_runner *f, const char *name, const char *text)
{
	const char *path = gh_printf(&f->arena, "%s/%s", keep, name);

	assert_int_equal(gh_file_replace(path, text, strlen(text), 0600, NULL), GH_OK);
	return path;
}

/* Both have passwords and a key; a backup is encrypted when its target's option says so. */
static void
begin(struct fixture_runner *f, const char *encrypt_to)
{
	struct config_target *t;

	task_rig_begin(f);
	t = f->runner->config->targets;
	t[0].passfile = secret(f, "pass-d", "of development");
	t[1].passfile = secret(f, "pass-p", "of production");
	t[0].backup.key_file = secret(f, "key-d", "key of development");
	t[1].backup.key_file = secret(f, "key-p", KEY_OF_PRODUCTION);
	t[0].backup.encrypt_to = t[1].backup.encrypt_to = encrypt_to;
	t[0].policy.backup_level = t[1].policy.backup_level = POLICY_COUNTED;
}

static void
end(struct fixture_runner *f)
{
	struct config_target *t = f->runner->config->targets;

	t[0].passfile = t[1].passfile = NULL;
	task_rig_end(f);
}

static void
until_told(struct fixture_runner *f, int64_t task, const char *want)
{
	task_kick(f->runner);
	fake_job_until(f, "SELECT count(*) FROM task WHERE state IN ('queued', 'running')", "0");
	assert_string_equal(task_rig_text(f, task), want);
}

static int64_t
backup(struct fixture_runner *f, const char *target, bool encrypted)
{
	int64_t id = fixture_backup_of(f, target, "checksummed");

	if (encrypted)
		fixture_sql(
		    f, gh_printf(&f->arena, "UPDATE backup SET encrypted_to = 'K' WHERE id = %" PRId64, id));
	return id;
}

static int64_t
prove(struct fixture_runner *f, int64_t id, const char *level)
{
	const struct task_wish w = { .reason = "", .level = level, .now = 5 };
	int64_t task = 0;

	fixture_ok(f, task_prove(f->runner, id, &w, &task, &f->err));
	return task;
}

static void
who_takes_a_backup_never_opens_one(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, "K");
	until_told(
	    f, task_rig_take(f, "shop_production", ""), "checksummed, passwords [of production], [none]");
	end(f);
}

static void
who_takes_one_in_the_clear_proves_it_without_a_key(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, "");
	until_told(f, task_rig_take(f, "shop_production", ""), "counted, passwords [of production], [none]");
	end(f);
}

static void
a_proof_gets_the_key_and_the_passwords_of_its_target_alone(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, "K");
	until_told(f, prove(f, backup(f, "shop_production", true), ""),
	    "counted, passwords [of production], [" KEY_OF_PRODUCTION "]");
	until_told(f, prove(f, backup(f, "shop_development", true), "restored"),
	    "restored, passwords [of development], [key of development]");
	end(f);
}

/* What counts is the backup, not what the configuration does with the next ones. */
static void
a_proof_that_has_nothing_to_open_gets_no_key(void **state)
{
	struct fixture_runner *f = *state;
	int64_t clear, sealed;

	begin(f, "K");
	clear = backup(f, "shop_production", false);
	until_told(f, prove(f, clear, ""), "counted, passwords [of production], [none]");
	sealed = backup(f, "shop_development", true);
	until_told(f, prove(f, sealed, "checksummed"), "checksummed, passwords [of development], [none]");
	f->runner->config->targets[0].backup.encrypt_to = "";
	until_told(f, prove(f, sealed, "listed"), "listed, passwords [of development], [key of development]");
	end(f);
}

static void
without_a_key_file_there_is_none(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, "K");
	f->runner->config->targets[1].backup.key_file = NULL;
	until_told(f, prove(f, backup(f, "shop_production", true), ""),
	    "counted, passwords [of production], [none]");
	end(f);
}

static int
start(void **state)
{
	return mkdtemp(keep) == NULL ? -1 : fake_job_group_start(state);
}

static int
stop(void **state)
{
	static const char *const names[] = { "pass-d", "pass-p", "key-d", "key-p" };
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", keep, names[i]);
		(void)unlink(path);
	}
	return fake_job_group_stop(state) != 0 ? -1 : rmdir(keep);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(who_takes_a_backup_never_opens_one),
		FIXTURE_TEST(who_takes_one_in_the_clear_proves_it_without_a_key),
		FIXTURE_TEST(a_proof_gets_the_key_and_the_passwords_of_its_target_alone),
		FIXTURE_TEST(a_proof_that_has_nothing_to_open_gets_no_key),
		FIXTURE_TEST(without_a_key_file_there_is_none),
	};

	(void)argv;
	if (argc == 3)
		return job();
	return cmocka_run_group_tests_name("runner/task_spec", tests, start, stop);
}
