#include "base/ban.h"
#include "wire/spec.h"

static void
outside_put(struct wire_out *out, const struct wire_spec *s)
{
	size_t i, k;

	wire_put_u32(out, (uint32_t)s->n_outside);
	for (i = 0; i < s->n_outside; i++) {
		const struct wire_outside_source *o = &s->outside[i];

		wire_put_text(out, o->name);
		wire_put_text(out, o->kind);
		wire_put_text(out, o->folder);
		wire_put_text(out, o->pattern);
		wire_put_text(out, o->stanza);
		wire_put_i64(out, o->timeout_ms);
		wire_put_u32(out, (uint32_t)o->n_args);
		for (k = 0; k < o->n_args; k++)
			wire_put_text(out, o->args[k]);
	}
	wire_put_text(out, s->system_id);
}

/* What only some kinds of job need. */
static void
more_put(struct wire_out *out, const struct wire_spec *s)
{
	wire_put_text(out, s->environment);
	wire_put_text(out, s->project);
	wire_put_text(out, s->goal);
	wire_put_text(out, s->person);
	wire_put_text(out, s->reason);
	wire_put_i64(out, s->request);
	wire_put_i64(out, s->window_end_us);
	wire_put_text(out, s->pg_bin);
	wire_put_text(out, s->scratch);
	wire_put_text(out, s->scratch_folder);
	wire_put_i64(out, s->sample_rows);
	wire_put_text(out, s->since_xid);
	wire_put_text(out, s->channel);
	wire_put_text(out, s->address);
	wire_put_text(out, s->from);
	wire_put_text(out, s->to);
	wire_put_text(out, s->user);
	wire_put_text(out, s->subject);
	wire_put_text(out, s->message);
	wire_put_text(out, s->event);
	wire_put_text(out, s->ca_file);
	wire_put_bool(out, s->no_tls);
	wire_put_i64(out, s->timeout_ms);
	wire_put_i64(out, s->made_us);
}

static void
backup_put(struct wire_out *out, const struct wire_spec *s)
{
	wire_put_text(out, s->format);
	wire_put_i64(out, s->silence_ms);
	wire_put_i64(out, s->backup_jobs);
	wire_put_i64(out, s->compression);
	wire_put_i64(out, s->threads);
	wire_put_text(out, s->encrypt_to);
	wire_put_i64(out, s->last_size);
	wire_put_i64(out, s->last_plain);
	wire_put_i64(out, s->backup);
	wire_put_text(out, s->backup_file);
	wire_put_text(out, s->backup_digest);
	wire_put_i64(out, s->backup_size);
	wire_put_i64(out, s->database_bytes);
	wire_put_text(out, s->fingerprint);
	wire_put_text(out, s->sidecar_digest);
	wire_put_bytes(out, s->tables, s->tables_len);
	wire_put_i64(out, s->backup_tables);
	wire_put_i64(out, s->backup_rows);
	wire_put_bool(out, s->has_key);
	wire_put_text(out, s->level);
	wire_put_text(out, s->restore_connection);
	wire_put_i64(out, s->restore_keep_ms);
	wire_put_text(out, s->kept);
}

void
wire_spec_put(struct wire_out *out, const struct wire_spec *s)
{
	size_t i;

	wire_put_i64(out, s->id);
	wire_put_text(out, s->installation);
	wire_put_text(out, s->convention);
	wire_put_text(out, s->folder);
	wire_put_text(out, s->schema);
	wire_put_text(out, s->table);
	wire_put_u32(out, (uint32_t)s->n_options);
	for (i = 0; i < s->n_options; i++) {
		wire_put_text(out, s->options[i].name);
		wire_put_text(out, s->options[i].value);
	}
	wire_put_text(out, s->target);
	wire_put_text(out, s->connection);
	wire_put_bool(out, s->allow_superuser);
	wire_put_i64(out, s->connect_timeout_ms);
	wire_put_i64(out, s->max_retries);
	wire_put_i64(out, s->retry_delay_ms);
	wire_put_bytes(out, s->plan, s->plan_len);
	wire_put_text(out, s->plan_digest);
	wire_put_text(out, s->backup_folder);
	wire_put_text(out, s->pg_dump);
	wire_put_text(out, s->pg_restore);
	wire_put_i64(out, s->backend_pid);
	wire_put_text(out, s->backend_start);
	wire_put_i64(out, s->intent_migration);
	wire_put_i64(out, s->intent_statement);
	wire_put_text(out, s->intent_xid);
	wire_put_i64(out, s->done);
	wire_put_i64(out, s->phase);
	more_put(out, s);
	backup_put(out, s);
	outside_put(out, s);
}

static enum gh_code
options_read(struct wire_in *in, struct gh_arena *a, struct wire_spec *ret, struct gh_err *err)
{
	struct wire_option *to;
	size_t i;

	ret->n_options = wire_u32(in);
	if (ret->n_options > WIRE_OPTIONS_MAX)
		return gh_fail(err, GH_BAD_INPUT, "a job's message has %zu options", ret->n_options);
	ret->options = to = gh_alloc_n(a, ret->n_options, sizeof(*to));
	for (i = 0; i < ret->n_options; i++) {
		to[i].name = wire_text(in, a);
		to[i].value = wire_text(in, a);
	}
	return GH_OK;
}

static enum gh_code
outside_read(struct wire_in *in, struct gh_arena *a, struct wire_spec *ret, struct gh_err *err)
{
	struct wire_outside_source *to;
	size_t i, k;

	ret->n_outside = wire_u32(in);
	if (ret->n_outside > WIRE_OUTSIDE_MAX)
		return gh_fail(err, GH_BAD_INPUT, "a job's message has %zu sources", ret->n_outside);
	ret->outside = to = gh_alloc_n(a, ret->n_outside, sizeof(*to));
	for (i = 0; i < ret->n_outside; i++) {
		const char **args;

		to[i].name = wire_text(in, a);
		to[i].kind = wire_text(in, a);
		to[i].folder = wire_text(in, a);
		to[i].pattern = wire_text(in, a);
		to[i].stanza = wire_text(in, a);
		to[i].timeout_ms = wire_i64(in);
		to[i].n_args = wire_u32(in);
		if (to[i].n_args > WIRE_OUTSIDE_ARGS)
			return gh_fail(err, GH_BAD_INPUT, "a job's message has %zu arguments", to[i].n_args);
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
		to[i].args = args = gh_alloc_n(a, to[i].n_args + 1, sizeof(*args));
		for (k = 0; k < to[i].n_args; k++)
			args[k] = wire_text(in, a);
	}
	ret->system_id = wire_text(in, a);
	return GH_OK;
}

static void
more_read(struct wire_in *in, struct gh_arena *a, struct wire_spec *ret)
{
	ret->environment = wire_text(in, a);
	ret->project = wire_text(in, a);
	ret->goal = wire_text(in, a);
	ret->person = wire_text(in, a);
	ret->reason = wire_text(in, a);
	ret->request = wire_i64(in);
	ret->window_end_us = wire_i64(in);
	ret->pg_bin = wire_text(in, a);
	ret->scratch = wire_text(in, a);
	ret->scratch_folder = wire_text(in, a);
	ret->sample_rows = wire_i64(in);
	ret->since_xid = wire_text(in, a);
	ret->channel = wire_text(in, a);
	ret->address = wire_text(in, a);
	ret->from = wire_text(in, a);
	ret->to = wire_text(in, a);
	ret->user = wire_text(in, a);
	ret->subject = wire_text(in, a);
	ret->message = wire_text(in, a);
	ret->event = wire_text(in, a);
	ret->ca_file = wire_text(in, a);
	ret->no_tls = wire_bool(in);
	ret->timeout_ms = wire_i64(in);
	ret->made_us = wire_i64(in);
}

static void
backup_read(struct wire_in *in, struct gh_arena *a, struct wire_spec *ret)
{
	ret->format = wire_text(in, a);
	ret->silence_ms = wire_i64(in);
	ret->backup_jobs = wire_i64(in);
	ret->compression = wire_i64(in);
	ret->threads = wire_i64(in);
	ret->encrypt_to = wire_text(in, a);
	ret->last_size = wire_i64(in);
	ret->last_plain = wire_i64(in);
	ret->backup = wire_i64(in);
	ret->backup_file = wire_text(in, a);
	ret->backup_digest = wire_text(in, a);
	ret->backup_size = wire_i64(in);
	ret->database_bytes = wire_i64(in);
	ret->fingerprint = wire_text(in, a);
	ret->sidecar_digest = wire_text(in, a);
	ret->tables = wire_bytes(in, &ret->tables_len);
	ret->backup_tables = wire_i64(in);
	ret->backup_rows = wire_i64(in);
	ret->has_key = wire_bool(in);
	ret->level = wire_text(in, a);
	ret->restore_connection = wire_text(in, a);
	ret->restore_keep_ms = wire_i64(in);
	ret->kept = wire_text(in, a);
}

enum gh_code
wire_spec_read(struct wire_in *in, struct gh_arena *a, struct wire_spec *ret, struct gh_err *err)
{
	*ret = (struct wire_spec){ .id = wire_i64(in) };
	ret->installation = wire_text(in, a);
	ret->convention = wire_text(in, a);
	ret->folder = wire_text(in, a);
	ret->schema = wire_text(in, a);
	ret->table = wire_text(in, a);
	GH_TRY(options_read(in, a, ret, err));
	ret->target = wire_text(in, a);
	ret->connection = wire_text(in, a);
	ret->allow_superuser = wire_bool(in);
	ret->connect_timeout_ms = wire_i64(in);
	ret->max_retries = wire_i64(in);
	ret->retry_delay_ms = wire_i64(in);
	ret->plan = wire_bytes(in, &ret->plan_len);
	ret->plan_digest = wire_text(in, a);
	ret->backup_folder = wire_text(in, a);
	ret->pg_dump = wire_text(in, a);
	ret->pg_restore = wire_text(in, a);
	ret->backend_pid = wire_i64(in);
	ret->backend_start = wire_text(in, a);
	ret->intent_migration = wire_i64(in);
	ret->intent_statement = wire_i64(in);
	ret->intent_xid = wire_text(in, a);
	ret->done = wire_i64(in);
	ret->phase = wire_i64(in);
	more_read(in, a, ret);
	backup_read(in, a, ret);
	GH_TRY(outside_read(in, a, ret, err));
	return wire_end(in, err);
}
