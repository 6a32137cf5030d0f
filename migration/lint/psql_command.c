#include "base/ban.h"
#include "migration/lint_habit.h"

static const char *
instead(const char *command)
{
	static const struct {
		const char *command, *instead;
	} known[] = { { "\\i", "put the file's statements here" },
		{ "\\ir", "put the file's statements here" }, { "\\copy", "write the rows as INSERT" },
		{ "\\.", "write the rows as INSERT" }, { "\\set", "write the value out" },
		{ "\\c", "each project has one database" }, { "\\connect", "each project has one database" },
		{ "\\echo", "use a comment" }, { "\\gexec", "use a DO block with EXECUTE" },
		{ "\\if", "use a DO block" } };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].command, command) == 0)
			return known[i].instead;
	}
	return "leave it out";
}

static void
broken(struct lint *l)
{
	const char *sql = l->text->sql, *command;
	size_t at = (size_t)l->error_at, len;

	if (at >= l->text->len || sql[at] != '\\')
		return;
	len = strcspn(sql + at, " \t\r\n;");
	command = gh_strndup(l->arena, sql + at, len > 20 ? 20 : len);
	lint_say(l, NULL,
	    (struct lint_said){
		.message =
		    gh_printf(l->arena, "%s is a command of psql, not SQL: %s", command, instead(command)),
		.at = l->error_at,
	    });
}

const struct lint_rule lint_psql_command = {
	.about = { .id = "psql-command",
	    .title = "Command of psql in a migration",
	    .cost = "Only psql knows it: every other tool sends it to the server, which refuses it, and "
		    "nothing of the file runs.",
	    .quiet = "Quiet in strings and comments.",
	    .safe = "Plain SQL: INSERT for data, other files by name in the right order, values written out.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.broken = broken,
};
