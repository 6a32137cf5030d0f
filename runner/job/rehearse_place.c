#include "base/ban.h"
#include "runner/job/rehearse.h"
#include "base/fault.h"
#include "base/scratch.h"
#include "runner/job/conninfo.h"
#include "runner/job/sql.gen.h"

/* Drops what begins with the name: of this installation nothing else is rehearsed at the same time. */
static enum gh_code
drop(struct rehearse *h, const char *prefix, struct gh_err *err)
{
	const char *const params[] = { prefix };
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_query(&h->admin, SQL_REHEARSE_DROP, params, 1, &res, err));
	for (i = 0; i < PQntuples(res); i++)
		GH_TRY(pg_query(&h->admin, PQgetvalue(res, i, 0), NULL, 0, NULL, err));
	return GH_OK;
}

static enum gh_code
place_server(struct rehearse *h, struct gh_err *err)
{
	const struct wire_spec *s = &h->job->spec;
	struct gh_arena *a = h->job->arena;
	const char *prefix =
	    gh_printf(a, "gatehouse_rehearsal_%s_", s->installation == NULL ? "" : s->installation);
	const char *name = gh_printf(a, "%s%" PRId64, prefix, s->id), *sql, *version;
	const char *const params[] = { name };

	if (mkdir(s->scratch_folder, 0700) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make %s", s->scratch_folder);
	GH_TRY(cluster_connect(&h->admin, s->scratch, err));
	GH_TRY(drop(h, prefix, err));
	GH_TRY(pg_value(&h->admin, SQL_REHEARSE_CREATE, params, 1, &sql, err));
	h->database = name;
	GH_TRY(pg_query(&h->admin, sql, NULL, 0, NULL, err));
	(void)gh_fault("job.rehearse.created");
	GH_TRY(pg_value(
	    &h->admin, "SELECT pg_catalog.current_setting('server_version')", NULL, 0, &version, err));
	GH_TRY(conninfo_elsewhere(a, s->scratch, name, &h->owner_at, err));
	h->run_at = h->owner_at;
	h->place = gh_printf(
	    a, "a database of the configured server, PostgreSQL %.*s", (int)strcspn(version, " "), version);
	gh_text_put(&h->notes,
	    " Owners and privileges are not copied; roles and settings are those of that server, and a "
	    "migration "
	    "that changes one changes it there.");
	return cluster_connect(&h->admin, h->owner_at, err);
}

static enum gh_code
place_cluster(struct rehearse *h, struct gh_err *err)
{
	struct cluster *c = &h->cluster;

	h->own = true;
	*c = (struct cluster){
		.job = h->job, .folder = h->job->spec.scratch_folder, .preload = "", .without = ""
	};
	GH_TRY(cluster_programs(c, h->id.version_number / 10000, err));
	GH_TRY(cluster_settings(c, &h->source, err));
	GH_TRY(cluster_start(c, err));
	GH_TRY(cluster_connect(&h->admin, cluster_connection(c, "template1", CLUSTER_OWNER), err));
	GH_TRY(cluster_like(&h->admin, &h->source, err));
	h->owner_at = cluster_connection(c, h->id.database, CLUSTER_OWNER);
	h->run_at = cluster_connection(c, h->id.database, h->id.role);
	h->place = gh_printf(h->job->arena, "a cluster of its own, PostgreSQL %s", c->version);
	if (c->without[0] != '\0')
		gh_text_putf(
		    &h->notes, " Without the libraries %s, which are not on this machine.", c->without);
	return cluster_connect(&h->admin, h->owner_at, err);
}

enum gh_code
rehearse_place(struct rehearse *h, struct gh_err *err)
{
	const char *scratch = h->job->spec.scratch;

	return scratch != NULL && scratch[0] != '\0' ? place_server(h, err) : place_cluster(h, err);
}

void
rehearse_place_done(struct rehearse *h)
{
	struct gh_err err = { 0 };

	pg_close(&h->run.pg);
	pg_close(&h->admin);
	h->job->deaf = true; /* what was made goes, whoever wants us to stop */
	if (h->own) {
		cluster_stop(&h->cluster);
		return;
	}
	if (gh_scratch_remove(h->job->spec.scratch_folder, &err) != GH_OK)
		say_log(h->job, "%s", err.msg);
	err = (struct gh_err){ 0 };
	if (h->database == NULL)
		return;
	if (cluster_connect(&h->admin, h->job->spec.scratch, &err) != GH_OK ||
	    drop(h, h->database, &err) != GH_OK)
		say_log(h->job, "the database %s of the rehearsal could not be dropped: %s", h->database,
		    err.msg);
	pg_close(&h->admin);
}
