/*
 * Whether the runner is there: it has its socket open and takes connections.
 */
#ifndef GH_CGI_RUNNER_H
#define GH_CGI_RUNNER_H

#include <stdbool.h>

bool runner_up(const char *socket_path);

#endif
