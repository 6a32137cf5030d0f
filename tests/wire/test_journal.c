#include "base/ban.h"
#include "wire/journal.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

struct files {
	struct wire_journal journal;
	int reader;
	char path[40];
};

static int
setup(void **state)
{
	struct files *f = calloc(1, sizeof(*f));
	int fd;

	if (f == NULL)
		return -1;
	(void)snprintf(f->path, sizeof(f->path), "/tmp/gatehouse-journal-XXXXXX");
	fd = mkostemp(f->path, O_CLOEXEC | O_APPEND);
	f->reader = open(f->path, O_RDWR | O_CLOEXEC);
	*state = f;
	return fd < 0 || f->reader < 0 || wire_journal_open(&f->journal, fd, NULL) != GH_OK ? -1 : 0;
}

static int
teardown(void **state)
{
	struct files *f = *state;

	wire_journal_done(&f->journal);
	gh_fd_done(&f->reader);
	(void)unlink(f->path);
	free(f);
	return 0;
}

static void
say(struct files *f, const char *text)
{
	struct wire_out out;

	wire_journal_start(&f->journal, WIRE_J_LOG, &out);
	wire_put_text(&out, text);
	assert_int_equal(wire_journal_end(&f->journal, &out, NULL), GH_OK);
}

/* Reads all frames there are and joins their texts. */
static enum gh_code
hear(struct files *f, struct wire_follow *from, struct gh_text *ret)
{
	GH_ARENA a = { 0 };
	GH_TEXT buf = { 0 };
	bool got = true;

	for (;;) {
		struct wire_event e;

		GH_TRY(wire_follow_next(from, f->reader, &buf, &e, &got, NULL));
		if (!got)
			return GH_OK;
		assert_int_equal(e.kind, WIRE_J_LOG);
		assert_true(e.at_us > 0);
		gh_text_put(ret, wire_text(&e.fields, &a));
		assert_int_equal(wire_end(&e.fields, NULL), GH_OK);
	}
}

static void
is_followed_as_it_grows(void **state)
{
	struct files *f = *state;
	struct wire_follow from = { 0 };
	GH_TEXT heard = { 0 };

	say(f, "a");
	say(f, "b");
	assert_int_equal(hear(f, &from, &heard), GH_OK);
	assert_string_equal(heard.data, "ab");
	say(f, "c");
	assert_int_equal(wire_journal_flush(&f->journal, NULL), GH_OK);
	assert_int_equal(hear(f, &from, &heard), GH_OK);
	assert_string_equal(heard.data, "abc");
}

static void
every_prefix_is_a_shorter_story(void **state)
{
	struct files *f = *state;
	char bytes[512];
	ssize_t n, cut;

	say(f, "a");
	say(f, "b");
	n = pread(f->reader, bytes, sizeof(bytes), 0);
	assert_true(n > 0);
	for (cut = 0; cut <= n; cut++) {
		struct wire_follow from = { 0 };
		GH_TEXT heard = { 0 };

		assert_int_equal(ftruncate(f->reader, 0), 0);
		assert_int_equal(pwrite(f->reader, bytes, (size_t)cut, 0), cut);
		assert_int_equal(hear(f, &from, &heard), GH_OK);
		assert_string_equal(gh_text_str(&heard), cut == n ? "ab" : cut >= n / 2 ? "a" : "");
	}
}

static void
a_changed_byte_is_corruption(void **state)
{
	struct files *f = *state;
	struct wire_follow from = { 0 };
	GH_TEXT heard = { 0 };

	say(f, "abcdef");
	assert_int_equal(pwrite(f->reader, "X", 1, 20), 1);
	assert_int_equal(hear(f, &from, &heard), GH_INTERNAL);
}

static void
a_frame_of_another_place_is_corruption(void **state)
{
	struct files *f = *state;
	struct wire_follow from = { 0 };
	GH_TEXT heard = { 0 };

	say(f, "a");
	say(f, "b");
	assert_int_equal(hear(f, &from, &heard), GH_OK);
	from.offset = 0; /* the first frame again, as if it stood third */
	assert_int_equal(hear(f, &from, &heard), GH_INTERNAL);
}

static void
has_one_writer_and_one_life(void **state)
{
	struct files *f = *state;
	struct wire_journal second;
	struct gh_err err = { 0 };

	assert_int_equal(wire_journal_open(&second, f->reader, &err), GH_CONFLICT);
	say(f, "a");
	wire_journal_done(&f->journal);
	f->journal.fd = -1;
	err = (struct gh_err){ 0 };
	assert_int_equal(wire_journal_open(&second, f->reader, &err), GH_CONFLICT);
	assert_non_null(strstr(err.msg, "has run before"));
}

static void
words_are_the_stores_words(void **state)
{
	(void)state;
	assert_string_equal(wire_outcome_name(WIRE_NEEDS_PERSON), "needs-person");
	assert_string_equal(wire_phase_name(WIRE_DONE), "done");
	assert_string_equal(wire_state_name(WIRE_IN_DOUBT), "in-doubt");
	assert_string_equal(wire_level_name(WIRE_COUNTED), "counted");
	assert_string_equal(wire_file_name(WIRE_FILE_REFUSED), "refused");
	assert_string_equal(wire_side_name(WIRE_SIDE_DOWN), "down");
	assert_string_equal(wire_phase_name((enum wire_phase)99), "?");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(is_followed_as_it_grows),
		T(every_prefix_is_a_shorter_story),
		T(a_changed_byte_is_corruption),
		T(a_frame_of_another_place_is_corruption),
		T(has_one_writer_and_one_life),
		cmocka_unit_test(words_are_the_stores_words),
	};

	gh_hash_start();
	return cmocka_run_group_tests_name("wire/journal", tests, NULL, NULL);
}
