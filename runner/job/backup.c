#include "base/ban.h"
#include "runner/job/backup.h"
#include "base/backup_name.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "runner/job/proof.h"
#include "runner/job/run.h"

#define ATTEMPTS 3
/* Where no run takes it: a reader that waits is in nobody's way who only reads and writes. */
#define LOCK_MS 30000

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

static bool
sealed(const struct backup *b)
{
	return b->job->spec.encrypt_to != NULL && b->job->spec.encrypt_to[0] != '\0';
}

static enum gh_code
name(struct backup *b, struct gh_err *err)
{
	const struct wire_spec *s = &b->job->spec;
	struct gh_arena *a = b->job->arena;

	b->format = s->format == NULL || s->format[0] == '\0' ? "custom" : s->format;
	b->encrypted_to = sealed(b) ? s->encrypt_to : "";
	b->ending = sealed(b) ? GH_BACKUP_SEALED : GH_BACKUP_CUSTOM;
	if (strcmp(b->format, "directory") == 0) {
		/* pg_dump itself writes its files, in the clear. */
		if (sealed(b))
			return gh_fail(err, GH_CONFLICT,
			    "a backup in the directory format cannot be encrypted: set backup_format = "
			    "\"custom\", or no backup_encrypt_to");
		b->ending = GH_BACKUP_DIRECTORY;
	}
	b->file = gh_printf(a, "%s-%s-%s%s", s->target, backup_stamp(b->started_at, a), b->number, b->ending);
	b->path = gh_printf(a, "%s/%s", s->backup_folder, b->file);
	b->part = gh_printf(a, "%s/.%s%s", s->backup_folder, b->file, GH_BACKUP_PART);
	return GH_OK;
}

/* What both kinds of BACKUP frame have; o is begun and ended by the caller. */
static void
put(struct wire_out *o, const struct backup *b, const char *kind, const char *source)
{
	wire_put_text(o, b->file);
	wire_put_text(o, b->digest);
	wire_put_i64(o, b->size);
	wire_put_i64(o, b->started_at);
	wire_put_i64(o, b->ended_at);
	say_put(o, b->id->version);
	say_put(o, b->client_version);
	wire_put_i64(o, kind[0] == '\0' ? (int64_t)b->n_tables : -1);
	wire_put_i64(o, b->rows);
	wire_put_u8(o, (uint8_t)b->level);
	say_put(o, b->schema_key);
	wire_put_i64(o, b->plain_size);
	wire_put_i64(o, b->database_bytes);
	wire_put_text(o, b->format);
	wire_put_text(o, b->encrypted_to);
	say_put(o, b->snapshot_at);
	wire_put_text(o, b->fingerprint);
	say_put(o, b->log);
	wire_put_text(o, kind);
	say_put(o, source);
}

static void
say(const struct backup *b)
{
	struct wire_out o;
	size_t i;

	say_start(b->job, WIRE_J_BACKUP, &o);
	put(&o, b, "", "");
	say_end(b->job, &o);
	sidecar_say(b);
	for (i = 0; i < b->n_tables; i++) {
		say_start(b->job, WIRE_J_BACKUP_TABLE, &o);
		say_put(&o, b->tables[i].shown);
		wire_put_i64(&o, b->tables[i].rows);
		wire_put_i64(&o, b->tables[i].bytes);
		say_end(b->job, &o);
	}
}

void
backup_say_hook(const struct run *r, const char *command, int64_t started_at, const char *output)
{
	const struct backup b = { .job = r->job,
		.id = &r->id,
		.file = "",
		.client_version = "",
		.schema_key = r->plan.after,
		.format = "",
		.encrypted_to = "",
		.snapshot_at = "",
		.fingerprint = "",
		.log = output,
		.started_at = started_at,
		.ended_at = gh_clock_now(),
		.rows = -1,
		.size = -1,
		.plain_size = -1,
		.database_bytes = -1,
		.level = WIRE_NONE };
	struct wire_out o;

	say_start(r->job, WIRE_J_BACKUP, &o);
	put(&o, &b, "hook", command);
	say_end(r->job, &o);
}

/* The final name comes last: the sidecar first, then the dump, then the folder is made durable. */
static enum gh_code
keep(struct backup *b, struct gh_err *err)
{
	GH_TEXT json = { 0 };

	sidecar_text(b, &json);
	b->sidecar_size = (int64_t)json.len;
	gh_sha256_hex(gh_text_str(&json), json.len, b->sidecar_digest);
	GH_TRY(gh_file_replace(gh_printf(b->job->arena, "%s%s", b->path, GH_BACKUP_SIDECAR),
	    gh_text_str(&json), json.len, 0600, err));
	(void)gh_fault("job.backup.sidecar");
	if (rename(b->part, b->path) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot name the backup %s", b->path);
	(void)gh_fault("job.backup.renamed");
	return gh_fsync_folder(b->job->spec.backup_folder, err);
}

/* One snapshot and its dump; the transaction is over in any case. */
static enum gh_code
attempt(struct backup *b, bool *ret_again, struct gh_err *err)
{
	struct gh_err why = { 0 };
	enum gh_code code = snapshot_take(b, err);

	*ret_again = false;
	(void)gh_fault("job.backup.snapshot");
	if (code == GH_OK)
		code = dump_write(b, ret_again, err);
	(void)gh_fault("job.backup.part");
	if (pg_rollback(b->pg, &why) != GH_OK && code == GH_OK) {
		*err = why;
		return why.code;
	}
	GH_TRY(code);
	if (b->pg->conn == NULL)
		return gh_fail(err, GH_UNAVAILABLE, "the connection was lost during the backup");
	return GH_OK;
}

/*
 * Somebody who wants to change a table waits for our lock on it, and pg_dump for them: without a way out that
 * would be for ever.  So we let go, they have their turn, and there is another snapshot.
 */
static enum gh_code
write_it(struct backup *b, struct gh_err *err)
{
	int n;

	for (n = 1;; n++) {
		struct gh_err why = { 0 };
		bool again = false;
		enum gh_code code = attempt(b, &again, &why);

		if (code == GH_OK)
			return GH_OK;
		if (!again || n >= ATTEMPTS || b->pg->conn == NULL) {
			*err = why;
			return code;
		}
		shelf_drop(b->job, b->part);
		say_retry(b->job, n, 0, why.msg);
	}
}

static enum gh_code
write_and_prove(struct backup *b, struct gh_err *err)
{
	enum gh_code code;

	GH_TRY(dump_client(b, err));
	GH_TRY(write_it(b, err));
	b->level = WIRE_WRITTEN;
	code = prove_backup(b, err);
	if (code != GH_OK)
		proof_done(b->proof);
	GH_TRY(code);
	(void)gh_fault("job.backup.proved");
	b->ended_at = gh_clock_now();
	return keep(b, err);
}

/* It has its name and its place in the journal: what is found now is a mark on it. */
static enum gh_code
further(struct backup *b, struct gh_err *err)
{
	enum gh_code code = prove_further(b, err);

	proof_done(b->proof);
	return code;
}

static const char *
uncatalogued(const struct backup *b)
{
	if (b->no_catalog == NULL)
		return "";
	return gh_printf(b->job->arena,
	    " What its catalog is could not be read, so that it cannot be proved further than \"restored\": "
	    "%s.",
	    b->no_catalog);
}

enum gh_code
backup_take(struct backup *b, const char **ret_text, struct gh_err *err)
{
	char span[GH_CLOCK_LEN];
	const char *warned = "";
	enum gh_code code;

	b->started_at = gh_clock_now();
	b->log = "";
	if (b->lock_timeout_ms <= 0)
		b->lock_timeout_ms = LOCK_MS;
	GH_TRY(name(b, err));
	code = write_and_prove(b, err);
	if (code != GH_OK) {
		/* What is not whole must not look like a backup.  The part last: by it the next one knows
		 * the rest. */
		(void)unlink(gh_printf(b->job->arena, "%s%s", b->path, GH_BACKUP_SIDECAR));
		shelf_drop(b->job, b->path);
		shelf_drop(b->job, b->part);
		return code;
	}
	say(b);
	(void)gh_fault("job.backup.said");
	GH_TRY(further(b, err));
	if (b->n_warnings > 0)
		warned = gh_printf(b->job->arena, " pg_dump warned %zu time%s: see the backup's log.",
		    b->n_warnings, b->n_warnings == 1 ? "" : "s");
	*ret_text =
	    gh_printf(b->job->arena, "%s: %zu tables, %" PRId64 " rows, %" PRId64 " bytes, %s, in %s.%s%s",
		b->file, b->n_tables, b->rows, b->size, wire_level_name(b->level),
		gh_clock_span(b->ended_at - b->started_at, span), warned, uncatalogued(b));
	return job_flush(b->job, err);
}

void
backup_of_run(struct run *r, struct backup *ret)
{
	*ret = (struct backup){ .job = r->job,
		.pg = &r->pg,
		.id = &r->id,
		.number = gh_printf(r->job->arena, "r%" PRId64, r->job->spec.id),
		.activity = "backup",
		.schema_key = r->plan.after,
		.lock_timeout_ms = r->plan.policy.lock_timeout_ms,
		.wanted = prove_level(policy_level_name(r->plan.policy.backup_level)) };
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
