#include "base/ban.h"
#include "store/finding.h"

#define SMALL_ROWS  1000
#define SMALL_BYTES (1 << 20)
#define LARGE_ROWS  1000000
#define LARGE_BYTES (100 << 20)
#define BUSY        60 /* rows written and scans begun, a minute */
#define FANNED_OUT  3

/* How much of what makes a finding worse is there. */
enum much { LITTLE, SOME, MUCH };

const char *
finding_rows(int64_t rows, struct gh_arena *a)
{
	if (rows < 0)
		return "an unknown number of rows";
	if (rows >= 1000000000)
		return gh_printf(a, "%.1f billion rows", (double)rows / 1e9);
	if (rows >= 1000000)
		return gh_printf(a, "%.1f million rows", (double)rows / 1e6);
	if (rows >= 10000)
		return gh_printf(a, "%" PRId64 " thousand rows", rows / 1000);
	return gh_printf(a, "%" PRId64 " %s", rows, rows == 1 ? "row" : "rows");
}

const char *
finding_bytes(int64_t bytes, struct gh_arena *a)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB" };
	double n = (double)bytes / 1024;
	size_t i = 0;

	if (bytes < 1024)
		return gh_printf(a, "%" PRId64 " %s", bytes, bytes == 1 ? "byte" : "bytes");
	while (n >= 1000 && i + 1 < sizeof(units) / sizeof(units[0])) {
		n /= 1024;
		i++;
	}
	return gh_printf(a, n < 10 ? "%.1f %s" : "%.0f %s", n, units[i]);
}

static enum much
size_of(const struct store_table *t)
{
	if (t->row_count >= LARGE_ROWS || t->bytes >= LARGE_BYTES)
		return MUCH;
	/* Never analysed: the bytes have to do. */
	return t->row_count < SMALL_ROWS && t->bytes < SMALL_BYTES ? LITTLE : SOME;
}

static int64_t
a_minute(int64_t n, int64_t seconds)
{
	return seconds <= 0 ? 0 : (int64_t)((double)n * 60 / (double)seconds);
}

static enum much
traffic_of(const struct store_table *t)
{
	int64_t rate = a_minute(t->writes, t->seconds) + a_minute(t->scans, t->seconds);

	if (t->seconds <= 0)
		return size_of(t);
	if (rate >= BUSY)
		return MUCH;
	/* Few come, but those who do wait behind each other on a large table. */
	return rate == 0 && size_of(t) != MUCH ? LITTLE : SOME;
}

static enum much
fan_out_of(const struct store_table *t)
{
	if (t->fan_out == 0)
		return LITTLE;
	return t->fan_out >= FANNED_OUT ? MUCH : SOME;
}

static const char *
traffic_text(const struct store_table *t, struct gh_arena *a)
{
	if (t->seconds <= 0)
		return "traffic not known";
	return gh_printf(a, "%" PRId64 " writes and %" PRId64 " scans a minute",
	    a_minute(t->writes, t->seconds), a_minute(t->scans, t->seconds));
}

static const char *
facts_text(const char *scale, const struct store_table *t, struct gh_arena *a)
{
	const char *size = size_of(t) == LITTLE && t->row_count >= 0
	    ? finding_rows(t->row_count, a)
	    : gh_printf(a, "%s, %s", finding_bytes(t->bytes, a), finding_rows(t->row_count, a));

	if (strcmp(scale, "traffic") == 0)
		return gh_printf(a, "%s, %s", size, traffic_text(t, a));
	if (strcmp(scale, "fan-out") == 0)
		return gh_printf(a, "%s, %" PRId64 " foreign %s to it", size, t->fan_out,
		    t->fan_out == 1 ? "key refers" : "keys refer");
	return size;
}

const char *
finding_level(const char *level, const char *scale, const struct store_table *t, struct gh_arena *a,
    const char **ret_why)
{
	const char *ret = level;
	enum much much;

	*ret_why = "";
	if (strcmp(scale, "flat") == 0)
		return level;
	if (t == NULL) {
		*ret_why = "the table is new here: quiet";
		return "notice";
	}
	if (strcmp(scale, "traffic") == 0)
		much = traffic_of(t);
	else
		much = strcmp(scale, "fan-out") == 0 ? fan_out_of(t) : size_of(t);
	if (much == LITTLE)
		ret = "notice";
	else if (much == SOME && strcmp(level, "error") == 0)
		ret = "warning";
	else if (much == MUCH)
		ret = strcmp(level, "notice") == 0 ? "warning" : "error";
	*ret_why =
	    gh_printf(a, "%s: %s", facts_text(scale, t, a), strcmp(ret, "notice") == 0 ? "quiet" : ret);
	return ret;
}
