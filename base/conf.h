/*
 * Configuration files by libConfuse: parses one file against a table of options and collects every message as
 * "FILE:LINE: text".  What the options mean is the caller's.
 */
#ifndef GH_BASE_CONF_H
#define GH_BASE_CONF_H

#include "base/err.h"
#include "base/text.h"

#include <confuse.h>

/*
 * Parses path.  On a mistake returns GH_BAD_INPUT and appends one line a mistake to messages (which
 * libConfuse finds one at a time: it stops at the first).  *ret is freed by the caller with cfg_free.
 */
enum gh_code gh_conf_parse(
    const char *path, cfg_opt_t *opts, cfg_t **ret, struct gh_text *messages, struct gh_err *err) GH_MUST_USE;

#endif
