/*
 * goose's annotated SQL (goose: internal/sqlparser/parser.go): statements of both directions as it sends
 * them.
 */
#ifndef GH_MIGRATION_GOOSE_H
#define GH_MIGRATION_GOOSE_H

#include "migration/convention.h"

struct goose_file {
	struct convention_side up, down; /* down: may have no statements, and is present all the same */
	bool no_transaction;
	bool no_down; /* the file has no Down annotation: taking back runs nothing */
};

/*
 * Splits one file.  What goose would refuse is the problem of both sides, since it reads the whole file for
 * either.  ${NAME} between ENVSUB ON and OFF stands for an option of the project, never for our environment.
 */
void goose_split(struct convention_folder *f, const struct convention_file *e,
    const struct convention_text *text, struct goose_file *ret);

#endif
