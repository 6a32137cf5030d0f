#include "base/ban.h"
#include "runner/job/cluster.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/scratch.h"
#include "base/spawn.h"
#include "runner/job/conninfo.h"
#include "runner/job/target.h"
#include "runner/job/tool.h"

#include <sys/wait.h>

#define START_MS    60000
#define SOCKET_PATH 90 /* bytes of the folder: sockaddr_un has 108 in all */
#define CONFIG                                                                                               \
	"listen_addresses = ''\nunix_socket_permissions = 0700\nport = 5432\n"                               \
	"fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"                                    \
	"autovacuum = off\nmax_connections = 20\nshared_buffers = 64MB\nmax_wal_size = 4GB\n"                \
	"dynamic_shared_memory_type = mmap\n"                                                                \
	"logging_collector = off\nlog_destination = 'stderr'\nlog_statement = 'none'\n"                      \
	"restart_after_crash = off\n"

static enum gh_code
drop(void *arg, const void *data, size_t len, struct gh_err *err)
{
	(void)arg;
	(void)data;
	(void)len;
	(void)err;
	return GH_OK;
}

static const char *
option(const struct cluster *c)
{
	return c->option == NULL ? "rehearse_server" : c->option;
}

static bool
is_major(struct cluster *c, const char *bin, int64_t major)
{
	const char *postgres = gh_printf(c->job->arena, "%s/postgres", bin);
	const char *initdb = gh_printf(c->job->arena, "%s/initdb", bin);
	struct gh_err err = { 0 };
	int64_t is = 0;

	return access(initdb, X_OK) == 0 && access(postgres, X_OK) == 0 &&
	    tool_version(c->job, postgres, &c->version, &is, &err) == GH_OK && is == major;
}

enum gh_code
cluster_programs(struct cluster *c, int64_t major, struct gh_err *err)
{
	struct gh_arena *a = c->job->arena;
	const char *const places[] = { c->job->spec.pg_bin,
		gh_printf(a, "/usr/lib/postgresql/%" PRId64 "/bin", major),
		gh_printf(a, "/usr/pgsql-%" PRId64 "/bin", major), "/usr/local/pgsql/bin", "/usr/local/bin",
		"/usr/bin" };
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (places[i] == NULL || places[i][0] != '/' || !is_major(c, places[i], major))
			continue;
		c->bin = places[i];
		return GH_OK;
	}
	return gh_fail(err, GH_NOT_FOUND,
	    "the programs of a PostgreSQL %" PRId64 " server (initdb, postgres) are not on this machine: "
	    "install them, or name a server with `%s`",
	    major, option(c));
}

static enum gh_code
init(struct cluster *c, struct gh_err *err)
{
	struct gh_arena *a = c->job->arena;
	const char *path = gh_printf(a, "%s/initdb", c->bin);
	/* It looks for its sister beside itself. */
	const char *const argv[] = { path, "--pgdata", gh_printf(a, "%s/data", c->folder), "--username",
		CLUSTER_OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", NULL };
	struct tool t = { .path = path, .argv = argv, .job = c->job, .take = drop };

	if (gh_fault("job.cluster.init")) {
		errno = ENOSPC;
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make the private cluster");
	}
	return tool_run(&t, err);
}

/* Only those libraries that this machine has: the target's server may have others. */
static const char *
preload_here(struct cluster *c)
{
	struct gh_arena *a = c->job->arena;
	char *list = gh_strdup(a, c->preload), *at, *next;
	const char *with = "";

	c->without = "";
	for (at = list; at != NULL; at = next) {
		next = strchr(at, ',');
		if (next != NULL)
			*next++ = '\0';
		at += strspn(at, " \"");
		at[strcspn(at, " \"")] = '\0';
		if (*at == '\0')
			continue;
		if (strchr(at, '/') == NULL && access(gh_printf(a, "%s/../lib/%s.so", c->bin, at), R_OK) == 0)
			with = gh_printf(a, "%s%s%s", with, *with == '\0' ? "" : ",", at);
		else
			c->without = gh_printf(a, "%s%s%s", c->without, *c->without == '\0' ? "" : ", ", at);
	}
	return with;
}

static enum gh_code
configure(struct cluster *c, const char *preload, struct gh_err *err)
{
	struct gh_arena *a = c->job->arena;
	const char *path = gh_printf(a, "%s/data/postgresql.conf", c->folder);
	GH_TEXT text = { 0 };

	gh_text_put(&text, c->settings);
	gh_text_put(&text, CONFIG);
	if (preload[strcspn(preload, "'\\\n")] == '\0')
		gh_text_putf(&text, "shared_preload_libraries = '%s'\n", preload);
	return gh_file_replace(path, gh_text_str(&text), text.len, 0600, err);
}

/* The server's own words, when it did not start: the first, which names the cause, and the last resort. */
static const char *
last_words(const struct cluster *c, struct gh_arena *a)
{
	GH_TEXT said = { 0 };
	char first[400], last[400];
	char *fatal;

	if (gh_file_read(gh_printf(a, "%s/log", c->folder), (size_t)1 << 20, &said, NULL) != GH_OK ||
	    said.len == 0)
		return "it said nothing";
	fatal = strstr(said.data, "FATAL:");
	fatal = gh_strndup(a, fatal == NULL ? "" : fatal, fatal == NULL ? 0 : strcspn(fatal, "\n"));
	said.data[strcspn(said.data, "\n")] = '\0';
	say_clean(first, sizeof(first), said.data);
	say_clean(last, sizeof(last), fatal);
	return strstr(first, last) != NULL ? gh_strdup(a, first) : gh_printf(a, "%s; %s", first, last);
}

/*
 * A migration of a superuser, and functions of the target that run while the copy is made, may do there
 * whatever a server can do: start programs, read files, connect to other servers.  So the server itself may
 * nothing of that outside of its folder.
 */
static void
walls(struct cluster *c, struct gh_confine *w)
{
	struct gh_arena *a = c->job->arena;
	static const char *const libraries[] = { "/lib", "/lib64", "/usr/lib", "/usr/lib64" };
	/* What a server and its libraries look up; /var/cache has the dictionaries that Debian links to. */
	static const char *const reads[] = { "/usr/share", "/usr/local/share", "/usr/local/lib",
		"/usr/local/pgsql", "/etc/ld.so.cache", "/etc/localtime", "/etc/passwd", "/etc/group",
		"/etc/nsswitch.conf", "/etc/ssl/openssl.cnf", "/var/cache/postgresql", "/dev/urandom",
		"/proc/meminfo" };
	size_t i;

	for (i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
		gh_confine_add(w, libraries[i], GH_MAY_READ | GH_MAY_RUN);
	for (i = 0; i < sizeof(reads) / sizeof(reads[0]); i++)
		gh_confine_add(w, reads[i], GH_MAY_READ);
	gh_confine_add(w, gh_printf(a, "%s/postgres", c->bin), GH_MAY_READ | GH_MAY_RUN);
	gh_confine_add(w, gh_printf(a, "%s/../lib", c->bin), GH_MAY_READ);
	gh_confine_add(w, gh_printf(a, "%s/../share", c->bin), GH_MAY_READ);
	gh_confine_add(w, "/dev/null", GH_MAY_READ | GH_MAY_WRITE);
	gh_confine_add(w, c->folder, GH_MAY_READ | GH_MAY_WRITE);
}

static enum gh_code
launch(struct cluster *c, struct gh_err *err)
{
	static const char *const env[] = { "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", NULL };
	struct gh_arena *a = c->job->arena;
	const char *const argv[] = { gh_printf(a, "%s/postgres", c->bin), "-D",
		gh_printf(a, "%s/data", c->folder), "-k", c->folder, NULL };
	struct gh_confine w = { .n = 0 };
	struct gh_spawn s = { .path = gh_printf(a, "%s/postgres", c->bin),
		.argv = argv,
		.env = env,
		.confine = &w,
		.die_with_parent = true };
	struct gh_err why = { 0 };
	GH_FD int log = open(
	    gh_printf(a, "%s/log", c->folder), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (log < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot write %s/log", c->folder);
	s.fds[s.n_fds++] = (struct gh_spawn_fd){ .from = log, .to = 1 };
	s.fds[s.n_fds++] = (struct gh_spawn_fd){ .from = log, .to = 2 };
	walls(c, &w);
	if (gh_spawn_start(&s, &c->pid, &why) == GH_OK)
		return GH_OK;
	return gh_fail(err, why.code,
	    "the private cluster cannot be started: %s; `%s` can name a server instead", why.msg, option(c));
}

/* Until it takes connections, or has ended. */
static enum gh_code
wait_ready(struct cluster *c, struct gh_err *err)
{
	const char *where = cluster_connection(c, "template1", CLUSTER_OWNER);
	int64_t end = gh_clock_mono() + START_MS * INT64_C(1000);
	int status;

	for (;;) {
		if (waitpid(c->pid, &status, WNOHANG) == c->pid) {
			c->pid = 0;
			return gh_fail(err, GH_UNAVAILABLE, "the private cluster did not start: %s",
			    last_words(c, c->job->arena));
		}
		if (PQping(where) == PQPING_OK)
			return GH_OK;
		if (job_stopped(c->job))
			return gh_fail(err, GH_CONFLICT, "asked to stop");
		if (gh_clock_mono() > end)
			return gh_fail(err, GH_UNAVAILABLE, "the private cluster did not start in %d s",
			    START_MS / 1000);
		job_sleep(c->job, 30);
	}
}

static enum gh_code
start_with(struct cluster *c, const char *preload, struct gh_err *err)
{
	GH_TRY(configure(c, preload, err));
	GH_TRY(launch(c, err));
	(void)gh_fault("job.cluster.started");
	return wait_ready(c, err);
}

enum gh_code
cluster_start(struct cluster *c, struct gh_err *err)
{
	struct gh_err why = { 0 };
	const char *preload;

	if (strlen(c->folder) > SOCKET_PATH)
		return gh_fail(err, GH_CONFLICT,
		    "%s is too long for a UNIX socket: at most %d bytes, so `data` must be a shorter path",
		    c->folder, SOCKET_PATH);
	if (mkdir(c->folder, 0700) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make %s", c->folder);
	GH_TRY(init(c, err));
	preload = preload_here(c);
	if (preload[0] == '\0')
		return start_with(c, "", err);
	if (start_with(c, preload, &why) == GH_OK)
		return GH_OK;
	if (c->pid != 0 || job_stopped(c->job)) {
		*err = why;
		return why.code;
	}
	say_log(
	    c->job, "the private cluster does not start with %s, so it starts without: %s", preload, why.msg);
	c->without = c->preload;
	return start_with(c, "", err);
}

const char *
cluster_connection(const struct cluster *c, const char *database, const char *user)
{
	struct gh_arena *a = c->job->arena;
	GH_TEXT t = { 0 };

	conninfo_put(&t, "host", c->folder);
	conninfo_put(&t, "dbname", database);
	conninfo_put(&t, "user", user);
	return gh_strdup(a, gh_text_str(&t));
}

void
cluster_stop(struct cluster *c)
{
	struct gh_err err = { 0 };
	int status;

	if (c->pid > 0) {
		/* It is thrown away: no checkpoint. */
		(void)kill(c->pid, SIGQUIT);
		if (gh_spawn_wait(c->pid, &status, &err) != GH_OK)
			say_log(c->job, "%s", err.msg);
		c->pid = 0;
	}
	(void)gh_fault("job.cluster.stopped");
	err = (struct gh_err){ 0 };
	if (gh_scratch_remove(c->folder, &err) != GH_OK)
		say_log(c->job, "%s", err.msg);
}

enum gh_code
cluster_connect(struct pg *pg, const char *connection, struct gh_err *err)
{
	/* A configured server may want a password; a cluster of ours asks for none. */
	const char *const keys[] = { "dbname", "passfile", "connect_timeout", "application_name",
		"client_encoding", NULL };
	const char *const values[] = { connection, TARGET_PASSFILE, "10", "gatehouse", "UTF8", NULL };

	pg_close(pg);
	pg->error = (struct pg_error){ 0 };
	pg->conn = PQconnectdbParams(keys, values, 1);
	if (pg->conn == NULL)
		return gh_fail(err, GH_UNAVAILABLE, "out of memory");
	pg_notices_to_journal(pg);
	if (PQstatus(pg->conn) == CONNECTION_OK)
		return GH_OK;
	pg_error_conn(&pg->error, pg->conn);
	return gh_fail(err, GH_UNAVAILABLE, "cannot connect to the scratch server: %s", pg->error.message);
}
