#include "base/ban.h"
#include "runner/job/elsewhere.h"
#include "base/io.h"
#include "runner/job/hook.h"

/* Programs that are asked for a list. */

/* The last line that it said, when it said one. */
static const char *
last_line(const char *said, struct gh_arena *a)
{
	const char *end = said + strlen(said), *from;

	while (end > said && isspace((unsigned char)end[-1]))
		end--;
	for (from = end; from > said && from[-1] != '\n'; from--)
		;
	return gh_strndup(a, from, gh_utf8_cut(from, (size_t)(end - from), ELSEWHERE_TEXT));
}

enum gh_code
elsewhere_ask(struct job *j, const struct wire_outside_source *s, struct gh_text *ret, struct gh_err *err)
{
	const char *const env[] = { gh_printf(j->arena, "GATEHOUSE_TARGET=%s", j->spec.target),
		gh_printf(j->arena, "GATEHOUSE_SOURCE=%s", s->name), "PATH=/usr/local/bin:/usr/bin:/bin",
		"LANG=C.UTF-8", NULL };
	const struct policy_hook h = { .timeout_ms = s->timeout_ms, .n_args = s->n_args, .args = s->args };
	struct hook_end end;
	struct gh_err why = { 0 };
	enum gh_code code;
	const char *words;

	if (s->n_args == 0)
		return gh_fail(err, GH_INTERNAL, "there is no program to ask");
	code = hook_ask(j, &h, env, ret, &end, &why);
	words = last_line(gh_text_str(&end.output), j->arena);
	gh_text_done(&end.output);
	if (code == GH_OK && ret->full)
		return gh_fail(err, GH_CONFLICT, "%s answered more than %zu bytes", s->args[0], ret->limit);
	if (code == GH_OK)
		return GH_OK;
	return gh_fail(
	    err, GH_CONFLICT, "%s: %s%s%s", s->args[0], why.msg, words[0] == '\0' ? "" : "; ", words);
}

enum gh_code
elsewhere_json(const char *text, size_t len, json_t **ret, struct gh_err *err)
{
	json_error_t e;

	*ret = NULL;
	if (strspn(text, " \t\r\n") == len)
		return gh_fail(err, GH_CONFLICT, "the answer is empty");
	*ret = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
	if (*ret == NULL)
		return gh_fail(err, GH_CONFLICT, "the answer is no JSON: line %d, %s", e.line, e.text);
	if (json_is_array(*ret))
		return GH_OK;
	json_decref(*ret);
	*ret = NULL;
	return gh_fail(err, GH_CONFLICT, "the answer is no list, but one is wanted: [...]");
}

enum gh_code
elsewhere_label(const char *label, size_t i, struct gh_err *err)
{
	size_t len = strlen(label), k;

	if (len == 0 || len > ELSEWHERE_LABEL)
		return gh_fail(err, GH_CONFLICT,
		    len == 0 ? "backup %zu has no label" : "the label of backup %zu is too long", i + 1);
	for (k = 0; k < len; k++) {
		if ((unsigned char)label[k] < ' ' || label[k] == 0x7f)
			return gh_fail(
			    err, GH_CONFLICT, "the label of backup %zu has a control character", i + 1);
	}
	return GH_OK;
}
