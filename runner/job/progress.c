#include "base/ban.h"
#include "runner/job/progress.h"
#include "base/clock.h"
#include "base/hash.h"

#define EVERY_US 250000

/* What tells one frame from another. */
static void
sum_of(const struct progress *p, unsigned char ret[GH_SHA256_LEN])
{
	const int64_t numbers[] = { p->at.migration, p->at.statement, p->done, p->total, p->since_us };
	GH_SHA256 sha = { 0 };

	gh_sha256_start(&sha);
	gh_sha256_add(&sha, numbers, sizeof(numbers));
	gh_sha256_add(&sha, p->activity, strlen(p->activity) + 1);
	gh_sha256_add(&sha, p->text, strlen(p->text) + 1);
	gh_sha256_add(&sha, p->unit, strlen(p->unit) + 1);
	gh_sha256_end(&sha, ret);
}

void
progress_say_now(struct job *j, const struct progress *p)
{
	unsigned char sum[GH_SHA256_LEN];
	struct wire_out o;

	sum_of(p, sum);
	if (memcmp(sum, j->progress_sum, sizeof(sum)) == 0)
		return;
	memcpy(j->progress_sum, sum, sizeof(sum));
	j->progress_at = gh_clock_mono();
	say_start(j, WIRE_J_PROGRESS, &o);
	wire_put_i64(&o, p->at.migration);
	wire_put_i64(&o, p->at.statement);
	wire_put_text(&o, p->activity);
	say_put(&o, p->text);
	wire_put_i64(&o, p->done);
	wire_put_i64(&o, p->total);
	wire_put_text(&o, p->unit);
	wire_put_i64(&o, p->since_us);
	say_end(j, &o);
}

void
progress_say(struct job *j, const struct progress *p)
{
	if (j->progress_at == 0 || gh_clock_mono() - j->progress_at >= EVERY_US)
		progress_say_now(j, p);
}
