#include "base/ban.h"
#include "tests/support/plain_user.h"
#include "tests/support/proof_rig.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/stat.h>

/* What lies beside a backup: a proof says when it is not what was written, and the backup is none the worse.
 */

static struct rig rig;
static struct proof_rig p;
static const char *path;

static int
setup(void **state)
{
	int failed = rig_setup(state);

	p = (struct proof_rig){ 0 };
	(void)rig_sql(&rig,
	    "CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a VALUES (1), (2); ALTER TABLE a OWNER TO "
	    "shop");
	proof_rig_take(&p, &rig);
	path = gh_printf(&rig.arena, "%s.json", p.path);
	return failed;
}

static int
teardown(void **state)
{
	proof_rig_done(&p);
	return rig_teardown(state);
}

static void
put(const char *data, size_t len)
{
	assert_int_equal(gh_file_replace(path, data, len, 0600, NULL), GH_OK);
}

/* Proved all the same, and said with these words; "" nothing is wrong. */
static void
expect(const char *part)
{
	const struct rig_frame *f;

	proof_rig_prove(&p, "listed");
	rig_expect(&rig, WIRE_SUCCEEDED, "Proved as \"listed\"");
	assert_int_equal(proof_rig_level(&p, WIRE_CHECKSUMMED), WIRE_OK);
	f = rig_find(&rig, WIRE_J_SIDECAR_SEEN, 0);
	assert_non_null(f);
	if (strstr(f->text, part) == NULL || (part[0] == '\0') != (f->text[0] == '\0'))
		fail_msg("\"%s\", not \"%s\"", f->text, part);
	assert_null(rig_find(&rig, WIRE_J_SIDECAR_SEEN, 1));
	f = rig_find(&rig, WIRE_J_PROOF, 0);
	assert_non_null(strstr(f->more, part));
	assert_int_equal(strstr(f->more, "What lies beside it is what was written.") != NULL,
	    part[0] == '\0' && rig.spec.sidecar_digest[0] != '\0');
	assert_int_equal(strstr(f->more, "whether it is what was written is not known.") != NULL,
	    part[0] == '\0' && rig.spec.sidecar_digest[0] == '\0');
}

static void
as_it_was_written(void **state)
{
	(void)state;
	expect("");
	/* From before its digest was kept. */
	rig.spec.sidecar_digest = "";
	expect("");
}

/* Without a digest to go by it has to say whose it is. */
static void
what_says_nothing(void **state)
{
	const char *const told[] = { "{}", "it says nothing of its target",
		gh_printf(&rig.arena, "{\"target\": \"%s\"}", rig.spec.target), "it says nothing of its file",
		gh_printf(&rig.arena, "{\"target\": \"%s\", \"file\": \"%s\"}", rig.spec.target, p.file),
		"it says nothing of its sha256" };
	size_t i;

	(void)state;
	rig.spec.sidecar_digest = "";
	for (i = 0; i < sizeof(told) / sizeof(told[0]); i += 2) {
		put(told[i], strlen(told[i]));
		expect(told[i + 1]);
	}
}

/* Whoever can write the folder does not have us parse as much as there is room for. */
static void
what_is_too_long(void **state)
{
	size_t len = ((size_t)16 << 20) + 1;
	char *long_one = malloc(len);

	(void)state;
	assert_non_null(long_one);
	memset(long_one, '0', len);
	put(long_one, ((size_t)1 << 20) + 1);
	expect("the SHA-256 of ");
	put(long_one, (size_t)1 << 20);
	expect(".json is no JSON");
	rig.spec.sidecar_digest = "";
	put(long_one, len - 1);
	expect(".json is no JSON");
	put(long_one, len);
	expect(".json cannot be read: ");
	free(long_one);
}

static void
what_is_in_its_place(void **state)
{
	const char *away = gh_printf(&rig.arena, "%s/away", rig.folder);

	(void)state;
	assert_int_equal(rename(path, away), 0);
	expect(".json is not there");
	assert_int_equal(symlink(away, path), 0);
	expect(".json is a symbolic link");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	expect(".json is not a regular file");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect(".json is not a regular file");
	put("", 0);
	expect(".json is empty");
	put("{\"file\": ", 9);
	expect(".json is no JSON");
	put("[]", 2);
	expect(".json is no JSON");
	put("{}", 2);
	expect("it says nothing of its target");
	assert_int_equal(rename(away, path), 0);
	expect("");
}

/* Of the same length, with one word that is another. */
static void
swap(const char *from, const char *to)
{
	GH_TEXT json = { 0 };
	char *at;

	assert_int_equal(gh_file_read(path, (size_t)1 << 20, &json, NULL), GH_OK);
	at = strstr(json.data, from);
	assert_non_null(at);
	assert_int_equal(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
	put(json.data, json.len);
}

static void
what_it_says(void **state)
{
	static const char *const digests[] = { NULL, "" };
	const char *target = gh_printf(&rig.arena, "\"target\": \"%s\"", rig.spec.target);
	char *other = gh_strdup(&rig.arena, target);
	size_t i;

	(void)state;
	other[strlen("\"target\": \"")] ^= 1;
	for (i = 0; i < 2; i++) {
		rig.spec.sidecar_digest = digests[i] == NULL ? rig.spec.sidecar_digest : digests[i];
		swap(target, other);
		expect("it says that its target is ");
		swap(other, target);
		swap("\"file\": \"s", "\"file\": \"t");
		expect("it says that its file is t");
		swap("\"file\": \"t", "\"file\": \"s");
		swap("\"size\": ", "\"size\":-");
		expect("it says that its size is -");
		swap("\"size\":-", "\"size\": ");
		swap("\"sha256\": \"", "\"sha256\" :[");
		expect(".json is no JSON");
		swap("\"sha256\" :[", "\"sha256\": \"");
		expect("");
		/* What the record of the runner does not have, its digest has. */
		swap("\"rows\": 2", "\"rows\": 3");
		expect(i == 0 ? "the SHA-256 of " : "");
		swap("\"rows\": 3", "\"rows\": 2");
	}
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(as_it_was_written),
		T(what_says_nothing),
		T(what_is_too_long),
		T(what_is_in_its_place),
		T(what_it_says),
	};

	if (plain_user() != 0)
		return 1;
	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/proof_sidecar", tests, rig_group_start, rig_group_stop);
}
