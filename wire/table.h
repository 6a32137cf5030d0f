/*
 * A table in a reply: what every read operation answers, so that the command line has one printer for text
 * and JSON.
 *
 *   u16 columns { text name } | u32 rows { columns x (u8 kind | value) } | text next
 *   kind 't' text, 'i' i64, 'T' wall time in microseconds, 'd' duration in microseconds, 'b' yes or no, 'n'
 * nothing next: the cursor of the following page, "" at the end
 */
#ifndef GH_WIRE_TABLE_H
#define GH_WIRE_TABLE_H

#include "wire/frame.h"

struct wire_cell {
	char kind;
	int64_t number;
	const char *text;
};

struct wire_table {
	size_t n_columns, n_rows;
	const char **columns;
	struct wire_cell *cells; /* n_rows * n_columns, row by row */
	const char *next;
};

/* Reads a table whose strings live in the arena. */
enum gh_code wire_table_read(
    struct wire_in *in, struct gh_arena *a, struct wire_table *ret, struct gh_err *err) GH_MUST_USE;

/* Writing: start, then cells row by row, then end. */
struct wire_table_out {
	struct wire_out *out;
	size_t n_columns, n_cells;
	size_t rows_at; /* offset of the row count, patched at the end */
};
void wire_table_start(
    struct wire_table_out *t, struct wire_out *out, const char *const *columns, size_t n_columns);
void wire_table_text(struct wire_table_out *t, const char *s); /* NULL: nothing */
void wire_table_int(struct wire_table_out *t, int64_t v);
void wire_table_time(struct wire_table_out *t, int64_t at_us); /* 0: nothing */
void wire_table_span(struct wire_table_out *t, int64_t us);    /* negative: nothing */
void wire_table_bool(struct wire_table_out *t, bool v);
void wire_table_end(struct wire_table_out *t, const char *next);

#endif
