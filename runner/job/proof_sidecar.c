#include "base/ban.h"
#include "base/backup_name.h"
#include "base/io.h"
#include "runner/job/proof_inner.h"

#include <jansson.h>

/*
 * What lies beside the file, against the record.  Whoever has only the folder left believes it, so that what
 * is wrong with it is said; the backup itself is proved without it.
 */

/* JSON takes many times its length when it is parsed, and anybody may have written it. */
#define MOST       ((size_t)128 << 20) /* only digested */
#define MOST_OTHER ((size_t)1 << 20)   /* parsed for words: it is not ours, by its digest */
#define MOST_OLD   ((size_t)16 << 20)  /* parsed because there is no digest to go by */

/* A regular file with something in it, read; NULL, or what is wrong. */
static const char *
bytes(struct proof *p, const char *name, struct gh_text *ret)
{
	struct gh_arena *a = p->job->arena;
	GH_FD int fd = open(gh_printf(a, "%s/%s", p->folder, name),
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct gh_err why = { 0 };
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return gh_printf(a, "%s is not there", name);
	if (fd < 0 && errno == ELOOP)
		return gh_printf(a, "%s is a symbolic link", name);
	if (fd < 0)
		return gh_printf(a, "%s cannot be opened (error %d)", name, errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return gh_printf(a, "%s is not a regular file", name);
	if (st.st_size == 0)
		return gh_printf(a, "%s is empty", name);
	if (gh_read_all(fd, p->sidecar_digest[0] == '\0' ? MOST_OLD : MOST, ret, &why) != GH_OK)
		return gh_printf(a, "%s cannot be read: %s", name, why.msg);
	return NULL;
}

/* A member against the record, of its own words or a number; NULL: it says the same. */
static const char *
member(struct proof *p, const json_t *all, const char *key, const char *record)
{
	const json_t *v = json_object_get(all, key);
	const char *said = json_is_integer(v)
	    ? gh_printf(p->job->arena, "%" PRId64, (int64_t)json_integer_value(v))
	    : json_string_value(v);

	if (v == NULL)
		return gh_printf(p->job->arena, "it says nothing of its %s", key);
	if (said != NULL && strcmp(said, record) == 0)
		return NULL;
	return gh_printf(p->job->arena, "it says that its %s is %.80s, not %.80s", key,
	    said == NULL ? "no text" : said, record);
}

/* What it says about another backup than this, NULL nothing. */
static const char *
words(struct proof *p, const json_t *all)
{
	const char *why = member(p, all, "target", p->target);

	if (why == NULL)
		why = member(p, all, "file", p->file);
	if (why == NULL)
		why = member(p, all, "sha256", p->digest);
	if (why == NULL && p->size >= 0)
		why = member(p, all, "size", gh_printf(p->job->arena, "%" PRId64, p->size));
	return why;
}

static const char *
parsed(struct proof *p, const char *name, const struct gh_text *t)
{
	const char *why;
	json_error_t at;
	json_t *all = json_loadb(gh_text_str(t), t->len, JSON_REJECT_DUPLICATES, &at);

	if (!json_is_object(all))
		why = gh_printf(p->job->arena, "%s is no JSON", name);
	else
		why = words(p, all);
	json_decref(all);
	return why;
}

static const char *
compare(struct proof *p, const char *name, const struct gh_text *t)
{
	bool known = p->sidecar_digest[0] != '\0';
	char digest[GH_SHA256_HEX_LEN];
	const char *why;

	gh_sha256_hex(gh_text_str(t), t->len, digest);
	if (known && strcmp(digest, p->sidecar_digest) == 0)
		return NULL;
	why = known && t->len > MOST_OTHER ? NULL : parsed(p, name, t);
	/* One from before its digest was kept is as good as what it says. */
	if (why != NULL || !known)
		return why;
	return gh_printf(
	    p->job->arena, "the SHA-256 of %s is %.12s, not %.12s", name, digest, p->sidecar_digest);
}

void
proof_sidecar_check(struct proof *p)
{
	const char *name = gh_printf(p->job->arena, "%s%s", p->file, GH_BACKUP_SIDECAR), *why;
	GH_TEXT text = { 0 };
	const char *good = p->sidecar_digest[0] != '\0'
	    ? "What lies beside it is what was written"
	    : "What lies beside it does not contradict the record; whether it is what was written is not "
	      "known";
	struct wire_out o;

	why = bytes(p, name, &text);
	if (why == NULL)
		why = compare(p, name, &text);
	say_start(p->job, WIRE_J_SIDECAR_SEEN, &o);
	say_put(&o,
	    why == NULL ? ""
			: gh_printf(p->job->arena, "what lies beside it is not what was written: %s", why));
	say_end(p->job, &o);
	p->evidence = gh_printf(p->job->arena, "%s %s%s.", p->evidence,
	    why == NULL ? good : "The backup is whole, but what lies beside it is not what was written: ",
	    why == NULL ? "" : why);
}
