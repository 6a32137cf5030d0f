#include "base/ban.h"
#include "migration/sqitch_plan.h"

#include <ctype.h>

#define DEPS_MAX 1000

static bool
is_punctuation(char c)
{
	return ispunct((unsigned char)c) && c != '_';
}

bool
sqitch_name(const char *p, size_t len)
{
	size_t i, digits = 0;

	if (len == 0 || is_punctuation(p[0]) || is_punctuation(p[len - 1]))
		return false;
	for (i = 0; i < len; i++) {
		if (p[i] == ' ' || p[i] == '\t' || strchr(":@#\\", p[i]) != NULL)
			return false;
	}
	while (digits < len && isdigit((unsigned char)p[len - 1 - digits]))
		digits++;
	return digits == 0 || digits == len || strchr("~/=%^", p[len - 1 - digits]) == NULL;
}

static bool
is_id(const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (!isdigit((unsigned char)p[i]) && (p[i] < 'a' || p[i] > 'f'))
			return false;
	}
	return len == 40;
}

/* change, change@tag or @tag */
static bool
change_and_tag(struct gh_arena *a, const char *p, const char *end, struct sqitch_dep *ret)
{
	const char *at = memchr(p, '@', (size_t)(end - p)), *stop = at == NULL ? end : at;

	if (stop > p || at == NULL) {
		if (!sqitch_name(p, (size_t)(stop - p)))
			return false;
		ret->change = gh_strndup(a, p, (size_t)(stop - p));
	}
	if (at == NULL)
		return true;
	ret->tag = gh_strndup(a, at + 1, (size_t)(end - at - 1));
	return sqitch_name(at + 1, (size_t)(end - at - 1));
}

/* [!][project:](id | change[@tag] | @tag) */
static bool
dep_read(
    struct gh_arena *a, const struct sqitch_plan *plan, const char *p, size_t len, struct sqitch_dep *ret)
{
	const char *end = p + len, *colon;

	*ret = (struct sqitch_dep){ .conflict = len > 0 && *p == '!' };
	if (ret->conflict) {
		p++;
		len--;
	}
	colon = memchr(p, ':', len);
	if (colon != NULL) {
		if (!sqitch_name(p, (size_t)(colon - p)))
			return false;
		ret->project = gh_strndup(a, p, (size_t)(colon - p));
		p = colon + 1;
		if (plan->project != NULL && strcmp(ret->project, plan->project) == 0)
			ret->project = NULL;
	}
	if (is_id(p, (size_t)(end - p)))
		ret->id = gh_strndup(a, p, 40);
	else if (!change_and_tag(a, p, end, ret))
		return false;
	ret->shown = gh_printf(a, "%s%s%s%s%s", ret->project == NULL ? "" : ret->project,
	    ret->project == NULL ? "" : ":",
	    ret->id != NULL           ? ret->id
		: ret->change == NULL ? ""
				      : ret->change,
	    ret->tag == NULL ? "" : "@", ret->tag == NULL ? "" : ret->tag);
	return true;
}

const char *
sqitch_deps_read(
    struct gh_arena *a, const struct sqitch_plan *plan, const char *p, size_t len, struct sqitch_change *ret)
{
	const char *end = p + len, *stop;
	size_t i, room = 0;

	for (i = 0; i < len; i++)
		room += p[i] != ' ' && p[i] != '\t' && (i == 0 || p[i - 1] == ' ' || p[i - 1] == '\t');
	if (room > DEPS_MAX)
		return gh_printf(a, "more than %d dependencies", DEPS_MAX);
	ret->deps = gh_alloc_n(a, room + 1, sizeof(*ret->deps));
	for (; p < end; p = stop) {
		struct sqitch_dep *d = &ret->deps[ret->n_deps];

		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		for (stop = p; stop < end && *stop != ' ' && *stop != '\t'; stop++)
			continue;
		if (stop == p)
			break;
		if (!dep_read(a, plan, p, (size_t)(stop - p), d))
			return gh_printf(a,
			    "%.*s is no dependency: name, name@tag, @tag, project:name, ! before it when it "
			    "conflicts",
			    (int)(stop - p), p);
		for (i = 0; i < ret->n_deps; i++) {
			if (ret->deps[i].conflict == d->conflict && strcmp(ret->deps[i].shown, d->shown) == 0)
				return gh_printf(a, "the dependency %.*s is there twice", (int)(stop - p), p);
		}
		ret->n_deps++;
	}
	return "";
}

static const struct sqitch_tag *
tag_of(const struct sqitch_plan *plan, const char *name)
{
	size_t i;

	for (i = 0; i < plan->n_tags; i++) {
		if (strcmp(plan->tags[i].l.name, name) == 0)
			return &plan->tags[i];
	}
	return NULL;
}

/* The first change of that name, or with a tag the last one up to it, as Sqitch picks. */
static const struct sqitch_change *
change_of(const struct sqitch_plan *plan, const char *name, const struct sqitch_tag *tag)
{
	const struct sqitch_change *ret = NULL;
	size_t i;

	for (i = 0; i < plan->n && (tag == NULL ? ret == NULL : i <= tag->change); i++) {
		if (strcmp(plan->changes[i].l.name, name) == 0)
			ret = &plan->changes[i];
	}
	return ret;
}

static const struct sqitch_change *
meant(const struct sqitch_plan *plan, const struct sqitch_dep *d)
{
	const struct sqitch_tag *tag = d->tag == NULL ? NULL : tag_of(plan, d->tag);
	size_t i;

	if (d->tag != NULL && tag == NULL)
		return NULL;
	if (d->change != NULL)
		return change_of(plan, d->change, tag);
	if (tag != NULL)
		return &plan->changes[tag->change];
	for (i = 0; i < plan->n; i++) {
		if (strcmp(plan->changes[i].l.id, d->id) == 0)
			return &plan->changes[i];
	}
	return NULL;
}

const char *
sqitch_deps_find(struct gh_arena *a, const struct sqitch_plan *plan, size_t i)
{
	struct sqitch_change *c = &plan->changes[i];
	size_t k;

	for (k = 0; k < c->n_deps; k++) {
		struct sqitch_dep *d = &c->deps[k];
		const struct sqitch_change *other;

		if (d->project != NULL)
			continue;
		other = meant(plan, d);
		if (other == NULL && d->id != NULL)
			continue; /* of another project */
		if (!d->conflict && other == c)
			return gh_printf(a, "%s requires itself", c->l.name);
		if (!d->conflict && (other == NULL || other > c))
			return gh_printf(a, "%s requires %s, which %s", c->l.name, d->shown,
			    other == NULL ? "is not in the plan" : "stands further down");
		if (other == NULL)
			c->problem = gh_printf(
			    a, "%s conflicts with %s, which is not in the plan", c->l.name, d->shown);
		else
			d->target = other->l.id;
	}
	return "";
}
