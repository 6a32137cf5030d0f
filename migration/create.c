#include "base/ban.h"
#include "migration/create.h"
#include "base/clock.h"

#define FILES_MAX (sizeof(((struct convention_create *)NULL)->files) / sizeof(struct convention_new))

void
create_put(struct convention_create *c, const char *path, const char *text)
{
	if (c->n == FILES_MAX)
		gh_bug("a convention creates more than %zu files", FILES_MAX);
	c->files[c->n++] = (struct convention_new){ .path = path, .text = text };
}

const char *
create_header(const struct convention_create *c, const char *migration, struct gh_arena *a)
{
	char date[GH_CLOCK_LEN];

	return gh_printf(a, "-- Migration: %s\n-- Description: %s\n-- Author:\n-- Date: %.10s\n", migration,
	    c->description, gh_clock_iso(c->now, date));
}
