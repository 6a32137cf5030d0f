#include "base/ban.h"
#include "tests/support/elsewhere_rig.h"
#include "base/clock.h"
#include "base/io.h"

/* What other systems answer: the answers of pgBackRest are those of version 2.45. */

static enum gh_code
pgbackrest(struct elsewhere_rig *f, const char *file)
{
	GH_TEXT text = { 0 };

	elsewhere_rig_afresh(f);
	assert_int_equal(
	    gh_file_read(gh_printf(&f->arena, "%s/pgbackrest-%s", ANSWERS, file), 1 << 20, &text, NULL),
	    GH_OK);
	return elsewhere_pgbackrest(gh_text_str(&text), text.len, f->job.spec.system_id, &f->list, &f->err);
}

static void
pgbackrest_lists_its_backups(void **state)
{
	struct elsewhere_rig *f = *state;
	const struct elsewhere_backup *b;

	assert_int_equal(pgbackrest(f, "three"), GH_OK);
	assert_int_equal(f->list.n, 3);
	b = &f->list.rows[0];
	assert_string_equal(b->label, "20261121-204613F");
	assert_int_equal(b->started_at, 1795293973 * GH_SECOND);
	assert_int_equal(b->ended_at, 1795293980 * GH_SECOND);
	assert_int_equal(b->size, 2838665);
	assert_int_equal(b->database_bytes, 23213864);
	assert_string_equal(b->server_version, "15");
	assert_string_equal(b->client_version, "2.45");
	assert_string_equal(b->broken, "");
	assert_int_equal(b->keep_until, 0);
	assert_int_equal(b->level, WIRE_WRITTEN);
	assert_string_equal(f->list.rows[1].broken, "");
	/* Its own error flag. */
	assert_non_null(strstr(f->list.rows[2].broken, "wrong checksum"));
}

static void
pgbackrest_with_two_repositories(void **state)
{
	struct elsewhere_rig *f = *state;

	assert_int_equal(pgbackrest(f, "two-repositories"), GH_OK);
	assert_int_equal(f->list.n, 4);
	assert_string_equal(f->list.rows[3].label, "20261121-204640F, repository 2");
	/* One that cannot be read is not one without backups. */
	assert_int_equal(pgbackrest(f, "unreadable"), GH_CONFLICT);
	elsewhere_rig_says(f, "stanza main, repository 2: [PathOpenError]");
}

static void
pgbackrest_without_backups(void **state)
{
	struct elsewhere_rig *f = *state;

	assert_int_equal(pgbackrest(f, "no-backup"), GH_OK);
	assert_int_equal(f->list.n, 0);
	assert_int_equal(pgbackrest(f, "none"), GH_CONFLICT);
	elsewhere_rig_says(f, "stanza main, repository 1: missing stanza path");
	f->source.stanza = "other";
	assert_int_equal(pgbackrest(f, "three"), GH_CONFLICT);
	elsewhere_rig_says(f, "there is no stanza other");
}

static void
pgbackrest_of_another_server(void **state)
{
	struct elsewhere_rig *f = *state;

	f->job.spec.system_id = "42";
	assert_int_equal(pgbackrest(f, "three"), GH_OK);
	assert_non_null(strstr(
	    f->list.rows[0].broken, "another server: system " ELSEWHERE_SYSTEM ", the target is on 42"));
	f->job.spec.system_id = "";
	assert_int_equal(pgbackrest(f, "three"), GH_OK);
	assert_string_equal(f->list.rows[0].broken, "");
}

#define STANZA(backup)                                                                                       \
	"[{\"name\":\"main\",\"status\":{\"code\":0},\"db\":[{\"id\":1,\"repo-key\":1,\"system-"             \
	"id\":" ELSEWHERE_SYSTEM "}],\"backup\":[" backup "]}]"
#define BACKUP(label, more)                                                                                  \
	"{\"label\":\"" label                                                                                \
	"\",\"database\":{\"id\":1,\"repo-key\":1},\"timestamp\":{\"start\":5,\"stop\":6}" more "}"

static void
pgbackrest_with_odd_answers(void **state)
{
	static const struct {
		const char *text, *words;
	} bad[] = { { "", "the answer is empty" }, { "[", "no JSON: line 1" }, { "{}", "no list" },
		{ "[]", "no stanza main" }, { "[{\"name\":\"main\"}]", "it has no status" },
		{ "[{\"name\":\"main\",\"status\":{\"code\":0}}]", "no list of backups" },
		{ STANZA("7"), "backup 1 has no label" },
		{ STANZA("{\"label\":\"a\\u0007\"}"), "control character" },
		{ STANZA("{\"label\":\"a\"}"), "a has no times" },
		{ STANZA("{\"label\":\"a\",\"timestamp\":{\"start\":9,\"stop\":6}}"), "a has no times" } };
	struct elsewhere_rig *f = *state;
	const char *text;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		elsewhere_rig_afresh(f);
		assert_int_equal(elsewhere_pgbackrest(
				     bad[i].text, strlen(bad[i].text), ELSEWHERE_SYSTEM, &f->list, &f->err),
		    GH_CONFLICT);
		elsewhere_rig_says(f, bad[i].words);
	}
	/* What builds on one with an error is not good either; nor is what is of no known database. */
	text = STANZA(BACKUP("a", ",\"error\":true") "," BACKUP(
	    "b", ",\"reference\":[\"a\"]") ","
					   "{\"label\":\"c\",\"database\":{\"id\":2,\"repo-key\":1},"
					   "\"timestamp\":{\"start\":5,\"stop\":6}}");
	elsewhere_rig_afresh(f);
	assert_int_equal(
	    elsewhere_pgbackrest(text, strlen(text), ELSEWHERE_SYSTEM, &f->list, &f->err), GH_OK);
	assert_non_null(strstr(f->list.rows[1].broken, "it builds on a,"));
	assert_non_null(strstr(f->list.rows[2].broken, "does not say of which server"));
}

static enum gh_code
command(struct elsewhere_rig *f, const char *text)
{
	elsewhere_rig_afresh(f);
	return elsewhere_command(text, strlen(text), &f->list, &f->err);
}

static void
a_command_lists_backups(void **state)
{
	struct elsewhere_rig *f = *state;
	GH_TEXT text = { 0 };
	const struct elsewhere_backup *b;

	assert_int_equal(gh_file_read(ANSWERS "/command", 1 << 20, &text, NULL), GH_OK);
	assert_int_equal(command(f, gh_text_str(&text)), GH_OK);
	/* The third is still being made. */
	assert_int_equal(f->list.n, 2);
	b = &f->list.rows[0];
	assert_string_equal(b->label, "rds:shop-2026-11-21");
	assert_int_equal(b->ended_at - b->started_at, 751 * GH_SECOND);
	assert_int_equal(b->size, 123456789);
	assert_int_equal(b->database_bytes, -1);
	assert_string_equal(b->server_version, "15.8");
	assert_int_equal(b->keep_until, 1797807600 * GH_SECOND);
	assert_string_equal(b->broken, "");
	assert_int_equal(b->level, 0);
	b = &f->list.rows[1];
	assert_int_equal(b->started_at, b->ended_at);
	assert_int_equal(b->ended_at, 1795256163 * GH_SECOND);
	assert_int_equal(b->size, -1);
	assert_string_equal(b->broken, "copy failed");
	assert_int_equal(command(f, "[]"), GH_OK);
	assert_int_equal(f->list.n, 0);
}

static void
a_command_with_odd_answers(void **state)
{
	static const struct {
		const char *text, *words;
	} bad[] = { { " \n", "the answer is empty" }, { "no such profile", "no JSON: line 1" },
		{ "[{\"label\":\"a\",\"ended\":5,\"ended\":6}]", "no JSON: line 1" },
		{ "[7]", "backup 1 is no object" }, { "[{\"ended\":5}]", "backup 1 has no label" },
		{ "[{\"label\":5,\"ended\":5}]", "backup 1 has no label" },
		{ "[{\"label\":\"a\\nb\",\"ended\":5}]", "control character" },
		{ "[{\"label\":\"a\"}]", "a has no time \"ended\"" },
		{ "[{\"label\":\"a\",\"ended\":\"yesterday\"}]", "ended of a is no time" },
		{ "[{\"label\":\"a\",\"ended\":-5}]", "ended of a is no time" },
		{ "[{\"label\":\"a\",\"ended\":5.5}]", "ended of a is no time" },
		{ "[{\"label\":\"a\",\"ended\":5,\"started\":6}]", "a ended before it started" },
		{ "[{\"label\":\"a\",\"ended\":5,\"bytes\":\"5\"}]", "bytes of a" },
		{ "[{\"label\":\"a\",\"ended\":5,\"bytes\":-5}]", "bytes of a" },
		{ "[{\"label\":\"a\",\"ended\":5,\"error\":false}]", "error of a is no text" },
		{ "[{\"label\":\"a\",\"ended\":5,\"eror\":\"x\"}]", "a member \"eror\"" },
		{ "[{\"label\":\"\\ud800\",\"ended\":5}]", "no JSON" } };
	struct elsewhere_rig *f = *state;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (command(f, bad[i].text) != GH_CONFLICT)
			fail_msg("%s was taken", bad[i].text);
		elsewhere_rig_says(f, bad[i].words);
	}
}

static void
too_many_backups(void **state)
{
	struct elsewhere_rig *f = *state;
	GH_TEXT text = { 0 };
	int i;

	gh_text_put(&text, "[");
	for (i = 0; i < ELSEWHERE_MAX; i++)
		gh_text_putf(&text, "%s{\"label\":\"%d\",\"ended\":5}", i == 0 ? "" : ",", i);
	gh_text_put(&text, "]");
	assert_int_equal(command(f, gh_text_str(&text)), GH_OK);
	assert_int_equal(f->list.n, ELSEWHERE_MAX);
	assert_string_equal(f->list.rows[4999].label, "4999");
	text.data[text.len - 1] = ',';
	gh_text_put(&text, "{\"label\":\"x\",\"ended\":5}]");
	assert_int_equal(command(f, gh_text_str(&text)), GH_CONFLICT);
	elsewhere_rig_says(f, "more than 5000 backups");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, elsewhere_rig_setup, elsewhere_rig_teardown)
	const struct CMUnitTest tests[] = {
		T(pgbackrest_lists_its_backups),
		T(pgbackrest_with_two_repositories),
		T(pgbackrest_without_backups),
		T(pgbackrest_of_another_server),
		T(pgbackrest_with_odd_answers),
		T(a_command_lists_backups),
		T(a_command_with_odd_answers),
		T(too_many_backups),
	};

	return cmocka_run_group_tests_name("runner/job/elsewhere_answer", tests, NULL, NULL);
}
