#include "base/ban.h"
#include "tests/support/proof_rig.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>
#include <zstd.h>

int
proof_rig_server_setup(struct proof_rig *p, struct rig *r, void **state)
{
	int failed = rig_setup(state);

	*p = (struct proof_rig){ 0 };
	(void)rig_sql(
	    r, "DO $$ BEGIN CREATE ROLE prover LOGIN CREATEDB; EXCEPTION WHEN duplicate_object THEN END $$");
	(void)rig_sql(r,
	    "CREATE TABLE a (id int); INSERT INTO a SELECT generate_series(1, 50); ALTER TABLE a OWNER TO "
	    "shop");
	r->spec.installation = "inst";
	r->spec.scratch = gh_printf(&r->arena, "host=%s dbname=postgres user=prover", r->cluster->folder);
	return failed;
}

int
proof_rig_server_teardown(struct proof_rig *p, struct rig *r, void **state)
{
	assert_string_equal(
	    rig_sql(r, "SELECT count(*) FROM pg_database WHERE datname LIKE 'gatehouse%'"), "0");
	proof_rig_done(p);
	return rig_teardown(state);
}

void
proof_rig_done(struct proof_rig *p)
{
	gh_text_done(&p->tables);
}

/* "... fingerprint=X log=..." */
static const char *
fingerprint_of(struct rig *r, const char *extra)
{
	const char *at = strstr(extra, "fingerprint=");

	assert_non_null(at);
	at += strlen("fingerprint=");
	return gh_strndup(&r->arena, at, strcspn(at, " "));
}

void
proof_rig_take(struct proof_rig *p, struct rig *r)
{
	struct wire_spec *s = &r->spec;
	struct wire_out out = { .text = &p->tables };
	const struct rig_frame *b, *t;
	size_t i;

	p->rig = r;
	s->level = "";
	s->person = "";
	s->format = s->format == NULL ? "custom" : s->format;
	s->encrypt_to = s->encrypt_to == NULL ? "" : s->encrypt_to;
	rig_run(r, &job_take);
	rig_expect(r, WIRE_SUCCEEDED, "");
	b = rig_find(r, WIRE_J_BACKUP, 0);
	assert_non_null(b);
	p->file = b->text;
	p->path = gh_printf(&r->arena, "%s/%s", r->folder, p->file);
	s->backup_file = p->file;
	s->backup_digest = b->more;
	s->backup_size = b->number;
	s->fingerprint = fingerprint_of(r, b->extra);
	s->sidecar_digest = rig_find(r, WIRE_J_SIDECAR, 0)->more;
	gh_text_clear(&p->tables);
	wire_put_u32(&out, (uint32_t)b->blocks);
	for (i = 0; (t = rig_find(r, WIRE_J_BACKUP_TABLE, i)) != NULL; i++) {
		wire_put_text(&out, t->text);
		wire_put_i64(&out, t->number);
	}
	assert_int_equal((int64_t)i, b->blocks);
	s->tables = p->tables.data;
	s->tables_len = p->tables.len;
}

void
proof_rig_prove(struct proof_rig *p, const char *level)
{
	struct wire_spec *s = &p->rig->spec;

	s->level = level;
	s->pg_bin = PG_CLUSTER_BIN;
	s->scratch_folder = gh_printf(&p->rig->arena, "%s/c", p->rig->folder);
	rig_run(p->rig, &job_prove);
	/* Whatever came of it, nothing of its place stays. */
	assert_int_equal(access(s->scratch_folder, F_OK), -1);
}

void
proof_rig_curious(struct rig *r)
{
	const char *bin = gh_printf(&r->arena, "%s/bin", r->folder),
		   *program = gh_printf(&r->arena, "%s/pg_restore", bin),
		   *secret = gh_printf(&r->arena, "%s/secret", r->folder),
		   *text = gh_printf(&r->arena,
		       "#!/bin/sh\n"
		       "if cat %s >/dev/null 2>&1 || ls /etc >/dev/null 2>&1 || "
		       "cat /etc/hostname >/dev/null 2>&1 || (echo x >%s/escaped) 2>/dev/null; then\n"
		       "  echo 'pg_restore: error: it is not confined' >&2\n"
		       "  exit 1\n"
		       "fi\n"
		       "exec " PG_CLUSTER_BIN "/pg_restore \"$@\"\n",
		       secret, r->folder);

	(void)mkdir(bin, 0755);
	assert_int_equal(gh_file_replace(secret, "canary", 6, 0644, NULL), GH_OK);
	assert_int_equal(gh_file_replace(program, text, strlen(text), 0755, NULL), GH_OK);
	r->spec.pg_restore = program;
}

void
proof_rig_read(const struct proof_rig *p, struct gh_text *ret)
{
	struct gh_err err = { 0 };

	if (gh_file_read(p->path, (size_t)1 << 28, ret, &err) != GH_OK)
		fail_msg("%s", err.msg);
}

void
proof_rig_write(struct proof_rig *p, const void *data, size_t len, bool told)
{
	char digest[GH_SHA256_HEX_LEN];
	struct gh_err err = { 0 };

	(void)unlink(p->path);
	if (gh_file_replace(p->path, data, len, 0600, &err) != GH_OK)
		fail_msg("%s", err.msg);
	gh_sha256_hex(data, len, digest);
	if (!told)
		return;
	p->rig->spec.backup_digest = gh_strdup(&p->rig->arena, digest);
	p->rig->spec.backup_size = (int64_t)len;
}

void
proof_rig_unpack(const struct proof_rig *p, struct gh_text *ret)
{
	GH_TEXT packed = { 0 };
	static char piece[1 << 17];
	ZSTD_DCtx *z = ZSTD_createDCtx();
	ZSTD_inBuffer in;
	size_t left = 1;

	proof_rig_read(p, &packed);
	in = (ZSTD_inBuffer){ .src = packed.data, .size = packed.len };
	while (left != 0) {
		ZSTD_outBuffer out = { .dst = piece, .size = sizeof(piece) };

		left = ZSTD_decompressStream(z, &out, &in);
		assert_false(ZSTD_isError(left));
		gh_text_put_n(ret, piece, out.pos);
	}
	(void)ZSTD_freeDCtx(z);
}

void
proof_rig_pack(struct proof_rig *p, const void *data, size_t len)
{
	size_t room = ZSTD_compressBound(len), n;
	void *packed = gh_alloc(&p->rig->arena, room);

	n = ZSTD_compress(packed, room, data, len, 1);
	assert_false(ZSTD_isError(n));
	proof_rig_write(p, packed, n, true);
}

static const struct rig_frame *
frame_of(const struct proof_rig *p, enum wire_level level)
{
	const struct rig_frame *f;
	size_t i;

	for (i = 0; (f = rig_find(p->rig, WIRE_J_PROOF, i)) != NULL; i++) {
		if (f->phase == (int)level)
			return f;
	}
	return NULL;
}

int
proof_rig_level(const struct proof_rig *p, enum wire_level level)
{
	const struct rig_frame *f = frame_of(p, level);

	return f == NULL ? 0 : f->state;
}

void
proof_rig_caught(const struct proof_rig *p, enum wire_level level, const char *part)
{
	const struct rig_frame *f = frame_of(p, level);

	rig_expect(p->rig, WIRE_SUCCEEDED, "It is no good");
	if (f == NULL || f->state != WIRE_FAILED || strstr(f->more, part) == NULL)
		fail_msg("%s: expected \"%s\", found \"%s\"", wire_level_name(level), part,
		    f == NULL ? rig_sentence(p->rig) : f->more);
	if (level > WIRE_CHECKSUMMED)
		assert_int_equal(proof_rig_level(p, level - 1), WIRE_OK);
	if (level < WIRE_COUNTED)
		assert_int_equal(proof_rig_level(p, level + 1), 0);
}

void
proof_rig_undecided(const struct proof_rig *p, enum wire_level level, const char *part)
{
	rig_expect(p->rig, WIRE_FAILED_CLEAN, part);
	assert_int_equal(proof_rig_level(p, level), 0);
}
