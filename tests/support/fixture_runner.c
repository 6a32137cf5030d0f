#include "base/ban.h"
#include "tests/support/fixture_runner.h"
#include "runner/config_parse.h"
#include "runner/plan_doc.h"
#include "store/ledger.h"
#include "store/person_write.h"
#include "store/project_write.h"
#include "store/secrets.h"

static struct config_project projects[] = { { .name = "shop",
    .folder = "/srv/shop",
    .convention = "numbered",
    .schema = "",
    .table = "",
    .tracking = "" } };
static struct config_target targets[] = {
	{ .name = "shop_development",
	    .project = projects,
	    .environment = "development",
	    .connection = "dbname=d" },
	{ .name = "shop_production",
	    .project = projects,
	    .environment = "production",
	    .position = 1,
	    .connection = "dbname=p" },
};
static const char *environments[] = { "development", "production" };
static const char *const names[FIXTURE_PEOPLE] = { "viewer", "lead", "lead2", "auditor", "admin" };
static const unsigned roles[FIXTURE_PEOPLE] = { ROLE_VIEWER, ROLE_LEAD, ROLE_LEAD, ROLE_AUDITOR, ROLE_ADMIN };

static void
people_add(struct fixture_runner *f, struct config *c)
{
	static char hash[GH_PWHASH_LEN]; /* one costs what the others cost: a tenth of a second */
	int64_t now = gh_clock_now();
	GH_SECRET password = { 0 };
	size_t i;

	assert_true(gh_secret_set(&password, FIXTURE_PASSWORD, strlen(FIXTURE_PASSWORD)));
	if (hash[0] == '\0')
		assert_int_equal(gh_password_hash(&password, hash, NULL), GH_OK);
	c->accounts = gh_alloc_n(&f->arena, FIXTURE_PEOPLE, sizeof(*c->accounts));
	for (i = 0; i < FIXTURE_PEOPLE; i++) {
		struct fixture_person *p = &f->people[i];
		struct store_session_new s = {
			.address = "192.0.2.1", .agent = "test", .now = now, .expires_at = now + GH_HOUR
		};
		unsigned char digest[GH_SHA256_LEN];

		p->name = names[i];
		p->uid = 2001 + (uid_t)i;
		assert_int_equal(
		    store_person_add(f->runner->store, p->name, roles[i], now, &p->id, &f->err), GH_OK);
		assert_int_equal(store_password_set(f->runner->secrets, p->id, hash, now, &f->err), GH_OK);
		gh_random(p->token, sizeof(p->token));
		wire_token_verifier(p->token, s.verifier);
		wire_token_digest(p->token, digest);
		s.person_id = p->id;
		assert_int_equal(store_session_add(f->runner->store, &s, &p->session, &f->err), GH_OK);
		assert_int_equal(store_token_add(f->runner->secrets, p->session, digest, &f->err), GH_OK);
		c->accounts[c->n_accounts++] = (struct config_account){ p->uid, p->name, p->name };
	}
}

static void
conf_sync(struct fixture_runner *f)
{
	const struct store_project_conf p = { "shop", "/srv/shop", "numbered", "" };
	struct store_target_conf t[2];
	const struct store_conf conf = { 1, 2, &p, t };
	size_t i;

	for (i = 0; i < 2; i++) {
		struct policy *policy = &targets[i].policy;
		GH_TEXT text = { 0 };

		policy_default(targets[i].position == 0, policy);
		config_backup_default(&targets[i].backup);
		assert_int_equal(policy_write(policy, &text, &f->err), GH_OK);
		t[i] = (struct store_target_conf){ .name = targets[i].name,
			.project = "shop",
			.environment = targets[i].environment,
			.position = targets[i].position,
			.backup = policy->backup,
			.approvals = policy->approvals,
			.lock_timeout_ms = policy->lock_timeout_ms,
			.rollback_on_failure = policy->rollback_on_failure,
			.policy = gh_strdup(&f->arena, gh_text_str(&text)) };
	}
	assert_int_equal(store_conf_sync(f->runner->store, &conf, gh_clock_now(), &f->err), GH_OK);
}

int
fixture_runner_setup(void **state)
{
	struct fixture_runner *f = calloc(1, sizeof(*f));
	struct runner *r = calloc(1, sizeof(*r));
	struct config *c = calloc(1, sizeof(*c));

	assert_true(f != NULL && r != NULL && c != NULL);
	gh_hash_start();
	f->runner = r;
	r->config = c;
	r->own_uid = 2000;
	r->store = calloc(1, sizeof(*r->store));
	r->secrets = calloc(1, sizeof(*r->secrets));
	assert_int_equal(store_open_memory(r->store, &f->err), GH_OK);
	assert_int_equal(store_secrets_memory(r->secrets, &f->err), GH_OK);
	assert_int_equal(loop_new(&r->loop, &f->err), GH_OK);
	*c = (struct config){ .path = "test.conf",
		.web_user = "web",
		.web_uid = geteuid(),
		.environments = environments,
		.n_environments = 2,
		.parallel_runs = 2,
		.refresh_seconds = 30,
		.projects = projects,
		.n_projects = 1,
		.targets = targets,
		.n_targets = 2 };
	people_add(f, c);
	conf_sync(f);
	*state = f;
	return 0;
}

int
fixture_runner_teardown(void **state)
{
	struct fixture_runner *f = *state;

	store_close(f->runner->store);
	store_close(f->runner->secrets);
	plan_doc_done(f->runner);
	free(f->runner->store);
	free(f->runner->secrets);
	loop_free(f->runner->loop);
	config_free(f->runner->config);
	free(f->runner);
	gh_text_done(&f->reply);
	gh_arena_done(&f->arena);
	free(f);
	return 0;
}

struct fixture_person *
fixture_person(struct fixture_runner *f, const char *name)
{
	size_t i;

	for (i = 0; i < FIXTURE_PEOPLE; i++) {
		if (strcmp(f->people[i].name, name) == 0)
			return &f->people[i];
	}
	fail_msg("nobody is called %s", name);
	return NULL;
}

enum gh_code
fixture_frame(struct fixture_runner *f, enum cmd_way way, uid_t uid, const struct gh_text *frame)
{
	const struct cmd_frame call = { .data = (const unsigned char *)gh_text_str(frame),
		.len = frame->len,
		.way = way,
		.uid = uid,
		.arrived = gh_clock_now() };
	enum gh_code code;

	f->err = (struct gh_err){ 0 };
	gh_text_clear(&f->reply);
	code = cmd_dispatch(f->runner, &call, &f->reply, &f->deferred, &f->err);
	assert_true(code == GH_OK || f->err.code == code);
	f->fields = (struct wire_in){ .at = (const unsigned char *)gh_text_str(&f->reply) };
	f->fields.end = f->fields.at + f->reply.len;
	return code;
}

static void
put(struct gh_text *ret, enum wire_op op, const unsigned char *token)
{
	static const unsigned char none[GH_TOKEN_LEN];
	struct wire_out out = { .text = ret };

	wire_put_u16(&out, (uint16_t)op);
	gh_text_put_n(ret, token == NULL ? none : token, GH_TOKEN_LEN);
}

void
fixture_act_frame(struct fixture_runner *f, const char *who, enum wire_op op, const char *subject,
    const struct gh_text *fields, struct gh_text *ret)
{
	const struct fixture_person *p = fixture_person(f, who);
	struct wire_out out = { .text = ret };
	char csrf[GH_SHA256_HEX_LEN];

	put(ret, op, p->token);
	wire_csrf(p->token, op, subject, csrf);
	wire_put_text(&out, gh_printf(&f->arena, "key-%d", ++f->n_calls));
	wire_put_text(&out, csrf);
	if (fields != NULL)
		gh_text_put_n(ret, gh_text_str(fields), fields->len);
}

enum gh_code
fixture_act(struct fixture_runner *f, const char *who, enum wire_op op, const char *subject,
    const struct gh_text *fields)
{
	GH_TEXT frame = { 0 };

	fixture_act_frame(f, who, op, subject, fields, &frame);
	return fixture_frame(f, CMD_WEB, geteuid(), &frame);
}

static void
cli_frame(enum wire_op op, bool act, const struct gh_text *fields, struct gh_text *ret)
{
	struct wire_out out = { .text = ret };

	put(ret, op, NULL);
	if (act) {
		wire_put_text(&out, "");
		wire_put_text(&out, "");
	}
	if (fields != NULL)
		gh_text_put_n(ret, gh_text_str(fields), fields->len);
}

enum gh_code
fixture_cli(
    struct fixture_runner *f, const char *who, enum wire_op op, bool act, const struct gh_text *fields)
{
	uid_t uid = who == NULL ? FIXTURE_STRANGER : fixture_person(f, who)->uid;
	GH_TEXT frame = { 0 };

	cli_frame(op, act, fields, &frame);
	return fixture_frame(f, CMD_CLI, uid, &frame);
}

static void
cuts(struct fixture_runner *f, enum cmd_way way, uid_t uid, struct gh_text *frame)
{
	int64_t before = fixture_entries(f);
	size_t whole = frame->len;

	for (frame->len = 0; frame->len < whole; frame->len++)
		assert_int_equal(fixture_frame(f, way, uid, frame), GH_BAD_INPUT);
	gh_text_putc(frame, '\0');
	assert_int_equal(fixture_frame(f, way, uid, frame), GH_BAD_INPUT);
	assert_int_equal(fixture_entries(f), before);
}

void
fixture_cuts(struct fixture_runner *f, const char *who, enum wire_op op, const char *subject,
    const struct gh_text *fields)
{
	GH_TEXT frame = { 0 };

	fixture_act_frame(f, who, op, subject, fields, &frame);
	cuts(f, CMD_WEB, geteuid(), &frame);
}

void
fixture_cuts_cli(struct fixture_runner *f, const char *who, enum wire_op op, const struct gh_text *fields)
{
	GH_TEXT frame = { 0 };

	cli_frame(op, false, fields, &frame);
	cuts(f, CMD_CLI, fixture_person(f, who)->uid, &frame);
}

const struct wire_table *
fixture_table(struct fixture_runner *f)
{
	struct wire_table *t = gh_alloc(&f->arena, sizeof(*t));

	assert_int_equal(wire_table_read(&f->fields, &f->arena, t, &f->err), GH_OK);
	assert_int_equal(wire_end(&f->fields, &f->err), GH_OK);
	return t;
}

const struct wire_cell *
fixture_cell(struct fixture_runner *f, const struct wire_table *t, size_t row, const char *column)
{
	size_t i;

	(void)f;
	assert_true(row < t->n_rows);
	for (i = 0; i < t->n_columns; i++) {
		if (strcmp(t->columns[i], column) == 0)
			return &t->cells[row * t->n_columns + i];
	}
	fail_msg("the table has no column %s", column);
	return NULL;
}

void
fixture_entry(
    struct fixture_runner *f, const char *actor, const char *op, const char *subject, const char *outcome)
{
	const struct store_entry_filter newest = { .limit = 1 };
	struct store_entries list = { 0 };

	assert_int_equal(store_ledger_list(f->runner->store, &f->arena, &newest, &list, NULL), GH_OK);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.rows[0].actor, actor);
	assert_string_equal(list.rows[0].op, op);
	assert_string_equal(list.rows[0].subject, subject);
	assert_string_equal(list.rows[0].outcome, outcome);
}

int64_t
fixture_entries(struct fixture_runner *f)
{
	const struct store_entry_filter newest = { .limit = 1 };
	struct store_entries list = { 0 };

	assert_int_equal(store_ledger_list(f->runner->store, &f->arena, &newest, &list, NULL), GH_OK);
	return list.n == 0 ? 0 : list.rows[0].seq;
}

enum gh_code
fixture_code(struct fixture_runner *f, enum gh_code code, const char *part)
{
	if (strstr(f->err.msg, part) == NULL)
		fail_msg("answered \"%s\", which does not say \"%s\"", f->err.msg, part);
	if (code != GH_OK)
		print_message("answered: %s\n", f->err.msg);
	return code;
}
