#include "base/ban.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/log.h"
#include "cgi/listen.h"
#include "cgi/supervise.h"
#include "cgi/worker.h"

#include <getopt.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static const char usage[] =
    "usage: gatehouse-web --listen SOCKET --store FOLDER --runner SOCKET [--workers N] [--footer TEXT]\n"
    "       gatehouse-web --version\n";

struct options {
	struct worker worker;
	const char *listen;
	int64_t workers;
	bool version;
};

static enum gh_code
options_read(int argc, char **argv, struct options *o, struct gh_err *err)
{
	static const struct option table[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "store", required_argument, NULL, 's' },
		{ "runner", required_argument, NULL, 'r' },
		{ "workers", required_argument, NULL, 'w' },
		{ "footer", required_argument, NULL, 'f' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	int c;

	*o = (struct options){ .workers = 4, .worker = { .fd = -1, .config = { .footer = "" } } };
	opterr = 0;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while ((c = getopt_long(argc, argv, "", table, NULL)) != -1) {
		switch (c) {
		case 'l':
			o->listen = optarg;
			break;
		case 's':
			o->worker.config.store = optarg;
			break;
		case 'r':
			o->worker.config.runner = optarg;
			break;
		case 'w':
			if (!gh_parse_i64(optarg, 1, SUPERVISE_MAX, &o->workers))
				return gh_fail(err, GH_BAD_INPUT,
				    "--workers is a number from 1 to %d, not %s", SUPERVISE_MAX, optarg);
			break;
		case 'f':
			o->worker.config.footer = optarg;
			break;
		case 'V':
			o->version = true;
			return GH_OK;
		default:
			return gh_fail(
			    err, GH_BAD_INPUT, "%s is no option, or lacks its value", argv[optind - 1]);
		}
	}
	if (optind < argc)
		return gh_fail(err, GH_BAD_INPUT, "%s is one argument too many", argv[optind]);
	if (o->worker.config.store == NULL)
		return gh_fail(err, GH_BAD_INPUT, "--store is missing: the folder of store.db");
	if (o->worker.config.runner == NULL)
		return gh_fail(err, GH_BAD_INPUT, "--runner is missing: the path of web.sock");
	return gh_utf8_valid(o->worker.config.footer, strlen(o->worker.config.footer), NULL)
	    ? GH_OK
	    : gh_fail(err, GH_BAD_INPUT, "--footer is not UTF-8");
}

static enum gh_code
socket_find(struct options *o, struct gh_err *err)
{
	o->worker.fd = listen_inherited();
	if (o->worker.fd >= 0)
		return GH_OK;
	if (o->listen == NULL)
		return gh_fail(err, GH_BAD_INPUT, "--listen is missing: the path of the socket for nginx");
	return listen_open(o->listen, &o->worker.fd, err);
}

/* A template that does not parse is better found now than by each worker. */
static enum gh_code
try_templates(const struct app_config *config, struct gh_err *err)
{
	struct app app;

	GH_TRY(app_open(&app, config, err));
	app_close(&app);
	return GH_OK;
}

/* Tokens and passwords pass through our memory: no dumps, no looking in. */
static void
harden(void)
{
	struct rlimit none = { 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef __SANITIZE_ADDRESS__
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

int
main(int argc, char **argv)
{
	struct gh_err err = { 0 };
	struct options o;
	struct supervise s = { .work = worker_run };
	bool own;
	int status;

	gh_log_open("gatehouse-web");
	if (options_read(argc, argv, &o, &err) != GH_OK) {
		(void)fprintf(stderr, "gatehouse-web: %s\n%s", err.msg, usage);
		return 2;
	}
	if (o.version) {
		(void)puts("gatehouse-web " PACKAGE_VERSION);
		return 0;
	}
	harden();
	gh_hash_start();
	if (try_templates(&o.worker.config, &err) != GH_OK ||
	    chain_memo_new(&o.worker.config.chain, &err) != GH_OK ||
	    slots_open((int)o.workers, &o.worker.config.slots, &err) != GH_OK ||
	    socket_find(&o, &err) != GH_OK) {
		(void)fprintf(stderr, "gatehouse-web: %s\n", err.msg);
		return 1;
	}
	own = o.listen != NULL && listen_inherited() < 0;
	s.n = (size_t)o.workers;
	s.ctx = &o.worker;
	(void)signal(SIGPIPE, SIG_IGN);
	gh_log_info("start", "pid=%d workers=%zu store=%s runner=%s", (int)getpid(), s.n,
	    o.worker.config.store, o.worker.config.runner);
	status = supervise_run(&s);
	if (own)
		(void)unlink(o.listen);
	gh_log_info("stop", "pid=%d", (int)getpid());
	return status;
}
