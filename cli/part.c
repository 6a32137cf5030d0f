#include "base/ban.h"
#include "cli/cli.h"

/* What is read a part at a time: an answer holds only so much, and says where to go on. */

static enum gh_code
page_read(
    struct cli *c, const struct cli_part *p, const char *after, struct wire_table *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, p->id);
	wire_put_u8(&out, p->part);
	wire_put_i64(&out, strtoll(after, NULL, 10));
	return cli_read(c, p->op, &fields, ret, err);
}

enum gh_code
cli_part_read(struct cli *c, const struct cli_part *p, struct wire_table *ret, struct gh_err *err)
{
	struct wire_table page;

	GH_TRY(page_read(c, p, "0", ret, err));
	while (ret->next[0] != '\0') {
		size_t have = ret->n_rows * ret->n_columns;
		struct wire_cell *cells;

		GH_TRY(page_read(c, p, ret->next, &page, err));
		if (page.n_rows == 0 || page.n_columns != ret->n_columns)
			break;
		cells = gh_alloc_n(c->arena, have + page.n_rows * page.n_columns, sizeof(*cells));
		memcpy(cells, ret->cells, have * sizeof(*cells));
		memcpy(cells + have, page.cells, page.n_rows * page.n_columns * sizeof(*cells));
		ret->cells = cells;
		ret->n_rows += page.n_rows;
		ret->next = page.next;
	}
	ret->next = "";
	return GH_OK;
}
