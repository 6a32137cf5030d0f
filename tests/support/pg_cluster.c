#include "base/ban.h"
#include "tests/support/pg_cluster.h"
#include "base/spawn.h"

#include <ftw.h>
#include <pwd.h>
#include <sys/wait.h>

#define ARGS 16

/* Runs a tool of PostgreSQL to its end, as postgres when we are root. */
static enum gh_code
tool(const char *name, const char *const *args, struct gh_err *err)
{
	static const char *const env[] = { "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", NULL };
	const char *argv[ARGS + 8];
	char path[256];
	struct gh_spawn s = { .argv = argv, .env = env };
	int status = 0;
	size_t n = 0;
	pid_t pid;

	(void)snprintf(path, sizeof(path), "%s/%s", PG_CLUSTER_BIN, name);
	s.path = path;
	if (geteuid() == 0) {
		s.path = "/usr/sbin/runuser";
		argv[n++] = "runuser";
		argv[n++] = "-u";
		argv[n++] = "postgres";
		argv[n++] = "--";
	}
	argv[n++] = path;
	for (; *args != NULL; args++)
		argv[n++] = *args;
	argv[n] = NULL;
	GH_TRY(gh_spawn_start(&s, &pid, err));
	GH_TRY(gh_spawn_wait(pid, &status, err));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return gh_fail(err, GH_INTERNAL, "%s failed", name);
	return GH_OK;
}

static enum gh_code
ctl(const struct pg_cluster *c, const char *verb, const char *extra, struct gh_err *err)
{
	char data[128], log[128];
	const char *const args[] = { "-D", data, "-l", log, "-s", "-w", "-t", "60", verb, extra, NULL };

	(void)snprintf(data, sizeof(data), "%s/data", c->folder);
	(void)snprintf(log, sizeof(log), "%s/log", c->folder);
	return tool("pg_ctl", args, err);
}

enum gh_code
pg_cluster_up(struct pg_cluster *c, struct gh_err *err)
{
	GH_TRY(ctl(c, "start", NULL, err));
	c->running = true;
	return GH_OK;
}

static enum gh_code
configure(const struct pg_cluster *c, bool fsync, struct gh_err *err)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/data/postgresql.conf", c->folder);
	f = fopen(path, "ae");
	if (f == NULL)
		return gh_fail_errno(err, GH_INTERNAL, "cannot open %s", path);
	(void)fprintf(f,
	    "\nlisten_addresses = ''\nunix_socket_directories = '%s'\nfsync = %s\nlog_min_messages = fatal\n"
	    "autovacuum = off\nmax_connections = 100\nmax_prepared_transactions = 4\nshared_buffers = 32MB\n",
	    c->folder, fsync ? "on" : "off");
	return fclose(f) == 0 ? GH_OK : gh_fail_errno(err, GH_INTERNAL, "cannot write %s", path);
}

/* A new folder that the server may use. */
static enum gh_code
folder(struct pg_cluster *c, struct gh_err *err)
{
	struct passwd *postgres =
	    geteuid() == 0 ? getpwnam("postgres") : NULL; /* NOLINT(concurrency-mt-unsafe) */

	*c = (struct pg_cluster){ .folder = "/tmp/gh-test-pg-XXXXXX" };
	if (mkdtemp(c->folder) == NULL)
		return gh_fail_errno(err, GH_INTERNAL, "cannot create %s", c->folder);
	if (postgres != NULL && chown(c->folder, postgres->pw_uid, postgres->pw_gid) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot give %s away", c->folder);
	return GH_OK;
}

enum gh_code
pg_cluster_standby(const struct pg_cluster *c, struct pg_cluster *ret, struct gh_err *err)
{
	char data[128];
	const char *const args[] = { "-D", data, "-h", c->folder, "-U", "postgres", "-X", "stream", "-c",
		"fast", "-R", "--no-sync", NULL };

	GH_TRY(folder(ret, err));
	(void)snprintf(data, sizeof(data), "%s/data", ret->folder);
	GH_TRY(tool("pg_basebackup", args, err));
	GH_TRY(configure(ret, false, err));
	return pg_cluster_up(ret, err);
}

enum gh_code
pg_cluster_start(struct pg_cluster *c, bool fsync, struct gh_err *err)
{
	char data[128];
	const char *const args[] = { "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8",
		"--locale=C.UTF-8", NULL };

	GH_TRY(folder(c, err));
	(void)snprintf(data, sizeof(data), "%s/data", c->folder);
	GH_TRY(tool("initdb", args, err));
	GH_TRY(configure(c, fsync, err));
	return pg_cluster_up(c, err);
}

enum gh_code
pg_cluster_down(struct pg_cluster *c, struct gh_err *err)
{
	GH_TRY(ctl(c, "stop", "--mode=immediate", err));
	c->running = false;
	return GH_OK;
}

enum gh_code
pg_cluster_crash(struct pg_cluster *c, struct gh_err *err)
{
	GH_TRY(pg_cluster_down(c, err));
	return pg_cluster_up(c, err);
}

static int
forget(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	(void)st;
	(void)flag;
	(void)at;
	return remove(path);
}

void
pg_cluster_stop(struct pg_cluster *c)
{
	if (c->running && ctl(c, "stop", "--mode=immediate", NULL) != GH_OK)
		(void)fprintf(stderr, "the cluster in %s could not be stopped\n", c->folder);
	c->running = false;
	if (c->folder[0] != '\0')
		(void)nftw(c->folder, forget, 16, FTW_DEPTH | FTW_PHYS);
}
