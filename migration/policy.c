#include "base/ban.h"
#include "migration/policy.h"

void
policy_default(bool development, struct policy *ret)
{
	*ret = (struct policy){ .backup = !development,
		.approvals = development ? 0 : 1,
		.max_retries = 5,
		.retry_delay_ms = 3000,
		.lock_timeout_ms = 5000,
		.rollback_on_failure = true,
		.guard_sessions = development ? 0 : 5,
		.guard_wait_ms = development ? 0 : 1000,
		.health_url = "",
		.health_body = "",
		.health_status = 200,
		.health_attempts = 5,
		.health_delay_ms = 2000,
		.health_timeout_ms = 5000 };
}

const char *
policy_when_name(enum policy_when w)
{
	static const char *const words[] = { "?", "before", "after", "failure", "backup" };

	return (size_t)w < sizeof(words) / sizeof(words[0]) ? words[w] : "?";
}
