#include "base/ban.h"
#include "migration/flyway_status.h"
#include "migration/flyway_name.h"
#include "migration/flyway_text.h"
#include "migration/status.h"

/* ---- configuration ---- */

/* Whether ignoreMigrationPatterns names the state: "*:missing,repeatable:ignored". */
static bool
ignores(const char *patterns, const char *state)
{
	const char *p = patterns;

	while (*p != '\0') {
		size_t len = strcspn(p, ", ");
		const char *colon = memchr(p, ':', len);

		if (colon != NULL) {
			size_t type = (size_t)(colon - p), rest = len - type - 1;

			if ((strncmp(p, "*", type) == 0 || strncasecmp(p, "versioned", type) == 0) &&
			    ((rest == 1 && colon[1] == '*') ||
				(rest == strlen(state) && strncasecmp(colon + 1, state, rest) == 0)))
				return true;
		}
		p += len;
		p += strspn(p, ", ");
	}
	return false;
}

/* Only options are looked at. */
static struct convention_folder
options_of(const struct convention_found *found, struct gh_arena *a)
{
	return (
	    struct convention_folder){ .arena = a, .n_options = found->n_options, .options = found->options };
}

/* Without a word Flyway lets pass what is newer than all that it knows. */
static const char *
patterns_of(const struct convention_folder *f)
{
	const char *patterns = flyway_option(f, "ignoreMigrationPatterns");

	return patterns == NULL ? "*:future" : patterns;
}

const enum convention_older *
flyway_older(const struct convention_folder *f)
{
	static const enum convention_older runs = CONVENTION_OLDER_RUNS, skipped = CONVENTION_OLDER_SKIPPED;

	if (flyway_option_is(f, "outOfOrder", "true"))
		return &runs;
	if (flyway_option_is(f, "validateOnMigrate", "false") || ignores(patterns_of(f), "ignored"))
		return &skipped;
	return NULL;
}

/* ---- what it lets pass ---- */

static const char *
greatest(const struct convention_found *found, struct gh_arena *a)
{
	const char *ret = "";
	size_t i;

	for (i = 0; i < found->n; i++) {
		if (!found->migrations[i].repeatable)
			ret = flyway_canon(found->migrations[i].version, a);
	}
	return ret;
}

static void
pass(const struct convention_found *found, struct gh_arena *a, struct convention_status *list)
{
	struct convention_folder f = options_of(found, a);
	const char *patterns = patterns_of(&f), *last = greatest(found, a);
	bool validates = !flyway_option_is(&f, "validateOnMigrate", "false");
	size_t i;

	for (i = 0; i < list->n; i++) {
		struct convention_status_row *r = &list->rows[i];
		bool future;

		if (r->standing == CONVENTION_EDITED && !validates) {
			r->decision = CONVENTION_NOTHING;
			continue;
		}
		if (r->standing != CONVENTION_MISSING)
			continue;
		future = isdigit((unsigned char)*r->key) && flyway_version_compare(r->key, last) > 0;
		if (!validates || ignores(patterns, future ? "future" : "missing")) {
			r->decision = CONVENTION_NOTHING;
			r->text = future
			    ? "applied, and newer than every file of this folder: Flyway lets it pass"
			    : "applied, and there is no file for it: the configuration lets it pass";
		}
	}
}

/* ---- baselines ---- */

static bool
untouched(const struct convention_status_row *r)
{
	return r->migration != NULL && !r->migration->repeatable &&
	    (r->standing == CONVENTION_PENDING || r->standing == CONVENTION_OUT_OF_ORDER ||
		(r->standing == CONVENTION_BASELINE && r->applied_at == 0));
}

/* Rows of the command `baseline` have no file: what is not newer is not to run. */
static void
below(const char *version, struct gh_arena *a, struct convention_status *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		struct convention_status_row *r = &list->rows[i];

		if (!untouched(r) ||
		    flyway_version_compare(flyway_canon(r->migration->version, a), version) > 0)
			continue;
		r->standing = CONVENTION_BASELINE;
		r->decision = CONVENTION_NEVER;
		r->text = gh_printf(a,
		    "not newer than %s, where the history of this database begins (flyway baseline): never "
		    "run here",
		    version);
	}
}

/* B files begin an empty database in place of all that is not newer. */
static void
b_files(struct gh_arena *a, struct convention_status *list, bool empty)
{
	struct convention_status_row *last = NULL;
	size_t i;

	for (i = 0; i < list->n; i++) {
		struct convention_status_row *r = &list->rows[i];

		if (!untouched(r) || *r->key != 'B')
			continue;
		r->standing = CONVENTION_BASELINE;
		r->decision = CONVENTION_NEVER;
		r->text = "a baseline migration: it only ever begins an empty database";
		last = r;
	}
	if (!empty || last == NULL)
		return;
	last->standing = CONVENTION_PENDING;
	last->decision = CONVENTION_BLOCKS;
	last->text = gh_printf(a,
	    "Flyway begins an empty database with this baseline migration instead of all that is not newer, "
	    "which "
	    "Gatehouse does not: run \"flyway migrate -target=%s\" once, and go on here",
	    last->migration->version);
}

void
flyway_status(const struct convention_found *found, const struct convention_row *rows, size_t n_rows,
    struct gh_arena *a, struct convention_status *list)
{
	bool empty = true;
	size_t i;

	for (i = 0; i < n_rows; i++) {
		empty = empty && strcmp(rows[i].state, "gone") == 0;
		if (strcmp(rows[i].state, "baseline") == 0)
			below(rows[i].key + (*rows[i].key == 'B'), a, list);
	}
	b_files(a, list, empty);
	pass(found, a, list);
}
