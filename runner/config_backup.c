#include "base/ban.h"
#include "runner/config_parse.h"
#include "base/window.h"

#define SECOND_MS     INT64_C(1000)
#define DAY_MS        (INT64_C(24) * 3600 * SECOND_MS)
#define YEAR_MS       (INT64_C(366) * DAY_MS)
#define SCHEDULES_MAX 32
#define KEY_LEN       44 /* base64 of 32 bytes */
#define AT(m)         offsetof(struct config_target, backup.m)
#define COUNT(x)      (sizeof(x) / sizeof((x)[0]))

static const struct duration {
	const char *key;
	size_t at;
	int64_t min;
} durations[] = {
	{ "backup_outside", offsetof(struct config_target, policy.backup_outside_ms), 0 },
	{ "backup_silence", AT(silence_ms), SECOND_MS },
	{ "backup_timeout", AT(timeout_ms), SECOND_MS },
	{ "prove_timeout", AT(prove_timeout_ms), SECOND_MS },
	{ "prove_within", AT(prove_within_ms), 0 },
	{ "prove_every", AT(prove_every_ms), 0 },
	{ "restore_keep", AT(restore_keep_ms), SECOND_MS },
};

static const struct number {
	const char *key;
	size_t at;
	int64_t min, max;
} numbers[] = {
	{ "backup_jobs", AT(jobs), 1, 64 },
	{ "backup_compression", AT(compression), 1, 19 },
	{ "backup_threads", AT(threads), 0, 64 },
	{ "keep_last", AT(keep_last), 0, 10000 },
	{ "keep_daily", AT(keep_daily), 0, 3660 },
	{ "keep_weekly", AT(keep_weekly), 0, 530 },
	{ "keep_monthly", AT(keep_monthly), 0, 120 },
};

/* One section that is read. */
struct reading {
	struct config_reader *r;
	cfg_t *sec;
	const char *what; /* target "shop" */
	struct config_target *t;
};

static void
say(const struct reading *g, const char *key, const char *text)
{
	config_mistake(g->r, config_line(g->r, g->sec, key), "%s: %s", g->what, text);
}

void
config_backup_default(struct config_backup *ret)
{
	*ret = (struct config_backup){ .format = "custom",
		.jobs = 1,
		.compression = 3,
		.silence_ms = INT64_C(15) * 60 * SECOND_MS,
		.timeout_ms = 2 * DAY_MS, /* nobody knows how large a database is */
		.prove_timeout_ms = 2 * DAY_MS,
		.encrypt_to = "",
		.prove_level = POLICY_COUNTED,
		.prove_server = "",
		.restore_connection = "",
		.restore_keep_ms = 7 * DAY_MS };
}

static void
singles(const struct reading *g)
{
	char *at = (char *)g->t;
	size_t i;

	for (i = 0; i < COUNT(durations); i++) {
		int64_t *v = (void *)(at + durations[i].at);

		*v = config_duration(g->r, g->sec, durations[i].key, durations[i].min, YEAR_MS, *v);
	}
	for (i = 0; i < COUNT(numbers); i++) {
		int64_t *v = (void *)(at + numbers[i].at);

		*v = config_number(g->r, g->sec, numbers[i].key, numbers[i].min, numbers[i].max, *v);
	}
}

static void
words(const struct reading *g)
{
	const char *level = config_text(g->r, g->sec, "backup_level"),
		   *format = config_text(g->r, g->sec, "backup_format"),
		   *in_time = config_text(g->r, g->sec, "prove_level");
	enum policy_level prove = POLICY_COUNTED;

	if (level != NULL && !policy_level_read(level, &g->t->policy.backup_level)) {
		g->t->policy.backup_level = POLICY_LISTED;
		say(g, "backup_level",
		    gh_printf(g->r->arena,
			"backup_level must be written, checksummed, listed, restored or counted, not \"%s\"",
			level));
	}
	if (in_time != NULL && (!policy_level_read(in_time, &prove) || prove < POLICY_LISTED)) {
		prove = POLICY_COUNTED;
		say(g, "prove_level",
		    gh_printf(
			g->r->arena, "prove_level must be listed, restored or counted, not \"%s\"", in_time));
	}
	if (in_time != NULL)
		g->t->backup.prove_level = prove;
	if (format == NULL)
		return;
	if (strcmp(format, "custom") != 0 && strcmp(format, "directory") != 0)
		say(g, "backup_format",
		    gh_printf(g->r->arena, "backup_format must be custom or directory, not \"%s\"", format));
	else
		g->t->backup.format = format;
}

/* 32 bytes as base64 writes them, and not the secret half's file. */
static bool
public_key(const char *s)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	return strlen(s) == KEY_LEN && strspn(s, letters) == KEY_LEN - 1 && s[KEY_LEN - 1] == '=' &&
	    strchr("AEIMQUYcgkosw048", s[KEY_LEN - 2]) != NULL;
}

/* "none" takes back what the environment says. */
static void
keys(const struct reading *g)
{
	struct config_backup *b = &g->t->backup;
	const char *to = config_text(g->r, g->sec, "backup_encrypt_to"),
		   *file = config_text(g->r, g->sec, "backup_key_file");

	if (to != NULL && strcmp(to, "none") == 0)
		b->encrypt_to = "";
	else if (to != NULL && !public_key(to))
		say(g, "backup_encrypt_to",
		    "backup_encrypt_to is a public key, 44 characters of base64, as \"gatehouse backup key\" "
		    "prints it, or none");
	else if (to != NULL)
		b->encrypt_to = to;
	if (file != NULL && strcmp(file, "none") == 0) {
		b->key_file = NULL;
	} else if (file != NULL) {
		b->key_file = config_path(g->r, g->sec, "backup_key_file", NULL);
		if (b->key_file != NULL)
			config_secret_file(g->r, g->sec, "backup_key_file", g->what, b->key_file);
	}
}

/* {"never"} takes back what the environment says. */
static void
schedules(const struct reading *g)
{
	struct config_backup *b = &g->t->backup;
	unsigned n = cfg_size(g->sec, "backup_schedule"), i;
	struct gh_window schedule;
	const char **rows;

	if (n == 0)
		return;
	if (n > SCHEDULES_MAX) {
		say(g, "backup_schedule",
		    gh_printf(g->r->arena, "backup_schedule has more than %d values", SCHEDULES_MAX));
		return;
	}
	b->n_schedules = 0;
	if (n == 1 && strcmp(cfg_getnstr(g->sec, "backup_schedule", 0), "never") == 0)
		return;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	b->schedules = rows = gh_alloc_n(g->r->arena, n, sizeof(*rows));
	for (i = 0; i < n; i++) {
		struct gh_err err = { 0 };

		rows[i] = gh_strdup(g->r->arena, cfg_getnstr(g->sec, "backup_schedule", i));
		if (gh_window_schedule_read(rows[i], &schedule, &err) != GH_OK)
			say(g, "backup_schedule", gh_printf(g->r->arena, "backup_schedule: %s", err.msg));
		else
			b->n_schedules++;
	}
}

/* "none" takes back what the environment says. */
static void
server(const struct reading *g, const char *key, const char **at)
{
	const char *s = config_text(g->r, g->sec, key);

	if (s == NULL)
		return;
	if (strcmp(s, "none") == 0) {
		*at = "";
		return;
	}
	s = config_server(g->r, g->sec, key, g->what);
	if (s != NULL)
		*at = s;
}

void
config_backup(struct config_reader *r, cfg_t *sec, const char *what, struct config_target *t)
{
	const struct reading g = { r, sec, what, t };

	singles(&g);
	words(&g);
	keys(&g);
	schedules(&g);
	server(&g, "prove_server", &t->backup.prove_server);
	server(&g, "restore_connection", &t->backup.restore_connection);
}

/* What needs the secret key, when this machine does not have it; NULL nothing. */
static const char *
needs_key(const struct config_target *t, struct gh_arena *a, const char **key)
{
	if (t->policy.backup && t->policy.backup_level > POLICY_CHECKSUMMED) {
		*key = "backup_level";
		return gh_printf(a, "backup_level %s", policy_level_name(t->policy.backup_level));
	}
	*key = t->backup.prove_within_ms > 0 ? "prove_within" : "prove_every";
	return t->backup.prove_within_ms > 0 || t->backup.prove_every_ms > 0 ? *key : NULL;
}

void
config_backup_check(struct config_reader *r, cfg_t *sec, const char *what, const struct config_target *t)
{
	const struct config_backup *b = &t->backup;
	bool directory = strcmp(b->format, "directory") == 0, sealed = b->encrypt_to[0] != '\0';
	struct config_target copy = *t;
	const struct reading g = { r, sec, what, &copy };
	const char *key = "", *needs = needs_key(t, r->arena, &key);

	if (sealed && directory)
		say(&g, "backup_format",
		    "backup_encrypt_to needs the custom format: the files of a directory are not encrypted. "
		    "Set "
		    "backup_format = \"custom\", or backup_encrypt_to = \"none\"");
	if (sealed && b->key_file == NULL && needs != NULL)
		say(&g, key,
		    gh_printf(r->arena,
			"%s needs what opens the backups, which are encrypted: name it with backup_key_file, "
			"or "
			"%s",
			needs,
			strcmp(key, "backup_level") == 0
			    ? "set backup_level = \"checksummed\" and prove them where the key is"
			    : gh_printf(r->arena, "set %s = \"0s\" and prove them where the key is", key)));
	if (b->jobs > 1 && !directory)
		say(&g, "backup_jobs",
		    "backup_jobs above 1 needs backup_format = \"directory\": one file is written by one");
}
