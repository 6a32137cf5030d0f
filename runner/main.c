/*
 * gatehouse-runner --config FILE | --check-config FILE | --version
 */
#include "base/ban.h"
#include "base/log.h"
#include "runner/conn.h"
#include "runner/start.h"
#include "runner/work.h"
#include "store/message_write.h"
#include "store/person_write.h"

#include <getopt.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define ANSWERS_KEPT    (24 * GH_HOUR) /* longer than any session, so than any form */
#define DELIVERIES_KEPT (INT64_C(90) * 24 * GH_HOUR)

enum { EXIT_TROUBLE = 1, EXIT_MISTAKE = 2 };

static void
usage(FILE *out)
{
	(void)fputs("usage: gatehouse-runner --config FILE\n"
		    "       gatehouse-runner --check-config FILE\n"
		    "       gatehouse-runner --version\n",
	    out);
}

static int
check_config(const char *path, const struct config_env *env)
{
	struct config *c = NULL;
	GH_TEXT messages = { 0 };
	struct gh_err err = { 0 };
	enum gh_code code = config_read(path, env, &c, &messages, &err);

	(void)fputs(gh_text_str(&messages), stdout);
	if (code != GH_OK) {
		(void)printf("%s\n", err.msg);
		return EXIT_MISTAKE;
	}
	(void)printf("%s is good: projects %zu, targets %zu\n", path, c->n_projects, c->n_targets);
	config_free(c);
	return 0;
}

static void
signal_came(void *data, int sig)
{
	struct runner *r = data;

	if (sig == SIGHUP) {
		start_reread(r);
		return;
	}
	gh_log_info("stop", "signal=%d", sig);
	loop_stop(r->loop);
}

/* What nobody asks for any more. */
static void
prune(void *data)
{
	struct runner *r = data;
	struct gh_err err = { 0 };

	if (store_answer_prune(r->store, gh_clock_now() - ANSWERS_KEPT, &err) != GH_OK)
		gh_log_err("answers.prune", &err);
	err = (struct gh_err){ 0 };
	if (store_delivery_prune(r->store, gh_clock_now() - DELIVERIES_KEPT, &err) != GH_OK)
		gh_log_err("deliveries.prune", &err);
}

static enum gh_code
serve(struct runner *r, struct listen_fds fds, struct gh_err *err)
{
	enum gh_code code;

	GH_TRY(loop_signals(r->loop, signal_came, r, err));
	GH_TRY(listen_open(r->config, &fds, err));
	(void)loop_timer_add(r->loop, GH_MINUTE, GH_HOUR, prune, r);
	code = work_start(r, err);
	if (code == GH_OK)
		code = conn_start(r, fds, err);
	if (code == GH_OK) {
		gh_log_info("ready", "version=%s socket=%s targets=%zu", PACKAGE_VERSION, r->config->socket,
		    r->config->n_targets);
		code = loop_run(r->loop, err);
	}
	/* Connections first: their deferred frames may name things of the work. */
	conn_stop(r);
	work_stop(r);
	return code;
}

static int
run(const char *path, const struct config_env *env)
{
	struct listen_fds fds = { .web = -1, .admin = -1 };
	struct config *c = NULL;
	struct runner *r = NULL;
	GH_TEXT messages = { 0 };
	struct gh_err err = { 0 };
	enum gh_code code = config_read(path, env, &c, &messages, &err);

	(void)fputs(gh_text_str(&messages), stderr);
	if (code != GH_OK) {
		(void)fprintf(stderr, "gatehouse-runner: %s\n", err.msg);
		return EXIT_MISTAKE;
	}
	code = start_runner(c, &r, &err);
	if (code == GH_OK)
		code = listen_inherited(&fds, &err);
	if (code == GH_OK)
		code = serve(r, fds, &err);
	if (r != NULL)
		start_runner_free(r);
	if (code != GH_OK) {
		(void)fprintf(stderr, "gatehouse-runner: %s\n", err.msg);
		return EXIT_TROUBLE;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = { { "config", required_argument, NULL, 'c' },
		{ "check-config", required_argument, NULL, 'k' }, { "version", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	const char *config = NULL, *check = NULL;
	const struct rlimit no_core = { 0 };
	struct config_env env;
	struct gh_err err = { 0 };
	int opt, status;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) { /* NOLINT(concurrency-mt-unsafe) */
		switch (opt) {
		case 'c':
			config = optarg;
			break;
		case 'k':
			check = optarg;
			break;
		case 'v':
			(void)printf("gatehouse-runner %s\n", PACKAGE_VERSION);
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return EXIT_MISTAKE;
		}
	}
	if (optind != argc || (config == NULL) == (check == NULL)) {
		usage(stderr);
		return EXIT_MISTAKE;
	}
	gh_log_open("gatehouse-runner");
	gh_hash_start();
	(void)umask(027);
	(void)setrlimit(RLIMIT_CORE, &no_core);
	(void)prctl(PR_SET_DUMPABLE, 0);
	if (config_env_take(&env, &err) != GH_OK) {
		(void)fprintf(stderr, "gatehouse-runner: DATABASE_URL: %s\n", err.msg);
		return EXIT_MISTAKE;
	}
	status = check != NULL ? check_config(check, &env) : run(config, &env);
	config_env_done(&env);
	return status;
}
