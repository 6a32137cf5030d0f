/*
 * Tools whose migrations are programs and not SQL files: known by their files and by their tables, so that a
 * team hears what they have and what can be done with it.  Gatehouse never runs them and never writes to
 * their tables.
 */
#ifndef GH_MIGRATION_FOREIGN_H
#define GH_MIGRATION_FOREIGN_H

#include "migration/convention.h"

struct foreign {
	const char *title;
	const char *language;
	const char
	    *starts[2]; /* how file names begin: d a digit, x a hexadecimal one; NULL: only the table tells */
	const char *ends[4];
	const char *table; /* of its history, in some schema */
	struct convention_column columns[4];
	size_t n_columns; /* 0: the name alone tells */
	const char *advice;
};

/* The tool that most files of the folder are of; NULL when there is none.  *ret_n how many there are. */
const struct foreign *foreign_files(const struct convention_folder *f, size_t *ret_n);
/* The tool of a table; NULL when it is none of these. */
const struct foreign *foreign_table(const char *name, const struct convention_column *columns, size_t n);
/* Names of all such tables, NULL at the end: what to look for on a target. */
extern const char *const foreign_tables[];

#endif
