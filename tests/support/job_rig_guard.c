#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

void
rig_frame_guard(struct rig_frame *f, struct wire_in *in, struct gh_arena *a)
{
	GH_TEXT more = { 0 };
	const char *kind, *relation, *mode;
	int64_t done, total;
	unsigned n;

	if (f->kind == WIRE_J_PROGRESS) {
		f->migration = wire_i64(in);
		f->statement = wire_i64(in);
		f->text = wire_text(in, a);
		f->more = wire_text(in, a);
		done = wire_i64(in);
		total = wire_i64(in);
		f->number = total > 0 ? done * 100 / total : -1;
		(void)wire_text(in, a); /* unit */
		f->since = wire_i64(in);
		return;
	}
	f->number = wire_i64(in);
	kind = wire_text(in, a);
	f->migration = wire_i64(in);
	f->statement = wire_i64(in);
	(void)wire_i64(in);
	(void)wire_i64(in);
	relation = wire_text(in, a);
	mode = wire_text(in, a);
	f->text = gh_printf(a, "%s %s %s %s", kind, relation, mode, wire_text(in, a));
	for (n = wire_u8(in); n > 0; n--) {
		const char *role = wire_text(in, a), *user, *application, *state;
		int64_t pid = wire_i64(in);

		user = wire_text(in, a);
		application = wire_text(in, a);
		state = wire_text(in, a);
		relation = wire_text(in, a);
		gh_text_putf(&more, "%s %" PRId64 " %" PRId64 " %s|%s|%s|%s\n", role, pid, wire_i64(in), user,
		    application, state, relation);
	}
	f->more = gh_strdup(a, gh_text_str(&more));
}

const struct rig_frame *
rig_last(const struct rig *r, enum wire_journal_kind kind, const char *text, const char *more)
{
	size_t i;

	for (i = r->n_frames; i-- > 0;) {
		const struct rig_frame *f = &r->frames[i];

		if (f->kind == kind && strncmp(f->text, text, strlen(text)) == 0 &&
		    strstr(f->more, more) != NULL)
			return f;
	}
	return NULL;
}

void
rig_frame_failure(struct rig_frame *f, struct wire_in *in, struct gh_arena *a)
{
	f->text = wire_text(in, a);
	if (f->kind == WIRE_J_CAUSE) {
		f->more = wire_text(in, a);
		f->more = gh_printf(a, "%s\n%s", f->more, wire_text(in, a));
		f->more = gh_printf(a, "%s\n%s", f->more, wire_text(in, a));
		f->number = wire_u8(in);
		f->more = gh_printf(a, "%s%s", f->more, wire_text(in, a));
		return;
	}
	f->text = gh_printf(a, "%s %s", f->text, wire_text(in, a));
	if (f->kind == WIRE_J_FACT)
		f->number = wire_u8(in);
	f->more = wire_text(in, a);
}

const char *
rig_conninfo(struct rig *r, const char *application)
{
	return gh_printf(&r->arena, "host=%s dbname=%s user=%s application_name=%s", r->cluster->folder,
	    r->database, strcmp(application, "app") == 0 ? "app" : "postgres", application);
}

pid_t
rig_session(struct rig *r, const char *application, const char *first, int64_t idle_ms, const char *last)
{
	const char *conninfo = rig_conninfo(r, application);
	pid_t pid = fork();

	if (pid == 0) {
		PGconn *c = PQconnectdb(conninfo);

		PQclear(PQexec(c, first));
		(void)usleep((useconds_t)idle_ms * 1000);
		PQclear(PQexec(c, last));
		PQfinish(c);
		_exit(0);
	}
	return pid;
}

void
rig_wait(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
}

void
rig_orders(struct rig *r)
{
	(void)rig_sql(r,
	    "CREATE TABLE orders (id int); ALTER TABLE orders OWNER TO shop;"
	    "INSERT INTO orders SELECT generate_series(1, 10); GRANT pg_read_all_stats TO shop");
}
