#include "base/ban.h"
#include "tests/support/fixture_message.h"

static const char *production[] = { "production" };
struct config_notify fixture_channels[2] = {
	{ .name = "chat",
	    .kind = "slack",
	    .events = CONFIG_EVENTS,
	    .contact = "dba@example.com",
	    .server = "",
	    .from = "",
	    .to = "",
	    .user = "",
	    .ca_file = "",
	    .tls = true,
	    .timeout_ms = 1000,
	    .retry_delay_ms = 10,
	    .attempts = 3 },
	{ .name = "prod",
	    .kind = "webhook",
	    .events = CONFIG_APPROVAL | CONFIG_AFTER,
	    .environments = production,
	    .n_environments = 1,
	    .contact = "",
	    .server = "",
	    .from = "",
	    .to = "",
	    .user = "",
	    .ca_file = "",
	    .tls = true,
	    .timeout_ms = 1000,
	    .retry_delay_ms = 10,
	    .attempts = 3 },
};

void
fixture_notify(struct fixture_runner *f)
{
	f->runner->config->notify = fixture_channels;
	f->runner->config->n_notify = 2;
	f->runner->config->public_url = "https://gate.example.com";
}

int64_t
fixture_delivery(struct fixture_runner *f, const char *state)
{
	int64_t run = 0;

	if (strcmp(fixture_value(f, "SELECT count(*) FROM request", 0), "0") == 0) {
		fixture_shop(f);
		(void)fixture_request(f, "shop_production", &run);
		assert_int_equal(
		    sqlite3_exec(f->runner->store->db,
			"INSERT INTO message (id, event, request_id, target_id, subject, body, "
			"created_at) SELECT 1, 'approval', id, target_id, 'subject', 'body', 5 FROM "
			"request",
			NULL, NULL, NULL),
		    SQLITE_OK);
	}
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db,
		gh_printf(&f->arena,
		    "INSERT INTO delivery (message_id, channel, kind, state, attempts, next_at) VALUES (1, "
		    "'chat', 'slack', '%s', %d, 5)",
		    state, strcmp(state, "waiting") == 0 ? 0 : 1),
		NULL, NULL, NULL),
	    SQLITE_OK);
	return sqlite3_last_insert_rowid(f->runner->store->db);
}
