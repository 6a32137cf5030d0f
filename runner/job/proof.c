#include "base/ban.h"
#include "runner/job/proof_inner.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/progress.h"

#define TABLES_MAX 1000000

enum gh_code
proof_bad(struct proof *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (p->bad == NULL)
		p->bad = gh_vprintf(p->job->arena, fmt, ap);
	va_end(ap);
	return GH_OK;
}

void
proof_progress(
    struct proof *p, const char *activity, const char *text, int64_t done, int64_t total, const char *unit)
{
	struct progress now = { .at = { .migration = -1, .statement = -1 },
		.activity = activity,
		.text = text,
		.done = done,
		.total = total,
		.unit = unit,
		.since_us = p->since };

	progress_say(p->job, &now);
}

static void
say(struct proof *p, const struct proof_held *h)
{
	struct wire_out o;

	say_start(p->job, WIRE_J_PROOF, &o);
	wire_put_u8(&o, (uint8_t)h->level);
	wire_put_u8(&o, h->bad ? WIRE_FAILED : WIRE_OK);
	wire_put_i64(&o, h->started_at);
	wire_put_i64(&o, h->ended_at);
	say_put(&o, h->place);
	say_put(&o, h->text);
	say_end(p->job, &o);
}

void
proof_say_held(struct proof *p)
{
	size_t i;

	for (i = 0; i < p->n_held; i++)
		say(p, &p->held[i]);
	p->n_held = 0;
	p->silent = false;
}

/* One that held raises the level; a frame of either is durable before the next level begins. */
static enum gh_code
level_end(struct proof *p, enum wire_level level, const char *place, struct gh_err *err)
{
	const struct proof_held h = { .level = level,
		.bad = p->bad != NULL,
		.started_at = p->since,
		.ended_at = gh_clock_now(),
		.place = place,
		.text = p->bad == NULL ? p->evidence : gh_printf(p->job->arena, "%s.", p->bad) };

	if (p->bad == NULL)
		p->level = level;
	if (p->silent && p->n_held < WIRE_COUNTED) {
		p->held[p->n_held++] = h;
		return GH_OK;
	}
	say(p, &h);
	GH_TRY(job_flush(p->job, err));
	(void)gh_fault("job.proof.said");
	return GH_OK;
}

enum gh_code
proof_restore(struct proof *p, const struct proof_into *into, struct gh_err *err)
{
	p->since = gh_clock_now();
	GH_TRY(proof_restore_check(p, into, err));
	return level_end(p, WIRE_RESTORED, into->place, err);
}

enum gh_code
proof_count(struct proof *p, const struct proof_into *into, struct pg *pg, struct gh_err *err)
{
	p->since = gh_clock_now();
	GH_TRY(proof_count_check(p, into, pg, err));
	if (p->bad == NULL && !proof_catalogued(p))
		return GH_OK;
	return level_end(p, WIRE_COUNTED, into->place, err);
}

/*
 * What was restored on the configured server is looked at however that ended: it may have come far.  A backup
 * that was found broken is that, whether the look fails or not.
 */
static enum gh_code
restored(struct proof *p, struct proof_place *w, struct gh_err *err)
{
	enum gh_code code = proof_restore_check(p, &w->into, err), looked;
	struct gh_err why = { 0 };
	bool deaf = p->job->deaf;

	if (w->database == NULL)
		return code;
	p->job->deaf = true; /* also when we are asked to stop */
	looked = proof_server_look(w, &why);
	p->job->deaf = deaf;
	if (looked != GH_OK)
		say_log(p->job, "what was restored could not be looked at: %s", why.msg);
	if (p->bad != NULL)
		return GH_OK;
	if (code == GH_OK && looked != GH_OK)
		return gh_fail(err, looked, "%s", why.msg);
	return code;
}

/* In a place of its own, of which nothing stays. */
static enum gh_code
in_place(struct proof *p, enum wire_level level, struct gh_err *err)
{
	struct proof_place w = { .p = p };
	struct pg there = { .job = p->job, .at = { .migration = -1, .statement = -1 } };
	enum gh_code code;

	p->since = gh_clock_now();
	code = proof_place(&w, err);
	if (code == GH_OK && p->bad == NULL)
		code = restored(p, &w, err);
	if (code == GH_OK)
		code = level_end(p, WIRE_RESTORED, w.into.place, err);
	if (code == GH_OK && p->bad == NULL && level >= WIRE_COUNTED)
		code = cluster_connect(&there, w.into.connection, err);
	if (code == GH_OK && p->bad == NULL && level >= WIRE_COUNTED)
		code = proof_count(p, &w.into, &there, err);
	pg_close(&there);
	proof_place_done(&w);
	return code;
}

static enum gh_code
illegible(struct proof *p, enum wire_level level, struct gh_err *err)
{
	const char *why;

	if (proof_file_legible(p, &why))
		return GH_OK;
	return gh_fail(
	    err, GH_CONFLICT, "%s cannot be proved up to \"%s\": %s", p->file, wire_level_name(level), why);
}

enum gh_code
proof_readable(struct proof *p, struct gh_err *err)
{
	const char *why;

	p->bad = NULL;
	GH_TRY(proof_file_open(p, err));
	if (p->bad != NULL || proof_file_legible(p, &why))
		return GH_OK;
	return gh_fail(err, GH_CONFLICT, "%s cannot be restored: %s", p->file, why);
}

enum gh_code
proof_to(struct proof *p, enum wire_level level, struct gh_err *err)
{
	p->bad = NULL;
	if (level >= WIRE_CHECKSUMMED && p->level < WIRE_CHECKSUMMED) {
		p->since = gh_clock_now();
		GH_TRY(proof_file_check(p, err));
		if (p->compares && p->bad == NULL)
			proof_sidecar_check(p);
		GH_TRY(level_end(p, WIRE_CHECKSUMMED, "", err));
	}
	if (p->bad != NULL || level < WIRE_LISTED)
		return GH_OK;
	GH_TRY(illegible(p, level, err));
	if (p->level < WIRE_LISTED) {
		p->since = gh_clock_now();
		GH_TRY(proof_list_check(p, err));
		GH_TRY(level_end(p, WIRE_LISTED, "", err));
	}
	if (p->bad != NULL || level < WIRE_RESTORED || p->level >= level)
		return GH_OK;
	return in_place(p, level, err);
}

void
proof_done(struct proof *p)
{
	proof_file_close(p);
}

static enum gh_code
tables_read(struct job *j, struct proof *ret, struct gh_err *err)
{
	const struct wire_spec *s = &j->spec;
	struct wire_in in = { .at = s->tables, .end = (const unsigned char *)s->tables + s->tables_len };
	uint32_t i, n;

	if (s->tables_len == 0)
		return GH_OK;
	n = wire_u32(&in);
	if (n > TABLES_MAX)
		return gh_fail(err, GH_BAD_INPUT, "the record of the backup has %" PRIu32 " tables", n);
	ret->n_tables = n;
	ret->tables = gh_alloc_n(j->arena, n, sizeof(*ret->tables));
	for (i = 0; i < n; i++) {
		ret->tables[i].name = wire_text(&in, j->arena);
		ret->tables[i].rows = wire_i64(&in);
		ret->tables[i].restored = -1;
	}
	return wire_end(&in, err);
}

enum gh_code
proof_told(struct job *j, struct proof *ret, struct gh_err *err)
{
	const struct wire_spec *s = &j->spec;

	*ret = (struct proof){ .job = j,
		.folder = s->backup_folder,
		.file = s->backup_file,
		.format = s->format,
		.encrypted_to = s->encrypt_to,
		.digest = s->backup_digest,
		.size = s->backup_size > 0 ? s->backup_size : -1,
		.fingerprint = s->fingerprint,
		.target = s->target,
		.compares = true,
		.sidecar_digest = s->sidecar_digest == NULL ? "" : s->sidecar_digest,
		.all_tables = s->backup_tables,
		.all_rows = s->backup_rows,
		.level = WIRE_WRITTEN,
		.evidence = "" };
	if (strlen(ret->digest) != GH_SHA256_HEX_LEN - 1)
		return gh_fail(err, GH_CONFLICT, "the record of %s has no digest to compare with", ret->file);
	return tables_read(j, ret, err);
}
