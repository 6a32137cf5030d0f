#include "base/ban.h"
#include "base/arena.h"

struct gh_arena_chunk {
	struct gh_arena_chunk *next;
	size_t size, used;
	_Alignas(max_align_t) unsigned char data[];
};

#define CHUNK ((size_t)16 << 10)
#define ALIGN (sizeof(max_align_t))

static struct gh_arena_chunk *
chunk_add(struct gh_arena *a, size_t size)
{
	struct gh_arena_chunk *c = calloc(1, sizeof(*c) + size);

	if (c == NULL)
		gh_bug("out of memory for %zu bytes", size);
	c->size = size;
	c->next = a->chunk;
	a->chunk = c;
	return c;
}

void *
gh_alloc(struct gh_arena *a, size_t size)
{
	size_t limit = a->limit == 0 ? GH_ARENA_LIMIT : a->limit, want;
	struct gh_arena_chunk *c = a->chunk;

	if (size > limit || a->used > limit - size)
		gh_bug("arena limit of %zu bytes passed (%zu used, %zu wanted)", limit, a->used, size);
	a->used += size;
#ifdef GH_ARENA_MALLOC
	want = size == 0 ? 1 : size;
	c = chunk_add(a, want);
	return c->data;
#else
	want = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (c == NULL || c->size - c->used < want) {
		if (want > CHUNK / 4 && c != NULL) {
			/* A large piece gets its own chunk behind the current one. */
			struct gh_arena_chunk *big = chunk_add(a, want);

			a->chunk = c;
			big->next = c->next;
			c->next = big;
			big->used = want;
			return big->data;
		}
		c = chunk_add(a, want > CHUNK ? want : CHUNK);
	}
	c->used += want;
	return c->data + c->used - want;
#endif
}

void *
gh_alloc_n(struct gh_arena *a, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		gh_bug("size overflow: %zu x %zu", n, size);
	return gh_alloc(a, total);
}

void *
gh_memdup(struct gh_arena *a, const void *p, size_t len)
{
	void *ret = gh_alloc(a, len);

	if (len > 0)
		memcpy(ret, p, len);
	return ret;
}

char *
gh_strndup(struct gh_arena *a, const char *s, size_t len)
{
	char *ret = gh_alloc(a, len + 1);

	if (len > 0)
		memcpy(ret, s, len);
	ret[len] = '\0';
	return ret;
}

char *
gh_strdup(struct gh_arena *a, const char *s)
{
	return gh_strndup(a, s, strlen(s));
}

char *
gh_vprintf(struct gh_arena *a, const char *fmt, va_list ap)
{
	char small[256], *ret;
	va_list again;
	int len;

	va_copy(again, ap);
	len = vsnprintf(small, sizeof(small), fmt, again);
	va_end(again);
	if (len < 0)
		gh_bug("bad format");
	if ((size_t)len < sizeof(small))
		return gh_strndup(a, small, (size_t)len);
	ret = gh_alloc(a, (size_t)len + 1);
	(void)vsnprintf(ret, (size_t)len + 1, fmt, ap);
	return ret;
}

char *
gh_printf(struct gh_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *ret;

	va_start(ap, fmt);
	ret = gh_vprintf(a, fmt, ap);
	va_end(ap);
	return ret;
}

void
gh_arena_done(struct gh_arena *a)
{
	struct gh_arena_chunk *c, *next;

	for (c = a->chunk; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	a->chunk = NULL;
	a->used = 0;
}
