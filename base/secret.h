/*
 * A secret: bytes with a type of their own, so that no print function accepts them, wiped when freed.
 */
#ifndef GH_BASE_SECRET_H
#define GH_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#define GH_SECRET_MAX 1024

struct gh_secret {
	size_t len;
	unsigned char data[GH_SECRET_MAX + 1]; /* NUL-terminated for C interfaces */
};

#define GH_SECRET __attribute__((cleanup(gh_secret_done))) struct gh_secret

/* Copies; false when longer than GH_SECRET_MAX. */
bool gh_secret_set(struct gh_secret *s, const void *data, size_t len);
void gh_secret_done(struct gh_secret *s); /* wipes */

#endif
