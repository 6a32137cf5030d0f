#include "base/ban.h"
#include "runner/job/backup.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "runner/job/run.h"
#include "runner/job/tool.h"

const char *
backup_stamp(int64_t at_us, struct gh_arena *a)
{
	char iso[GH_CLOCK_LEN], out[GH_CLOCK_LEN];
	const char *in;
	size_t n = 0;

	for (in = gh_clock_iso(at_us, iso); *in != '\0'; in++) {
		if (*in != '-' && *in != ':')
			out[n++] = *in;
	}
	return gh_strndup(a, out, n);
}

static void
name(struct backup *b)
{
	struct gh_arena *a = b->job->arena;
	const char *folder = b->job->spec.backup_folder;

	b->file =
	    gh_printf(a, "%s-%s-%s.dump.zst", b->job->spec.target, backup_stamp(b->started_at, a), b->number);
	b->path = gh_printf(a, "%s/%s", folder, b->file);
	b->part = gh_printf(a, "%s/.%s.part", folder, b->file);
}

static void
say(const struct backup *b)
{
	struct wire_out o;
	size_t i;

	say_start(b->job, WIRE_J_BACKUP, &o);
	wire_put_text(&o, b->file);
	wire_put_text(&o, b->digest);
	wire_put_i64(&o, b->size);
	wire_put_i64(&o, b->started_at);
	wire_put_i64(&o, b->ended_at);
	say_put(&o, b->id->version);
	say_put(&o, b->client_version);
	wire_put_i64(&o, (int64_t)b->n_tables);
	wire_put_i64(&o, b->rows);
	wire_put_u8(&o, (uint8_t)b->level);
	say_put(&o, b->schema_key);
	wire_put_i64(&o, b->plain_size);
	wire_put_i64(&o, b->database_bytes);
	wire_put_text(&o, "custom");
	wire_put_text(&o, "");
	say_put(&o, b->snapshot_at);
	wire_put_text(&o, b->fingerprint);
	say_put(&o, b->log);
	wire_put_text(&o, "");
	wire_put_text(&o, "");
	say_end(b->job, &o);
	for (i = 0; i < b->n_tables; i++) {
		say_start(b->job, WIRE_J_BACKUP_TABLE, &o);
		say_put(&o, b->tables[i].shown);
		wire_put_i64(&o, b->tables[i].rows);
		wire_put_i64(&o, b->tables[i].bytes);
		say_end(b->job, &o);
	}
}

/* The final name comes last: the sidecar first, then the dump, then the folder is made durable. */
static enum gh_code
keep(struct backup *b, struct gh_err *err)
{
	GH_TEXT json = { 0 };

	sidecar_text(b, &json);
	GH_TRY(gh_file_replace(
	    gh_printf(b->job->arena, "%s.json", b->path), gh_text_str(&json), json.len, 0600, err));
	(void)gh_fault("job.backup.sidecar");
	if (rename(b->part, b->path) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot name the backup %s", b->path);
	(void)gh_fault("job.backup.renamed");
	return gh_fsync_folder(b->job->spec.backup_folder, err);
}

static enum gh_code
write_and_prove(struct backup *b, struct gh_err *err)
{
	struct gh_err why = { 0 };
	enum gh_code code = snapshot_take(b, err);

	(void)gh_fault("job.backup.snapshot");
	if (code == GH_OK)
		code = dump_write(b, err);
	(void)gh_fault("job.backup.part");
	if (pg_rollback(b->pg, &why) != GH_OK && code == GH_OK) {
		*err = why;
		return why.code;
	}
	GH_TRY(code);
	if (b->pg->conn == NULL)
		return gh_fail(err, GH_UNAVAILABLE, "the connection was lost during the backup");
	b->level = WIRE_WRITTEN;
	GH_TRY(prove_backup(b, err));
	(void)gh_fault("job.backup.proved");
	b->ended_at = gh_clock_now();
	return keep(b, err);
}

enum gh_code
backup_take(struct backup *b, const char **ret_text, struct gh_err *err)
{
	char span[GH_CLOCK_LEN];
	int64_t major;
	enum gh_code code;

	b->started_at = gh_clock_now();
	b->log = "";
	name(b);
	GH_TRY(tool_version(b->job, b->job->spec.pg_dump, &b->client_version, &major, err));
	code = write_and_prove(b, err);
	if (code != GH_OK) {
		/* What is not whole must not look like a backup. */
		(void)unlink(b->part);
		(void)unlink(b->path);
		(void)unlink(gh_printf(b->job->arena, "%s.json", b->path));
		return code;
	}
	say(b);
	(void)gh_fault("job.backup.said");
	*ret_text = gh_printf(b->job->arena,
	    "%s: %zu tables, %" PRId64 " rows, %" PRId64 " bytes, %s, in %s.", b->file, b->n_tables, b->rows,
	    b->size, wire_level_name(b->level), gh_clock_span(b->ended_at - b->started_at, span));
	return job_flush(b->job, err);
}

void
backup_of_run(struct run *r, struct backup *ret)
{
	*ret = (struct backup){ .job = r->job,
		.pg = &r->pg,
		.id = &r->id,
		.number = gh_printf(r->job->arena, "r%" PRId64, r->job->spec.id),
		.schema_key = r->plan.after,
		.lock_timeout_ms = r->plan.policy.lock_timeout_ms };
}

enum gh_code
stage_backup(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	struct backup b;
	const char *text = NULL;

	if (!r->plan.policy.backup) {
		r->skipped = true;
		gh_text_put(evidence, "The policy of this target asks for none.");
		return GH_OK;
	}
	backup_of_run(r, &b);
	GH_TRY(backup_take(&b, &text, err));
	r->backup = b.file;
	gh_text_put(evidence, text);
	return GH_OK;
}
