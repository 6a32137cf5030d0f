#include "base/ban.h"
#include "runner/job/restore.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/sql.gen.h"

/* The new database: made like the target's, filled from the backup, proved, and only then open to others. */

static enum gh_code
create(struct restore *x, struct gh_err *err)
{
	/* Of an earlier life of this run there is nothing: it was reconciled.  Whatever has the name is ours.
	 */
	x->made = true;
	GH_TRY(restore_like_create(x, err));
	(void)gh_fault("job.restore.created");
	return GH_OK;
}

/* The target's own role must get in before the names change, not find out afterwards. */
static enum gh_code
gets_in(struct restore *x, struct gh_err *err)
{
	const struct wire_spec *s = &x->run->job->spec;
	const char *const keys[] = { "dbname", "dbname", "passfile", "connect_timeout", "application_name",
		NULL };
	char name[TARGET_NAME_LEN];
	const char *values[] = { s->connection, x->name, TARGET_PASSFILE, "10", NULL, NULL };
	PGconn *conn;
	enum gh_code code = GH_OK;

	target_session_name(s, name);
	values[4] = gh_printf(x->run->job->arena, "%s look", name);
	conn = PQconnectdbParams(keys, values, 1);
	if (PQstatus(conn) != CONNECTION_OK)
		code = gh_fail(err, GH_CONFLICT, "%s does not get into the new database: %s", x->run->id.role,
		    PQerrorMessage(conn));
	PQfinish(conn);
	return code;
}

/* Both sessions were idle while pg_restore was at work, perhaps for hours, and somebody may have ended them.
 */
enum gh_code
restore_connected(struct restore *x, struct gh_err *err)
{
	struct run *r = x->run;
	struct gh_err why = { 0 };
	GH_TEXT evidence = { .limit = SAY_TEXT_MAX };

	if (pg_query(&x->admin, SQL_PING, NULL, 0, NULL, &why) != GH_OK) {
		say_log(r->job, "connecting again: %s", why.msg);
		GH_TRY(restore_at(&x->admin, &r->plan, NULL, err));
	}
	why = (struct gh_err){ 0 };
	if (pg_query(&r->pg, SQL_PING, NULL, 0, NULL, &why) == GH_OK)
		return GH_OK;
	say_log(r->job, "connecting again: %s", why.msg);
	GH_TRY(target_connect(&r->pg, &r->id, err));
	GH_TRY(run_pin(r, err));
	return restore_lock(r, &evidence, err);
}

/* What is told is of the backup: it is broken, or it is whole. */
enum gh_code
restore_good(const struct proof *f, struct gh_err *err)
{
	return f->bad == NULL ? GH_OK : gh_fail(err, GH_CONFLICT, "the backup is not whole: %s", f->bad);
}

static enum gh_code
fill(struct restore *x, struct gh_err *err)
{
	const struct plan *p = &x->run->plan;
	struct pg there = { .job = x->run->job, .at = { .migration = -1, .statement = -1 } };
	struct proof_into into = { .where = PROOF_TARGET,
		.database = x->name,
		.place = gh_printf(x->run->job->arena, "a new database of %s", p->target),
		.jobs = x->run->job->spec.backup_jobs };
	enum gh_code code;

	GH_TRY(restore_keywords(x->run->job, p, x->name, &into.connection, err));
	GH_TRY(restore_keywords(x->run->job, p, NULL, &into.beside, err));
	GH_TRY(proof_restore(&x->proof, &into, err));
	GH_TRY(restore_good(&x->proof, err));
	(void)gh_fault("job.restore.restored");
	GH_TRY(restore_connected(x, err));
	GH_TRY(restore_like_reset(x, err));
	code = restore_at(&there, p, x->name, err);
	if (code == GH_OK && proof_countable(&x->proof))
		code = proof_count(&x->proof, &into, &there, err);
	if (code == GH_OK)
		code = restore_good(&x->proof, err);
	(void)gh_fault("job.restore.proved");
	if (code == GH_OK) {
		say_doing(x->run->job, "restore", "statistics of the new database");
		code = pg_query_slow(&there, "ANALYZE", NULL, err);
	}
	pg_close(&there);
	return code;
}

void
restore_told(struct restore *x)
{
	const struct plan_restore *b = &x->run->plan.restore;
	struct proof *f = &x->proof;
	size_t i;

	*f = (struct proof){ .job = x->run->job,
		.folder = x->run->job->spec.backup_folder,
		.file = b->file,
		.format = b->format,
		.encrypted_to = b->encrypted_to,
		.digest = b->digest,
		.size = b->size > 0 ? b->size : -1,
		.fingerprint = b->fingerprint,
		.n_tables = b->n_tables,
		.all_tables = x->run->job->spec.backup_tables,
		.all_rows = x->run->job->spec.backup_rows,
		.level = WIRE_WRITTEN,
		.evidence = "" };
	f->tables = gh_alloc_n(x->run->job->arena, b->n_tables, sizeof(*f->tables));
	for (i = 0; i < b->n_tables; i++)
		f->tables[i] = (struct proof_table){
			.name = b->tables[i].name, .rows = b->tables[i].rows, .restored = -1
		};
}

enum gh_code
restore_make(struct restore *x, struct gh_text *evidence, struct gh_err *err)
{
	const struct plan_restore *b = &x->run->plan.restore;
	int64_t from = gh_clock_mono();
	char span[GH_CLOCK_LEN];

	GH_TRY(proof_to(&x->proof, WIRE_LISTED, err));
	GH_TRY(restore_good(&x->proof, err));
	GH_TRY(create(x, err));
	GH_TRY(fill(x, err));
	GH_TRY(restore_connected(x, err));
	/* Counting and ANALYZE have called the dump's code once more, as the owner of the database. */
	GH_TRY(restore_like_reset(x, err));
	GH_TRY(restore_like_rest(x, err));
	GH_TRY(gets_in(x, err));
	(void)gh_fault("job.restore.made");
	(void)gh_clock_span(gh_clock_mono() - from, span);
	if (!proof_countable(&x->proof))
		gh_text_putf(evidence, "%s is restored in %s; its rows were not counted when it was taken. ",
		    b->file, span);
	else if (proof_nameless(&x->proof))
		gh_text_putf(evidence,
		    "%s is restored in %s, with as many tables and rows in all as when it was taken. ",
		    b->file, span);
	else
		gh_text_putf(evidence, "%s is restored and proved, %zu table%s as when it was taken, in %s. ",
		    b->file, b->n_tables, b->n_tables == 1 ? "" : "s", span);
	if (!proof_catalogued(&x->proof))
		gh_text_put(evidence, "What the catalog was is not in its record: that was not compared. ");
	if (x->left[0] != '\0')
		gh_text_putf(evidence, "Not carried over: the setting%s %s. ",
		    strchr(x->left, ',') == NULL ? "" : "s", x->left);
	return GH_OK;
}
