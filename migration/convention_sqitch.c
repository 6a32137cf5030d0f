#include "base/ban.h"
#include "base/io.h"
#include "migration/convention.h"
#include "migration/found.h"
#include "migration/name.h"
#include "migration/sqitch_plan.h"
#include "migration/sqitch_read.h"
#include "migration/status.h"

#define SHOWN_ID 8 /* bytes of a change's ID, as its tools show it */

/*
 * Sqitch: a plan file and scripts beneath deploy/, revert/ and verify/, a registry of six tables.  Sqitch:
 * lib/App/Sqitch/Engine.pm, Engine/pg.pm, Role/DBIEngine.pm.
 */

static void
sqitch_fit(const struct convention_folder *f, struct convention_fit *ret)
{
	const struct convention_file *plan = sqitch_plan_file(f);

	if (plan != NULL && !plan->folder)
		*ret = (struct convention_fit){ 4, gh_printf(f->arena, "the plan %s", plan->shown) };
}

/* Sums that registries before 1.0 hold in place of the script's tell nothing. */
static enum convention_same
sqitch_same(const struct convention_migration *m, const char *recorded)
{
	if (recorded[0] == '\0' || m->checksum[0] == '\0' || strcmp(recorded, m->key) == 0)
		return CONVENTION_CANNOT_TELL;
	return strcmp(recorded, m->checksum) == 0 ? CONVENTION_SAME : CONVENTION_CHANGED;
}

static const char *
project_of(const struct convention_found *found)
{
	size_t i;

	for (i = 0; found->n > 0 && i < found->migrations[0].n_facts; i++) {
		if (strcmp(found->migrations[0].facts[i].name, "project") == 0)
			return found->migrations[0].facts[i].value;
	}
	return NULL;
}

/* Whether a row is of that project: its detail ends in " of project NAME". */
static bool
of_project(const struct convention_row *row, const char *project, struct gh_arena *a)
{
	return project == NULL || name_ends(row->detail, gh_printf(a, " of project %s", project));
}

static const struct convention_row *
row_of(const struct convention_row *rows, size_t n, const char *key)
{
	size_t i;

	for (i = n; i > 0; i--) {
		if (strcmp(rows[i - 1].key, key) == 0)
			return &rows[i - 1];
	}
	return NULL;
}

/*
 * One registry serves many projects: rows of others are none of ours.  And Sqitch starts where the change
 * that was deployed last stands in the plan: when it is not in there, nothing can be deployed.
 */
static void
sqitch_status(const struct convention_found *found, const struct convention_row *rows, size_t n_rows,
    struct gh_arena *a, struct convention_status *list)
{
	const char *project = project_of(found);
	const struct convention_row *last = NULL;
	size_t i, kept = 0;

	for (i = 0; i < list->n; i++) {
		struct convention_status_row *s = &list->rows[i];
		const struct convention_row *row;

		if (s->migration == NULL) {
			row = row_of(rows, n_rows, s->key);
			if (row == NULL || !of_project(row, project, a) || strcmp(row->state, "applied") != 0)
				continue;
			s->text = gh_printf(a,
			    "%s: deployed, but the plan has no change with this id: its line, or one above "
			    "it, was edited or removed",
			    row->detail);
		}
		list->rows[kept++] = *s;
	}
	list->n = kept;
	for (i = 0; i < n_rows; i++) {
		if (strcmp(rows[i].state, "applied") == 0 && of_project(&rows[i], project, a))
			last = &rows[i];
	}
	for (i = 0; last != NULL && i < found->n && strcmp(found->migrations[i].key, last->key) != 0; i++)
		continue;
	list->newest = last == NULL ? "" : last->key;
	if (last == NULL || i < found->n)
		return;
	for (i = 0; i < list->n; i++) {
		if (strcmp(list->rows[i].key, last->key) == 0)
			list->rows[i].decision = CONVENTION_BLOCKS;
	}
	if (list->blocked[0] == '\0')
		list->blocked = gh_printf(a,
		    "Sqitch cannot find %.*s (%s) in the plan, the change that was deployed last, and "
		    "deploys nothing",
		    (int)gh_utf8_cut(last->key, strlen(last->key), SHOWN_ID), last->key, last->detail);
}

static size_t
sqitch_locks(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS])
{
	(void)of;
	ret[0] = 75474063;
	return 1;
}

static void
sqitch_create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	(void)found;
	c->refused = gh_printf(a,
	    "a change is a line in the plan with a date and a planner, which Sqitch writes: sqitch add %s -n "
	    "'...'",
	    c->slug);
}

/* The registry as version 1.1 of the tool has it. */
static const char *const create[] = {
	"CREATE SCHEMA IF NOT EXISTS {schema}",
	"CREATE TABLE {schema}.releases (version real PRIMARY KEY,"
	" installed_at timestamptz NOT NULL DEFAULT clock_timestamp(),"
	" installer_name text NOT NULL, installer_email text NOT NULL)",
	"CREATE TABLE {schema}.projects (project text PRIMARY KEY, uri text UNIQUE,"
	" created_at timestamptz NOT NULL DEFAULT clock_timestamp(),"
	" creator_name text NOT NULL, creator_email text NOT NULL)",
	"CREATE TABLE {schema}.{table} (change_id text PRIMARY KEY, script_hash text, change text NOT NULL,"
	" project text NOT NULL REFERENCES {schema}.projects (project) ON UPDATE CASCADE,"
	" note text NOT NULL DEFAULT '', committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),"
	" committer_name text NOT NULL, committer_email text NOT NULL, planned_at timestamptz NOT NULL,"
	" planner_name text NOT NULL, planner_email text NOT NULL, UNIQUE (project, script_hash))",
	"CREATE TABLE {schema}.tags (tag_id text PRIMARY KEY, tag text NOT NULL,"
	" project text NOT NULL REFERENCES {schema}.projects (project) ON UPDATE CASCADE,"
	" change_id text NOT NULL REFERENCES {schema}.{table} (change_id) ON UPDATE CASCADE,"
	" note text NOT NULL DEFAULT '', committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),"
	" committer_name text NOT NULL, committer_email text NOT NULL, planned_at timestamptz NOT NULL,"
	" planner_name text NOT NULL, planner_email text NOT NULL, UNIQUE (project, tag))",
	"CREATE TABLE {schema}.dependencies (change_id text NOT NULL"
	" REFERENCES {schema}.{table} (change_id) ON UPDATE CASCADE ON DELETE CASCADE,"
	" type text NOT NULL, dependency text NOT NULL,"
	" dependency_id text REFERENCES {schema}.{table} (change_id) ON UPDATE CASCADE"
	" CONSTRAINT dependencies_check CHECK ((type = 'require' AND dependency_id IS NOT NULL)"
	" OR (type = 'conflict' AND dependency_id IS NULL)), PRIMARY KEY (change_id, dependency))",
	"CREATE TABLE {schema}.events (event text NOT NULL CONSTRAINT events_event_check"
	" CHECK (event IN ('deploy', 'revert', 'fail', 'merge')),"
	" change_id text NOT NULL, change text NOT NULL,"
	" project text NOT NULL REFERENCES {schema}.projects (project) ON UPDATE CASCADE,"
	" note text NOT NULL DEFAULT '', requires text[] NOT NULL DEFAULT '{}',"
	" conflicts text[] NOT NULL DEFAULT '{}', tags text[] NOT NULL DEFAULT '{}',"
	" committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),"
	" committer_name text NOT NULL, committer_email text NOT NULL, planned_at timestamptz NOT NULL,"
	" planner_name text NOT NULL, planner_email text NOT NULL, PRIMARY KEY (change_id, committed_at))",
	"INSERT INTO {schema}.releases (version, installer_name, installer_email)"
	" VALUES (1.1, 'Gatehouse', 'gatehouse@localhost')",
	NULL,
};

/* The deployed change that a dependency d means, NULL when there is none. */
#define DEPENDENCY_ID                                                                                        \
	"CASE WHEN d->>'id' IS NOT NULL"                                                                     \
	" THEN (SELECT c.change_id FROM {schema}.{table} c WHERE c.change_id = d->>'id')"                    \
	" WHEN d->>'change' IS NULL"                                                                         \
	" THEN (SELECT t.change_id FROM {schema}.tags t WHERE t.project = d->>'project' AND t.tag = "        \
	"d->>'tag')"                                                                                         \
	" WHEN d->>'tag' IS NULL"                                                                            \
	" THEN (SELECT c.change_id FROM {schema}.{table} c WHERE c.project = d->>'project'"                  \
	" AND c.change = d->>'change' ORDER BY c.committed_at LIMIT 1)"                                      \
	" ELSE (SELECT c.change_id FROM {schema}.{table} c JOIN {schema}.tags t"                             \
	" ON c.committed_at <= t.committed_at AND c.project = t.project"                                     \
	" WHERE c.project = d->>'project' AND c.change = d->>'change' AND t.tag = d->>'tag'"                 \
	" ORDER BY c.committed_at DESC LIMIT 1) END"

/* Before anything runs: dependencies are asked for as an error that carries the sentence. */
static const char *const up_before[] = {
	"SELECT CASE WHEN (d->>'type' = 'require') = (" DEPENDENCY_ID " IS NOT NULL) THEN 1"
	" ELSE (CASE d->>'type' WHEN 'require' THEN 'it requires ' || (d->>'shown') || ', which is not "
	"deployed'"
	" ELSE 'it conflicts with ' || (d->>'shown') || ', which is deployed' END)::integer END"
	" FROM jsonb_array_elements(:dependencies::jsonb) d",
	"INSERT INTO {schema}.projects (project, uri, creator_name, creator_email)"
	" VALUES (:project, :uri, :committer_name, :committer_email) ON CONFLICT (project) DO NOTHING",
	NULL,
};

#define EVENT                                                                                                \
	"INSERT INTO {schema}.events (event, change_id, change, project, note, tags, requires, conflicts,"   \
	" committer_name, committer_email, planned_at, planner_name, planner_email)"
#define EVENT_AS_PLANNED(event)                                                                              \
	EVENT                                                                                                \
	" SELECT '" event "', :key, :change, :project, :note,"                                               \
	" ARRAY(SELECT t->>'tag' FROM jsonb_array_elements(:tags::jsonb) t WHERE t->>'change' = :key),"      \
	" ARRAY(SELECT jsonb_array_elements_text(:requires::jsonb)),"                                        \
	" ARRAY(SELECT jsonb_array_elements_text(:conflicts::jsonb)),"                                       \
	" :committer_name, :committer_email, :planned_at::timestamptz, :planner_name, :planner_email"

static const char *const up_row[] = {
	"LOCK TABLE {schema}.{table} IN EXCLUSIVE MODE",
	"INSERT INTO {schema}.{table} (change_id, script_hash, change, project, note, committer_name,"
	" committer_email, planned_at, planner_name, planner_email)"
	" VALUES (:key, :checksum, :change, :project, :note, :committer_name, :committer_email,"
	" :planned_at::timestamptz, :planner_name, :planner_email)",
	"INSERT INTO {schema}.dependencies (change_id, type, dependency, dependency_id)"
	" SELECT :key, d->>'type', d->>'shown',"
	" CASE d->>'type' WHEN 'require' THEN " DEPENDENCY_ID " END"
	" FROM jsonb_array_elements(:dependencies::jsonb) d",
	"INSERT INTO {schema}.tags (tag_id, tag, project, change_id, note, committer_name, committer_email,"
	" planned_at, planner_name, planner_email)"
	" SELECT t->>'id', t->>'tag', :project, t->>'change', t->>'note', :committer_name, :committer_email,"
	" (t->>'at')::timestamptz, t->>'name', t->>'email' FROM jsonb_array_elements(:tags::jsonb) t"
	" WHERE EXISTS (SELECT 1 FROM {schema}.{table} c WHERE c.change_id = t->>'change')"
	" AND NOT EXISTS (SELECT 1 FROM {schema}.tags o WHERE o.tag_id = t->>'id')",
	EVENT_AS_PLANNED("deploy"),
	NULL,
};
static const char *const up_failed[] = { EVENT_AS_PLANNED("fail"), NULL };

static const char *const down_before[] = {
	"SELECT ('it is required by ' || c.change || ' of project ' || c.project || ', which is "
	"deployed')::integer"
	" FROM {schema}.dependencies d JOIN {schema}.{table} c ON c.change_id = d.change_id"
	" WHERE d.dependency_id = :key",
	NULL,
};
static const char *const down_row[] = {
	"LOCK TABLE {schema}.{table} IN EXCLUSIVE MODE",
	"WITH gone AS (DELETE FROM {schema}.tags WHERE change_id = :key RETURNING tag) " EVENT
	" SELECT 'revert', :key, :change, :project, :note, ARRAY(SELECT tag FROM gone),"
	" ARRAY(SELECT dependency FROM {schema}.dependencies WHERE change_id = :key AND type = 'require'),"
	" ARRAY(SELECT dependency FROM {schema}.dependencies WHERE change_id = :key AND type = 'conflict'),"
	" :committer_name, :committer_email, :planned_at::timestamptz, :planner_name, :planner_email",
	"DELETE FROM {schema}.{table} WHERE change_id = :key",
	NULL,
};

#define TEXT(name)                                                                                           \
	{                                                                                                    \
		name, "text", "t"                                                                            \
	}
#define TEXT_OR(name)                                                                                        \
	{                                                                                                    \
		name, "text", "f"                                                                            \
	}
#define LIST(name)                                                                                           \
	{                                                                                                    \
		name, "text[]", "t"                                                                          \
	}
#define TIME(name)                                                                                           \
	{                                                                                                    \
		name, "timestamp with time zone", "t"                                                        \
	}
#define PEOPLE                                                                                               \
	TIME("committed_at"), TEXT("committer_name"), TEXT("committer_email"), TIME("planned_at"),           \
	    TEXT("planner_name"), TEXT("planner_email")

/* clang-format off */
static const struct convention_tracking tracking[] = { {
	.schema = "sqitch",
	.table = "changes",
	.tables = {
		{ NULL, { TEXT("change_id"), TEXT_OR("script_hash"), TEXT("change"), TEXT("project"), TEXT("note"), PEOPLE }, 11 },
		{ "releases", { { "version", "real", "t" }, TIME("installed_at"), TEXT("installer_name"), TEXT("installer_email") }, 4 },
		{ "projects", { TEXT("project"), TEXT_OR("uri"), TIME("created_at"), TEXT("creator_name"), TEXT("creator_email") }, 5 },
		{ "tags", { TEXT("tag_id"), TEXT("tag"), TEXT("project"), TEXT("change_id"), TEXT("note"), PEOPLE }, 11 },
		{ "dependencies", { TEXT("change_id"), TEXT("type"), TEXT("dependency"), TEXT_OR("dependency_id") }, 4 },
		{ "events", { TEXT("event"), TEXT("change_id"), TEXT("change"), TEXT("project"), TEXT("note"), LIST("requires"), LIST("conflicts"), LIST("tags"), PEOPLE }, 14 },
	},
	.n_tables = 6,
	.create = create,
	.select =
	    "SELECT change_id, (extract(epoch FROM at) * 1000000)::bigint, state, sum, who, what FROM ("
	    "SELECT change_id, committed_at AS at, 'applied' AS state, coalesce(script_hash, '') AS sum,"
	    " committer_name || ' <' || committer_email || '>' AS who, change || ' of project ' || project AS what"
	    " FROM {schema}.{table} UNION ALL "
	    "SELECT * FROM (SELECT DISTINCT ON (change_id) change_id, committed_at,"
	    " CASE event WHEN 'fail' THEN 'failed' ELSE 'gone' END, '',"
	    " committer_name || ' <' || committer_email || '>', change || ' of project ' || project"
	    " FROM {schema}.events e ORDER BY change_id, committed_at DESC) last"
	    " WHERE NOT EXISTS (SELECT 1 FROM {schema}.{table} c WHERE c.change_id = last.change_id)"
	    ") all_rows ORDER BY at, change_id",
	.up = { .before = up_before, .row = up_row, .failed = up_failed, .failed_inside = true },
	.down = { .before = down_before, .row = down_row },
} };
/* clang-format on */

const struct convention convention_sqitch = {
	.name = "sqitch",
	.verify_folder = true,
	.title = "Sqitch",
	.description = "sqitch.plan lists the changes; deploy/, revert/ and verify/ hold their scripts; a "
		       "registry of six tables in the schema sqitch",
	.rule = "Sqitch deploys what stands in the plan behind the change that was deployed last: an older "
		"change that was never deployed is passed over, an edited script is not noticed (sqitch "
		"check tells), and a last change that the plan no longer has stops everything; when one "
		"change of a run fails, all that the run has deployed is reverted",
	.fit = sqitch_fit,
	.read = sqitch_read,
	.tracking = tracking,
	.n_tracking = 1,
	.older = CONVENTION_OLDER_SKIPPED,
	.same = sqitch_same,
	.status = sqitch_status,
	.locks = sqitch_locks,
	.create = sqitch_create,
	.command_status = "sqitch status",
	.command_failed = "correct the script, then sqitch deploy: a failed change is not deployed",
	.options = FOUND_OPTIONS(
	    { "user.name", "the committer in the registry; otherwise user.name of sqitch.conf" },
	    { "user.email", "the same for the mail" },
	    { "verify",
		"false: verify scripts are not run after deploying, as sqitch deploy does without "
		"--verify" }),
};
