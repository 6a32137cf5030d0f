#include "base/ban.h"
#include "runner/job/proof_inner.h"
#include "base/fault.h"
#include "runner/job/sql.gen.h"

#include <sys/statvfs.h>

/*
 * Where a backup is restored to be proved.  Without a configured server that is a private cluster of the
 * major version that was dumped, confined like a rehearsal's.  Its roles are made of what the dump itself
 * names, whether the target can be reached or not: a backup that can only be restored with the target's help
 * is none. They are superusers without a way to log in, because what they may do is not what is proved, and
 * nothing of the cluster reaches out of its folder.
 */

#define DATABASE "gatehouse_proof"
#define MIB      (1 << 20)
#define SETTINGS                                                                                             \
	"max_wal_senders = 0\nwal_level = minimal\nmax_locks_per_transaction = 1024\n"                       \
	"maintenance_work_mem = 128MB\njit = off\n"

static enum gh_code
role_make(struct pg *admin, const char *name, struct gh_err *err)
{
	const char *const params[] = { name };
	PG_RESULT sql = NULL;

	GH_TRY(pg_query(admin, SQL_PROOF_ROLE, params, 1, &sql, err));
	if (PQntuples(sql) == 0)
		return GH_OK;
	return pg_query(admin, PQgetvalue(sql, 0, 0), NULL, 0, NULL, err);
}

static enum gh_code
database_like(
    struct pg *admin, const char *name, const struct proof_script *s, const char *locale, struct gh_err *err)
{
	const char *const params[] = { name, s->encoding, locale == NULL ? s->collate : locale,
		locale == NULL ? s->ctype : locale, locale == NULL ? s->icu : "" };
	const char *sql;

	GH_TRY(pg_value(admin, SQL_PROOF_DATABASE, params, 5, &sql, err));
	return pg_query_slow(admin, sql, NULL, err);
}

enum gh_code
proof_database(struct proof_place *w, const char *name, const struct proof_script *s, const char **ret_note,
    struct gh_err *err)
{
	struct gh_err why = { 0 };
	enum gh_code code = database_like(&w->admin, name, s, NULL, &why);

	*ret_note = "";
	if (code == GH_OK)
		return GH_OK;
	if (w->admin.error.lost || pg_error_is(&w->admin.error, "42501")) {
		*err = why;
		return code;
	}
	/* Another machine has other locales: the order of texts is not what is proved. */
	say_log(w->p->job, "the scratch database cannot have the locale of the target's: %s", why.msg);
	*ret_note = gh_printf(w->p->job->arena, ", with the locale C instead of %s", s->collate);
	return database_like(&w->admin, name, s, "C", err);
}

/* The newer of the two that can read the dump and knows what the server does not. */
static const char *
pg_restore_of(struct proof *p, const struct cluster *c)
{
	const char *beside = gh_printf(p->job->arena, "%s/pg_restore", c->bin);

	return p->client_major <= p->server_major && access(beside, X_OK) == 0 ? beside : NULL;
}

static enum gh_code
fill_cluster(struct proof_place *w, const struct proof_script *s, struct gh_err *err)
{
	struct cluster *c = &w->cluster;
	struct gh_err why = { 0 };
	const char *note;
	size_t i;

	GH_TRY(cluster_connect(&w->admin, cluster_connection(c, "template1", CLUSTER_OWNER), err));
	for (i = 0; i < s->n_roles; i++) {
		if (role_make(&w->admin, s->roles[i], &why) != GH_OK)
			say_log(w->p->job, "the role %s of the backup: %s", s->roles[i], why.msg);
		why = (struct gh_err){ 0 };
	}
	GH_TRY(proof_database(w, DATABASE, s, &note, err));
	w->into = (struct proof_into){ .where = PROOF_CLUSTER,
		.connection = cluster_connection(c, DATABASE, CLUSTER_OWNER),
		.database = DATABASE,
		.beside = cluster_connection(c, "template1", CLUSTER_OWNER),
		.place =
		    gh_printf(w->p->job->arena, "a cluster of its own, PostgreSQL %s%s", c->version, note),
		.pg_restore = pg_restore_of(w->p, c),
		.folder = c->folder,
		.jobs = w->p->job->spec.backup_jobs };
	return GH_OK;
}

/* The cluster lies beside the store and the journals: a proof may not take their room. */
static enum gh_code
room(const struct proof *p, struct gh_err *err)
{
	const char *folder = p->job->spec.scratch_folder, *slash = strrchr(folder, '/');
	int64_t bytes = p->job->spec.database_bytes, need, there;
	struct statvfs st;

	if (bytes <= 0)
		return GH_OK;
	need = bytes + bytes / 10 * 3;
	folder = gh_printf(p->job->arena, "%.*s/", (int)(slash - folder), folder);
	if (statvfs(folder, &st) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot look at the folder %s", folder);
	there = (int64_t)((uint64_t)st.f_bavail * (uint64_t)st.f_frsize);
	if (there < need)
		return gh_fail(err, GH_UNAVAILABLE,
		    "not enough room for a cluster to prove it in: %" PRId64 " MiB free in %s, %" PRId64
		    " MiB wanted (1.3 times the database); prove_server can name a server elsewhere",
		    there / MIB, folder, need / MIB + 1);
	return GH_OK;
}

static enum gh_code
cluster_make(struct proof_place *w, const struct proof_script *s, struct gh_err *err)
{
	struct cluster *c = &w->cluster;

	if (w->p->server_major <= 0)
		return gh_fail(err, GH_CONFLICT, "%s does not say of which PostgreSQL it is", w->p->file);
	*c = (struct cluster){ .job = w->p->job,
		.folder = w->p->job->spec.scratch_folder,
		.settings = SETTINGS,
		.preload = "",
		.without = "",
		.option = "prove_server" };
	if (c->folder == NULL || c->folder[0] != '/')
		return gh_fail(err, GH_INTERNAL, "the job was told no folder for a cluster");
	GH_TRY(room(w->p, err));
	GH_TRY(cluster_programs(c, w->p->server_major, err));
	w->own = true;
	GH_TRY(cluster_start(c, err));
	return fill_cluster(w, s, err);
}

enum gh_code
proof_place(struct proof_place *w, struct gh_err *err)
{
	const char *server = w->p->job->spec.scratch;
	struct proof_script script;

	w->admin = (struct pg){ .job = w->p->job, .at = { .migration = -1, .statement = -1 } };
	GH_TRY(proof_script_read(w->p, &script, err));
	if (w->p->bad != NULL)
		return GH_OK;
	if (server != NULL && server[0] != '\0')
		GH_TRY(proof_server_make(w, &script, err));
	else
		GH_TRY(cluster_make(w, &script, err));
	(void)gh_fault("job.proof.place");
	return GH_OK;
}

void
proof_place_done(struct proof_place *w)
{
	bool deaf = w->p->job->deaf;

	w->p->job->deaf = true; /* what was made goes, whoever wants us to stop */
	if (w->own) {
		pg_close(&w->admin);
		cluster_stop(&w->cluster);
	} else {
		proof_server_done(w);
	}
	w->p->job->deaf = deaf;
}
