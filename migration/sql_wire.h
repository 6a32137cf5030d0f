/*
 * Within the SQL part: what is asked of the child that reads SQL, and what it answers.
 *
 *   question  text file | i64 first line | u8 mode | bools row_outside, may_be_empty, down, verify, has_down
 *             | text opt_out | i64 lock_timeout_ms | bytes back | bytes sql | u32 n, n pieces of i64 offset,
 * i64 length answer    bools transactional, row_inside, stripped, not_analysed | texts problem, note, tokens
 *             | u32 n, n statements | u32 n, n findings
 *   statement i64 offset, length, line, group | bools alone, destructive, reversible | texts kind, object,
 * object kind | u32 n, n touches of text object, u8 lock, bools rewrites, scans, writes
 *             | u32 n, n losses of texts kind, object, column
 *   finding   text rule |
 * u8 level, scale | i64 statement, offset, length, line, column | texts table, message, rewrite | bool
 * ignored | text reason
 */
#ifndef GH_MIGRATION_SQL_WIRE_H
#define GH_MIGRATION_SQL_WIRE_H

#include "migration/sql.h"
#include "wire/frame.h"

void sql_wire_put_question(struct wire_out *out, const struct sql_text *t);
/* The child's work: answers one question. */
void sql_wire_answer(struct wire_in *in, struct wire_out *out);
/* GH_BAD_INPUT when the answer makes no sense for a text of len bytes: the child is not trusted. */
enum gh_code sql_wire_take(struct wire_in *in, size_t len, struct gh_arena *a, struct sql_script *ret,
    struct gh_err *err) GH_MUST_USE;

#endif
