/*
 * A configuration that is read from a text.
 */
#ifndef GH_TESTS_CONFIG_TEXT_H
#define GH_TESTS_CONFIG_TEXT_H

#include "runner/config.h"

/*
 * Of head and text, in which each $ stands for dollar (NULL: for itself); NULL when it has a mistake.
 * messages: as "LINE: text" lines, without the file's name.
 */
struct config *config_text_read(
    const char *head, const char *text, const char *dollar, struct gh_text *messages);

#endif
