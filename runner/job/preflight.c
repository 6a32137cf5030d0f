#include "base/ban.h"
#include "runner/job/backup.h"
#include "runner/job/batch.h"
#include "base/clock.h"
#include "runner/job/sql.gen.h"
#include "runner/job/tool.h"

#include <sys/statvfs.h>

/* What could go wrong later is looked at before anything is done. */

#define MIB (1 << 20)

static enum gh_code
disk(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	const char *folder = r->job->spec.backup_folder, *text;
	struct statvfs st;
	int64_t need, free_bytes;

	GH_TRY(shelf_last(folder, r->plan.target, &need, err));
	if (need == 0) {
		GH_TRY(pg_value(&r->pg, SQL_DATABASE_SIZE, NULL, 0, &text, err));
		need = strtoll(text, NULL, 10);
	}
	need += need / 10 * 3;
	if (statvfs(folder, &st) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot look at the backup folder %s", folder);
	free_bytes = (int64_t)((uint64_t)st.f_bavail * (uint64_t)st.f_frsize);
	if (free_bytes < need)
		return gh_fail(err, GH_UNAVAILABLE,
		    "not enough room for a backup in %s: %" PRId64 " MiB free, %" PRId64 " MiB wanted",
		    folder, free_bytes / MIB, need / MIB + 1);
	gh_text_putf(evidence, "%" PRId64 " MiB free for the backup. ", free_bytes / MIB);
	return GH_OK;
}

static enum gh_code
client(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	const char *version;
	int64_t major;

	GH_TRY(tool_version(r->job, r->job->spec.pg_dump, &version, &major, err));
	if (major < r->id.version_number / 10000)
		return gh_fail(err, GH_CONFLICT,
		    "pg_dump %s cannot back up PostgreSQL %s: set pg_bin to the server's "
		    "version or a newer one",
		    version, r->id.version);
	say_evidence(r->job, "pg_dump", version, WIRE_OK,
	    gh_printf(r->job->arena, "for a server of version %s", r->id.version));
	gh_text_putf(evidence, "pg_dump %s. ", version);
	return GH_OK;
}

/* Whether any statement of the list has the word. */
static bool
has_word(const char *const *list, const char *word)
{
	size_t i;

	for (i = 0; list != NULL && list[i] != NULL; i++) {
		if (strcasestr(list[i], word) != NULL)
			return true;
	}
	return false;
}

/* What the tool's statements do to its table in the direction of the plan, or on the way back. */
static bool
does(const struct run *r, const char *word)
{
	const struct convention_books *up = &r->tracking.as->up, *down = &r->tracking.as->down;
	bool back = r->plan.down || r->plan.policy.rollback_on_failure;

	if (!r->plan.down && (has_word(up->before, word) || has_word(up->row, word)))
		return true;
	return back && (has_word(down->before, word) || has_word(down->row, word));
}

static enum gh_code
rights(struct run *r, struct gh_err *err)
{
	static const char *const words[] = { "INSERT", "UPDATE", "DELETE", "TRUNCATE" };
	const struct tracking *t = &r->tracking;
	const char *may, *params[3] = { t->schema, t->table, NULL };
	size_t i;

	if (!t->exists) {
		GH_TRY(pg_value(&r->pg, SQL_MAY_CREATE, params, 1, &may, err));
		if (may[0] != 't')
			return gh_fail(err, GH_CONFLICT,
			    "the role %s may not create %s: it lacks CREATE on the schema %s, or on the "
			    "database when there is no such schema",
			    r->id.role, t->qualified, t->schema);
		return GH_OK;
	}
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		params[2] = words[i];
		if (!does(r, words[i]))
			continue;
		GH_TRY(pg_value(&r->pg, SQL_MAY_TRACK, params, 3, &may, err));
		if (may[0] != 't')
			return gh_fail(err, GH_CONFLICT, "the role %s may not %s in %s", r->id.role, words[i],
			    t->qualified);
	}
	return GH_OK;
}

enum gh_code
stage_preflight(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	GH_TRY(rights(r, err));
	GH_TRY(batch_preflight(r, evidence, err));
	if (r->plan.policy.backup) {
		GH_TRY(client(r, evidence, err));
		GH_TRY(disk(r, evidence, err));
	}
	return preflight_live(r, evidence, err);
}
