#include "base/ban.h"
#include "store/shelf.h"
#include "base/mention.h"
#include "store/read.gen.h"

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

enum gh_code
store_shelf_get(struct store *st, struct gh_arena *a, struct store_shelf *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret =
	    (struct store_shelf){ .problem = "", .total = -1, .free_size = -1, .a_day = -1, .full_at = -1 };
	GH_TRY(store_prepare(st, SQL_SHELF_GET, &q, err));
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return GH_OK;
	*ret = (struct store_shelf){
		.looked_at = store_int(q, 0),
		.problem = store_text(q, 1, a),
		.total = store_int(q, 2),
		.free_size = store_int(q, 3),
		.a_day = store_int(q, 4),
		.full_at = store_int(q, 5),
	};
	return GH_OK;
}

enum gh_code
store_pace_get(struct store *st, int64_t target_id, int64_t since, struct store_pace *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_PACE_GET, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_int(q, ":since", since);
	GH_TRY(store_step(st, q, &row, err));
	*ret = (struct store_pace){
		.taken = store_int(q, 0),
		.first_at = store_int(q, 1),
		.last_at = store_int(q, 2),
		.bytes = store_int(q, 3),
	};
	return GH_OK;
}

/* The backups that a text may name: those of a target, by their number. */
struct nameable {
	size_t n;
	struct nameable_row {
		int64_t id, by; /* by: the incident whose texts named it last, 0 none has */
		const char *file;
	} * rows, **files; /* files: the same by their names */
};

static int
by_id(const void *x, const void *y)
{
	const struct nameable_row *p = x, *q = y;

	return p->id < q->id ? -1 : p->id > q->id;
}

static int
by_file(const void *x, const void *y)
{
	const struct nameable_row *const *p = x, *const *q = y;

	return strcmp((*p)->file, (*q)->file);
}

/* The next word of characters that the name of a file has, NULL at the end; what is longer is none. */
static char *
next_word(const char **at, struct gh_arena *a)
{
	size_t n;

	for (;;) {
		*at += strcspn(*at, NAME_CHARS);
		n = strspn(*at, NAME_CHARS);
		*at += n;
		if (n == 0)
			return NULL;
		if (n >= strlen("t-20261121T023000Z-t7") && n <= NAME_MAX)
			return gh_strndup(a, *at - n, n);
	}
}

static enum gh_code
nameable(struct store *st, struct gh_arena *a, int64_t target_id, struct nameable *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;
	size_t i;

	GH_TRY(store_prepare(st, SQL_PIN_BACKUP_LIST, &q, err));
	store_bind_int(q, ":target", target_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			break;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] =
		    (struct nameable_row){ .id = store_int(q, 0), .file = store_text(q, 1, a) };
	}
	ret->files = gh_alloc_n(a, ret->n + 1, sizeof(struct nameable_row *));
	for (i = 0; i < ret->n; i++)
		ret->files[i] = &ret->rows[i];
	if (ret->n > 0)
		qsort(ret->files, ret->n, sizeof(struct nameable_row *), by_file);
	return GH_OK;
}

static void
pin_add(struct store_pins *list, struct gh_arena *a, int64_t backup, const char *text)
{
	size_t i;

	/* Its run may be what the incident is about. */
	for (i = 0; i < list->n; i++) {
		if (list->rows[i].backup_id == backup && strcmp(list->rows[i].text, text) == 0)
			return;
	}
	list->rows = store_room(a, list->rows, list->n, sizeof(*list->rows));
	list->rows[list->n++] = (struct store_pin){ .backup_id = backup, .text = text };
}

/* The backup of a file, or of its sidecar, also where a sentence ends with it. */
static struct nameable_row *
of_file(const struct nameable *all, char *word)
{
	const struct nameable_row key = { .file = word }, *k = &key;
	char *dot;

	for (;;) {
		struct nameable_row *const *found =
		    bsearch(&k, all->files, all->n, sizeof(struct nameable_row *), by_file);

		if (found != NULL)
			return *found;
		dot = strrchr(word, '.');
		if (dot == NULL)
			return NULL;
		*dot = '\0';
	}
}

static void
name(struct store_pins *ret, struct gh_arena *a, struct nameable_row *row, int64_t incident)
{
	if (row == NULL || row->by == incident)
		return;
	row->by = incident;
	pin_add(ret, a, row->id, gh_printf(a, "incident %" PRId64, incident));
}

/* Texts come incident by incident; however long they are and whatever they repeat, each byte is read twice.
 */
static enum gh_code
texts(struct store *st, struct gh_arena *a, int64_t target_id, struct store_pins *ret, struct gh_err *err)
{
	struct nameable all = { 0 };
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(nameable(st, a, target_id, &all, err));
	GH_TRY(store_prepare(st, SQL_PIN_TEXT_LIST, &q, err));
	while (all.n > 0) {
		GH_ARENA own = { .limit = GH_TEXT_LIMIT };
		struct nameable_row key = { 0 }, *named;
		char *file;
		struct gh_mention m = { 0 };

		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			break;
		m.text = m.at = store_text(q, 1, &own);
		while (gh_mention_backup(&m, &key.id)) {
			named = bsearch(&key, all.rows, all.n, sizeof(*all.rows), by_id);
			name(ret, a, named, store_int(q, 0));
		}
		for (m.at = m.text; (file = next_word(&m.at, &own)) != NULL;)
			name(ret, a, of_file(&all, file), store_int(q, 0));
	}
	return GH_OK;
}

enum gh_code
store_pin_list(
    struct store *st, struct gh_arena *a, int64_t target_id, struct store_pins *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_pins){ 0 };
	GH_TRY(store_prepare(st, SQL_PIN_LIST, &q, err));
	store_bind_int(q, ":target", target_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return texts(st, a, target_id, ret, err);
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_pin){
			.backup_id = store_int(q, 0),
			.text = store_text(q, 1, a),
		};
	}
}
