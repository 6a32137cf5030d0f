#include "base/ban.h"
#include "wire/journal.h"

#define WORD(table, v)                                                                                       \
	((size_t)(v) < sizeof(table) / sizeof((table)[0]) && (table)[v] != NULL ? (table)[v] : "?")

const char *
wire_outcome_name(enum wire_outcome v)
{
	static const char *const words[] = { NULL, "succeeded", "failed-clean", "failed-partly", "unknown",
		"needs-person" };

	return WORD(words, v);
}

const char *
wire_phase_name(enum wire_phase v)
{
	static const char *const words[] = { NULL, "connect", "identify", "lock", "status", "preflight",
		"backup", "migrate", "verify", "done" };

	return WORD(words, v);
}

const char *
wire_state_name(enum wire_state v)
{
	static const char *const words[] = { NULL, "started", "ok", "failed", "skipped", "rolled-back",
		"taken-back", "in-doubt" };

	return WORD(words, v);
}

const char *
wire_level_name(enum wire_level v)
{
	static const char *const words[] = { NULL, "written", "checksummed", "listed", "restored",
		"counted" };

	return WORD(words, v);
}

const char *
wire_file_name(enum wire_file v)
{
	static const char *const words[] = { NULL, "up", "down", "both", "ignored", "refused" };

	return WORD(words, v);
}

const char *
wire_side_name(enum wire_side v)
{
	static const char *const words[] = { NULL, "up", "down" };

	return WORD(words, v);
}
