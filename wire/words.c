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
		"backup", "migrate", "verify", "done", "before", "health", "after", "cleanup" };

	return WORD(words, v);
}

const enum wire_phase wire_phase_order[] = { WIRE_CONNECT, WIRE_IDENTIFY, WIRE_LOCK, WIRE_STATUS,
	WIRE_PREFLIGHT, WIRE_BEFORE, WIRE_BACKUP, WIRE_MIGRATE, WIRE_VERIFY, WIRE_HEALTH, WIRE_AFTER,
	WIRE_CLEANUP, WIRE_DONE, 0 };

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
	static const char *const words[] = { "none", "written", "checksummed", "listed", "restored",
		"counted" };

	return WORD(words, v);
}

const char *
wire_file_name(enum wire_file v)
{
	static const char *const words[] = { NULL, "up", "down", "both", "ignored", "refused", "repeatable",
		"verify", "code", "index" };

	return WORD(words, v);
}

const char *
wire_side_name(enum wire_side v)
{
	static const char *const words[] = { NULL, "up", "down", "verify" };

	return WORD(words, v);
}

const char *
wire_standing_name(enum wire_standing v)
{
	static const char *const words[] = { NULL, "applied", "pending", "edited", "missing", "out-of-order",
		"failed", "baseline" };

	return WORD(words, v);
}

const char *
wire_decision_name(enum wire_decision v)
{
	static const char *const words[] = { NULL, "nothing", "runs", "never", "blocks" };

	return WORD(words, v);
}

const char *
wire_lock_name(enum wire_lock v)
{
	static const char *const words[] = { "", "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE",
		"SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE" };

	return WORD(words, v);
}

const char *
wire_lint_name(enum wire_lint v)
{
	static const char *const words[] = { NULL, "notice", "warning", "error" };

	return WORD(words, v);
}

const char *
wire_scale_name(enum wire_scale v)
{
	static const char *const words[] = { "flat", "size", "traffic", "fan-out" };

	return WORD(words, v);
}
