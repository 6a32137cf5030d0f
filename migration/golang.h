/*
 * File names as golang-migrate reads them, which morph reads as well (golang-migrate: source/parse.go, morph:
 * models/parse.go): ^([0-9]+)_(.*)\.(down|up)\.(.*)$
 */
#ifndef GH_MIGRATION_GOLANG_H
#define GH_MIGRATION_GOLANG_H

#include "migration/create.h"
#include "migration/pair.h"

/*
 * For pair_classify; max is the greatest version that the tool can read.  The key is the number without
 * leading zeros.
 */
bool golang_classify(
    struct convention_folder *f, struct convention_file *e, uint64_t max, struct pair_name *ret);
/* Ups and downs of the folder itself. */
void golang_count(const struct convention_folder *f, size_t *ret_ups, size_t *ret_downs);
/* Two files of one version and direction: the tool reads none of the folder. */
void golang_duplicates(struct convention_folder *f, struct convention_found *found, const char *tool);
/* Files that have another ending than .sql are read all the same. */
void golang_endings(struct convention_folder *f, struct convention_found *found, const char *tool);
/* An up and a down with the next number, or a date when the newest has one; digits when there is none. */
void golang_create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c,
    int digits, const char *top);

#endif
