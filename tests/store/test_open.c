#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/person_write.h"
#include "store/secrets.h"
#include "store/version.gen.h"

#include <grp.h>
#include <sys/wait.h>

#define NOBODY 65534

static size_t
people(struct fixture *f, struct store *reader)
{
	struct store_people all;
	STORE_TX tx = { 0 };

	assert_ok(f, store_begin(reader, &tx, &f->err));
	assert_ok(f, store_person_list(reader, &f->arena, &all, &f->err));
	return all.n;
}

static void
person_add(struct fixture *f, const char *name)
{
	int64_t id = 0;

	assert_ok(f, store_person_add(&f->store, name, STORE_VIEWER, 1, &id, &f->err));
}

static unsigned
mode_of(struct fixture *f, const char *file)
{
	struct stat sb;

	assert_int_equal(stat(gh_printf(&f->arena, "%s/%s", f->folder, file), &sb), 0);
	return sb.st_mode & 07777U;
}

static void
files_have_their_modes(void **state)
{
	struct fixture *f = *state;

	person_add(f, "one");
	assert_int_equal(mode_of(f, "store.db"), 0640);
	assert_int_equal(mode_of(f, "store.db-wal"), 0640);
	assert_int_equal(mode_of(f, "store.db-shm"), 0640);
	assert_int_equal(mode_of(f, "store.lock"), 0600);
	assert_int_equal(mode_of(f, "secrets.db"), 0600);
}

static void
a_reader_cannot_write(void **state)
{
	struct fixture *f = *state;
	struct store reader;

	assert_ok(f, store_open(&reader, f->folder, &f->err));
	assert_int_equal(sqlite3_exec(reader.db, "DELETE FROM session", NULL, NULL, NULL), SQLITE_READONLY);
	assert_int_equal(sqlite3_exec(reader.db, "CREATE TABLE x (y)", NULL, NULL, NULL), SQLITE_READONLY);
	assert_null(reader.sets[STORE_SET_WRITE]);
	store_close(&reader);
}

static void
a_reader_sees_each_commit_and_outlives_the_writer(void **state)
{
	struct fixture *f = *state;
	struct store reader;

	assert_ok(f, store_open(&reader, f->folder, &f->err));
	assert_int_equal(people(f, &reader), 0);
	person_add(f, "one");
	assert_int_equal(people(f, &reader), 1);
	store_close(&f->store);
	assert_int_equal(people(f, &reader), 1);
	/* a new writer begins with a new -shm, which the reader follows */
	assert_ok(f, store_open_write(&f->store, f->folder, &f->err));
	person_add(f, "two");
	assert_int_equal(people(f, &reader), 2);
	store_close(&f->store);
	store_close(&reader);
	assert_ok(f, store_open(&reader, f->folder, &f->err));
	assert_int_equal(people(f, &reader), 2);
	store_close(&reader);
}

static void
a_transaction_of_a_reader_is_one_moment(void **state)
{
	struct fixture *f = *state;
	struct store reader;
	struct store_people all;
	STORE_TX tx = { 0 };

	assert_ok(f, store_open(&reader, f->folder, &f->err));
	assert_ok(f, store_begin(&reader, &tx, &f->err));
	person_add(f, "one");
	assert_ok(f, store_person_list(&reader, &f->arena, &all, &f->err));
	assert_int_equal(all.n, 0);
	store_tx_done(&tx);
	assert_int_equal(people(f, &reader), 1);
	store_close(&reader);
}

/* A child opens for writing, adds a person, leaves a second one uncommitted, and is killed. */
static void
writer_killed(struct fixture *f)
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		STORE_TX tx = { 0 };
		struct store st;
		int64_t id = 0;

		if (store_open_write(&st, f->folder, &f->err) != GH_OK ||
		    store_person_add(&st, "kept", STORE_VIEWER, 1, &id, &f->err) != GH_OK ||
		    store_begin(&st, &tx, &f->err) != GH_OK ||
		    store_person_add(&st, "lost", STORE_VIEWER, 1, &id, &f->err) != GH_OK)
			_exit(1);
		(void)kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void
a_reader_works_after_the_writer_was_killed(void **state)
{
	struct fixture *f = *state;
	struct store before, after;
	struct store_people all;

	assert_ok(f, store_open(&before, f->folder, &f->err));
	assert_int_equal(people(f, &before), 0);
	store_close(&f->store);
	writer_killed(f);
	assert_int_equal(people(f, &before), 1);
	assert_ok(f, store_open(&after, f->folder, &f->err));
	assert_int_equal(people(f, &after), 1);
	assert_ok(f, store_open_write(&f->store, f->folder, &f->err));
	person_add(f, "next");
	assert_int_equal(people(f, &before), 2);
	assert_int_equal(people(f, &after), 2);
	assert_ok(f, store_person_list(&after, &f->arena, &all, &f->err));
	assert_string_equal(all.rows[0].name, "kept");
	store_close(&before);
	store_close(&after);
}

/* As the web tier's user: only the group's right to read. */
static int
read_as_nobody(struct fixture *f)
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct store st;
		struct store_people all;
		STORE_TX tx = { 0 };

		if (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
			_exit(101);
		if (store_open(&st, f->folder, &f->err) != GH_OK || store_begin(&st, &tx, &f->err) != GH_OK ||
		    store_person_list(&st, &f->arena, &all, &f->err) != GH_OK) {
			(void)fprintf(stderr, "as nobody: %s\n", f->err.msg);
			_exit(102);
		}
		if (open(gh_printf(&f->arena, "%s/new", f->folder), O_CREAT | O_WRONLY | O_CLOEXEC, 0600) >=
			0 ||
		    open(gh_printf(&f->arena, "%s/secrets.db", f->folder), O_RDONLY | O_CLOEXEC) >= 0 ||
		    sqlite3_exec(st.db, "DELETE FROM person", NULL, NULL, NULL) == SQLITE_OK)
			_exit(103);
		_exit((int)all.n);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
the_web_user_reads_in_each_state_of_the_runner(void **state)
{
	struct fixture *f = *state;

	if (geteuid() != 0)
		skip();
	store_close(&f->store);
	assert_int_equal(chown(f->folder, 0, NOBODY), 0);
	assert_int_equal(chmod(f->folder, 02750), 0);
	assert_int_equal(unlink(gh_printf(&f->arena, "%s/store.db", f->folder)), 0);
	assert_int_equal(unlink(gh_printf(&f->arena, "%s/store.db-wal", f->folder)), 0);
	assert_int_equal(unlink(gh_printf(&f->arena, "%s/store.db-shm", f->folder)), 0);
	assert_ok(f, store_open_write(&f->store, f->folder, &f->err));
	assert_int_equal(read_as_nobody(f), 0);
	person_add(f, "one");
	assert_int_equal(read_as_nobody(f), 1);
	store_close(&f->store);
	assert_int_equal(read_as_nobody(f), 1);
	writer_killed(f);
	assert_int_equal(read_as_nobody(f), 2);
	assert_ok(f, store_open_write(&f->store, f->folder, &f->err));
	assert_int_equal(read_as_nobody(f), 2);
}

static void
another_schema_is_refused_by_number(void **state)
{
	struct fixture *f = *state;
	const char *says =
	    gh_printf(&f->arena, "the store has schema 3, this program reads %d", STORE_SCHEMA_VERSION);
	struct store reader, other;
	STORE_TX tx = { 0 };

	assert_ok(f, store_open(&reader, f->folder, &f->err));
	assert_ok(f, fixture_exec(f, "PRAGMA user_version = 3"));
	assert_code(f, GH_UNAVAILABLE, store_begin(&reader, &tx, &f->err), says);
	store_tx_done(&tx);
	assert_code(f, GH_UNAVAILABLE, store_open(&other, f->folder, &f->err), says);
	assert_ok(f, fixture_exec(f, gh_printf(&f->arena, "PRAGMA user_version = %d", STORE_SCHEMA_VERSION)));
	/* a server whose first open failed goes on */
	assert_int_equal(people(f, &other), 0);
	assert_int_equal(people(f, &reader), 0);
	store_close(&reader);
	store_close(&other);
	assert_ok(
	    f, fixture_exec(f, gh_printf(&f->arena, "PRAGMA user_version = %d", STORE_SCHEMA_VERSION + 1)));
	store_close(&f->store);
	assert_code(
	    f, GH_UNAVAILABLE, store_open_write(&f->store, f->folder, &f->err), "written by a newer version");
}

static void
no_store_is_said_at_once(void **state)
{
	struct fixture *f = *state;
	struct store reader;
	int64_t from = gh_clock_mono();

	assert_code(f, GH_UNAVAILABLE, store_open(&reader, "/nonexistent", &f->err),
	    "there is no store in /nonexistent");
	assert_true(gh_clock_mono() - from < GH_SECOND);
	store_close(&reader);
	assert_code(f, GH_UNAVAILABLE, store_open_write(&reader, "/nonexistent", &f->err), "store.lock");
}

static void
a_second_writer_is_refused(void **state)
{
	struct fixture *f = *state;
	struct store second;

	assert_code(f, GH_CONFLICT, store_open_write(&second, f->folder, &f->err),
	    "another runner works with the store");
	person_add(f, "still works");
	store_close(&f->store);
	assert_ok(f, store_open_write(&second, f->folder, &f->err));
	store_close(&second);
}

static void
a_full_disk_is_said_and_undone(void **state)
{
	struct fixture *f = *state;
	GH_TEXT big = { 0 };
	int i;

	for (i = 0; i < 65536; i++)
		gh_text_put(&big, "0123456789");
	assert_ok(f,
	    fixture_exec(f,
		gh_printf(&f->arena, "PRAGMA max_page_count = %" PRId64,
		    fixture_number(f, "PRAGMA page_count") + 20)));
	{
		const struct store_answer answer = { "lead", "x", 0, gh_text_str(&big), big.len, 1 };
		STORE_TX tx = { 0 };

		assert_ok(f, store_begin(&f->store, &tx, &f->err));
		person_add(f, "lost");
		assert_code(f, GH_UNAVAILABLE, store_answer_add(&f->store, "key", &answer, &f->err),
		    "the disk with the store is full");
	}
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM person WHERE name = 'lost'"), 0);
	person_add(f, "small enough");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup_empty, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(files_have_their_modes),
		T(a_reader_cannot_write),
		T(a_reader_sees_each_commit_and_outlives_the_writer),
		T(a_transaction_of_a_reader_is_one_moment),
		T(a_reader_works_after_the_writer_was_killed),
		T(the_web_user_reads_in_each_state_of_the_runner),
		T(another_schema_is_refused_by_number),
		T(no_store_is_said_at_once),
		T(a_second_writer_is_refused),
		T(a_full_disk_is_said_and_undone),
	};

	return cmocka_run_group_tests_name("store/open", tests, NULL, NULL);
}
