#include "base/ban.h"
#include "cgi/act.h"

/* POST /requests: asks that a plan be run. */
enum { TARGET, DIRECTION, GOAL, STEPS, ONLY, REASON, CONFIRM, UNCOUNTED };

#define GOAL_MAX 400 /* keys of some tools hold a path */

/* The directions of request.add, by the word of the form. */
static const struct direction {
	const char *word;
	uint8_t number;
} directions[] = { { "up", 1 }, { "down", 2 }, { "mark", 4 }, { "repair", 5 }, { "restore", 6 },
	{ "side", 7 } };

#define UP_ONLY 3 /* up, this one and no other */
#define RESTORE 6

static enum gh_code
direction_find(const char *word, uint8_t *ret, struct gh_err *err)
{
	size_t i;

	for (i = 0; i < sizeof(directions) / sizeof(directions[0]); i++) {
		if (strcmp(directions[i].word, word) == 0) {
			*ret = directions[i].number;
			return GH_OK;
		}
	}
	return gh_fail(
	    err, GH_BAD_INPUT, "the direction is up, down, mark, repair, restore or side, not %s", word);
}

/* Of a restore also whether it goes on when what would be lost cannot be counted. */
static const char *
goal(struct req *req, const struct act_form *form, uint8_t direction)
{
	const char *text = form->values[GOAL].text;

	if (direction != RESTORE || *form->values[UNCOUNTED].text == '\0')
		return text;
	return gh_printf(req->arena, "%s uncounted", text);
}

static enum gh_code
act_request_add_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };
	int64_t request, run;
	uint8_t direction = 0;

	GH_TRY(direction_find(form->values[DIRECTION].text, &direction, err));
	if (direction == 1 && *form->values[ONLY].text != '\0')
		direction = UP_ONLY;
	/* What takes the place of a database is asked for with open eyes. */
	if (direction == RESTORE && strcmp(form->values[CONFIRM].text, form->values[TARGET].text) != 0)
		return gh_fail(err, GH_BAD_INPUT, "type the name of the target, %s, to ask for a restore",
		    form->values[TARGET].text);
	act_call_start(&call, form);
	wire_put_text(&call.out, form->values[TARGET].text);
	wire_put_u8(&call.out, direction);
	wire_put_text(&call.out, goal(req, form, direction));
	wire_put_i64(&call.out, form->values[STEPS].number);
	wire_put_text(&call.out, form->values[REASON].text);
	GH_TRY(act_call_send(&call, req, WIRE_REQUEST_ADD, err));
	request = wire_i64(&call.reply.fields);
	run = wire_i64(&call.reply.fields);
	GH_TRY(wire_end(&call.reply.fields, err));
	/* Where no approval is needed, it runs already. */
	done->to = run == 0 ? gh_printf(req->arena, "/requests/%" PRId64, request)
			    : gh_printf(req->arena, "/runs/%" PRId64, run);
	return GH_OK;
}

const struct act act_request_add = {
	.path = "/requests",
	.op = WIRE_REQUEST_ADD,
	.back = "/requests/new",
	.back_label = "Back to the form",
	.fields = {
		[TARGET] = { "target", "Target", ACT_LINE, true, 64 },
		[DIRECTION] = { "direction", "Direction", ACT_LINE, true, 8 },
		[GOAL] = { "goal", "Version", ACT_LINE, false, GOAL_MAX },
		[STEPS] = { "steps", "Number of migrations to take back", ACT_INT, false, 1000 },
		[ONLY] = { "only", "Only this one", ACT_LINE, false, 1 },
		[REASON] = { "reason", "Reason", ACT_TEXT, true, 2000 },
		[CONFIRM] = { "confirm", "Name of the target", ACT_LINE, false, 64 },
		[UNCOUNTED] = { "uncounted", "Even if it cannot be counted", ACT_LINE, false, 1 },
	},
	.run = act_request_add_run,
};
