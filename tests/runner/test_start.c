#include "base/ban.h"
#include "runner/listen.h"
#include "runner/start.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <sys/un.h>

struct place {
	char folder[64];
	struct gh_arena arena;
	struct config config;
};

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	struct config *c = &p->config;

	assert_non_null(p);
	(void)snprintf(p->folder, sizeof(p->folder), "/tmp/gatehouse-start-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	(void)umask(027);
	c->data = gh_printf(&p->arena, "%s/data", p->folder);
	c->socket = gh_printf(&p->arena, "%s/run", p->folder);
	c->store = gh_printf(&p->arena, "%s/store", c->data);
	c->secrets = gh_printf(&p->arena, "%s/secrets", c->data);
	c->jobs = gh_printf(&p->arena, "%s/jobs", c->data);
	c->backups = gh_printf(&p->arena, "%s/backups", c->data);
	c->web_gid = getegid();
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;
	const struct config *c = &p->config;

	(void)unlink(gh_printf(&p->arena, "%s/web.sock", c->socket));
	(void)unlink(gh_printf(&p->arena, "%s/admin.sock", c->socket));
	(void)rmdir(c->store);
	(void)rmdir(c->secrets);
	(void)rmdir(c->jobs);
	(void)rmdir(c->backups);
	(void)rmdir(c->data);
	(void)rmdir(c->socket);
	(void)rmdir(p->folder);
	gh_arena_done(&p->arena);
	free(p);
	return 0;
}

static unsigned
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (unsigned)st.st_mode & 07777;
}

static void
makes_the_folders_with_their_modes(void **state)
{
	struct place *p = *state;
	const struct config *c = &p->config;

	assert_int_equal(start_folders(c, NULL), GH_OK);
	assert_int_equal(mode_of(c->store), 02750);
	assert_int_equal(mode_of(c->secrets), 0700);
	assert_int_equal(mode_of(c->jobs), 0700);
	assert_int_equal(mode_of(c->backups), 0700);
	assert_int_equal(start_folders(c, NULL), GH_OK);
}

static void
refuses_folders_that_others_may_write_to(void **state)
{
	struct place *p = *state;
	const struct config *c = &p->config;
	const char *const folders[] = { c->store, c->secrets, c->jobs, c->backups, c->data };
	size_t i;

	assert_int_equal(start_folders(c, NULL), GH_OK);
	for (i = 0; i < 5; i++) {
		struct gh_err err = { 0 };
		unsigned before = mode_of(folders[i]);

		assert_int_equal(chmod(folders[i], 0777), 0);
		assert_int_equal(start_folders(c, &err), GH_CONFLICT);
		assert_non_null(strstr(err.msg, folders[i]));
		assert_non_null(strstr(err.msg, "chmod"));
		assert_int_equal(chmod(folders[i], before), 0);
	}
	assert_int_equal(chmod(c->store, 02770), 0); /* the reader could lock the runner out */
	assert_int_equal(start_folders(c, NULL), GH_CONFLICT);
	assert_int_equal(chmod(c->secrets, 0750), 0);
	assert_int_equal(chmod(c->store, 02750), 0);
	assert_int_equal(start_folders(c, NULL), GH_CONFLICT);
}

static void
listens_and_removes_what_nobody_serves(void **state)
{
	struct place *p = *state;
	const struct config *c = &p->config;
	struct listen_fds fds = { -1, -1 }, second = { -1, -1 };
	const char *web = gh_printf(&p->arena, "%s/web.sock", c->socket);
	struct gh_err err = { 0 };

	assert_int_equal(start_folders(c, NULL), GH_OK);
	assert_int_equal(listen_open(c, &fds, NULL), GH_OK);
	assert_int_equal(mode_of(web), 0660);
	assert_int_equal(mode_of(gh_printf(&p->arena, "%s/admin.sock", c->socket)), 0666);
	assert_int_equal(listen_open(c, &second, &err), GH_CONFLICT);
	assert_non_null(strstr(err.msg, "another process listens"));
	(void)close(fds.web);
	(void)close(fds.admin);
	fds = (struct listen_fds){ -1, -1 };
	assert_int_equal(listen_open(c, &fds, NULL), GH_OK);
	(void)close(fds.web);
	(void)close(fds.admin);
}

static void
leaves_a_file_in_the_way(void **state)
{
	struct place *p = *state;
	const char *web = gh_printf(&p->arena, "%s/web.sock", p->config.socket);
	struct listen_fds fds = { -1, -1 };
	struct gh_err err = { 0 };

	assert_int_equal(start_folders(&p->config, NULL), GH_OK);
	assert_int_equal(gh_file_replace(web, "x", 1, 0600, NULL), GH_OK);
	assert_int_equal(listen_open(&p->config, &fds, &err), GH_CONFLICT);
	assert_non_null(strstr(err.msg, "is in the way"));
}

static void
takes_over_only_what_is_meant_for_it(void **state)
{
	struct listen_fds fds = { 0 };

	(void)state;
	assert_int_equal(setenv("LISTEN_PID", "1", 1), 0);
	assert_int_equal(setenv("LISTEN_FDS", "2", 1), 0);
	assert_int_equal(setenv("LISTEN_FDNAMES", "web:admin", 1), 0);
	assert_int_equal(listen_inherited(&fds, NULL), GH_OK);
	assert_int_equal(fds.web, -1);
	assert_int_equal(fds.admin, -1);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(makes_the_folders_with_their_modes),
		T(refuses_folders_that_others_may_write_to),
		T(listens_and_removes_what_nobody_serves),
		T(leaves_a_file_in_the_way),
		T(takes_over_only_what_is_meant_for_it),
	};

	return cmocka_run_group_tests_name("runner/start", tests, NULL, NULL);
}
