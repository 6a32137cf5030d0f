/*
 * backup.look: the folder of backups is looked at now; what other systems keep, by a task each.
 *
 *   call   t key | t csrf
 *   reply  a table: backups whose file is missing or broken, or what lies beside it is, and files
 *          that no backup knows
 *
 * Anybody may ask how the folder is.  Whoever is neither lead nor admin starts no program of an outside
 * source, and within PAUSE_US of the last look gets what that has found, without an entry in the ledger.
 */
#include "base/ban.h"
#include "runner/read.h"
#include "runner/shelf.h"
#include "runner/task.h"
#include "store/shelf.h"

#define PAUSE_US (10 * GH_SECOND)

/* "" nothing is wrong */
static const char *
state_of(const struct store_backup *b)
{
	if (strcmp(b->state, "missing") == 0)
		return "missing";
	if (b->broken[0] != '\0')
		return "broken";
	return b->sidecar_wrong[0] != '\0' ? "sidecar" : "";
}

/* The worse first. */
static const char *
text_of(struct cmd_ctx *c, const struct store_backup *b)
{
	if (b->broken[0] == '\0' || b->sidecar_wrong[0] == '\0')
		return b->broken[0] == '\0' && strcmp(b->state, "missing") != 0 ? b->sidecar_wrong
										: b->broken;
	return gh_printf(c->arena, "%s; %s", b->broken, b->sidecar_wrong);
}

static void
put(struct cmd_ctx *c, struct wire_table_out *out, const struct store_backup *b, const struct store_orphan *o)
{
	read_id(out, b == NULL ? 0 : b->id);
	wire_table_text(out, b == NULL ? o->file : b->file);
	wire_table_text(out, b == NULL ? "orphan" : state_of(b));
	read_number(out, b == NULL ? o->size : b->size);
	wire_table_time(out, b == NULL ? o->changed_at : b->ended_at);
	wire_table_text(out, read_text(c, b == NULL ? o->text : text_of(c, b)));
}

static enum gh_code
reply(struct cmd_ctx *c, int64_t *ret_n, struct gh_err *err)
{
	static const char *const columns[] = { "backup", "file", "state", "bytes", "at", "text" };
	struct store_backups backups;
	struct store_orphans orphans;
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_backup_kept(c->store, c->arena, 0, &backups, err));
	GH_TRY(store_orphan_list(c->store, c->arena, &orphans, err));
	READ_START(&out, c, columns);
	for (i = 0; i < backups.n && !read_full(c); i++) {
		const struct store_backup *b = &backups.rows[i];

		if (state_of(b)[0] == '\0')
			continue;
		put(c, &out, b, NULL);
		(*ret_n)++;
	}
	for (i = 0; i < orphans.n && !read_full(c); i++, (*ret_n)++)
		put(c, &out, NULL, &orphans.rows[i]);
	wire_table_end(&out, "");
	return GH_OK;
}

/* The folder as it was looked at last, when that is so short ago that nobody but those who keep it looks
 * again. */
static enum gh_code
is_known(struct cmd_ctx *c, bool may, struct store_shelf *ret, bool *ret_known, struct gh_err *err)
{
	GH_TRY(store_shelf_get(c->store, c->arena, ret, err));
	*ret_known = !may && ret->looked_at > c->now - PAUSE_US && ret->looked_at <= c->now;
	return GH_OK;
}

static enum gh_code
cmd_backup_look_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	const struct task_wish w = { .person = c->actor.person, .reason = "", .level = "", .now = c->now };
	bool may = (c->actor.roles & (ROLE_LEAD | ROLE_ADMIN)) != 0, could = false, known = false;
	struct shelf_found found;
	struct store_shelf shelf;
	int64_t n = 0, looks = 0;

	GH_TRY(wire_end(in, err));
	GH_TRY(is_known(c, may, &shelf, &known, err));
	if (may)
		GH_TRY(task_look_all(c->runner, &w, &looks, err));
	c->kick = may;
	c->quiet = known;
	could = known && shelf.problem[0] == '\0';
	if (!known) {
		GH_TRY(shelf_look(c->runner, c->arena, c->now, &could, &found, err));
		GH_TRY(store_shelf_get(c->store, c->arena, &shelf, err));
	}
	if (!could) {
		c->keep = true;
		return gh_fail(err, GH_UNAVAILABLE, "%s", shelf.problem);
	}
	GH_TRY(reply(c, &n, err));
	c->text = gh_printf(c->arena, "%" PRId64 " missing, broken or unknown", n);
	if (looks > 0)
		c->text = gh_printf(c->arena, "%s; %" PRId64 " outside source%s looked at", c->text, looks,
		    looks == 1 ? " is" : "s are");
	return GH_OK;
}

const struct cmd cmd_backup_look = {
	.op = WIRE_BACKUP_LOOK,
	.needs = ROLE_ANY,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "backups",
	.by = CMD_BY_NOTHING,
	.run = cmd_backup_look_run,
};
