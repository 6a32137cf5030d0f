#include "base/ban.h"
#include "migration/lint_habit.h"
#include "migration/header.h"

/* Written by a program: prisma migrate and drizzle-kit give each statement such a comment. */
static bool
is_generated(const struct lint *l, const char *head)
{
	static const char *const first[] = { "Create", "Alter", "Drop", "Add", "Rename", "Redefine" };
	size_t i;

	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		size_t len = strlen(first[i]);

		if (strncmp(head, "-- ", 3) == 0 && strncmp(head + 3, first[i], len) == 0 &&
		    isupper((unsigned char)head[3 + len]))
			return true;
	}
	return memmem(l->text->sql, l->text->len, "--> statement-breakpoint", 24) != NULL;
}

static void
file(struct lint *l)
{
	const char *head = l->text->head, *missing = "";
	struct header h;

	if (l->text->down || l->text->verify || head == NULL || l->script->n == 0 || is_generated(l, head))
		return;
	header_read(head, strlen(head), l->arena, &h);
	if (*h.description == '\0')
		missing = "Description";
	if (*h.author == '\0')
		missing = gh_printf(l->arena, "%s%sAuthor", missing, *missing == '\0' ? "" : ", ");
	if (*h.date == '\0')
		missing = gh_printf(l->arena, "%s%sDate", missing, *missing == '\0' ? "" : ", ");
	if (*missing != '\0')
		lint_say(l, NULL,
		    (struct lint_said){
			.message = gh_printf(l->arena, "the comment on top does not give: %s", missing),
			.rewrite = "-- Migration: the name of the file\n-- Description: what it is for\n-- "
				   "Author: whom to ask\n-- Date: YYYY-MM-DD",
		    });
}

const struct lint_rule lint_missing_header = {
	.about = { .id = "missing-header",
	    .title = "No comment about the migration",
	    .cost = "Who approves or repairs it later must guess what it is for and whom to ask.",
	    .quiet =
		"Quiet when the file begins with -- Description: and the lines around it, when a program has "
		"written the file (Prisma, drizzle-kit), and where the beginning of the file is not known.",
	    .safe = "-- Migration:, -- Description:, -- Author: and -- Date: on top.",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.file = file,
};
