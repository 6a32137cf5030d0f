#include "base/ban.h"
#include "tests/support/dump_journal.h"
#include "migration/convention.h"
#include "wire/journal.h"

#include <setjmp.h>
#include <cmocka.h>

static void
dump_file(struct gh_text *dump, struct wire_in *f, struct gh_arena *a)
{
	const char *name = wire_text(f, a), *as = wire_file_name((enum wire_file)wire_u8(f));
	const char *reason = wire_text(f, a), *key = wire_text(f, a);
	size_t digest = strlen(wire_text(f, a));

	assert_true(digest == 64 || digest == 0);
	gh_text_putf(dump, "%s %s%s%s%s%s%s\n", as, name, *key == '\0' ? "" : " [", key,
	    *key == '\0' ? "" : "]", *reason == '\0' ? "" : ": ", reason);
}

static void
dump_unit(struct gh_text *dump, struct wire_in *f, struct gh_arena *a)
{
	const char *key = wire_text(f, a), *version, *name, *file, *description, *author;
	int64_t position = wire_i64(f), facts;

	version = wire_text(f, a);
	name = wire_text(f, a);
	file = wire_text(f, a);
	description = wire_text(f, a);
	author = wire_text(f, a);
	gh_text_putf(dump, "%" PRId64 " %s (%s %s) %s {%s, %s, %s}", position, key, version, name, file,
	    description, author, wire_text(f, a));
	gh_text_putf(dump, "%s", wire_bool(f) ? " repeatable" : "");
	gh_text_putf(dump, "%s", wire_bool(f) ? " code" : "");
	gh_text_putf(dump, "%s\n", wire_text(f, a));
	for (facts = wire_i64(f); facts > 0; facts--) {
		size_t len;

		(void)wire_text(f, a);
		(void)wire_bool(f);
		(void)wire_bytes(f, &len);
	}
}

static void
dump_side(struct gh_text *dump, struct wire_in *f, struct gh_arena *a)
{
	const char *key = wire_text(f, a), *side = wire_side_name((enum wire_side)wire_u8(f)), *problem;
	char digest[GH_SHA256_HEX_LEN];
	bool one, inside, stripped;
	const void *bytes;
	int64_t line;
	size_t len;

	(void)key;
	(void)wire_text(f, a);
	bytes = wire_bytes(f, &len);
	gh_sha256_hex(bytes, len, digest);
	assert_string_equal(wire_text(f, a), digest);
	line = wire_i64(f);
	one = wire_bool(f);
	inside = wire_bool(f);
	stripped = wire_bool(f);
	assert_false(wire_bool(f));
	len = strlen(wire_text(f, a));
	problem = wire_text(f, a);
	assert_true(len == 64 || *problem != '\0');
	gh_text_putf(dump, "  %s at %" PRId64 "%s%s%s", side, line, one ? "" : " each",
	    inside ? "" : " outside", stripped ? " stripped" : "");
	gh_text_putf(dump, "%s%s\n", *problem == '\0' ? "" : ": ", problem);
	(void)wire_text(f, a);
	(void)wire_bytes(f, &len);
}

static void
dump_sql(struct gh_text *dump, struct wire_in *f, struct gh_arena *a)
{
	int64_t offset, length, line, group;
	const char *kind, *object;
	bool alone;

	(void)wire_text(f, a);
	(void)wire_u8(f);
	offset = wire_i64(f);
	length = wire_i64(f);
	line = wire_i64(f);
	group = wire_i64(f);
	alone = wire_bool(f);
	(void)wire_bool(f);
	(void)wire_bool(f);
	kind = wire_text(f, a);
	object = wire_text(f, a);
	gh_text_putf(dump, "    %" PRId64 "+%" PRId64 " %" PRId64 " group %" PRId64 " %s%s %s %s\n", offset,
	    length, line, group, kind, alone ? " alone" : "", object, wire_text(f, a));
}

/* What a statement touches and what lint finds have tests of their own. */
static void
dump_part(struct wire_event *e, struct gh_arena *a)
{
	struct wire_in *f = &e->fields;

	if (e->kind == WIRE_J_TOUCH) {
		assert_true(strlen(wire_text(f, a)) > 0);
		assert_true(wire_u8(f) <= WIRE_ACCESS_EXCLUSIVE);
	} else {
		(void)wire_text(f, a);
		(void)wire_u8(f);
		assert_true(wire_i64(f) >= -1);
		assert_true(strlen(wire_text(f, a)) > 0);
	}
	f->at = f->end;
}

static void
dump_query(struct gh_text *dump, struct wire_in *f, struct gh_arena *a)
{
	const char *file = wire_text(f, a);
	char digest[GH_SHA256_HEX_LEN];
	const void *bytes;
	size_t len;

	bytes = wire_bytes(f, &len);
	gh_sha256_hex(bytes, len, digest);
	assert_string_equal(wire_text(f, a), digest);
	gh_text_putf(dump, "query %s %.*s %s\n", file, (int)len, (const char *)bytes, wire_text(f, a));
}

static void
dump_frame(struct gh_text *dump, struct wire_event *e, struct gh_arena *a)
{
	struct wire_in *f = &e->fields;

	if (e->kind == WIRE_J_FILE)
		dump_file(dump, f, a);
	else if (e->kind == WIRE_J_UNIT)
		dump_unit(dump, f, a);
	else if (e->kind == WIRE_J_SIDE)
		dump_side(dump, f, a);
	else if (e->kind == WIRE_J_SQL)
		dump_sql(dump, f, a);
	else if (e->kind == WIRE_J_NOTE)
		gh_text_putf(dump, "note %s\n", wire_text(f, a));
	else if (e->kind == WIRE_J_QUERY)
		dump_query(dump, f, a);
	else if (e->kind == WIRE_J_TOUCH || e->kind == WIRE_J_FINDING)
		dump_part(e, a);
	else
		fail_msg("a frame of kind %d", (int)e->kind);
}

/* What was chosen, before everything else. */
static const char *detected;

static void
dump_head(struct gh_text *dump, struct wire_event *e, struct gh_arena *a)
{
	struct wire_in *f = &e->fields;
	const char *name, *problem;

	if (e->kind == WIRE_J_DETECTED) {
		name = wire_text(f, a);
		detected = convention_find(name) == NULL ? "" : convention_find(name)->name;
		assert_true(strlen(wire_text(f, a)) > 0);
		return;
	}
	assert_int_equal(strlen(wire_text(f, a)), 64);
	assert_string_equal(wire_text(f, a), detected);
	assert_true((strlen(wire_text(f, a)) > 0) == (*detected != '\0'));
	problem = wire_text(f, a);
	if (*problem != '\0')
		gh_text_putf(dump, "problem %s\n", problem);
	(void)wire_bool(f);
	(void)wire_text(f, a);
}

const char *
dump_journal(int fd, struct gh_text *dump)
{
	struct wire_follow at = { 0 };
	struct gh_err err = { 0 };
	struct wire_event e;
	GH_TEXT buf = { 0 };
	bool got = true;

	for (;;) {
		GH_ARENA a = { 0 };

		assert_int_equal(wire_follow_next(&at, fd, &buf, &e, &got, &err), GH_OK);
		if (!got)
			return detected;
		if (e.kind == WIRE_J_DETECTED || e.kind == WIRE_J_FOLDER)
			dump_head(dump, &e, &a);
		else
			dump_frame(dump, &e, &a);
		assert_int_equal(wire_end(&e.fields, &err), GH_OK);
	}
}

static void
dump_tracking(struct gh_text *dump, struct wire_in *f, struct gh_arena *a)
{
	const char *table = wire_text(f, a);
	bool exists = wire_bool(f), known = wire_bool(f);
	const char *why = wire_text(f, a), *convention = wire_text(f, a), *newest = wire_text(f, a);
	const char *blocked = wire_text(f, a);

	gh_text_putf(dump, "%s [%s] %s%s%s newest [%s]%s%s\n", table, convention,
	    known        ? "known"
		: exists ? "other"
			 : "none",
	    *why == '\0' ? "" : ": ", why, newest, *blocked == '\0' ? "" : " blocked: ", blocked);
	assert_int_equal(strlen(wire_text(f, a)), 64);
}

static void
dump_standing(struct gh_text *dump, struct wire_in *f, struct gh_arena *a)
{
	const char *key = wire_text(f, a), *after, *standing, *decision, *text, *late;
	int64_t position = wire_i64(f), at;

	after = wire_text(f, a);
	standing = wire_standing_name((enum wire_standing)wire_u8(f));
	decision = wire_decision_name((enum wire_decision)wire_u8(f));
	at = wire_i64(f);
	(void)wire_text(f, a);
	(void)wire_text(f, a);
	text = wire_text(f, a);
	late = wire_text(f, a);
	gh_text_putf(dump, "%" PRId64 " %s %s %s%s%s%s%s%s%s\n", position, key, standing, decision,
	    at == 0 ? "" : " dated", *after == '\0' ? "" : " after ", after, *text == '\0' ? "" : ": ", text,
	    *late == '\0' ? "" : " (by a newer one)");
}

static void
dump_table(struct gh_text *dump, struct wire_in *f, struct gh_arena *a)
{
	const char *name = wire_text(f, a);
	int64_t rows = wire_i64(f), bytes = wire_i64(f), fan_out;

	(void)wire_i64(f);
	(void)wire_i64(f);
	(void)wire_i64(f);
	fan_out = wire_i64(f);
	gh_text_putf(dump, "table %s %" PRId64 " rows%s, %" PRId64 " refer to it\n", name, rows,
	    bytes > 0 ? "" : ", empty", fan_out);
}

static void
dump_detected(struct gh_text *dump, struct wire_in *f, struct gh_arena *a)
{
	const char *name = wire_text(f, a);

	gh_text_putf(dump, "detected [%s] %s\n", name, wire_text(f, a));
}

void
dump_check(int fd, struct gh_text *dump)
{
	struct wire_follow at = { 0 };
	struct gh_err err = { 0 };
	struct wire_event e;
	GH_TEXT buf = { 0 };
	bool got = true;

	for (;;) {
		GH_ARENA a = { 0 };

		assert_int_equal(wire_follow_next(&at, fd, &buf, &e, &got, &err), GH_OK);
		if (!got)
			return;
		if (e.kind == WIRE_J_DETECTED)
			dump_detected(dump, &e.fields, &a);
		else if (e.kind == WIRE_J_TRACKING)
			dump_tracking(dump, &e.fields, &a);
		else if (e.kind == WIRE_J_STANDING)
			dump_standing(dump, &e.fields, &a);
		else if (e.kind == WIRE_J_TABLE)
			dump_table(dump, &e.fields, &a);
		else
			e.fields.at = e.fields.end;
		assert_int_equal(wire_end(&e.fields, &err), GH_OK);
	}
}
