/*
 * Conventions that keep the two directions in two files: names collected, put in order, and paired by key.
 */
#ifndef GH_MIGRATION_PAIR_H
#define GH_MIGRATION_PAIR_H

#include "migration/convention.h"

struct pair_name {
	struct convention_file *e;
	const char *version; /* digits; the order */
	const char *name;
	const char *key; /* the two directions have the same */
	bool down;
};

struct pair_list {
	size_t n;
	struct pair_name *names;
};

/*
 * What the name of an entry says; false when it is no migration, and then e->as and e->reason are set, or
 * left for the general reason.  ret->e is set already.
 */
typedef bool (*pair_classify)(struct convention_folder *f, struct convention_file *e, struct pair_name *ret);

/*
 * All names that classify takes, by version as a number, then key, an up before its down.  Marks their
 * entries.  An odd one (a symbolic link, ...) is marked, so that it is refused, and left out.
 */
void pair_collect(struct convention_folder *f, pair_classify classify, struct pair_list *ret);

/*
 * One migration a key, its sides the whole files.  A second file of one key and direction is no side: the
 * migration gets a problem that names both.
 */
void pair_migrations(struct convention_folder *f, const struct pair_list *list, enum convention_mode mode,
    struct convention_found *found);

#endif
