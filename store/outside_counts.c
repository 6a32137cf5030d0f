#include "base/ban.h"
#include "base/clock.h"
#include "base/duration.h"
#include "store/outside.h"
#include "store/read.gen.h"

/* The same words on the page, in the plan and on the command line. */

#define STOPS "Until there is one, the run stops before anything is changed."

static enum gh_code
newest(struct store *st, struct gh_arena *a, int64_t target_id, struct store_outside_counts *ret,
    const char **ret_trouble, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_OUTSIDE_NEWEST, &q, err));
	store_bind_int(q, ":target", target_id);
	GH_TRY(store_step(st, q, &row, err));
	ret->source = row ? store_text(q, 0, a) : "";
	ret->label = row ? store_text(q, 1, a) : "";
	ret->ended_at = row ? store_int(q, 2) : 0;
	*ret_trouble = row ? store_text(q, 3, a) : "";
	return GH_OK;
}

static enum gh_code
failed(struct store *st, struct gh_arena *a, int64_t target_id, const char **ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_OUTSIDE_FAILED, &q, err));
	store_bind_int(q, ":target", target_id);
	GH_TRY(store_step(st, q, &row, err));
	*ret = row ? store_text(q, 0, a) : "";
	return GH_OK;
}

/* What others said has an end of its own, or has not. */
static const char *
stop(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && text[len - 1] == '.' ? "" : ".";
}

static const char *
sentence(struct gh_arena *a, const struct store_outside_counts *c, const char *trouble, int64_t now)
{
	char most[GH_DURATION_LEN], age[GH_CLOCK_LEN];

	(void)gh_duration_text(c->limit_ms, most);
	(void)gh_clock_span(now > c->ended_at ? now - c->ended_at : 0, age);
	if (c->label[0] == '\0')
		return gh_printf(a,
		    "No outside backup with which nothing is wrong is listed, and one within %s is asked "
		    "for. " STOPS "%s%s%s",
		    most, trouble[0] == '\0' ? "" : " The last look failed: ", trouble,
		    trouble[0] == '\0' ? "" : stop(trouble));
	if (trouble[0] != '\0')
		return gh_printf(a,
		    "The last look at %s failed, so nobody knows whether its %s of %s ago is still there: "
		    "%s%s " STOPS,
		    c->source, c->label, age, trouble, stop(trouble));
	if (!c->holds)
		return gh_printf(a,
		    "The newest good outside backup is too old: %s of %s ended %s ago, and one within %s is "
		    "asked "
		    "for. " STOPS,
		    c->label, c->source, age, most);
	return gh_printf(a,
	    "The outside backup %s of %s counts: it ended %s ago, and one within %s is asked for. The run "
	    "looks "
	    "again and takes none of its own.",
	    c->label, c->source, age, most);
}

enum gh_code
store_outside_counts(struct store *st, struct gh_arena *a, int64_t target_id, int64_t limit_ms, int64_t now,
    struct store_outside_counts *ret, struct gh_err *err)
{
	const char *trouble;

	*ret = (struct store_outside_counts){ .limit_ms = limit_ms };
	GH_TRY(newest(st, a, target_id, ret, &trouble, err));
	if (ret->label[0] == '\0')
		GH_TRY(failed(st, a, target_id, &trouble, err));
	ret->holds = ret->label[0] != '\0' && trouble[0] == '\0' && now - ret->ended_at <= limit_ms * 1000;
	ret->text = sentence(a, ret, trouble, now);
	return GH_OK;
}
