#include "base/ban.h"
#include "store/memo.h"

#define MEMO_LIMIT ((size_t)64 << 20) /* of one transaction's readings */

struct entry {
	const struct entry *next;
	const char *key;
	const void *value;
};

struct store_memo {
	struct gh_arena arena;
	unsigned version; /* of the data, as SQLite counts the commits of others */
	const struct entry *first;
};

static struct store_memo *
memo_of(struct store *st)
{
	if (st->memo == NULL) {
		st->memo = calloc(1, sizeof(*st->memo));
		if (st->memo == NULL)
			gh_bug("out of memory");
		st->memo->arena.limit = MEMO_LIMIT;
	}
	return st->memo;
}

void
store_memo_begin(struct store *st)
{
	struct store_memo *m = st->memo;
	unsigned version = 0;

	if (m == NULL)
		return;
	if (sqlite3_file_control(st->db, "main", SQLITE_FCNTL_DATA_VERSION, &version) == SQLITE_OK &&
	    version == m->version && m->arena.used <= STORE_MEMO_BYTES)
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
