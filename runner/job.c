#include "base/ban.h"
#include "runner/job.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "base/spawn.h"
#include "store/backup.h"
#include "store/project.h"
#include "wire/journal.h"

#define STACK_BYTES  (INT64_C(64) << 20)
#define MEMORY_BYTES (INT64_C(2) << 30)
#define CPU_SECONDS  60

const char *
job_journal_path(const struct config *c, struct gh_arena *a, int64_t run)
{
	return gh_printf(a, "%s/%" PRId64 ".journal", c->jobs, run);
}

const char *
job_reconcile_path(const struct config *c, struct gh_arena *a, int64_t run, int64_t attempt)
{
	return gh_printf(a, "%s/%" PRId64 ".reconcile.%" PRId64 ".journal", c->jobs, run, attempt);
}

const char *
job_scratch_path(const struct config *c, struct gh_arena *a, int64_t run)
{
	return gh_printf(a, "%s/%" PRId64 ".scratch", c->jobs, run);
}

void
job_spec_project(const struct config_project *p, struct wire_spec *ret)
{
	ret->convention = p->convention;
	ret->folder = p->folder;
	ret->schema = p->schema;
	ret->table = p->table;
	ret->n_options = p->n_options;
	ret->options = p->options;
}

/* How its backups are taken; the sizes of the newest say how far a new one is. */
static enum gh_code
spec_take(struct runner *r, const struct config_target *t, int64_t newest, struct wire_spec *ret,
    struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_backup last;

	ret->backup_folder = r->config->backups;
	ret->format = t->backup.format;
	ret->backup_jobs = t->backup.jobs;
	ret->compression = t->backup.compression;
	ret->threads = t->backup.threads;
	ret->silence_ms = t->backup.silence_ms;
	ret->encrypt_to = t->backup.encrypt_to;
	ret->restore_connection = t->backup.restore_connection;
	ret->restore_keep_ms = t->backup.restore_keep_ms;
	ret->last_size = ret->last_plain = -1;
	if (newest == 0)
		return GH_OK;
	GH_TRY(store_backup_get(r->store, &a, newest, &last, err));
	ret->last_size = last.size;
	ret->last_plain = last.plain_size;
	return GH_OK;
}

enum gh_code
job_spec_target(struct runner *r, const struct config_target *t, struct wire_spec *ret, struct gh_err *err)
{
	const struct config_postgresql *programs;
	GH_ARENA a = { 0 };
	struct store_target now;

	GH_TRY(store_target_get(r->store, &a, t->name, &now, err));
	programs = config_postgresql_find(r->config, now.server_version);
	job_spec_project(t->project, ret);
	ret->target = t->name;
	ret->connection = t->connection;
	ret->allow_superuser = t->allow_superuser;
	ret->connect_timeout_ms = t->connect_timeout_ms;
	ret->max_retries = t->policy.max_retries;
	ret->retry_delay_ms = t->policy.retry_delay_ms;
	ret->pg_dump = programs->pg_dump;
	ret->pg_restore = programs->pg_restore;
	ret->pg_bin = programs->bin;
	ret->intent_migration = -2;
	ret->intent_statement = -2;
	return spec_take(r, t, now.last_backup, ret, err);
}

enum gh_code
job_spec_backup(
    struct runner *r, struct gh_arena *a, int64_t backup, struct wire_spec *ret, struct gh_err *err)
{
	struct store_backup_tables tables;
	struct store_sidecar sidecar;
	struct store_backup b;
	GH_TEXT text = { 0 };
	struct wire_out out = { .text = &text };
	size_t i;

	GH_TRY(store_backup_get(r->store, a, backup, &b, err));
	GH_TRY(store_backup_table_list(r->store, a, backup, &tables, err));
	GH_TRY(store_sidecar_get(r->store, a, backup, &sidecar, err));
	wire_put_u32(&out, (uint32_t)tables.n);
	for (i = 0; i < tables.n; i++) {
		wire_put_text(&out, tables.rows[i].name);
		wire_put_i64(&out, tables.rows[i].rows);
	}
	if (out.bad != NULL)
		return gh_fail(err, GH_INTERNAL, "the tables of backup %" PRId64 ": %s", backup, out.bad);
	ret->backup = b.id;
	ret->backup_file = b.file;
	ret->backup_digest = b.digest;
	ret->backup_size = b.size;
	ret->database_bytes = b.database_bytes;
	ret->format = b.format;
	ret->encrypt_to = b.encrypted_to;
	ret->fingerprint = b.fingerprint;
	ret->sidecar_digest = sidecar.digest;
	ret->tables = gh_memdup(a, text.data, text.len);
	ret->tables_len = text.len;
	ret->backup_tables = b.table_count;
	ret->backup_rows = b.row_count;
	return GH_OK;
}

static enum gh_code
spec_fd(const struct wire_spec *spec, int *ret_fd, struct gh_err *err)
{
	GH_TEXT text = { 0 };
	struct wire_out out = { .text = &text };

	wire_spec_put(&out, spec);
	if (out.bad != NULL)
		return gh_fail(err, GH_INTERNAL, "the job's specification: %s", out.bad);
	return gh_memfd("gatehouse-spec", text.data, text.len, ret_fd, err);
}

#ifdef GH_FAULTS
/* Test builds pass the name of the fault file on. */
static const char *
env_fault(char *buf, size_t size)
{
	const char *path =
	    getenv("GATEHOUSE_FAULT"); /* NOLINT(concurrency-mt-unsafe): the runner has one thread */

	if (path == NULL)
		return NULL;
	(void)snprintf(buf, size, "GATEHOUSE_FAULT=%s", path);
	return buf;
}
#endif

enum gh_code
job_start(struct runner *r, const struct job_order *o, pid_t *ret_pid, struct gh_err *err)
{
	GH_FD int journal = -1;
	GH_FD int spec = -1;
	GH_FD int none = -1;
	struct wire_spec told = *o->spec;
	int passfile = o->passfile;
	char id[24];
	const char *argv[] = { "gatehouse-job", o->kind, id, NULL };
	/* The whole environment: nothing of ours leaks into a job, and it finds no program by name. */
	const char *env[] = { "LANG=C.UTF-8", NULL, NULL };
	struct gh_spawn s = { .path = r->config->job, .argv = argv, .env = env, .own_session = true };

	journal = open(o->journal, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	if (journal < 0 && errno == EEXIST)
		return gh_fail(err, GH_CONFLICT, "%s exists: this job was started before", o->journal);
	if (journal < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create %s", o->journal);
	GH_TRY(gh_fsync_folder(r->config->jobs, err));
	told.installation = r->installation;
	told.has_key = o->key > 0;
	GH_TRY(spec_fd(&told, &spec, err));
	if (passfile < 0) {
		GH_TRY(gh_memfd("gatehouse-passfile", "", 0, &none, err));
		passfile = none;
	}
	(void)snprintf(id, sizeof(id), "%" PRId64, o->id);
#ifdef GH_FAULTS
	char fault[PATH_MAX + 32];

	env[1] = env_fault(fault, sizeof(fault));
#endif
	s.fds[s.n_fds++] = (struct gh_spawn_fd){ .from = journal, .to = WIRE_JOURNAL_FD };
	s.fds[s.n_fds++] = (struct gh_spawn_fd){ .from = spec, .to = WIRE_SPEC_FD };
	s.fds[s.n_fds++] = (struct gh_spawn_fd){ .from = passfile, .to = WIRE_PASSFILE_FD };
	if (o->control > 0)
		s.fds[s.n_fds++] = (struct gh_spawn_fd){ .from = o->control, .to = WIRE_CONTROL_FD };
	if (o->key > 0)
		s.fds[s.n_fds++] = (struct gh_spawn_fd){ .from = o->key, .to = WIRE_KEY_FD };
	if (o->limited) {
		s.stack_bytes = STACK_BYTES;
#ifndef GH_ARENA_MALLOC /* with sanitizers address space is no measure */
		s.memory_bytes = MEMORY_BYTES;
#endif
		s.cpu_seconds = CPU_SECONDS;
	}
	GH_TRY(gh_spawn_start(&s, ret_pid, err));
	gh_log_info("job.start", "kind=%s id=%" PRId64 " pid=%ld", o->kind, o->id, (long)*ret_pid);
	return GH_OK;
}

enum gh_code
job_alive(int journal_fd, bool *ret, struct gh_err *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(journal_fd, F_OFD_GETLK, &lock) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot ask for the journal's lock");
	*ret = lock.l_type != F_UNLCK;
	return GH_OK;
}

enum gh_code
job_fence(const char *path, const char *why, bool *ret_fenced, struct gh_err *err)
{
	struct wire_journal j = { .fd = -1 };
	struct wire_out out;
	GH_FD int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
	enum gh_code code;

	*ret_fenced = false;
	if (fd < 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot open %s", path);
	code = wire_journal_open(&j, fd, err);
	if (code == GH_CONFLICT) {
		if (err != NULL)
			*err = (struct gh_err){ 0 };
		return GH_OK;
	}
	GH_TRY(code);
	wire_journal_start(&j, WIRE_J_OUTCOME, &out);
	wire_put_u8(&out, WIRE_FAILED_CLEAN);
	wire_put_text(&out, why);
	code = wire_journal_end(&j, &out, err);
	if (code == GH_OK)
		code = wire_journal_flush(&j, err);
	gh_text_done(&j.buf);
	*ret_fenced = code == GH_OK;
	return code;
}
