/*
 * The name that tells this Gatehouse from others, eight hexadecimal digits: it is part of the
 * application_name of all sessions, so that nobody takes the session of another one's run for a survivor of
 * its own.
 */
#ifndef GH_STORE_INSTALLATION_H
#define GH_STORE_INSTALLATION_H

#include "store/store.h"

#define STORE_INSTALLATION_LEN 9

enum gh_code store_installation_get(
    struct store *st, char ret[STORE_INSTALLATION_LEN], struct gh_err *err) GH_MUST_USE;

#endif
