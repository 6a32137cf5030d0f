#include "base/ban.h"
#include "migration/lint_habit.h"

static void
file(struct lint *l)
{
	size_t i;

	for (i = 0; i < l->n_tokens; i++) {
		const struct sql_token *t = &l->tokens[i];
		const char *at = l->text->sql + t->start;
		int32_t len = t->end - t->start;

		if (t->token != PG_QUERY__TOKEN__IDENT)
			continue;
		if (*at == '"' && len > 2) {
			at++;
			len -= 2;
		}
		if (len > 63)
			lint_say(l, NULL,
			    (struct lint_said){
				.message = gh_printf(l->arena,
				    "%.*s... has %d bytes: PostgreSQL cuts it to 63", 40, at, (int)len),
				.at = t->start,
			    });
	}
}

const struct lint_rule lint_long_identifier = {
	.about = { .id = "long-identifier",
	    .title = "Name longer than 63 bytes",
	    .cost = "PostgreSQL cuts it without an error: two names that differ only behind that become one, "
		    "and who looks for the whole name does not find it.",
	    .quiet = "Quiet up to 63 bytes.",
	    .safe = "A shorter name.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.file = file,
};
