#include "base/ban.h"
#include "runner/refresh.h"
#include "base/io.h"
#include "store/project_write.h"
#include "wire/journal.h"

#include <sys/wait.h>

/* One job's frames, read one after the other. */
struct reader {
	int fd;
	struct wire_follow at;
	struct gh_text buf;
	struct gh_arena a;         /* of one frame */
	enum wire_outcome outcome; /* 0: none came */
	char sentence[400];
	/* project */
	int64_t project;
	char side_key[300], side[8]; /* which side the last statement was of */
	int64_t position;
	char signature[GH_SHA256_HEX_LEN];
	/* target */
	int64_t target, started;
	bool identified;
};

static void
reader_done(struct reader *r)
{
	gh_fd_done(&r->fd);
	gh_text_done(&r->buf);
	gh_arena_done(&r->a);
}

typedef enum gh_code frame_fn(struct store *st, struct reader *r, struct wire_event *e, struct gh_err *err);

const char *
refresh_died(int status, struct gh_arena *a)
{
	if (WIFSIGNALED(status))
		return gh_printf(a, "was ended by signal %d", WTERMSIG(status));
	return gh_printf(a, "ended with status %d", WEXITSTATUS(status));
}

static enum gh_code
read_all(struct store *st, struct reader *r, const char *path, frame_fn *fn, struct gh_err *err)
{
	struct wire_event e;
	bool got = true;

	r->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot open %s", path);
	while (got) {
		GH_TRY(wire_follow_next(&r->at, r->fd, &r->buf, &e, &got, err));
		if (!got)
			break;
		if (e.kind == WIRE_J_OUTCOME) {
			r->outcome = (enum wire_outcome)wire_u8(&e.fields);
			(void)snprintf(r->sentence, sizeof(r->sentence), "%s", wire_text(&e.fields, &r->a));
			GH_TRY(wire_end(&e.fields, err));
		} else {
			GH_TRY(fn(st, r, &e, err));
		}
		gh_arena_done(&r->a);
	}
	return GH_OK;
}

static enum gh_code
file_frame(struct store *st, struct reader *r, struct wire_in *in, struct gh_err *err)
{
	struct store_file_new f = { 0 };

	f.file = wire_text(in, &r->a);
	f.taken_as = wire_file_name((enum wire_file)wire_u8(in));
	f.version = wire_text(in, &r->a);
	f.name = wire_text(in, &r->a);
	f.key = wire_text(in, &r->a);
	f.reason = wire_text(in, &r->a);
	f.digest = wire_text(in, &r->a);
	f.description = wire_text(in, &r->a);
	f.author = wire_text(in, &r->a);
	f.written_on = wire_text(in, &r->a);
	GH_TRY(wire_end(in, err));
	return store_folder_file(st, r->project, &f, err);
}

static enum gh_code
side_frame(struct store *st, struct reader *r, struct wire_in *in, struct gh_err *err)
{
	struct store_side_new s = { 0 };

	s.key = wire_text(in, &r->a);
	s.side = wire_side_name((enum wire_side)wire_u8(in));
	s.file = wire_text(in, &r->a);
	s.sql = wire_bytes(in, &s.sql_len);
	s.digest = wire_text(in, &r->a);
	s.first_line = wire_i64(in);
	s.transactional = wire_bool(in);
	s.stripped = wire_bool(in);
	s.problem = wire_text(in, &r->a);
	GH_TRY(wire_end(in, err));
	return store_folder_side(st, r->project, &s, err);
}

/* The statements of a side come one after the other, so their position is a count. */
static enum gh_code
statement_frame(struct store *st, struct reader *r, struct wire_in *in, struct gh_err *err)
{
	struct store_statement_new s = { 0 };

	s.key = wire_text(in, &r->a);
	s.side = wire_side_name((enum wire_side)wire_u8(in));
	s.at = wire_i64(in);
	s.length = wire_i64(in);
	s.line = wire_i64(in);
	s.kind = wire_text(in, &r->a);
	s.alone = wire_bool(in);
	s.object = wire_text(in, &r->a);
	s.object_kind = wire_text(in, &r->a);
	GH_TRY(wire_end(in, err));
	if (strcmp(r->side_key, s.key) != 0 || strcmp(r->side, s.side) != 0) {
		(void)snprintf(r->side_key, sizeof(r->side_key), "%s", s.key);
		(void)snprintf(r->side, sizeof(r->side), "%s", s.side);
		r->position = 0;
	}
	s.position = r->position++;
	return store_folder_statement(st, r->project, &s, err);
}

static enum gh_code
project_frame(struct store *st, struct reader *r, struct wire_event *e, struct gh_err *err)
{
	switch ((int)e->kind) {
	case WIRE_J_FOLDER:
		(void)snprintf(r->signature, sizeof(r->signature), "%s", wire_text(&e->fields, &r->a));
		GH_TRY(wire_end(&e->fields, err));
		return store_folder_start(st, r->project, err);
	case WIRE_J_FILE:
		return file_frame(st, r, &e->fields, err);
	case WIRE_J_SIDE:
		return side_frame(st, r, &e->fields, err);
	case WIRE_J_SQL:
		return statement_frame(st, r, &e->fields, err);
	default:
		return GH_OK;
	}
}

static enum gh_code
identity_frame(struct store *st, struct reader *r, struct wire_in *in, struct gh_err *err)
{
	struct store_target_identity i = { 0 };

	i.system_id = wire_text(in, &r->a);
	i.database = wire_text(in, &r->a);
	i.database_oid = wire_i64(in);
	i.server_version = wire_text(in, &r->a);
	(void)wire_i64(in);
	i.role = wire_text(in, &r->a);
	GH_TRY(wire_end(in, err));
	r->identified = true;
	return store_target_identity(st, r->target, &i, r->started, err);
}

static enum gh_code
tracking_frame(struct store *st, struct reader *r, struct wire_in *in, struct gh_err *err)
{
	const char *table = wire_text(in, &r->a), *text;
	bool exists = wire_bool(in), known = wire_bool(in);

	text = wire_text(in, &r->a);
	GH_TRY(wire_end(in, err));
	/* A table that is not there yet is made by the first run. */
	return store_target_tracking(st, r->target, table, known || !exists, text, err);
}

static enum gh_code
target_frame(struct store *st, struct reader *r, struct wire_event *e, struct gh_err *err)
{
	const char *text;
	int64_t x, y;

	switch ((int)e->kind) {
	case WIRE_J_IDENTITY:
		return identity_frame(st, r, &e->fields, err);
	case WIRE_J_TRACKING:
		return tracking_frame(st, r, &e->fields, err);
	case WIRE_J_TRACKED:
		text = wire_text(&e->fields, &r->a);
		x = wire_i64(&e->fields);
		GH_TRY(wire_end(&e->fields, err));
		return store_tracked_add(st, r->target, text, x, err);
	case WIRE_J_SIZES:
		x = wire_i64(&e->fields);
		y = wire_i64(&e->fields);
		return e->fields.bad != NULL ? gh_fail(err, GH_INTERNAL, "a frame of sizes is cut short")
					     : store_target_sizes(st, r->target, x, y, err);
	default:
		return GH_OK;
	}
}

/* What a job that did not succeed has to say for itself. */
static const char *
failure(const struct reader *r, const char *job, const struct refresh_result *res, struct gh_arena *a)
{
	if (r->outcome != 0)
		return r->sentence;
	return gh_printf(a, "the %s job %s: look again, and see the log when it stays so", job,
	    refresh_died(res->status, a));
}

enum gh_code
refresh_project_apply(
    struct store *st, const struct store_project *p, const struct refresh_result *res, struct gh_err *err)
{
	__attribute__((
	    cleanup(reader_done))) struct reader r = { .fd = -1, .project = p->id, .started = res->started };
	struct gh_err why = { 0 };
	GH_ARENA a = { 0 };
	STORE_TX tx = { 0 };
	const char *text;

	r.a.limit = GH_TEXT_LIMIT;
	GH_TRY(store_begin(st, &tx, err));
	if (read_all(st, &r, res->journal, project_frame, &why) == GH_OK && r.outcome == WIRE_SUCCEEDED &&
	    store_folder_end(st, p->id, r.signature, res->started, &why) == GH_OK)
		return store_commit(&tx, err);
	store_tx_done(&tx);
	tx = (struct store_tx){ 0 };
	text = why.code != GH_OK ? why.msg : failure(&r, "analyse", res, &a);
	return store_project_problem(st, p->id, text, res->started, err);
}

enum gh_code
refresh_target_apply(
    struct store *st, const struct store_target *t, const struct refresh_result *res, struct gh_err *err)
{
	__attribute__((
	    cleanup(reader_done))) struct reader r = { .fd = -1, .target = t->id, .started = res->started };
	struct gh_err why = { 0 };
	GH_ARENA a = { 0 };
	STORE_TX tx = { 0 };
	const char *text;

	GH_TRY(store_begin(st, &tx, err));
	if (read_all(st, &r, res->journal, target_frame, &why) == GH_OK && r.outcome == WIRE_SUCCEEDED &&
	    r.identified)
		return store_commit(&tx, err);
	store_tx_done(&tx);
	tx = (struct store_tx){ 0 };
	text = why.code != GH_OK ? why.msg : failure(&r, "check", res, &a);
	/* Who was identified and then refused is reachable: what is wrong there is not the network. */
	return store_target_problem(st, t->id, r.identified, text, res->started, err);
}
