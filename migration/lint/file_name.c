#include "base/ban.h"
#include "migration/lint_habit.h"

/* The part that tells one migration from another: the file, or the folder of an up.sql. */
static const char *
part_of(struct gh_arena *a, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1, *from;

	if (slash == NULL || (strcmp(name, "up.sql") != 0 && strcmp(name, "migration.sql") != 0))
		return name;
	for (from = slash; from > path && from[-1] != '/'; from--)
		continue;
	return gh_strndup(a, from, (size_t)(slash - from));
}

static const char *
complaint(const char *name)
{
	size_t digits = strspn(name, "0123456789"), i;

	if (digits == 0)
		return NULL;
	if (digits < 3)
		return "the number has fewer than three digits, so that names do not sort as numbers do";
	if (name[digits] == '-')
		return "a dash behind the number: use an underscore";
	if (name[digits] == '\0' || strcmp(name + digits, ".sql") == 0)
		return "it does not say what it is about";
	for (i = digits; name[i] != '\0'; i++) {
		if (name[i] == ' ' || (unsigned char)name[i] >= 0x80 || (name[i] >= 'A' && name[i] <= 'Z'))
			return "use lower case, digits and underscores";
	}
	return NULL;
}

static void
file(struct lint *l)
{
	const char *name, *text;

	if (l->text->down || l->text->verify || !lint_has(l->text->file))
		return;
	name = part_of(l->arena, l->text->file);
	text = complaint(name);
	if (text != NULL)
		lint_say(l, NULL, (struct lint_said){ .message = gh_printf(l->arena, "%s: %s", name, text) });
}

const struct lint_rule lint_file_name = {
	.about = { .id = "file-name",
	    .title = "Name of the migration",
	    .cost = "Names in several forms sort differently in different places, and some tools pass over a "
		    "file that is not of theirs.",
	    .quiet = "Quiet for what a tool makes itself, and in the way back.",
	    .safe = "A number of at least three digits or a date and time, then lower case with underscores: "
		    "006_add_user_photos.sql.",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.file = file,
};
