/*
 * The folder of backups as it was just looked at, and until when each backup is kept: writes.
 */
#ifndef GH_STORE_SHELF_WRITE_H
#define GH_STORE_SHELF_WRITE_H

#include "store/shelf.h"

enum gh_code store_shelf_put(struct store *st, const struct store_shelf *s, struct gh_err *err) GH_MUST_USE;
/* until 0: cannot be told. */
enum gh_code store_backup_keep(
    struct store *st, int64_t id, int64_t until, const char *why, struct gh_err *err) GH_MUST_USE;

#endif
