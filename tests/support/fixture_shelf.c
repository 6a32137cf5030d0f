#include "base/ban.h"
#include "tests/support/fixture_shelf.h"
#include "base/io.h"
#include "base/scratch.h"

int
fixture_shelf_setup(void **state)
{
	char path[] = "/tmp/gatehouse-shelf.XXXXXX";
	struct fixture_runner *f;

	if (fixture_runner_setup(state) != 0 || mkdtemp(path) == NULL)
		return -1;
	f = *state;
	f->runner->config->backups = gh_strdup(&f->arena, path);
	*fixture_keep(f) = (struct config_backup){ 0 };
	return 0;
}

int
fixture_shelf_teardown(void **state)
{
	struct fixture_runner *f = *state;

	assert_int_equal(gh_scratch_remove(f->runner->config->backups, NULL), GH_OK);
	return fixture_runner_teardown(state);
}

const char *
fixture_shelf(struct fixture_runner *f, const char *name)
{
	return gh_printf(&f->arena, "%s/%s", f->runner->config->backups, name);
}

void
fixture_file(struct fixture_runner *f, const char *name, size_t bytes)
{
	char *data = gh_alloc(&f->arena, bytes + 1);

	assert_int_equal(gh_file_replace(fixture_shelf(f, name), data, bytes, 0600, &f->err), GH_OK);
}

int64_t
fixture_backup_file(struct fixture_runner *f, const char *file, const char *level, int64_t at)
{
	struct store_backup_new b = fixture_backup(f, file, level, at);
	const struct store_sidecar s = {
		.name = gh_printf(&f->arena, "%s.json", file), .size = 7, .digest = b.digest, .text = "{}"
	};
	int64_t id = fixture_backup_add(f, &b);

	fixture_file(f, file, (size_t)b.size);
	fixture_file(f, s.name, (size_t)s.size);
	assert_int_equal(store_sidecar_add(f->runner->store, id, &s, &f->err), GH_OK);
	return id;
}

struct store_backup
fixture_backup_get(struct fixture_runner *f, int64_t id)
{
	struct store_backup b;

	assert_int_equal(store_backup_get(f->runner->store, &f->arena, id, &b, &f->err), GH_OK);
	return b;
}

struct config_backup *
fixture_keep(struct fixture_runner *f)
{
	return &f->runner->config->targets[1].backup;
}
