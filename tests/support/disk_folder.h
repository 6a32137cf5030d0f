/*
 * A folder on disk for tests of what reads folders: made empty, filled, taken away with all that is in it.
 */
#ifndef TESTS_SUPPORT_DISK_FOLDER_H
#define TESTS_SUPPORT_DISK_FOLDER_H

#include <stddef.h>

/* setup and teardown of a cmocka test; the folder's path is *state. */
int disk_setup(void **state);
int disk_teardown(void **state);

const char *disk_folder(void);
const char *disk_in(const char *path); /* valid until the next call */
/* Folders on the way are made. */
void disk_put(const char *path, const char *text);
void disk_put_n(const char *path, const void *bytes, size_t len);
void disk_link(const char *to, const char *path);
void disk_pipe(const char *path);

#endif
