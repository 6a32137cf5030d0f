#include "base/ban.h"
#include "migration/atlas_status.h"

static bool
is_checkpoint(const struct convention_migration *m)
{
	size_t i;

	for (i = 0; m != NULL && i < m->n_facts; i++) {
		if (strcmp(m->facts[i].name, "checkpoint") == 0)
			return m->facts[i].value[0] == '1';
	}
	return false;
}

static void
never(struct convention_status_row *r, enum convention_standing standing, const char *text)
{
	r->standing = standing;
	r->decision = CONVENTION_NEVER;
	r->text = text;
}

/*
 * A new database begins at the last checkpoint, one that has begun passes over them: what they hold it has
 * from the files before.  first: position of the first applied one, n when there is none.
 */
static void
checkpoints(struct convention_status *list, size_t n, size_t first)
{
	size_t i, start = 0;

	for (i = 0; i < n; i++) {
		if (is_checkpoint(list->rows[i].migration) && (first == n || i == first))
			start = i;
	}
	for (i = 0; i < n; i++) {
		struct convention_status_row *r = &list->rows[i];

		if (r->standing != CONVENTION_PENDING && r->standing != CONVENTION_OUT_OF_ORDER)
			continue;
		if (i < start)
			never(r, CONVENTION_BASELINE,
			    "a checkpoint behind it holds all that it does: never run here");
		else if (first < n && is_checkpoint(r->migration))
			never(r, CONVENTION_BASELINE,
			    "a checkpoint is for new databases: this one has what it holds from the files "
			    "before");
	}
}

/* Sums are chained: of those that differ only the first can be told to have changed. */
static void
chained(struct convention_status *list, size_t n, struct gh_arena *a)
{
	const char *first = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		struct convention_status_row *r = &list->rows[i];

		if (r->standing != CONVENTION_EDITED)
			continue;
		if (first == NULL) {
			first = r->migration->file;
			r->text = gh_printf(a,
			    "%s, or a file that now stands before it, was changed after it was applied; "
			    "Atlas does not run it again and does not say so",
			    first);
			continue;
		}
		r->standing = CONVENTION_APPLIED;
		r->decision = CONVENTION_NOTHING;
		r->text = gh_printf(a,
		    "its sum is chained to that of %s, which differs: whether it was changed itself cannot "
		    "be told",
		    first);
	}
}

static const struct convention_row *
row_of(const struct convention_row *rows, size_t n, const char *key)
{
	while (n > 0 && strcmp(rows[n - 1].key, key) != 0)
		n--;
	return n == 0 ? NULL : &rows[n - 1];
}

/* A file that stopped half way: Atlas goes on behind the last statement that worked, Gatehouse cannot. */
static void
half_done(struct convention_status *list, size_t n, const struct convention_row *rows, size_t n_rows,
    struct gh_arena *a)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct convention_status_row *r = &list->rows[i];
		const struct convention_row *row;

		if (r->standing != CONVENTION_FAILED)
			continue;
		row = row_of(rows, n_rows, r->key);
		if (row == NULL || strncmp(row->detail, "0 of ", 5) == 0)
			continue;
		r->decision = CONVENTION_BLOCKS;
		r->text = gh_printf(a,
		    "%s; Atlas goes on with the next statement of the file, which Gatehouse cannot: correct "
		    "the file from there on and run atlas migrate apply, or finish by hand and run atlas "
		    "migrate set %s",
		    row->detail, r->key);
	}
}

void
atlas_status(const struct convention_found *found, const struct convention_row *rows, size_t n_rows,
    struct gh_arena *a, struct convention_status *list)
{
	size_t i, first = found->n;

	for (i = found->n; i > 0; i--) {
		if (list->rows[i - 1].applied_at != 0 && list->rows[i - 1].standing != CONVENTION_BASELINE)
			first = i - 1;
	}
	if (first < found->n || n_rows == 0)
		checkpoints(list, found->n, first);
	chained(list, found->n, a);
	half_done(list, found->n, rows, n_rows, a);
	for (i = found->n; i < list->n && n_rows > 0; i++) {
		if (strcmp(list->rows[i].key, rows[n_rows - 1].key) != 0)
			continue;
		list->rows[i].decision = CONVENTION_BLOCKS;
		list->rows[i].text = gh_printf(a,
		    "the version that was applied last (%s) has no file: Atlas runs nothing until it is back",
		    list->rows[i].key);
	}
}
