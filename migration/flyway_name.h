/*
 * Names as Flyway reads them (flyway: ResourceNameParser.java, MigrationVersion.java): prefix, version, "__",
 * description, suffix.
 */
#ifndef GH_MIGRATION_FLYWAY_NAME_H
#define GH_MIGRATION_FLYWAY_NAME_H

#include "migration/convention.h"

struct flyway_name {
	char kind;           /* 'V', 'U', 'R', 'B'; 'c' a callback; 0 none of them */
	bool code;           /* Java or Kotlin */
	const char *version; /* with dots: "1.2"; "" of R */
	const char *canon;   /* without leading zeros and trailing .0: equal for equal versions */
	const char *description;
	const char *refused; /* why Flyway skips it, NULL it does not */
};

/* name: the last part of a path. */
void flyway_name_read(const char *name, struct gh_arena *a, struct flyway_name *ret);
/* Part by part as numbers of any size.  Of canonical versions. */
int flyway_version_compare(const char *a, const char *b);
/* "01.2.0" as "1.2". */
const char *flyway_canon(const char *version, struct gh_arena *a);

#endif
