/*
 * atlas.sum: a line a file, each with a sum over all files up to it, and a line on top over those lines.
 * Atlas: sql/migrate/dir.go.
 */
#ifndef GH_MIGRATION_ATLAS_SUM_H
#define GH_MIGRATION_ATLAS_SUM_H

#include "migration/convention.h"

struct atlas_sum_line {
	const char *name, *hash; /* hash without "h1:" */
};
struct atlas_sums {
	size_t n;
	struct atlas_sum_line *lines;
};

/* What the files of a folder sum to; files in their order, read already.  A file that asks to be left out
 * ("-- atlas:sum ignore") has no line. */
void atlas_sums_of(
    struct convention_folder *f, struct convention_file *const *files, size_t n, struct atlas_sums *ret);
/* The line on top, without "h1:". */
const char *atlas_sums_total(struct gh_arena *a, const struct atlas_sums *s);
/* NULL: there is no line for that name. */
const char *atlas_sums_find(const struct atlas_sums *s, const char *name);
/* Why a sum file does not fit the folder, naming the file that makes the difference; "" it does. */
const char *atlas_sums_check(
    struct gh_arena *a, const char *text, size_t len, const struct atlas_sums *folder);

#endif
