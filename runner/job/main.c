#include "base/ban.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "runner/job/control.h"
#include "runner/job/say.h"

#include <sys/prctl.h>
#include <sys/resource.h>

/* gatehouse-job KIND ID: what it does, and for whom, is in the spec; ID is for people who read `ps`. */

#define SPEC_LIMIT ((size_t)128 << 20)

static const struct job_kind *const kinds[] = { &job_analyse, &job_check, &job_run, &job_reconcile,
	&job_notify, &job_rehearse, &job_count, &job_take, &job_prove, &job_outside };

/* With a fault point each. */
#define KINDS "analyse check run reconcile rehearse count notify take prove outside"

static const struct job_kind *
kind_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	}
	return NULL;
}

static enum gh_code
spec_read(struct job *j, struct gh_text *bytes, struct gh_err *err)
{
	struct wire_in in;

	if (lseek(WIRE_SPEC_FD, 0, SEEK_SET) != 0)
		return gh_fail_errno(err, GH_BAD_INPUT, "descriptor %d is not a spec", WIRE_SPEC_FD);
	GH_TRY(gh_read_all(WIRE_SPEC_FD, SPEC_LIMIT, bytes, err));
	in = (struct wire_in){ .at = (const unsigned char *)gh_text_str(bytes) };
	in.end = in.at + bytes->len;
	return wire_spec_read(&in, j->arena, &j->spec, err);
}

static void
harden(void)
{
	struct rlimit none = { 0 };
	int fd;

	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)setrlimit(RLIMIT_CORE, &none);
	/* The runner maps them; they are not for our children. */
	for (fd = WIRE_JOURNAL_FD; fd <= WIRE_CONTROL_FD; fd++)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	(void)umask(027);
}

/* Runs the kind and writes the last frame.  A journal that could not be written ends without one: the runner
 * asks. */
static enum gh_code
job_do(struct job *j, const struct job_kind *k, struct gh_err *err)
{
	enum gh_code code;

	say_begin(j, k->name, PACKAGE_VERSION);
	code = k->run(j, err);
	if (j->outcome == 0 && code != GH_OK)
		job_outcome(j, WIRE_FAILED_CLEAN, "%s.", err->msg);
	if (j->outcome == 0)
		job_outcome(j, WIRE_SUCCEEDED, "Done.");
	(void)gh_fault_of("job.before-outcome.", k->name, KINDS);
	say_outcome(j, j->outcome, j->sentence);
	GH_TRY(job_flush(j, err));
	(void)gh_fault_of("job.after-outcome.", k->name, KINDS);
	return GH_OK;
}

int
main(int argc, char **argv)
{
	GH_ARENA arena = { .limit = JOB_ARENA_LIMIT };
	struct job j = { .arena = &arena };
	const struct job_kind *k = argc == 3 ? kind_find(argv[1]) : NULL;
	GH_TEXT spec = { .limit = SPEC_LIMIT };
	struct gh_err err = { 0 };
	/* Asked before anything else is opened: a run has it, others do not. */
	int told = fcntl(WIRE_CONTROL_FD, F_GETFD) >= 0 ? WIRE_CONTROL_FD : -1;
	struct control control;
	enum gh_code code;

	gh_log_open("gatehouse-job");
	if (k == NULL) {
		(void)fputs("gatehouse-job is started by gatehouse-runner: gatehouse-job KIND ID\n", stderr);
		return 2;
	}
	gh_hash_start();
	harden();
	job_signals();
	code = spec_read(&j, &spec, &err);
	if (code == GH_OK && strcmp(k->name, WIRE_JOB_RUN) == 0)
		control_start(&j, &control, told);
	if (code == GH_OK)
		code = wire_journal_open(&j.journal, WIRE_JOURNAL_FD, &err);
	if (code == GH_OK)
		code = job_do(&j, k, &err);
	if (code != GH_OK)
		gh_log_err("job.end", &err);
	wire_journal_done(&j.journal);
	return code == GH_OK && j.outcome == WIRE_SUCCEEDED ? 0 : 1;
}
