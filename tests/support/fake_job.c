#include "base/ban.h"
#include "tests/support/fake_job.h"
#include "base/io.h"
#include "migration/plan.h"

char fake_job_folder[] = "/tmp/gatehouse-fake-job-XXXXXX", fake_job_self[PATH_MAX];

int
fake_job_group_start(void **state)
{
	ssize_t n = readlink("/proc/self/exe", fake_job_self, sizeof(fake_job_self) - 1);

	(void)state;
	return n <= 0 || mkdtemp(fake_job_folder) == NULL ? -1 : 0;
}

int
fake_job_group_stop(void **state)
{
	(void)state;
	return rmdir(fake_job_folder);
}

const char *
fake_job_file(const char *name)
{
	static char ret[PATH_MAX];

	(void)snprintf(ret, sizeof(ret), "%s/%s", fake_job_folder, name);
	return ret;
}

void
fake_job_put(const char *name, const char *text)
{
	assert_int_equal(gh_file_replace(fake_job_file(name), text, strlen(text), 0600, NULL), GH_OK);
}

void
fake_job_until(struct fixture_runner *f, const char *sql, const char *want)
{
	const char *is = "";
	int i;

	for (i = 0; i < 1200; i++) {
		is = fixture_value(f, sql, 0);
		if (strcmp(is, want) == 0)
			return;
		assert_int_equal(loop_turn(f->runner->loop, GH_SECOND / 20, &f->err), GH_OK);
	}
	fail_msg("it is %s, not %s", is, want);
}

void
fake_job_until_clear(struct fixture_runner *f)
{
	int i;

	for (i = 0; i < 1200 && f->runner->waste != 0; i++)
		assert_int_equal(loop_turn(f->runner->loop, GH_SECOND / 20, &f->err), GH_OK);
	assert_int_equal(f->runner->waste, 0);
}

int
fake_job_open(struct fake_job *j)
{
	struct wire_in in;

	*j = (struct fake_job){
		.arena = { .limit = PLAN_LIMIT }, .bytes = { .limit = PLAN_LIMIT }, .journal = { .fd = -1 }
	};
	gh_hash_start();
	if (gh_read_all(WIRE_SPEC_FD, PLAN_LIMIT, &j->bytes, NULL) != GH_OK)
		return 4;
	in = (struct wire_in){ .at = (unsigned char *)j->bytes.data,
		.end = (unsigned char *)j->bytes.data + j->bytes.len };
	if (wire_spec_read(&in, &j->arena, &j->spec, NULL) != GH_OK ||
	    wire_journal_open(&j->journal, WIRE_JOURNAL_FD, NULL) != GH_OK)
		return 5;
	return 0;
}

void
fake_job_wait(const char *path)
{
	int i;

	for (i = 0; access(path, F_OK) != 0 && i < 12000; i++)
		(void)usleep(10000);
}

static void
say(struct fake_job *j, struct wire_out *out)
{
	if (wire_journal_end(&j->journal, out, NULL) != GH_OK)
		_exit(3);
}

void
fake_job_say_start(struct fake_job *j)
{
	struct wire_out out;

	wire_journal_start(&j->journal, WIRE_J_START, &out);
	wire_put_i64(&out, getpid());
	wire_put_text(&out, "run");
	wire_put_text(&out, "0");
	say(j, &out);
}

void
fake_job_end(struct fake_job *j, enum wire_outcome outcome, const char *text)
{
	struct wire_out out;

	wire_journal_start(&j->journal, WIRE_J_OUTCOME, &out);
	wire_put_u8(&out, (uint8_t)outcome);
	wire_put_text(&out, text);
	say(j, &out);
	wire_journal_done(&j->journal);
	gh_text_done(&j->bytes);
	gh_arena_done(&j->arena);
}
