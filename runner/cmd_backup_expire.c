/*
 * backup.expire: what the keep_* options of a target no longer ask for goes.
 *
 *   call   t key | t csrf | t target | u dry run
 *   reply  a table: every backup of the target, newest first; decision is stays, goes (dry run), gone, or
 *          failed, with the reason in why
 *
 * The folder is looked at first.  A dry run may be asked for by anybody and leaves no entry in the ledger.
 */
#include "base/ban.h"
#include "runner/expire.h"
#include "runner/read.h"
#include "runner/shelf.h"

static const char *
decision(const struct expire_row *row, bool dry)
{
	if (!row->kept.goes)
		return "stays";
	if (dry)
		return "goes";
	return row->problem[0] == '\0' ? "gone" : "failed";
}

/* What does not fit into one answer is at its end, and old: it says how much that is. */
static void
reply(struct cmd_ctx *c, const struct expire_list *list, bool dry)
{
	static const char *const columns[] = { "backup", "decision", "why", "until", "ended_at", "level",
		"state", "bytes", "file" };
	struct wire_table_out out;
	size_t i;

	READ_START(&out, c, columns);
	for (i = 0; i < list->n && !read_full(c); i++) {
		const struct expire_row *row = &list->rows[i];

		wire_table_int(&out, row->backup->id);
		wire_table_text(&out, decision(row, dry));
		wire_table_text(&out, row->problem[0] == '\0' ? row->why : row->problem);
		wire_table_time(&out, row->kept.until_us);
		wire_table_time(&out, row->backup->ended_at);
		wire_table_text(&out, row->backup->level);
		wire_table_text(&out, row->backup->state);
		read_number(&out, row->backup->size);
		wire_table_text(&out, row->backup->file);
	}
	wire_table_end(&out, "");
}

struct intent {
	bool dry;
	struct expire_by by;
	struct expire_list list;
};

/* Which go, and who says so: committed before anything is removed. */
static enum gh_code
cmd_backup_expire_intend(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	const char *target = wire_text(in, c->arena);
	struct intent *i = c->intended = gh_alloc(c->arena, sizeof(*i));
	const struct config_target *conf;
	struct shelf_found found;
	bool could = false;
	int64_t n = 0;

	i->dry = wire_bool(in);
	GH_TRY(wire_end(in, err));
	i->by = (struct expire_by){ .actor = c->actor.name,
		.way = c->actor.way == CMD_WEB ? "web" : "cli",
		.session = c->actor.session,
		.now = c->now };
	conf = config_target_find(c->config, target);
	if (conf == NULL)
		return gh_fail(err, GH_NOT_FOUND, "target %s is not in the configuration", target);
	c->target = target;
	if (!i->dry)
		GH_TRY(cmd_role_check(c, ROLE_LEAD | ROLE_ADMIN, "removing backups", err));
	GH_TRY(shelf_look(c->runner, c->arena, c->now, &could, &found, err));
	if (!could && !i->dry)
		return gh_fail(err, GH_UNAVAILABLE,
		    "the backup folder %s cannot be read: nothing was removed", c->config->backups);
	GH_TRY(expire_decide(c->runner, c->arena, conf, c->now, &i->list, err));
	if (i->dry)
		return GH_OK;
	if (!gh_keep_any(&i->list.keep))
		return gh_fail(err, GH_CONFLICT,
		    "nothing says how many backups of %s are kept: set keep_last, keep_daily, keep_weekly or "
		    "keep_monthly",
		    target);
	return expire_begin(c->runner, &i->list, &i->by, &n, err);
}

static enum gh_code
cmd_backup_expire_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	struct intent *i = c->intended;
	int64_t gone = 0;

	(void)wire_text(in, c->arena);
	(void)wire_bool(in);
	GH_TRY(wire_end(in, err));
	if (!i->dry)
		GH_TRY(expire_end(c->runner, c->arena, i->list.target_id, &i->list, &i->by, &gone, err));
	c->text = gh_printf(c->arena, "%" PRId64 " of %zu removed", gone, i->list.n);
	c->quiet = i->dry;
	reply(c, &i->list, i->dry);
	return GH_OK;
}

const struct cmd cmd_backup_expire = {
	.op = WIRE_BACKUP_EXPIRE,
	.needs = ROLE_ANY,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "target",
	.by = CMD_BY_NAME,
	.intend = cmd_backup_expire_intend,
	.run = cmd_backup_expire_run,
};
