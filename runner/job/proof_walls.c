#include "base/ban.h"
#include "base/io.h"
#include "runner/job/proof_inner.h"

#include <libpq-fe.h>
#include <pwd.h>

/*
 * What pg_restore may: it reads what others wrote, so it sees no file but the system's, its own and, where it
 * connects to a server, what libpq is configured to read for that.  It writes none.
 */

#define PASSWD_BYTES 4096

/*
 * Files of /etc one by one: what libc, libpq and their libraries look up, and pg_wrapper.  Never the folder,
 * where the passfile and the keys lie.
 */
static void
settings(struct gh_confine *w)
{
	static const char *const names[] = { "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
		"/etc/ld.so.preload", "/etc/localtime", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf",
		"/etc/hosts", "/etc/host.conf", "/etc/resolv.conf", "/etc/gai.conf", "/etc/services",
		"/etc/protocols", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs",
		"/etc/pki/tls/openssl.cnf", "/etc/crypto-policies", "/etc/krb5.conf", "/etc/krb5.conf.d",
		"/etc/gss", "/etc/postgresql-common", "/etc/perl" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		gh_confine_add(w, names[i], GH_MAY_READ);
}

/* Certificates and keys that the connection names. */
static void
named(struct gh_confine *w, const char *connection, struct gh_arena *a)
{
	static const char *const keys[] = { "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslcrldir" };
	PQconninfoOption *all = PQconninfoParse(connection, NULL), *o;
	size_t i;

	for (o = all; o != NULL && o->keyword != NULL; o++) {
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			if (strcmp(o->keyword, keys[i]) == 0 && o->val != NULL && o->val[0] == '/')
				gh_confine_add(w, gh_strdup(a, o->val), GH_MAY_READ);
		}
	}
	PQconninfoFree(all);
}

/* What libpq looks for by itself: names of hosts, the account's certificates and its ticket. */
static void
looked_for(struct gh_confine *w, struct gh_arena *a)
{
	static const char *const names[] = { "/run/systemd/resolve", "/run/resolvconf",
		"/run/NetworkManager" };
	struct passwd me, *found = NULL;
	char buf[PASSWD_BYTES];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		gh_confine_add(w, names[i], GH_MAY_READ);
	gh_confine_add(w, gh_printf(a, "/tmp/krb5cc_%u", geteuid()), GH_MAY_READ);
	if (getpwuid_r(geteuid(), &me, buf, sizeof(buf), &found) == 0 && found != NULL)
		gh_confine_add(w, gh_printf(a, "%s/.postgresql", me.pw_dir), GH_MAY_READ);
}

const struct gh_confine *
proof_walls(struct proof *p, const struct proof_into *into)
{
	static const char *const shown[] = { "/usr", "/lib", "/lib64", "/bin" };
	struct gh_arena *a = p->job->arena;
	struct gh_confine *w = gh_alloc(a, sizeof(*w));
	const char *program = p->job->spec.pg_restore, *slash = strrchr(program, '/');
	size_t i;

	w->may_connect = into != NULL;
	for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		gh_confine_add(w, shown[i], GH_MAY_READ | GH_MAY_RUN);
	settings(w);
	if (slash != NULL) {
		gh_confine_add(
		    w, gh_strndup(a, program, (size_t)(slash - program)), GH_MAY_READ | GH_MAY_RUN);
		gh_confine_add(w, gh_printf(a, "%.*s/../lib", (int)(slash - program), program), GH_MAY_READ);
	}
	gh_confine_add(w, "/dev/null", GH_MAY_READ | GH_MAY_WRITE);
	gh_confine_add(w, "/dev/urandom", GH_MAY_READ);
	if (into != NULL && into->folder != NULL)
		gh_confine_add(w, into->folder, GH_MAY_READ);
	if (into != NULL && into->where != PROOF_CLUSTER) {
		named(w, into->connection, a);
		looked_for(w, a);
	}
	if (proof_file_argument(p) != NULL)
		gh_confine_add(w, proof_file_argument(p), GH_MAY_READ);
	return gh_confine_can() ? w : NULL;
}

const char *
proof_walls_note(void)
{
	return gh_confine_can() ? "" : " pg_restore was not confined: this kernel cannot.";
}
