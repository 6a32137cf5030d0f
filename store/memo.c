#include "base/ban.h"
#include "store/memo.h"
#include "store/read.gen.h"

#define MEMO_LIMIT ((size_t)64 << 20) /* of one transaction's readings */

struct entry {
	const struct entry *next;
	const char *key;
	const void *value;
};

struct store_memo {
	struct gh_arena arena;
	int64_t version; /* of what the matrix shows */
	const struct entry *first;
};

/* 0: cannot be read. */
static int64_t
version_read(struct store *st)
{
	STORE_STMT q = NULL;
	int row = 0;

	if (store_prepare(st, SQL_MATRIX_VERSION, &q, NULL) != GH_OK ||
	    store_step(st, q, &row, NULL) != GH_OK)
		return 0;
	return row ? store_int(q, 0) : 0;
}

static struct store_memo *
memo_of(struct store *st)
{
	if (st->memo == NULL) {
		st->memo = calloc(1, sizeof(*st->memo));
		if (st->memo == NULL)
			gh_bug("out of memory");
		st->memo->arena.limit = MEMO_LIMIT;
		st->memo->version = version_read(st);
	}
	return st->memo;
}

void
store_memo_begin(struct store *st)
{
	struct store_memo *m = st->memo;
	int64_t version;

	if (m == NULL)
		return;
	version = version_read(st);
	if (version != 0 && version == m->version && m->arena.used <= STORE_MEMO_BYTES)
		return;
	gh_arena_done(&m->arena);
	m->arena.limit = MEMO_LIMIT;
	m->first = NULL;
	m->version = version;
}

const void *
store_memo_find(const struct store *st, const char *key)
{
	const struct entry *e;

	for (e = st->memo == NULL ? NULL : st->memo->first; e != NULL; e = e->next) {
		if (strcmp(e->key, key) == 0)
			return e->value;
	}
	return NULL;
}

struct gh_arena *
store_memo_arena(struct store *st)
{
	return &memo_of(st)->arena;
}

void
store_memo_keep(struct store *st, const char *key, const void *value)
{
	struct store_memo *m = memo_of(st);
	struct entry *e = gh_alloc(&m->arena, sizeof(*e));

	*e = (struct entry){ .next = m->first, .key = gh_strdup(&m->arena, key), .value = value };
	m->first = e;
}

void
store_memo_free(struct store *st)
{
	if (st->memo == NULL)
		return;
	gh_arena_done(&st->memo->arena);
	free(st->memo);
	st->memo = NULL;
}
