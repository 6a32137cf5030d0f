#include "base/ban.h"
#include "runner/job/backup.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "runner/job/dump_words.h"
#include "runner/job/manifest.h"
#include "runner/job/progress.h"
#include "runner/job/sink.h"
#include "runner/job/tool.h"

#define SILENCE_MS INT64_C(900000)
#define GZIP_MAX   9 /* what pg_dump had before it had zstd */
#define ZSTD_MAJOR 16

/* pg_dump while it works. */
struct dump {
	struct backup *b;
	struct sink *sink; /* NULL: it writes a folder by itself */
	int64_t last;      /* size of the target's newest backup, 0 none */
	int64_t size;      /* of the folder, when it was looked at */
	int64_t alive_at;  /* monotonic: the last sign of life */
	struct dump_words words;
};

static bool
is_directory(const struct backup *b)
{
	return b->job->spec.format != NULL && strcmp(b->job->spec.format, "directory") == 0;
}

enum gh_code
dump_client(struct backup *b, struct gh_err *err)
{
	const struct wire_spec *s = &b->job->spec;
	int64_t server = b->id->version_number / 10000;

	GH_TRY(tool_version(b->job, s->pg_dump, &b->client_version, &b->client_major, err));
	if (b->client_major == server)
		return GH_OK;
	return gh_fail(err, GH_CONFLICT,
	    "pg_dump %s is not of the version of PostgreSQL %s: %s; set postgresql \"%" PRId64
	    "\" { bin = ... } to the folder of that version's programs",
	    b->client_version, b->id->version,
	    b->client_major < server ? "it cannot back it up"
				     : "the server could not take back what it writes",
	    server);
}

static void
say_written(struct dump *d, bool now)
{
	struct progress p = { .at = { .migration = -1, .statement = -1 },
		.activity = d->b->activity,
		.text = d->words.table,
		.done = d->sink == NULL ? d->size : sink_size(d->sink),
		.total = d->last,
		.unit = "bytes",
		.since_us = d->b->started_at };

	if (now)
		progress_say_now(d->b->job, &p);
	else
		progress_say(d->b->job, &p);
}

static enum gh_code
take(void *arg, const void *data, size_t len, struct gh_err *err)
{
	struct dump *d = arg;

	/* A folder's files are its own affair. */
	if (d->sink != NULL)
		GH_TRY(sink_put(d->sink, data, len, err));
	/* Last: a slow disk of ours is no silence of its. */
	d->alive_at = gh_clock_mono();
	return GH_OK;
}

static void
hear(void *arg, const void *data, size_t len)
{
	struct dump *d = arg;

	d->alive_at = gh_clock_mono();
	dump_words_hear(&d->words, data, len);
}

static enum gh_code
look(void *arg, struct gh_err *err)
{
	struct dump *d = arg;
	int64_t silence = d->b->job->spec.silence_ms, size;
	char span[GH_CLOCK_LEN];

	if (d->sink == NULL && (size = shelf_size(d->b->part)) != d->size) {
		d->size = size;
		d->alive_at = gh_clock_mono();
	}
	say_written(d, false);
	silence = (silence > 0 ? silence : SILENCE_MS) * 1000;
	if (gh_clock_mono() - d->alive_at < silence)
		return GH_OK;
	return gh_fail(err, GH_UNAVAILABLE,
	    "pg_dump hangs: it gave no byte and said nothing for %s%s%s, and was ended",
	    gh_clock_span(silence, span), d->words.table[0] == '\0' ? "" : ", at the ", d->words.table);
}

/* Its arguments; nothing in them is secret. */
static const char *const *
arguments(const struct backup *b)
{
	const struct wire_spec *spec = &b->job->spec;
	struct gh_arena *a = b->job->arena;
	const char **argv = gh_alloc_n(a, 12, sizeof(*argv));
	int64_t level = spec->compression > 0 ? spec->compression : 3;
	size_t n = 0;

	argv[n++] = "pg_dump";
	argv[n++] = "--verbose";
	argv[n++] = "--no-password";
	/* Behind somebody who waits for our locks it would wait for ever. */
	argv[n++] = gh_printf(a, "--lock-wait-timeout=%" PRId64, b->lock_timeout_ms);
	argv[n++] = gh_printf(a, "--snapshot=%s", b->snapshot);
	argv[n++] = gh_printf(a, "--dbname=%s", spec->connection);
	if (!is_directory(b)) {
		argv[n++] = "--format=custom";
		argv[n++] = "--compress=0";
		argv[n] = NULL;
		return argv;
	}
	argv[n++] = "--format=directory";
	argv[n++] = gh_printf(a, "--jobs=%" PRId64, spec->backup_jobs > 0 ? spec->backup_jobs : 1);
	argv[n++] = gh_printf(a, "--file=%s", b->part);
	argv[n++] = b->client_major >= ZSTD_MAJOR
	    ? gh_printf(a, "--compress=zstd:%" PRId64, level)
	    : gh_printf(a, "--compress=%" PRId64, level < GZIP_MAX ? level : GZIP_MAX);
	argv[n] = NULL;
	return argv;
}

/* pg_dump to its end, and the rows of all tables. */
static enum gh_code
both(struct dump *d, struct gh_err *err)
{
	struct backup *b = d->b;
	struct counting c = { .b = b };
	struct tool_beside beside = { .fd = PQsocket(b->pg->conn), .ready = counting_ready, .arg = &c };
	int status = 0;
	struct tool t = { .path = b->job->spec.pg_dump,
		.argv = arguments(b),
		.job = b->job,
		.take = take,
		.arg = d,
		.passfile = true,
		.hear = hear,
		.status = &status,
		.look = look,
		.beside = &beside };
	enum gh_code code = counting_start(&c, err);

	if (code == GH_OK)
		code = tool_run(&t, err);
	dump_words_end(&d->words);
	say_written(d, true);
	if (code == GH_OK && status != 0)
		code = gh_fail(err, GH_INTERNAL, "pg_dump failed: %s",
		    d->words.failed[0] == '\0' ? "it said nothing" : d->words.failed);
	(void)gh_fault("job.backup.dumped");
	if (code == GH_OK)
		code = counting_finish(&c, err);
	if (code != GH_OK)
		counting_stop(&c);
	return code;
}

static enum gh_code
write_file(struct dump *d, struct gh_err *err)
{
	struct backup *b = d->b;
	GH_FD int fd = open(b->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	SINK sink = NULL;
	enum gh_code code;

	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create %s", b->part);
	GH_TRY(sink_open(&b->job->spec, fd, &sink, err));
	d->sink = sink;
	code = both(d, err);
	if (code == GH_OK)
		code = sink_end(sink, b->digest, err);
	b->plain_size = sink_plain(sink);
	b->size = sink_size(sink);
	return code;
}

static void
saw(void *arg, int64_t bytes)
{
	struct dump *d = arg;

	d->size = bytes;
	say_written(d, false);
}

static enum gh_code
write_folder(struct dump *d, struct gh_err *err)
{
	struct backup *b = d->b;
	struct manifest_how how = { .durable = true, .saw = saw, .arg = d };
	struct manifest m;
	const char *bad = NULL;
	GH_FD int fd = -1;

	/* pg_dump takes one that is there and empty; it is ours alone. */
	if (mkdir(b->part, 0700) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create %s", b->part);
	GH_TRY(both(d, err));
	fd = open(b->part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot open %s", b->part);
	GH_TRY(manifest_read(b->job, fd, &how, &m, &bad, err));
	if (bad != NULL)
		return gh_fail(err, GH_INTERNAL, "pg_dump has written something odd: %s", bad);
	memcpy(b->digest, m.digest, sizeof(b->digest));
	b->size = m.size;
	b->plain_size = -1;
	return GH_OK;
}

enum gh_code
dump_write(struct backup *b, bool *ret_waited, struct gh_err *err)
{
	struct dump *d = gh_alloc(b->job->arena, sizeof(*d));
	enum gh_code code;

	*d = (struct dump){ .b = b, .alive_at = gh_clock_mono() };
	*ret_waited = false;
	/* First, because it clears away what an earlier one has left unfinished. */
	GH_TRY(shelf_last(b->job, &d->last, err));
	say_written(d, false);
	code = is_directory(b) ? write_folder(d, err) : write_file(d, err);
	d->sink = NULL;
	*ret_waited = code != GH_OK && dump_words_waited(&d->words);
	b->log = gh_strdup(b->job->arena, d->words.log);
	b->n_warnings = d->words.n_warnings;
	return code;
}
