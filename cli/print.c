#include "base/ban.h"
#include "cli/cli.h"
#include "base/clock.h"

static const char *
cell_text(struct gh_arena *a, const struct wire_cell *c)
{
	char buf[GH_CLOCK_LEN];

	switch (c->kind) {
	case 't':
		return c->text;
	case 'i':
		return gh_printf(a, "%" PRId64, c->number);
	case 'T':
		return gh_strdup(a, gh_clock_utc(c->number, buf));
	case 'd':
		return gh_strdup(a, gh_clock_span(c->number, buf));
	case 'b':
		return c->number != 0 ? "yes" : "no";
	default:
		return "-";
	}
}

/* Columns on a terminal: code points, not bytes; wide characters are not looked at. */
static size_t
width(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static void
put_padded(struct gh_text *out, const char *s, size_t to, bool right)
{
	size_t pad = to > width(s) ? to - width(s) : 0;
	const char *p;

	for (; right && pad > 0; pad--)
		gh_text_putc(out, ' ');
	for (p = s; *p != '\0'; p++)
		gh_text_put_n(out, (unsigned char)*p < 0x20 || *p == 0x7f ? " " : p, 1); /* no escapes */
	for (; !right && pad > 0; pad--)
		gh_text_putc(out, ' ');
}

void
cli_print_lines(const char *text, struct gh_text *out)
{
	for (; *text != '\0'; text++)
		gh_text_put_n(
		    out, *text != '\n' && ((unsigned char)*text < 0x20 || *text == 0x7f) ? " " : text, 1);
}

static void
print_text(const struct cli *c, const struct wire_table *t, struct gh_text *out)
{
	size_t *widths = gh_alloc_n(c->arena, t->n_columns, sizeof(*widths)), row, col;

	for (col = 0; col < t->n_columns; col++) {
		widths[col] = width(t->columns[col]);
		for (row = 0; row < t->n_rows; row++) {
			size_t w = width(cell_text(c->arena, &t->cells[row * t->n_columns + col]));

			widths[col] = w > widths[col] ? w : widths[col];
		}
	}
	for (row = 0; row <= t->n_rows; row++) {
		for (col = 0; col < t->n_columns; col++) {
			const struct wire_cell *cell =
			    row == 0 ? NULL : &t->cells[(row - 1) * t->n_columns + col];
			bool last = col + 1 == t->n_columns;

			put_padded(out, cell == NULL ? t->columns[col] : cell_text(c->arena, cell),
			    last ? 0 : widths[col], cell != NULL && (cell->kind == 'i' || cell->kind == 'd'));
			gh_text_put(out, last ? "\n" : "  ");
		}
	}
	if (t->next[0] != '\0')
		gh_text_putf(out, "more: --cursor %s\n", t->next);
}

static void
put_json_cell(struct gh_text *out, const struct wire_cell *c)
{
	char buf[GH_CLOCK_LEN];

	switch (c->kind) {
	case 't':
		gh_text_put_json(out, c->text);
		break;
	case 'i':
		gh_text_putf(out, "%" PRId64, c->number);
		break;
	case 'T':
		gh_text_put_json(out, gh_clock_iso(c->number, buf));
		break;
	case 'd':
		gh_text_putf(out, "%.3f", (double)c->number / 1e6);
		break;
	case 'b':
		gh_text_put(out, c->number != 0 ? "true" : "false");
		break;
	default:
		gh_text_put(out, "null");
	}
}

static void
print_json(const struct wire_table *t, struct gh_text *out)
{
	size_t row, col;

	gh_text_put(out, "{\"rows\": [");
	for (row = 0; row < t->n_rows; row++) {
		gh_text_put(out, row == 0 ? "\n  {" : ",\n  {");
		for (col = 0; col < t->n_columns; col++) {
			gh_text_put(out, col == 0 ? "" : ", ");
			gh_text_put_json(out, t->columns[col]);
			gh_text_put(out, ": ");
			put_json_cell(out, &t->cells[row * t->n_columns + col]);
		}
		gh_text_putc(out, '}');
	}
	gh_text_put(out, t->n_rows == 0 ? "], \"next\": " : "\n], \"next\": ");
	if (t->next[0] == '\0')
		gh_text_put(out, "null");
	else
		gh_text_put_json(out, t->next);
	gh_text_put(out, "}\n");
}

void
cli_print(const struct cli *c, const struct wire_table *t, struct gh_text *out)
{
	if (c->json)
		print_json(t, out);
	else
		print_text(c, t, out);
}

void
cli_print_row(const struct cli *c, const struct wire_table *t, struct gh_text *out)
{
	size_t col, widest = 0;

	if (c->json) {
		print_json(t, out);
		return;
	}
	for (col = 0; col < t->n_columns; col++) {
		size_t w = width(t->columns[col]);

		widest = w > widest ? w : widest;
	}
	for (col = 0; col < t->n_columns && t->n_rows > 0; col++) {
		const char *text = cell_text(c->arena, &t->cells[col]);

		if (t->cells[col].kind == 'n' || text[0] == '\0')
			continue;
		put_padded(out, t->columns[col], widest, false);
		gh_text_put(out, "  ");
		put_padded(out, text, 0, false);
		gh_text_putc(out, '\n');
	}
}

enum gh_code
cli_narrow(struct cli *c, struct wire_table *t, const char *const *columns, size_t n, struct gh_err *err)
{
	struct wire_cell *cells = gh_alloc_n(c->arena, t->n_rows * n + 1, sizeof(*cells));
	const char **names = gh_alloc_n(c->arena, n, sizeof(*names));
	size_t row, col;

	if (c->json)
		return GH_OK;
	for (col = 0; col < n; col++)
		names[col] = columns[col];
	for (row = 0; row < t->n_rows; row++) {
		for (col = 0; col < n; col++) {
			const struct wire_cell *cell = NULL;

			GH_TRY(cli_cell(t, row, columns[col], &cell, err));
			cells[row * n + col] = *cell;
		}
	}
	t->n_columns = n;
	t->columns = names;
	t->cells = cells;
	return GH_OK;
}
