/*
 * Arena memory: one for each request, command or journal batch.  Nothing is freed singly; gh_arena_done
 * frees all.  Memory is zeroed.  Passing the limit (or running out of memory) is a bug and aborts: input is
 * bounded before it gets here.  With GH_ARENA_MALLOC each piece is its own malloc, so that ASan sees
 * overflows.
 */
#ifndef GH_BASE_ARENA_H
#define GH_BASE_ARENA_H

#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>

#define GH_ARENA_LIMIT ((size_t)8 << 20) /* default limit, bytes */

struct gh_arena_chunk;

struct gh_arena {
	struct gh_arena_chunk *chunk; /* newest first */
	size_t used;                  /* bytes handed out */
	size_t limit;                 /* 0: GH_ARENA_LIMIT */
};

/* Cleanup variable: GH_ARENA a = { 0 }; */
#define GH_ARENA __attribute__((cleanup(gh_arena_done))) struct gh_arena

void *gh_alloc(struct gh_arena *a, size_t size) __attribute__((malloc, alloc_size(2), returns_nonnull));
void *gh_alloc_n(struct gh_arena *a, size_t n, size_t size)
    __attribute__((malloc, alloc_size(2, 3), returns_nonnull));
char *gh_strdup(struct gh_arena *a, const char *s) __attribute__((returns_nonnull));
char *gh_strndup(struct gh_arena *a, const char *s, size_t len) __attribute__((returns_nonnull));
void *gh_memdup(struct gh_arena *a, const void *p, size_t len) __attribute__((returns_nonnull));
char *gh_printf(struct gh_arena *a, const char *fmt, ...) GH_PRINTF(2, 3) __attribute__((returns_nonnull));
char *gh_vprintf(struct gh_arena *a, const char *fmt, va_list ap) GH_PRINTF(2, 0)
    __attribute__((returns_nonnull));

/* Frees everything and makes the arena empty and usable again. */
void gh_arena_done(struct gh_arena *a);

#endif
