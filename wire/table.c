#include "base/ban.h"
#include "wire/table.h"

static struct wire_cell
cell_read(struct wire_in *in, struct gh_arena *a)
{
	struct wire_cell c = { .kind = (char)wire_u8(in), .text = "" };

	switch (c.kind) {
	case 't':
		c.text = wire_text(in, a);
		break;
	case 'i':
	case 'T':
	case 'd':
		c.number = wire_i64(in);
		break;
	case 'b':
		c.number = wire_bool(in);
		break;
	case 'n':
		break;
	default:
		if (in->bad == NULL)
			in->bad = "unknown kind of cell";
	}
	return c;
}

enum gh_code
wire_table_read(struct wire_in *in, struct gh_arena *a, struct wire_table *ret, struct gh_err *err)
{
	size_t i, n;

	*ret = (struct wire_table){ .n_columns = wire_u16(in), .next = "" };
	if (ret->n_columns > (size_t)(in->end - in->at) / 4)
		return gh_fail(err, GH_BAD_INPUT, "malformed table: too many columns");
	ret->columns = gh_alloc_n(a, ret->n_columns, sizeof(*ret->columns));
	for (i = 0; i < ret->n_columns; i++)
		ret->columns[i] = wire_text(in, a);
	ret->n_rows = wire_u32(in);
	if (__builtin_mul_overflow(ret->n_rows, ret->n_columns, &n) || n > (size_t)(in->end - in->at))
		return gh_fail(err, GH_BAD_INPUT, "malformed table: too many rows");
	ret->cells = gh_alloc_n(a, n, sizeof(*ret->cells));
	for (i = 0; i < n; i++)
		ret->cells[i] = cell_read(in, a);
	ret->next = wire_text(in, a);
	return wire_end(in, err);
}

void
wire_table_start(struct wire_table_out *t, struct wire_out *out, const char *const *columns, size_t n_columns)
{
	size_t i;

	*t = (struct wire_table_out){ .out = out, .n_columns = n_columns };
	wire_put_u16(out, (uint16_t)n_columns);
	for (i = 0; i < n_columns; i++)
		wire_put_text(out, columns[i]);
	t->rows_at = out->text->len;
	wire_put_u32(out, 0);
}

static void
cell(struct wire_table_out *t, char kind)
{
	wire_put_u8(t->out, (uint8_t)kind);
	t->n_cells++;
}

void
wire_table_text(struct wire_table_out *t, const char *s)
{
	cell(t, s == NULL ? 'n' : 't');
	if (s != NULL)
		wire_put_text(t->out, s);
}

void
wire_table_int(struct wire_table_out *t, int64_t v)
{
	cell(t, 'i');
	wire_put_i64(t->out, v);
}

void
wire_table_time(struct wire_table_out *t, int64_t at_us)
{
	cell(t, at_us == 0 ? 'n' : 'T');
	if (at_us != 0)
		wire_put_i64(t->out, at_us);
}

void
wire_table_span(struct wire_table_out *t, int64_t us)
{
	cell(t, us < 0 ? 'n' : 'd');
	if (us >= 0)
		wire_put_i64(t->out, us);
}

void
wire_table_bool(struct wire_table_out *t, bool v)
{
	cell(t, 'b');
	wire_put_bool(t->out, v);
}

void
wire_table_end(struct wire_table_out *t, const char *next)
{
	uint32_t rows = (uint32_t)(t->n_columns == 0 ? 0 : t->n_cells / t->n_columns);
	int i;

	if (t->n_columns != 0 && t->n_cells % t->n_columns != 0)
		gh_bug("a table of %zu columns got %zu cells", t->n_columns, t->n_cells);
	wire_put_text(t->out, next);
	if (t->out->bad != NULL)
		return;
	for (i = 0; i < 4; i++)
		t->out->text->data[t->rows_at + (size_t)i] = (char)(rows >> (24 - 8 * i));
}
