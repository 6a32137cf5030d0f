#include "base/ban.h"
#include "migration/status_row.h"
#include "migration/version.h"

/* ---- which row decides ---- */

static int
by_key(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;
	int order = strcmp(x->row->key, y->row->key);

	/* Both point into one array: the later row is the larger. */
	return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

static void
index_rows(struct standing *s, const struct convention_row *rows, size_t n)
{
	size_t i, kept = 0;

	s->seen = gh_alloc_n(s->a, n, sizeof(*s->seen));
	for (i = 0; i < n; i++)
		s->seen[i].row = &rows[i];
	if (n > 0)
		qsort(s->seen, n, sizeof(*s->seen), by_key);
	for (i = 0; i < n; i++) {
		if (i + 1 == n || strcmp(s->seen[i].row->key, s->seen[i + 1].row->key) != 0)
			s->seen[kept++] = s->seen[i];
	}
	s->n_seen = kept;
}

static struct seen *
find(struct standing *s, const char *key)
{
	size_t lo = 0, hi = s->n_seen;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int order = strcmp(s->seen[mid].row->key, key);

		if (order == 0)
			return &s->seen[mid];
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static bool
counts_as_applied(const struct convention_status_row *r)
{
	return r->standing == CONVENTION_APPLIED || r->standing == CONVENTION_EDITED;
}

static bool
is_number(const char *s)
{
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* ---- the table that only holds the newest ---- */

/* How many migrations are not newer than a version that has no file of its own. */
static size_t
numbers_up_to(const struct convention_found *found, const char *key)
{
	size_t i, n = 0;

	for (i = 0; is_number(key) && i < found->n; i++) {
		const struct convention_migration *m = &found->migrations[i];

		if (!m->repeatable && is_number(m->key) && version_compare(m->key, key) <= 0)
			n = i + 1;
	}
	return n;
}

static void
place_one_row(struct standing *s, const struct convention_row *row)
{
	const char *late = gh_printf(s->a,
	    "added after version %s was recorded: %s never applies it and never says so; give it a higher "
	    "number",
	    row->key, status_tool(s));
	size_t i, upto = 0;

	for (i = 0; i < s->found->n; i++) {
		if (strcmp(s->found->migrations[i].key, row->key) == 0)
			upto = i + 1;
	}
	if (upto == 0) {
		upto = numbers_up_to(s->found, row->key);
	} else {
		find(s, row->key)->at = upto;
		status_row_set(s, &s->ret->rows[upto - 1], row);
		s->newest = status_has_failed(row) ? upto - 1 : upto;
		upto--;
	}
	for (i = 0; i < upto; i++) {
		s->ret->rows[i].standing = CONVENTION_APPLIED;
		s->ret->rows[i].decision = CONVENTION_NOTHING;
		s->ret->rows[i].late = late;
	}
	if (s->newest < upto)
		s->newest = upto;
	if (s->newest > 0)
		s->newer = s->found->migrations[s->newest - 1].key;
}

/* ---- a row for each ---- */

static void
place_each(struct standing *s)
{
	size_t i;

	for (i = 0; i < s->found->n; i++) {
		struct convention_status_row *to = &s->ret->rows[i];
		struct seen *seen = find(s, to->key);

		if (seen == NULL)
			continue;
		seen->at = i + 1;
		status_row_set(s, to, seen->row);
		if (to->migration->repeatable)
			continue;
		if (counts_as_applied(to)) {
			s->newest = i + 1;
			s->newer = to->key;
		}
		if (to->standing == CONVENTION_BASELINE)
			s->baseline = i + 1;
	}
}

/* ---- rows without a file ---- */

/* Where an applied one belongs of which only the key is known: by its number, or behind the row before it. */
static size_t
place_of(struct standing *s, const struct convention_row *row, size_t before)
{
	const char *digits = version_digits(row->key, s->a);
	size_t lo = 0, hi = s->in_order;

	if (*digits == '\0' || !s->numbers)
		return before;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (version_compare(s->found->migrations[mid].version, digits) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
add_missing(struct standing *s, const struct convention_row *row, size_t after)
{
	struct convention_status_row *to = &s->ret->rows[s->ret->n++];

	*to = (struct convention_status_row){ .key = row->key,
		.applied_at = row->applied_at,
		.checksum = row->checksum,
		.by = row->by,
		.late = "",
		.after = after == 0 ? "" : s->found->migrations[after - 1].key };
	status_row_missing(s, to, row);
}

static void
place_missing(struct standing *s, const struct convention_row *rows, size_t n_rows)
{
	size_t i, before = 0;

	for (i = 0; i < n_rows; i++) {
		const struct seen *seen = find(s, rows[i].key);
		size_t after;

		if (seen->at != 0)
			before = seen->at;
		if (seen->at != 0 || seen->row != &rows[i] || status_is(&rows[i], "gone"))
			continue;
		after = place_of(s, &rows[i], before);
		if (status_is(&rows[i], "baseline")) {
			/* It has no file by nature. */
			s->baseline = s->baseline < after ? after : s->baseline;
			continue;
		}
		add_missing(s, &rows[i], after);
		if (s->newest <= after && !status_has_failed(&rows[i])) {
			s->newest = after;
			s->newer = rows[i].key;
		}
	}
}

/* ---- what is older than an applied one ---- */

static enum convention_older
older(const struct standing *s)
{
	return s->found->older == NULL ? s->c->older : *s->found->older;
}

static const char *
older_text(const struct standing *s, const char *newer)
{
	switch (older(s)) {
	case CONVENTION_OLDER_RUNS:
		return gh_printf(s->a, "older than %s, which is applied: %s applies it whenever it appears",
		    newer, status_tool(s));
	case CONVENTION_OLDER_BLOCKS:
		return gh_printf(s->a,
		    "older than %s, which is applied: %s runs nothing until it is given a newer version",
		    newer, status_tool(s));
	case CONVENTION_OLDER_SKIPPED:
		return gh_printf(s->a,
		    "older than %s, which is applied: %s never applies it and never says so; give it a newer "
		    "version",
		    newer, status_tool(s));
	}
	return "";
}

static void
place_older(struct standing *s)
{
	static const enum convention_decision decisions[] = {
		[CONVENTION_OLDER_RUNS] = CONVENTION_RUNS,
		[CONVENTION_OLDER_BLOCKS] = CONVENTION_BLOCKS,
		[CONVENTION_OLDER_SKIPPED] = CONVENTION_NEVER,
	};
	size_t i;

	for (i = 0; i < s->in_order; i++) {
		struct convention_status_row *r = &s->ret->rows[i];

		if (r->standing != CONVENTION_PENDING || r->migration->repeatable)
			continue;
		if (i < s->baseline) {
			r->standing = CONVENTION_BASELINE;
			r->decision = CONVENTION_NEVER;
			r->text =
			    "before the point where the history of this database begins: never run here";
		} else if (i < s->newest) {
			r->standing = CONVENTION_OUT_OF_ORDER;
			r->decision = decisions[older(s)];
			r->text = older_text(s, s->newer);
		}
	}
}

static void
begin(struct standing *s)
{
	struct convention_status *ret = s->ret;
	size_t i;

	ret->n = s->found->n;
	ret->rows = gh_alloc_n(s->a, s->found->n + s->n_seen, sizeof(*ret->rows));
	s->numbers = true;
	for (i = 0; i < s->found->n; i++) {
		const struct convention_migration *m = &s->found->migrations[i];

		ret->rows[i] = (struct convention_status_row){ .key = m->key,
			.migration = m,
			.standing = CONVENTION_PENDING,
			.decision = CONVENTION_RUNS,
			.checksum = "",
			.by = "",
			.text = "",
			.after = "",
			.late = "" };
		if (m->repeatable)
			continue;
		if (s->in_order < i)
			s->numbers = false; /* its tool runs repeatable ones in their place */
		s->in_order = i + 1;
		if (!is_number(m->version) || (i > 0 && version_compare(m[-1].version, m->version) > 0))
			s->numbers = false;
	}
}

void
convention_status(const struct convention *c, const struct convention_found *found,
    const struct convention_row *rows, size_t n_rows, struct gh_arena *a, struct convention_status *ret)
{
	struct standing s = { .c = c, .found = found, .a = a, .ret = ret, .newer = "" };
	const struct convention_status_row *waits;

	*ret = (struct convention_status){ .newest = "", .blocked = "" };
	if (c->one_row && n_rows > 1) {
		rows += n_rows - 1;
		n_rows = 1;
	}
	index_rows(&s, rows, n_rows);
	begin(&s);
	if (!c->one_row)
		place_each(&s);
	else if (n_rows > 0)
		place_one_row(&s, rows);
	place_missing(&s, rows, n_rows);
	ret->newest = s.newer;
	place_older(&s);
	if (c->status != NULL)
		c->status(found, rows, n_rows, a, ret);
	if (ret->blocked[0] == '\0')
		ret->blocked = status_blocked(&s);
	waits = status_stop_at_code(&s);
	if (ret->blocked[0] == '\0' && waits != NULL)
		ret->blocked = status_sentence(&s, waits);
}
