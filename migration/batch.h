/*
 * Batched data migrations: one statement that is run again and again over parts of a table, each part in a
 * transaction of its own.  A header in the SQL says how:
 *
 *   -- gatehouse:batch table=public.orders key=id size=5000 pause=100ms
 *   -- gatehouse:batch throttle="SELECT paused FROM maintenance"
 *   UPDATE orders SET note = '' WHERE id BETWEEN :from AND :to AND note IS NULL;
 *
 * Three forms.  A range: :from and :to are the first and the last key of the part, both belong to it.  Keys:
 * :ids is an array of the keys that the select query (or the done query) gives, until it gives none.  Repeat
 * (the word): the statement chooses its rows itself, by a LIMIT (:size is the number wanted now), and is run
 * until it touches none.
 *
 * Pure: no parser, no database; the runner may link it.  The bytes stay as they are; whoever sends or parses
 * the statement puts something in place of the words that begin with a colon.
 */
#ifndef GH_MIGRATION_BATCH_H
#define GH_MIGRATION_BATCH_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define BATCH_SIZE_MAX   1000000
#define BATCH_ERRORS_MAX 1000

enum batch_form { BATCH_NONE = 0, BATCH_RANGE, BATCH_IDS, BATCH_REPEAT };

struct batch {
	enum batch_form form;             /* NONE: the text has no header */
	const char *problem;              /* why it cannot run, one sentence without its end; "" none */
	size_t problem_at;                /* byte of the text */
	size_t at;                        /* of the first header */
	const char *table, *key;          /* as written, "" none */
	int64_t size, size_min, size_max; /* rows a batch: to begin with, and between which it adapts */
	int64_t pause_ms;                 /* between two batches */
	int64_t target_ms;                /* what a batch should take; 0: the size stays */
	int64_t max_lag_ms;   /* of a replica; -1 as the target's policy has it, 0 never waits for one */
	int64_t max_active;   /* sessions that do something; 0 any number */
	int64_t max_errors;   /* rows that may be left out */
	const char *throttle; /* true: wait; "" none */
	const char *done;   /* no rows, or one true; of :ids without select the keys that are left; "" none */
	const char *check;  /* the same, asked last */
	const char *select; /* keys that are left, of :ids; "" none */
};

/* Texts live in the arena.  Never fails: what is wrong is ret->problem. */
void batch_read(const char *sql, size_t len, struct gh_arena *a, struct batch *ret);
/* Adds what it says to a sum: the same header in other words, lines and order gives the same. */
struct gh_sha256;
void batch_digest(const struct batch *b, struct gh_sha256 *sum);
/* Only whether it has a header. */
bool batch_is(const char *sql, size_t len);

#define BATCH_WORDS 4
extern const char *const batch_words[BATCH_WORDS]; /* ":from", ":to", ":ids", ":size" */
/* The next of them from p on that stands in SQL itself, not in a comment or a text; NULL none.  *ret: which.
 */
const char *batch_word_next(const char *p, const char *end, size_t *ret);

/* Same length, for parsers: parameters in place of :from, :to, :ids and :size. */
char *batch_mend(const char *sql, size_t len, struct gh_arena *a);
/* What goes in place of the words, "($1::bigint)"; NULL: the word stays. */
struct batch_values {
	const char *from, *to, *ids, *size;
};
const char *batch_fill(const char *sql, size_t len, const struct batch_values *v, struct gh_arena *a);
/* Whether the word (":size") stands in the text. */
bool batch_uses(const char *sql, size_t len, const char *word);

#endif
