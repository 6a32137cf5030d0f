#include "base/ban.h"
#include "runner/job/retry.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/progress.h"

bool
retry_worth(const struct run *r, int64_t n)
{
	return pg_error_retry(&r->pg.error) && n <= r->plan.policy.max_retries && !job_stopped(r->job);
}

int64_t
retry_ms(int64_t delay_ms, int64_t n)
{
	int64_t ms = delay_ms > 0 ? delay_ms : 1, i;
	uint32_t dice;

	for (i = 1; i < n && ms < RETRY_MOST_MS; i++)
		ms *= 2;
	if (ms > RETRY_MOST_MS)
		ms = RETRY_MOST_MS;
	/* So that two that met once do not meet each time. */
	gh_random(&dice, sizeof(dice));
	return ms - (int64_t)(dice % (uint32_t)(ms / 4 + 1));
}

void
retry_wait(struct run *r, int64_t n, const char *why)
{
	int64_t ms = retry_ms(r->plan.policy.retry_delay_ms, n);
	struct progress p = {
		.at = r->pg.at, .activity = "backing-off", .unit = "", .since_us = gh_clock_now()
	};
	char text[512], span[GH_CLOCK_LEN];

	say_retry(r->job, n, ms, why);
	(void)snprintf(text, sizeof(text), "%.300s; tries again after %s, for the %s time", why,
	    gh_clock_span(ms * 1000, span),
	    n == 1       ? "second"
		: n == 2 ? "third"
			 : "next");
	p.text = text;
	progress_say_now(r->job, &p);
	(void)gh_fault("job.before-retry");
	job_sleep(r->job, ms);
	p.activity = "running";
	p.text = "";
	p.since_us = gh_clock_now();
	progress_say_now(r->job, &p);
}
