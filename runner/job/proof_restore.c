#include "base/ban.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "runner/job/proof_inner.h"

/* pg_restore into an empty database.  Never psql: what a dump says is for the server, not for a shell. */

struct restoring {
	struct proof *p;
	struct proof_words words;
	struct proof_watch watch;
};

static enum gh_code
take(void *arg, const void *data, size_t len, struct gh_err *err)
{
	(void)arg;
	(void)data;
	(void)len;
	(void)err;
	return GH_OK;
}

static void
hear(void *arg, const void *data, size_t len)
{
	struct restoring *r = arg;

	proof_watch_alive(&r->watch);
	proof_words_hear(&r->words, data, len);
}

static enum gh_code
give(void *arg, const void **ret, size_t *ret_len, struct gh_err *err)
{
	struct restoring *r = arg;

	proof_watch_alive(&r->watch);
	return proof_file_give(r->p->source, ret, ret_len, err);
}

static enum gh_code
look(void *arg, struct gh_err *err)
{
	return proof_watch_look(&((struct restoring *)arg)->watch, err);
}

static void
arguments(struct proof *p, const struct proof_into *into, const char **argv)
{
	struct gh_arena *a = p->job->arena;
	size_t n = 0;

	argv[n++] = "pg_restore";
	argv[n++] = "--exit-on-error";
	argv[n++] = "--no-password";
	argv[n++] = "--no-subscriptions";
	argv[n++] = gh_printf(a, "--dbname=%s", into->connection);
	if (into->where != PROOF_TARGET) {
		argv[n++] = "--no-tablespaces";
		argv[n++] = "--no-security-labels";
	}
	if (into->where == PROOF_SERVER) {
		argv[n++] = "--no-owner";
		argv[n++] = "--no-privileges";
	}
	if (proof_file_argument(p) != NULL && into->jobs > 1)
		argv[n++] = gh_printf(a, "--jobs=%" PRId64, into->jobs);
	argv[n++] = proof_file_argument(p);
	argv[n] = NULL;
}

/* pg_restore gave up: whose fault is that? */
static enum gh_code
judge(struct proof *p, const struct proof_into *into, struct proof_words *w, struct gh_err *err)
{
	const char *words = proof_words_text(w, p->job->arena);

	/* Damage that came since it was read the last time. */
	if (p->bad == NULL)
		GH_TRY(proof_file_finish(p, err));
	if (p->bad != NULL)
		return GH_OK;
	if (proof_words_of_place(w, into->where == PROOF_CLUSTER))
		return gh_fail(
		    err, GH_UNAVAILABLE, "the backup cannot be restored in %s: %s", into->place, words);
	return proof_bad(p, "it cannot be restored: %s", words);
}

enum gh_code
proof_restore_check(struct proof *p, const struct proof_into *into, struct gh_err *err)
{
	const char *argv[16], *program = into->pg_restore;
	struct restoring r = { .p = p, .watch = { .p = p, .into = into } };
	enum gh_code code;
	int64_t from = gh_clock_mono();
	char span[GH_CLOCK_LEN];
	int status = 0;
	struct tool t = { .path = program == NULL ? p->job->spec.pg_restore : program,
		.argv = argv,
		.job = p->job,
		.take = take,
		.give = proof_file_argument(p) == NULL ? give : NULL,
		.hear = hear,
		.look = look,
		.status = &status,
		.confine = proof_walls(p, into),
		.passfile = into->where != PROOF_CLUSTER,
		.arg = &r };

	arguments(p, into, argv);
	(void)gh_fault("job.proof.restore");
	code = proof_file_run(p, "restore", &t, err);
	proof_watch_done(&r.watch);
	GH_TRY(code);
	(void)gh_fault("job.proof.restored");
	if (p->bad == NULL && status != 0)
		return judge(p, into, &r.words, err);
	if (p->bad == NULL)
		GH_TRY(proof_file_finish(p, err));
	p->evidence = gh_printf(p->job->arena, "pg_restore carried out all of it in %s%s.%s",
	    gh_clock_span(gh_clock_mono() - from, span), proof_catalogued(p) ? "" : "; " PROOF_NO_CATALOG,
	    proof_walls_note());
	return GH_OK;
}
