/*
 * A folder of migrations in memory, for tests of conventions: files are put in any order, `memory_read` gives
 * what a convention makes of them.
 */
#ifndef TESTS_SUPPORT_MEMORY_FOLDER_H
#define TESTS_SUPPORT_MEMORY_FOLDER_H

#include "migration/convention.h"

/* Cleanup variable: MEMORY_FOLDER m = { 0 }; */
struct memory_folder {
	struct gh_arena arena;
	struct convention_folder folder;
	struct convention_found found; /* of the last memory_read */
	size_t room, option_room;
};
#define MEMORY_FOLDER __attribute__((cleanup(memory_done))) struct memory_folder

void memory_put(struct memory_folder *m, const char *path, const char *text); /* replaces one of that path */
void memory_put_n(struct memory_folder *m, const char *path, const void *bytes, size_t len);
void memory_odd(struct memory_folder *m, const char *path, const char *odd); /* "a symbolic link" */
void memory_dir(struct memory_folder *m, const char *path); /* memory_put makes those that it needs */
void memory_option(struct memory_folder *m, const char *name, const char *value);
void memory_read(struct memory_folder *m, const struct convention *c);
int memory_fit(struct memory_folder *m, const struct convention *c, const char **ret_why);
void memory_done(struct memory_folder *m);

/* Abort the test when there is none. */
const struct convention_file *memory_file(struct memory_folder *m, const char *path);
const struct convention_migration *memory_get(struct memory_folder *m, const char *key);
/* The value of a fact; "(none)" when there is none, "(null)" for SQL NULL. */
const char *memory_fact(const struct convention_migration *m, const char *name);
/* The keys in their order, separated by spaces. */
const char *memory_keys(struct memory_folder *m);

#endif
