#include "base/ban.h"
#include "runner/job/backup.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
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
	struct job *j = b->run->job;

	b->file = gh_printf(j->arena, "%s-%s-r%" PRId64 ".dump.zst", j->spec.target,
	    backup_stamp(b->started_at, j->arena), j->spec.id);
	b->path = gh_printf(j->arena, "%s/%s", j->spec.backup_folder, b->file);
	b->part = gh_printf(j->arena, "%s/.%s.part", j->spec.backup_folder, b->file);
}

static void
put_pair(struct gh_text *t, const char *key, const char *value)
{
	gh_text_put_json(t, key);
	gh_text_put(t, ": ");
	gh_text_put_json(t, value);
	gh_text_put(t, ",\n  ");
}

void
sidecar_text(const struct backup *b, struct gh_text *ret)
{
	const struct run *r = b->run;
	char iso[GH_CLOCK_LEN];
	size_t i;

	gh_text_put(ret, "{\n  ");
	put_pair(ret, "file", b->file);
	put_pair(ret, "sha256", b->digest);
	put_pair(ret, "target", r->plan.target);
	put_pair(ret, "database", r->plan.database);
	put_pair(ret, "system_identifier", r->plan.system_id);
	put_pair(ret, "schema_key", r->plan.after);
	put_pair(ret, "server_version", r->id.version);
	put_pair(ret, "client_version", b->client_version);
	put_pair(ret, "level", wire_level_name(b->level));
	put_pair(ret, "started_at", gh_clock_iso(b->started_at, iso));
	put_pair(ret, "ended_at", gh_clock_iso(b->ended_at, iso));
	gh_text_putf(ret,
	    "\"run\": %" PRId64 ",\n  \"size\": %" PRId64 ",\n  \"rows\": %" PRId64 ",\n  \"tables\": [",
	    r->job->spec.id, b->size, b->rows);
	for (i = 0; i < b->n_tables; i++) {
		gh_text_put(ret, i == 0 ? "\n    {\"schema\": " : ",\n    {\"schema\": ");
		gh_text_put_json(ret, b->tables[i].schema);
		gh_text_put(ret, ", \"name\": ");
		gh_text_put_json(ret, b->tables[i].name);
		gh_text_putf(ret, ", \"rows\": %" PRId64 "}", b->tables[i].rows);
	}
	gh_text_put(ret, "\n  ]\n}\n");
}

static void
say(const struct backup *b)
{
	struct job *j = b->run->job;
	struct wire_out o;

	say_start(j, WIRE_J_BACKUP, &o);
	wire_put_text(&o, b->file);
	wire_put_text(&o, b->digest);
	wire_put_i64(&o, b->size);
	wire_put_i64(&o, b->started_at);
	wire_put_i64(&o, b->ended_at);
	say_put(&o, b->run->id.version);
	say_put(&o, b->client_version);
	wire_put_i64(&o, (int64_t)b->n_tables);
	wire_put_i64(&o, b->rows);
	wire_put_u8(&o, (uint8_t)b->level);
	say_put(&o, b->run->plan.after);
	say_end(j, &o);
}

/* The final name comes last: the sidecar first, then the dump, then the folder is made durable. */
static enum gh_code
keep(struct backup *b, struct gh_err *err)
{
	GH_TEXT json = { 0 };

	sidecar_text(b, &json);
	GH_TRY(gh_file_replace(
	    gh_printf(b->run->job->arena, "%s.json", b->path), gh_text_str(&json), json.len, 0600, err));
	(void)gh_fault("job.backup.sidecar");
	if (rename(b->part, b->path) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot name the backup %s", b->path);
	(void)gh_fault("job.backup.renamed");
	return gh_fsync_folder(b->run->job->spec.backup_folder, err);
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
	if (pg_rollback(&b->run->pg, &why) != GH_OK && code == GH_OK) {
		*err = why;
		return why.code;
	}
	GH_TRY(code);
	if (b->run->pg.conn == NULL)
		return gh_fail(err, GH_UNAVAILABLE, "the connection was lost during the backup");
	b->level = WIRE_WRITTEN;
	GH_TRY(prove_backup(b, err));
	(void)gh_fault("job.backup.proved");
	b->ended_at = gh_clock_now();
	return keep(b, err);
}

enum gh_code
stage_backup(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	struct backup b = { .run = r, .started_at = gh_clock_now() };
	char span[GH_CLOCK_LEN];
	int64_t major;
	enum gh_code code;

	if (!r->plan.policy.backup) {
		r->skipped = true;
		gh_text_put(evidence, "The policy of this target asks for none.");
		return GH_OK;
	}
	name(&b);
	GH_TRY(tool_version(r->job, r->job->spec.pg_dump, &b.client_version, &major, err));
	code = write_and_prove(&b, err);
	if (code != GH_OK) {
		/* What is not whole must not look like a backup. */
		(void)unlink(b.part);
		(void)unlink(b.path);
		(void)unlink(gh_printf(r->job->arena, "%s.json", b.path));
		return code;
	}
	say(&b);
	(void)gh_fault("job.backup.said");
	r->backup = b.file;
	gh_text_putf(evidence, "%s: %zu tables, %" PRId64 " rows, %" PRId64 " bytes, listed, in %s.", b.file,
	    b.n_tables, b.rows, b.size, gh_clock_span(b.ended_at - b.started_at, span));
	return job_flush(r->job, err);
}
