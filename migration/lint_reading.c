#include "base/ban.h"
#include "migration/lint_reading.h"

const struct lint_about lint_reading_rules[LINT_READING_RULES] = {
	{ .id = "cannot-run",
	    .title = "SQL that cannot run",
	    .cost = "PostgreSQL or the project's tool refuses the file, and whatever waits behind it.",
	    .quiet = "Never quiet, and it cannot be ignored.",
	    .safe = "What the message says, at its line and column.",
	    .level = LINT_ERROR },
	{ .id = "refused-file",
	    .title = "File that is not taken",
	    .cost =
		"The file looks like a migration, but its tool would not run it, or refuses the whole folder "
		"because of it.",
	    .quiet = "Never quiet, and it cannot be ignored.",
	    .safe = "Name it as the convention asks, or move it out of the folder.",
	    .level = LINT_ERROR },
	{ .id = "folder",
	    .title = "Folder that the tool refuses",
	    .cost = "Nothing of the folder runs until this is repaired.",
	    .quiet = "Never quiet, and it cannot be ignored.",
	    .safe = "What the message says.",
	    .level = LINT_ERROR },
	{ .id = "folder-note",
	    .title = "Something about the folder",
	    .cost = "Gaps in the numbers and rules of the tool that surprise: worth knowing before the next "
		    "file is "
		    "written.",
	    .quiet = "Quiet when there is nothing to say about the folder.",
	    .safe = "What the message says, or nothing.",
	    .level = LINT_NOTICE },
	{ .id = "not-analysed",
	    .title = "Newer syntax than the parser's",
	    .cost = "The file may run, but no rule has looked at it.",
	    .quiet = "Quiet for the syntax of PostgreSQL 15 and older.",
	    .safe = "Read it with more care; run it on a copy first.",
	    .level = LINT_NOTICE },
};
