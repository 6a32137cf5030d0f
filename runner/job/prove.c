#include "base/ban.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/backup.h"
#include "runner/job/proof_inner.h"

/*
 * Who proves: a backup that was just taken, and the prove job, for one that the store knows.
 */

enum wire_level
prove_level(const char *name)
{
	enum wire_level l;

	for (l = WIRE_CHECKSUMMED; l <= WIRE_COUNTED; l++) {
		if (strcmp(wire_level_name(l), name) == 0)
			return l;
	}
	return WIRE_NONE;
}

/* The record is what was counted a moment ago. */
static struct proof *
of_backup(const struct backup *b, const char *file)
{
	struct gh_arena *a = b->job->arena;
	struct proof *p = gh_alloc(a, sizeof(*p));
	size_t i;

	*p = (struct proof){ .job = b->job,
		.folder = b->job->spec.backup_folder,
		.file = file,
		.format = b->format,
		.encrypted_to = b->encrypted_to,
		.digest = b->digest,
		.size = b->size,
		.fingerprint = b->fingerprint,
		.n_tables = b->n_tables,
		.tables = gh_alloc_n(a, b->n_tables, sizeof(*p->tables)),
		.level = WIRE_WRITTEN,
		.evidence = "",
		.silent = true };
	for (i = 0; i < b->n_tables; i++)
		p->tables[i] = (struct proof_table){
			.name = b->tables[i].shown, .rows = b->tables[i].rows, .restored = -1
		};
	return p;
}

enum gh_code
prove_backup(struct backup *b, struct gh_err *err)
{
	enum wire_level up_to = b->wanted < WIRE_LISTED ? b->wanted : WIRE_LISTED;

	b->proof = of_backup(b, strrchr(b->part, '/') + 1);
	GH_TRY(proof_to(b->proof, up_to, err));
	if (b->proof->bad != NULL)
		return gh_fail(err, GH_INTERNAL, "the backup is not what was written: %s", b->proof->bad);
	b->level = b->proof->level;
	return GH_OK;
}

/* Its rows are all there. */
static enum gh_code
uncounted(const struct proof *p, struct gh_err *err)
{
	return gh_fail(err, GH_CONFLICT,
	    "the rows of %s are as many as when it was taken, but " PROOF_NO_CATALOG, p->file);
}

enum gh_code
prove_further(struct backup *b, struct gh_err *err)
{
	struct proof *p = b->proof;

	p->file = b->file;
	proof_say_held(p);
	GH_TRY(proof_to(p, b->wanted, err));
	b->level = p->level;
	if (p->bad != NULL)
		return gh_fail(err, GH_CONFLICT, "the backup %s is no good: %s", b->file, p->bad);
	return p->level < b->wanted ? uncounted(p, err) : GH_OK;
}

static enum gh_code
prove(struct job *j, struct proof *p, struct gh_err *err)
{
	enum wire_level level = prove_level(j->spec.level);
	int64_t from = gh_clock_mono();
	char span[GH_CLOCK_LEN];

	(void)gh_fault("job.proof.begin");
	GH_TRY(proof_told(j, p, err));
	level = level == WIRE_NONE ? WIRE_COUNTED : level;
	GH_TRY(proof_to(p, level, err));
	if (p->bad == NULL && p->level < level)
		return uncounted(p, err);
	if (p->bad != NULL)
		job_outcome(j, WIRE_SUCCEEDED, "It is no good: %s.", p->bad);
	else
		job_outcome(j, WIRE_SUCCEEDED, "Proved as \"%s\" in %s.", wire_level_name(p->level),
		    gh_clock_span(gh_clock_mono() - from, span));
	return GH_OK;
}

static enum gh_code
prove_run(struct job *j, struct gh_err *err)
{
	struct proof p = { .job = j };
	enum gh_code code = prove(j, &p, err);

	proof_done(&p);
	return code;
}

const struct job_kind job_prove = {
	.name = WIRE_JOB_PROVE,
	.run = prove_run,
};
