#include "base/ban.h"
#include "runner/job/backup.h"
#include "base/clock.h"
#include "runner/job/proof.h"

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

static void
put_tables(const struct backup *b, struct gh_text *ret)
{
	size_t i;

	gh_text_put(ret, "\"tables\": [");
	for (i = 0; i < b->n_tables; i++) {
		gh_text_put(ret, i == 0 ? "\n    {\"schema\": " : ",\n    {\"schema\": ");
		gh_text_put_json(ret, b->tables[i].schema);
		gh_text_put(ret, ", \"name\": ");
		gh_text_put_json(ret, b->tables[i].name);
		gh_text_putf(ret, ", \"rows\": %" PRId64 ", \"bytes\": %" PRId64 "}", b->tables[i].rows,
		    b->tables[i].bytes);
	}
	gh_text_put(ret, "\n  ]");
}

void
sidecar_text(const struct backup *b, struct gh_text *ret)
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
	put_tables(b, ret);
	/* Function bodies are nobody's business where the rows are not. */
	if (b->catalog != NULL && b->encrypted_to[0] == '\0') {
		gh_text_put(ret, ",\n  ");
		proof_catalog_put(ret, b->catalog);
	}
	gh_text_put(ret, "\n}\n");
}
