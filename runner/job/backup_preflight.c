#include "base/ban.h"
#include "runner/job/backup.h"
#include "runner/job/sql.gen.h"

#include <sys/statvfs.h>

/* What could go wrong with a backup later is looked at before anything is done. */

#define MIB (1 << 20)

static enum gh_code
disk(struct backup *b, struct gh_text *evidence, struct gh_err *err)
{
	const char *folder = b->job->spec.backup_folder, *text;
	struct statvfs st;
	int64_t need, free_bytes;

	GH_TRY(shelf_last(b->job, &need, err));
	if (need == 0) {
		GH_TRY(pg_value(b->pg, SQL_DATABASE_SIZE, NULL, 0, &text, err));
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
client(struct backup *b, struct gh_text *evidence, struct gh_err *err)
{
	GH_TRY(dump_client(b, err));
	say_evidence(b->job, "pg_dump", b->client_version, WIRE_OK,
	    gh_printf(b->job->arena, "for a server of version %s", b->id->version));
	gh_text_putf(evidence, "pg_dump %s. ", b->client_version);
	return GH_OK;
}

enum gh_code
backup_preflight(struct backup *b, struct gh_text *evidence, struct gh_err *err)
{
	GH_TRY(client(b, evidence, err));
	return disk(b, evidence, err);
}
