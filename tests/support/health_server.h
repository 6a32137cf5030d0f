/*
 * A health address for a run: an HTTP server in a process of its own that answers as it is told, one answer a
 * connection.
 */
#ifndef GH_TESTS_HEALTH_SERVER_H
#define GH_TESTS_HEALTH_SERVER_H

#include "tests/support/job_rig.h"

#define HEALTH_GOOD "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nall fine"
#define HEALTH_BAD  "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nboom"
/* An answer that is not sent: the connection stays open. */
extern const char health_hang[];

struct health_server {
	pid_t pid;
	int port;
};

/* answers ends with NULL.  The rig's policy asks it three times, until it answers 200. */
void health_server_start(struct health_server *s, struct rig *r, const char *const *answers);
void health_server_stop(struct health_server *s);

#endif
