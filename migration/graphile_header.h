/*
 * The header of a file that graphile-migrate has committed, and its sum.  graphile-migrate: src/migration.ts,
 * src/hash.ts.
 */
#ifndef GH_MIGRATION_GRAPHILE_HEADER_H
#define GH_MIGRATION_GRAPHILE_HEADER_H

#include "migration/convention.h"

/* Texts are NULL when they are not given. */
struct graphile_header {
	const char *previous, *hash, *message;
	bool allow_invalid, any;
	const char *body;    /* what follows the header, as it is */
	int64_t line;        /* of that */
	const char *problem; /* why the tool refuses the whole folder; "" none */
};

void graphile_header_read(
    struct gh_arena *a, const char *file, const struct convention_text *text, struct graphile_header *ret);
/* White space at both ends, as JavaScript's trim() knows it. */
void graphile_trim(const char **p, const char **end);
/* "sha1:..." over the previous sum ("" none) and the body, trimmed. */
const char *graphile_sum(struct gh_arena *a, const char *previous, const char *body, size_t len);

#endif
