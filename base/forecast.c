#include "base/ban.h"
#include "base/forecast.h"
#include "base/clock.h"

#define DAY_US   (24 * GH_HOUR)
#define AHEAD_US (3653 * DAY_US) /* ten years */
#define HALVINGS 48              /* of ten years: well below a second */

static double
smaller(double a, double b)
{
	return a < b ? a : b;
}

int64_t
gh_forecast_most(const struct gh_keep *k)
{
	const double days[] = { 1, 7, 30.44 };
	const int64_t most[] = { k->daily, k->weekly, k->monthly };
	double covered, n = (double)k->last;
	size_t i;

	if (!gh_keep_any(k) || k->pace_us <= 0)
		return -1;
	/* What the finer rule keeps already is not kept twice. */
	covered = n * (double)k->pace_us / (double)DAY_US;
	for (i = 0; i < sizeof(most) / sizeof(most[0]); i++) {
		double pace = (double)k->pace_us / (double)DAY_US, apart = pace > days[i] ? pace : days[i];
		double more = (double)most[i] - covered / apart;

		if (more <= 0)
			continue;
		n += more;
		covered += more * apart;
	}
	/* The newest proved one may be older than all of them. */
	return (int64_t)n + ((double)(int64_t)n < n) + 1;
}

static bool
grows(const struct gh_growth *g)
{
	return g->pace_us > 0 && g->bytes > 0;
}

int64_t
gh_forecast_day(const struct gh_growth *g, size_t n)
{
	double sum = 0;
	bool known = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!grows(&g[i]))
			continue;
		known = true;
		sum += (double)g[i].bytes * (double)DAY_US / (double)g[i].pace_us;
	}
	return known ? (int64_t)smaller(sum, 9e18) : -1;
}

/* What they have grown by after that time. */
static double
grown(const struct gh_growth *g, size_t n, double after_us)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		double more = grows(&g[i]) ? (double)g[i].bytes * after_us / (double)g[i].pace_us : 0;

		sum += g[i].room < 0 ? more : smaller(more, (double)g[i].room);
	}
	return sum;
}

int64_t
gh_forecast_full(const struct gh_growth *g, size_t n, int64_t free_bytes, int64_t now_us)
{
	double low = 0, high = (double)AHEAD_US;
	int i;

	if (gh_forecast_day(g, n) < 0)
		return -1;
	if (grown(g, n, high) < (double)free_bytes)
		return 0;
	for (i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2;

		if (grown(g, n, middle) < (double)free_bytes)
			low = middle;
		else
			high = middle;
	}
	return now_us + (int64_t)high;
}
