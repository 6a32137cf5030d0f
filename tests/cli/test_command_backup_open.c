#include "base/ban.h"
#include "base/io.h"
#include "base/seal.h"
#include "cli/backup.h"

#include <setjmp.h>
#include <cmocka.h>
#include <zstd.h>

/* Offline: there is no runner that could be asked. */

struct call {
	struct gh_arena arena;
	struct cli cli;
	struct gh_err err;
	enum cli_exit ret;
};

static int
setup(void **state)
{
	struct call *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return -1;
	c->cli.arena = &c->arena;
	*state = c;
	return 0;
}

static int
teardown(void **state)
{
	struct call *c = *state;

	gh_arena_done(&c->arena);
	free(c);
	return 0;
}

static const char plain[] = "PGDMP what pg_dump wrote, what pg_dump wrote, what pg_dump wrote";

struct folder {
	char path[40];
};

static const char *
in_folder(struct call *c, struct folder *f, const char *name)
{
	if (f->path[0] == '\0') {
		(void)snprintf(f->path, sizeof(f->path), "/tmp/gatehouse-open-XXXXXX");
		assert_non_null(mkdtemp(f->path));
	}
	return gh_printf(&c->arena, "%s/%s", f->path, name);
}

static void
remove_all(struct call *c, struct folder *f)
{
	(void)unlink(in_folder(c, f, "key"));
	(void)unlink(in_folder(c, f, "backup"));
	(void)unlink(in_folder(c, f, "out"));
	assert_int_equal(rmdir(f->path), 0);
}

/* Runs it with standard output in a file; *ret_text is what it wrote. */
static enum gh_code
run_to_file(struct call *c, struct folder *f, const struct cli_command *command, const char **ret_text)
{
	const char *out = in_folder(c, f, "out");
	int file = open(out, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), was = dup(1);
	GH_TEXT text = { 0 };
	enum gh_code code;

	assert_true(file >= 0 && was >= 0);
	(void)fflush(stdout);
	assert_int_equal(dup2(file, 1), 1);
	c->err = (struct gh_err){ 0 };
	code = command->run(&c->cli, &c->ret, &c->err);
	(void)fflush(stdout);
	(void)dup2(was, 1);
	(void)close(was);
	(void)close(file);
	assert_int_equal(gh_file_read(out, 100000, &text, NULL), GH_OK);
	*ret_text = gh_strdup(&c->arena, gh_text_str(&text));
	return code;
}

static enum gh_code
with(struct call *c, struct folder *f, const struct cli_command *command, const char *arg, const char *key,
    const char **ret_text)
{
	char *args[] = { gh_strdup(&c->arena, arg), NULL };

	c->cli.args = args;
	c->cli.n_args = 1;
	c->cli.key = key;
	return run_to_file(c, f, command, ret_text);
}

static enum gh_code
put(void *arg, const void *data, size_t len, struct gh_err *err)
{
	(void)err;
	gh_text_put_n(arg, data, len);
	return GH_OK;
}

/* Sealed when there is a recipient; len bytes of it, 0 all. */
static const char *
backup_file(struct call *c, struct folder *f, const char *to, size_t len)
{
	const char *path = in_folder(c, f, "backup");
	char packed[400];
	size_t n = ZSTD_compress(packed, sizeof(packed), plain, sizeof(plain), 3);
	GH_TEXT bytes = { 0 };
	GH_SEAL s = { .put = put, .arg = &bytes };

	assert_false(ZSTD_isError(n));
	if (to != NULL) {
		assert_int_equal(gh_seal_start(&s, to, NULL), GH_OK);
		assert_int_equal(gh_seal_put(&s, packed, n, NULL), GH_OK);
		assert_int_equal(gh_seal_end(&s, NULL), GH_OK);
	} else {
		gh_text_put_n(&bytes, packed, n);
	}
	assert_int_equal(
	    gh_file_replace(path, bytes.data, len == 0 ? bytes.len : bytes.len - len, 0600, NULL), GH_OK);
	return path;
}

static void
opens_what_is_sealed_with_the_key_that_was_made(void **state)
{
	struct call *c = *state;
	struct folder f = { "" };
	const char *key = in_folder(c, &f, "key"), *text, *to;

	c->cli.json = false;
	assert_int_equal(with(c, &f, &cli_backup_key, key, NULL, &text), GH_OK);
	assert_memory_equal(text, "backup_encrypt_to = \"", 21);
	to = gh_strndup(&c->arena, text + 21, GH_SEAL_TEXT_LEN - 1);
	assert_int_equal(with(c, &f, &cli_backup_open, backup_file(c, &f, to, 0), key, &text), GH_OK);
	assert_string_equal(text, plain);
	/* Another key is named, no key is asked for. */
	assert_int_equal(with(c, &f, &cli_backup_open, backup_file(c, &f, to, 0), NULL, &text), GH_BAD_INPUT);
	assert_non_null(strstr(c->err.msg, "--key"));
	assert_string_equal(text, "");
	assert_int_equal(with(c, &f, &cli_backup_open, backup_file(c, &f, to, 1), key, &text), GH_BAD_INPUT);
	assert_non_null(strstr(c->err.msg, "damaged"));
	/* A key that is there is not written over. */
	assert_int_equal(with(c, &f, &cli_backup_key, key, NULL, &text), GH_UNAVAILABLE);
	assert_int_equal(unlink(key), 0);
	assert_int_equal(with(c, &f, &cli_backup_key, key, NULL, &text), GH_OK);
	assert_int_equal(with(c, &f, &cli_backup_open, backup_file(c, &f, to, 0), key, &text), GH_CONFLICT);
	assert_non_null(strstr(c->err.msg, to));
	remove_all(c, &f);
}

static void
opens_what_is_not_sealed_without_a_key(void **state)
{
	struct call *c = *state;
	struct folder f = { "" };
	const char *text;

	assert_int_equal(with(c, &f, &cli_backup_open, backup_file(c, &f, NULL, 0), NULL, &text), GH_OK);
	assert_string_equal(text, plain);
	assert_int_equal(
	    with(c, &f, &cli_backup_open, backup_file(c, &f, NULL, 5), NULL, &text), GH_BAD_INPUT);
	assert_non_null(strstr(c->err.msg, "ends too early"));
	assert_int_equal(with(c, &f, &cli_backup_open, f.path, NULL, &text), GH_BAD_INPUT);
	assert_non_null(strstr(c->err.msg, "pg_restore reads it"));
	assert_int_equal(with(c, &f, &cli_backup_open, in_folder(c, &f, "none"), NULL, &text), GH_NOT_FOUND);
	remove_all(c, &f);
}

static void
refuses_what_is_no_key_file(void **state)
{
	struct call *c = *state;
	struct folder f = { "" };
	const char *key = in_folder(c, &f, "key"), *file = backup_file(c, &f, NULL, 0), *text;

	assert_int_equal(gh_file_replace(key, "not a key\n", 10, 0600, NULL), GH_OK);
	assert_int_equal(with(c, &f, &cli_backup_open, file, key, &text), GH_BAD_INPUT);
	assert_non_null(strstr(c->err.msg, "not a key file"));
	c->cli.n_args = 0;
	assert_int_equal(cli_backup_open.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_int_equal(cli_backup_key.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	remove_all(c, &f);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(opens_what_is_sealed_with_the_key_that_was_made),
		T(opens_what_is_not_sealed_without_a_key),
		T(refuses_what_is_no_key_file),
	};

	gh_hash_start();
	return cmocka_run_group_tests_name("cli/command_backup_open", tests, NULL, NULL);
}
