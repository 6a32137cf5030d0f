#include "base/ban.h"
#include "runner/message.h"

#define SHOWN 10 /* files that are named */

/* "A backup of shop is missing", "3 backups of shop are missing or broken" */
static const char *
subject(struct gh_arena *a, const char *target, int64_t missing, int64_t broken)
{
	int64_t n = missing + broken;
	const char *what = broken == 0 ? "missing" : missing == 0 ? "broken" : "missing or broken";

	if (n == 1)
		return gh_printf(a, "A backup of %s is %s", target, what);
	return gh_printf(a, "%" PRId64 " backups of %s are %s", n, target, what);
}

enum gh_code
message_shelf(struct runner *r, const struct message_lost *lost, size_t n, int64_t at, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct message m = { .st = r->store, .a = &a, .event = CONFIG_FAILED, .at = at };
	int64_t missing = 0, broken = 0;
	GH_TEXT text = { 0 };
	size_t i, shown = 0;

	if (r->config->n_notify == 0 || n == 0)
		return GH_OK;
	m.request.target_id = lost[0].backup->target_id;
	m.request.target = lost[0].backup->target;
	m.request.environment = lost[0].backup->environment;
	if (!message_wanted(r->config, &m))
		return GH_OK;
	for (i = 0; i < n; i++) {
		if (lost[i].backup->target_id != m.request.target_id)
			continue;
		*(lost[i].missing ? &missing : &broken) += 1;
		if (shown++ < SHOWN)
			gh_text_putf(
			    &text, "%s%s: %s.", shown == 1 ? "" : "\n", lost[i].backup->file, lost[i].text);
	}
	if (shown > SHOWN)
		gh_text_putf(&text, "\nand %zu more", shown - SHOWN);
	message_fact(&m, "target", m.request.target);
	message_fact(&m, "environment", m.request.environment);
	if (r->config->public_url != NULL && r->config->public_url[0] != '\0')
		message_fact(&m, "link",
		    missing + broken == 1
			? gh_printf(&a, "%s/backups/%" PRId64, r->config->public_url, lost[0].backup->id)
			: gh_printf(&a, "%s/backups", r->config->public_url));
	return message_keep(r, &m, subject(&a, m.request.target, missing, broken), gh_text_str(&text), err);
}
