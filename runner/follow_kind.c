#include "base/ban.h"
#include "runner/follow_kind.h"

static const struct follow_kind *const kinds[] = {
	&follow_progress,
	&follow_episode,
	&follow_hook,
	&follow_evidence,
	&follow_control,
	&follow_fact,
	&follow_cause,
	&follow_action,
	&follow_batch,
	&follow_batch_row,
	&follow_outside,
	&follow_database,
	&follow_backup,
	&follow_backup_table,
	&follow_proof,
	&follow_proof_table,
	&follow_sidecar,
	&follow_sidecar_seen,
};

const struct follow_kind *
follow_kind_find(enum wire_journal_kind kind)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i]->kind == kind)
			return kinds[i];
	}
	return NULL;
}

enum gh_code
follow_kind_end(struct wire_in *in, const char *kind, struct gh_err *err)
{
	if (wire_end(in, NULL) != GH_OK)
		return gh_fail(
		    err, GH_BAD_INPUT, "the journal is corrupt: a frame %s has wrong fields", kind);
	return GH_OK;
}
