/*
 * Included first in every .c file: the standard headers that the project uses, then the functions
 * that may not be used at all.  Each has a replacement in base/ or in the standard library.
 */
#ifndef GH_BASE_BAN_H
#define GH_BASE_BAN_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/types.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets
#pragma GCC poison atoi atol atoll system popen mktemp tmpnam tempnam
#pragma GCC poison gmtime localtime ctime asctime strerror_l getenv_s

#endif
