#include "base/ban.h"
#include "migration/policy.h"
#include "base/io.h"

#define TEXT_MAX   2000 /* bytes of one value */
#define MS_MAX     INT64_C(2147483647)
#define COUNT_MAX  INT64_C(1000000)
#define AGE_MAX    (INT64_C(366) * 24 * 3600 * 1000)
#define POLICY_MAX ((size_t)1 << 20)
#define TRY_OUT(x)                                                                                           \
	do {                                                                                                 \
		if (!(x))                                                                                    \
			return false;                                                                        \
	} while (0)

enum kind { FLAG, NUMBER, TEXT, TRANSACTION, LEVEL };

/* The single values, in the order in which they are written. */
static const struct field {
	const char *name;
	enum kind kind;
	size_t at;
	int64_t min, max;
} fields[] = {
	{ "backup", FLAG, offsetof(struct policy, backup), 0, 1 },
	{ "backup_level", LEVEL, offsetof(struct policy, backup_level), POLICY_WRITTEN, POLICY_COUNTED },
	{ "backup_outside_ms", NUMBER, offsetof(struct policy, backup_outside_ms), 0, AGE_MAX },
	{ "approvals", NUMBER, offsetof(struct policy, approvals), 0, 9 },
	{ "max_retries", NUMBER, offsetof(struct policy, max_retries), 0, COUNT_MAX },
	{ "retry_delay_ms", NUMBER, offsetof(struct policy, retry_delay_ms), 0, MS_MAX },
	{ "lock_timeout_ms", NUMBER, offsetof(struct policy, lock_timeout_ms), 1, MS_MAX },
	{ "statement_timeout_ms", NUMBER, offsetof(struct policy, statement_timeout_ms), 0, MS_MAX },
	{ "concurrently_timeout_ms", NUMBER, offsetof(struct policy, concurrently_timeout_ms), 0, MS_MAX },
	{ "transaction", TRANSACTION, offsetof(struct policy, transaction), 0, POLICY_ALL },
	{ "rollback_on_failure", FLAG, offsetof(struct policy, rollback_on_failure), 0, 1 },
	{ "guard_sessions", NUMBER, offsetof(struct policy, guard_sessions), 0, COUNT_MAX },
	{ "guard_wait_ms", NUMBER, offsetof(struct policy, guard_wait_ms), 0, MS_MAX },
	{ "long_transaction_ms", NUMBER, offsetof(struct policy, long_transaction_ms), 0, MS_MAX },
	{ "replica_lag_ms", NUMBER, offsetof(struct policy, replica_lag_ms), 0, MS_MAX },
	{ "health_url", TEXT, offsetof(struct policy, health_url), 0, 0 },
	{ "health_body", TEXT, offsetof(struct policy, health_body), 0, 0 },
	{ "health_status", NUMBER, offsetof(struct policy, health_status), 0, 999 },
	{ "health_attempts", NUMBER, offsetof(struct policy, health_attempts), 0, COUNT_MAX },
	{ "health_delay_ms", NUMBER, offsetof(struct policy, health_delay_ms), 0, MS_MAX },
	{ "health_timeout_ms", NUMBER, offsetof(struct policy, health_timeout_ms), 0, MS_MAX },
	{ "promote", FLAG, offsetof(struct policy, promote), 0, 1 },
	{ "rehearse", FLAG, offsetof(struct policy, rehearse), 0, 1 },
	{ "revert_ms", NUMBER, offsetof(struct policy, revert_ms), 0, MS_MAX },
	{ "row_security", FLAG, offsetof(struct policy, row_security), 0, 1 },
	{ "validated_constraints", FLAG, offsetof(struct policy, validated_constraints), 0, 1 },
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static const char *const transactions[] = { "tool", "each", "all" };
static const char *const levels[] = { "?", "written", "checksummed", "listed", "restored", "counted" };

void
policy_default(bool development, struct policy *ret)
{
	*ret = (struct policy){ .backup = !development,
		.backup_level = POLICY_LISTED,
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

const char *
policy_level_name(enum policy_level l)
{
	return (size_t)l < sizeof(levels) / sizeof(levels[0]) ? levels[l] : "?";
}

bool
policy_level_read(const char *name, enum policy_level *ret)
{
	for (*ret = POLICY_WRITTEN; *ret <= POLICY_COUNTED; (*ret)++) {
		if (strcmp(levels[*ret], name) == 0)
			return true;
	}
	return false;
}

/* A value that fits on a line. */
static enum gh_code
check_text(const char *what, const char *s, bool empty, struct gh_err *err)
{
	size_t len = strnlen(s, TEXT_MAX + 1), i;

	if (len == 0 && !empty)
		return gh_fail(err, GH_BAD_INPUT, "policy: %s is empty", what);
	if (len > TEXT_MAX)
		return gh_fail(err, GH_BAD_INPUT, "policy: %s is longer than %d bytes", what, TEXT_MAX);
	for (i = 0; i < len; i++) {
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return gh_fail(err, GH_BAD_INPUT, "policy: %s holds a control character", what);
	}
	if (!gh_utf8_valid(s, len, NULL))
		return gh_fail(err, GH_BAD_INPUT, "policy: %s is not UTF-8", what);
	return GH_OK;
}

static enum gh_code
put_number(struct gh_text *t, const struct field *f, int64_t v, struct gh_err *err)
{
	if (v < f->min || v > f->max)
		return gh_fail(err, GH_BAD_INPUT,
		    "policy: %s is %" PRId64 ", it must be %" PRId64 " to %" PRId64, f->name, v, f->min,
		    f->max);
	gh_text_putf(t, "%s %" PRId64 "\n", f->name, v);
	return GH_OK;
}

static enum gh_code
put_field(struct gh_text *t, const struct field *f, const struct policy *p, struct gh_err *err)
{
	const void *at = (const char *)p + f->at;
	const char *text;

	switch (f->kind) {
	case FLAG:
		return put_number(t, f, *(const bool *)at ? 1 : 0, err);
	case NUMBER:
		return put_number(t, f, *(const int64_t *)at, err);
	case TEXT:
		text = *(const char *const *)at == NULL ? "" : *(const char *const *)at;
		GH_TRY(check_text(f->name, text, true, err));
		gh_text_putf(t, "%s %s\n", f->name, text);
		return GH_OK;
	case LEVEL:
		if (p->backup_level < POLICY_WRITTEN || p->backup_level > POLICY_COUNTED)
			return gh_fail(err, GH_BAD_INPUT,
			    "policy: backup_level is written, checksummed, listed, restored or counted");
		gh_text_putf(t, "%s %s\n", f->name, levels[p->backup_level]);
		return GH_OK;
	case TRANSACTION:
	default:
		if ((size_t)p->transaction > POLICY_ALL)
			return gh_fail(err, GH_BAD_INPUT, "policy: transaction is tool, each or all");
		gh_text_putf(t, "%s %s\n", f->name, transactions[p->transaction]);
		return GH_OK;
	}
}

static enum gh_code
put_list(struct gh_text *t, const char *name, const char *const *values, size_t n, struct gh_err *err)
{
	size_t i;

	for (i = 0; i < n; i++) {
		GH_TRY(check_text(name, values[i], false, err));
		gh_text_putf(t, "%s %s\n", name, values[i]);
	}
	return GH_OK;
}

static enum gh_code
put_hook(struct gh_text *t, const struct policy_hook *h, struct gh_err *err)
{
	size_t i;

	if (h->when < POLICY_BEFORE || h->when > POLICY_BACKUP)
		return gh_fail(err, GH_BAD_INPUT, "policy: a hook is before, after, failure or backup");
	if (h->timeout_ms < 1 || h->timeout_ms > MS_MAX)
		return gh_fail(err, GH_BAD_INPUT, "policy: a hook needs a time limit");
	if (h->n_args < 1 || h->n_args > POLICY_ARGS)
		return gh_fail(err, GH_BAD_INPUT, "policy: a hook has 1 to %d arguments", POLICY_ARGS);
	if (h->args[0][0] != '/')
		return gh_fail(err, GH_BAD_INPUT, "policy: a hook's program is an absolute path");
	gh_text_putf(t, "hook %s %" PRId64 " %zu\n", policy_when_name(h->when), h->timeout_ms, h->n_args);
	for (i = 0; i < h->n_args; i++) {
		GH_TRY(check_text("an argument of a hook", h->args[i], true, err));
		gh_text_putf(t, "arg %s\n", h->args[i]);
	}
	return GH_OK;
}

enum gh_code
policy_write(const struct policy *p, struct gh_text *ret, struct gh_err *err)
{
	size_t i, from = ret->len;

	if (p->n_windows > POLICY_WINDOWS || p->n_tables > POLICY_TABLES || p->n_hooks > POLICY_HOOKS)
		return gh_fail(err, GH_BAD_INPUT, "policy: at most %d windows, %d tables and %d hooks",
		    POLICY_WINDOWS, POLICY_TABLES, POLICY_HOOKS);
	for (i = 0; i < FIELDS; i++)
		GH_TRY(put_field(ret, &fields[i], p, err));
	GH_TRY(put_list(ret, "window", p->windows, p->n_windows, err));
	GH_TRY(put_list(ret, "table", p->tables, p->n_tables, err));
	for (i = 0; i < p->n_hooks; i++)
		GH_TRY(put_hook(ret, &p->hooks[i], err));
	if (ret->full || ret->len - from > POLICY_MAX)
		return gh_fail(err, GH_BAD_INPUT, "policy: larger than %zu MiB", POLICY_MAX >> 20);
	return GH_OK;
}

struct reader {
	const char *at, *end;
	struct gh_arena *arena;
};

/* The rest of a line that begins with "name ". */
static bool
take(struct reader *r, const char *name, const char **ret)
{
	size_t len = strlen(name);
	const char *eol;

	TRY_OUT((size_t)(r->end - r->at) > len && memcmp(r->at, name, len) == 0 && r->at[len] == ' ');
	eol = memchr(r->at, '\n', (size_t)(r->end - r->at));
	TRY_OUT(eol != NULL);
	*ret = gh_strndup(r->arena, r->at + len + 1, (size_t)(eol - r->at) - len - 1);
	r->at = eol + 1;
	return true;
}

static bool
take_field(struct reader *r, const struct field *f, struct policy *p)
{
	void *at = (char *)p + f->at;
	const char *text;
	int64_t v = 0;

	TRY_OUT(take(r, f->name, &text));
	switch (f->kind) {
	case TEXT:
		*(const char **)at = text;
		return true;
	case TRANSACTION:
		for (v = 0; v <= POLICY_ALL && strcmp(transactions[v], text) != 0; v++)
			;
		p->transaction = (enum policy_transaction)v;
		return v <= POLICY_ALL;
	case LEVEL:
		return policy_level_read(text, &p->backup_level);
	case FLAG:
	case NUMBER:
	default:
		TRY_OUT(gh_parse_i64(text, f->min, f->max, &v));
		if (f->kind == FLAG)
			*(bool *)at = v == 1;
		else
			*(int64_t *)at = v;
		return true;
	}
}

static bool
take_list(struct reader *r, const char *name, size_t max, const char ***ret, size_t *ret_n)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	const char **list = gh_alloc_n(r->arena, max, sizeof(*list)), *text;

	*ret = list;
	for (*ret_n = 0; take(r, name, &text); (*ret_n)++) {
		TRY_OUT(*ret_n < max);
		list[*ret_n] = text;
	}
	return true;
}

/* "before 60000 2", then its arguments. */
static bool
take_hook(struct reader *r, const char *text, struct policy_hook *h)
{
	const char *const space = strchr(text, ' '), *const last = strrchr(text, ' '), **args;
	int64_t n = 0;
	size_t i;

	TRY_OUT(space != NULL && last > space);
	TRY_OUT(gh_parse_i64(last + 1, 1, POLICY_ARGS, &n));
	TRY_OUT(gh_parse_i64(
	    gh_strndup(r->arena, space + 1, (size_t)(last - space) - 1), 1, MS_MAX, &h->timeout_ms));
	for (h->when = POLICY_BEFORE; h->when <= POLICY_BACKUP; h->when++) {
		const char *name = policy_when_name(h->when);

		if (strlen(name) == (size_t)(space - text) && strncmp(text, name, strlen(name)) == 0)
			break;
	}
	TRY_OUT(h->when <= POLICY_BACKUP);
	h->n_args = (size_t)n;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	args = gh_alloc_n(r->arena, h->n_args + 1, sizeof(*args));
	for (i = 0; i < h->n_args; i++)
		TRY_OUT(take(r, "arg", &args[i]));
	h->args = args;
	return true;
}

static bool
take_all(struct reader *r, struct policy *p)
{
	const char *text;
	size_t i;

	for (i = 0; i < FIELDS; i++)
		TRY_OUT(take_field(r, &fields[i], p));
	TRY_OUT(take_list(r, "window", POLICY_WINDOWS, &p->windows, &p->n_windows));
	TRY_OUT(take_list(r, "table", POLICY_TABLES, &p->tables, &p->n_tables));
	p->hooks = gh_alloc_n(r->arena, POLICY_HOOKS, sizeof(*p->hooks));
	for (; take(r, "hook", &text); p->n_hooks++)
		TRY_OUT(p->n_hooks < POLICY_HOOKS && take_hook(r, text, &p->hooks[p->n_hooks]));
	return r->at == r->end;
}

enum gh_code
policy_read(const char *text, size_t len, struct gh_arena *a, struct policy *ret, struct gh_err *err)
{
	struct reader r = { .at = text, .end = text + len, .arena = a };
	GH_TEXT again = { 0 };

	*ret = (struct policy){ 0 };
	if (len > POLICY_MAX)
		return gh_fail(err, GH_BAD_INPUT, "the policy is larger than %zu MiB", POLICY_MAX >> 20);
	if (!take_all(&r, ret))
		return gh_fail(
		    err, GH_BAD_INPUT, "the policy is malformed near its byte %zu", (size_t)(r.at - text));
	/* Whatever the parser let through, only what policy_write writes is a policy. */
	GH_TRY(policy_write(ret, &again, err));
	if (again.len != len || memcmp(gh_text_str(&again), text, len) != 0)
		return gh_fail(err, GH_BAD_INPUT, "the policy is not in its canonical form");
	return GH_OK;
}
