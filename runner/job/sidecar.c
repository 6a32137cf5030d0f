#include "base/ban.h"
#include "runner/job/backup.h"
#include "base/backup_name.h"
#include "base/clock.h"
#include "runner/job/proof.h"

#define ROOM (WIRE_SIDECAR_MAX - 512) /* for what the store gets; the rest says what was left out */

static void
put_pair(struct gh_text *t, const char *key, const char *value)
{
	gh_text_put_json(t, key);
	gh_text_put(t, ": ");
	gh_text_put_json(t, value);
	gh_text_put(t, ",\n  ");
}

static void
put_number(struct gh_text *t, const char *key, int64_t value)
{
	gh_text_put_json(t, key);
	gh_text_putf(t, ": %" PRId64 ",\n  ", value);
}

/* As many as fit. */
static size_t
put_tables(const struct backup *b, struct gh_text *ret, size_t limit)
{
	size_t i, len = 0;

	gh_text_put(ret, "\"tables\": [");
	for (i = 0; i < b->n_tables; i++) {
		len = ret->len;
		gh_text_put(ret, i == 0 ? "\n    {\"schema\": " : ",\n    {\"schema\": ");
		gh_text_put_json(ret, b->tables[i].schema);
		gh_text_put(ret, ", \"name\": ");
		gh_text_put_json(ret, b->tables[i].name);
		gh_text_putf(ret, ", \"rows\": %" PRId64 ", \"bytes\": %" PRId64 "}", b->tables[i].rows,
		    b->tables[i].bytes);
		if (ret->len > limit) {
			gh_text_cut(ret, len);
			break;
		}
	}
	gh_text_put(ret, "\n  ]");
	return i;
}

static void
put_head(const struct backup *b, struct gh_text *ret)
{
	char iso[GH_CLOCK_LEN];

	gh_text_put(ret, "{\n  ");
	put_pair(ret, "file", b->file);
	put_pair(ret, "sha256", b->digest);
	put_pair(ret, "format", b->format);
	put_pair(ret, "encrypted_to", b->encrypted_to);
	put_pair(ret, "target", b->job->spec.target);
	put_pair(ret, "database", b->id->database);
	put_pair(ret, "system_identifier", b->id->system_id);
	put_pair(ret, "schema_key", b->schema_key);
	put_pair(ret, "server_version", b->id->version);
	put_pair(ret, "client_version", b->client_version);
	put_pair(ret, "snapshot", b->snapshot_at);
	put_pair(ret, "fingerprint", b->fingerprint);
	put_pair(ret, "level", wire_level_name(b->level));
	put_pair(ret, "started_at", gh_clock_iso(b->started_at, iso));
	put_pair(ret, "ended_at", gh_clock_iso(b->ended_at, iso));
	put_number(ret, b->number[0] == 'r' ? "run" : "task", strtoll(b->number + 1, NULL, 10));
	put_number(ret, "size", b->size);
	put_number(ret, "plain_size", b->plain_size);
	put_number(ret, "database_bytes", b->database_bytes);
	put_number(ret, "rows", b->rows);
}

/* Function bodies are nobody's business where the rows are not. */
static bool
has_catalog(const struct backup *b)
{
	return b->catalog != NULL && b->encrypted_to[0] == '\0';
}

void
sidecar_text(const struct backup *b, struct gh_text *ret)
{
	put_head(b, ret);
	(void)put_tables(b, ret, SIZE_MAX);
	if (has_catalog(b)) {
		gh_text_put(ret, ",\n  ");
		proof_catalog_put(ret, b->catalog);
	}
	gh_text_put(ret, "\n}\n");
}

/* What is not in a short one, as JSON's last member. */
static void
put_left_out(const struct backup *b, size_t tables, struct gh_text *ret)
{
	GH_TEXT what = { 0 };

	if (tables < b->n_tables)
		gh_text_putf(&what, "%zu of %zu tables", b->n_tables - tables, b->n_tables);
	if (has_catalog(b))
		gh_text_putf(&what, "%sthe definitions of %zu object%s of the catalog",
		    what.len == 0 ? "" : " and ", b->catalog->n, b->catalog->n == 1 ? "" : "s");
	if (what.len == 0)
		return;
	gh_text_put(&what, ": they are in the file");
	gh_text_put(ret, ",\n  \"left_out\": ");
	gh_text_put_json(ret, gh_text_str(&what));
}

void
sidecar_short(const struct backup *b, struct gh_text *ret)
{
	size_t tables;

	put_head(b, ret);
	if (ret->len > ROOM) {
		gh_text_cut(ret, 0);
		gh_text_put(ret, "{\n  \"left_out\": \"all of it: it is in the file\"\n}\n");
		return;
	}
	tables = put_tables(b, ret, ROOM);
	put_left_out(b, tables, ret);
	gh_text_put(ret, "\n}\n");
}

void
sidecar_say(const struct backup *b)
{
	GH_TEXT json = { 0 };
	struct wire_out o;
	char *clean;

	sidecar_short(b, &json);
	clean = gh_alloc(b->job->arena, json.len + 1);
	say_clean(clean, json.len + 1, gh_text_str(&json));
	say_start(b->job, WIRE_J_SIDECAR, &o);
	wire_put_text(&o, gh_printf(b->job->arena, "%s%s", b->file, GH_BACKUP_SIDECAR));
	wire_put_i64(&o, b->sidecar_size);
	wire_put_text(&o, b->sidecar_digest);
	wire_put_text(&o, clean);
	say_end(b->job, &o);
}
