/*
 * The comment at the top of a migration: "-- Migration:", "-- Description:", "-- Author:", "-- Date:".  Only
 * what stands before the first line that is neither blank nor a comment of that form is looked at.
 */
#ifndef GH_MIGRATION_HEADER_H
#define GH_MIGRATION_HEADER_H

#include "base/arena.h"

#define HEADER_TEXT_MAX  500 /* bytes of one value; the rest is cut between characters */
#define HEADER_LINES_MAX 100

struct header {
	const char *migration, *description, *author, *date; /* "" when not given */
};

/* text is valid UTF-8; texts live in the arena. */
void header_read(const char *text, size_t len, struct gh_arena *a, struct header *ret);

#endif
