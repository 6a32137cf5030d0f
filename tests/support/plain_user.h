/*
 * PostgreSQL refuses root, and so does everything that starts a server by itself.
 */
#ifndef GH_TESTS_PLAIN_USER_H
#define GH_TESTS_PLAIN_USER_H

/* As root: becomes postgres for good.  0, or 1 with a word on standard error. */
int plain_user(void);

#endif
