/*
 * What the reads share: an answer is one frame, so a list that would not fit stops and says where to go on.
 */
#ifndef GH_RUNNER_READ_H
#define GH_RUNNER_READ_H

#include "runner/cmd.h"
#include "wire/table.h"

#define READ_FULL     ((size_t)48 << 10) /* no further row when a reply is longer */
#define READ_TEXT_MAX 2000               /* bytes of one text in a row */

#define READ_START(t, c, columns)                                                                            \
	wire_table_start((t), (c)->reply, (columns), sizeof(columns) / sizeof((columns)[0]))

bool read_full(const struct cmd_ctx *c);
/* A number as a cursor; 0 is "". */
const char *read_cursor(struct cmd_ctx *c, int64_t at);
/* Cut to READ_TEXT_MAX at a whole character. */
const char *read_text(struct cmd_ctx *c, const char *s);
/* An id, nothing when it is 0. */
void read_id(struct wire_table_out *t, int64_t id);
/* A number, nothing when it is -1: unknown. */
void read_number(struct wire_table_out *t, int64_t n);
/* From begin to end; nothing when one of them is missing. */
void read_took(struct wire_table_out *t, int64_t began_at, int64_t ended_at);
/* The id of a target; "" is 0, all. */
enum gh_code read_target(struct cmd_ctx *c, const char *name, int64_t *ret, struct gh_err *err) GH_MUST_USE;

#endif
