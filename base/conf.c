#include "base/ban.h"
#include "base/conf.h"

/* libConfuse's error callback has no user pointer: one parse at a time. */
static struct gh_text *collect;

static void
message_add(cfg_t *cfg, const char *fmt, va_list ap)
{
	char text[512];

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	gh_text_putf(collect, "%s:%d: %s\n", cfg == NULL || cfg->filename == NULL ? "?" : cfg->filename,
	    cfg == NULL ? 0 : cfg->line, text);
}

enum gh_code
gh_conf_parse(const char *path, cfg_opt_t *opts, cfg_t **ret, struct gh_text *messages, struct gh_err *err)
{
	cfg_t *cfg = cfg_init(opts, CFGF_NONE);
	int rc;

	if (cfg == NULL)
		return gh_fail_errno(err, GH_INTERNAL, "cannot prepare the configuration reader");
	collect = messages;
	(void)cfg_set_error_function(cfg, message_add);
	rc = cfg_parse(cfg, path);
	collect = NULL;
	if (rc == CFG_FILE_ERROR) {
		(void)gh_fail_errno(err, GH_BAD_INPUT, "cannot read %s", path);
		cfg_free(cfg);
		return GH_BAD_INPUT;
	}
	if (rc != CFG_SUCCESS) {
		if (messages->len == 0)
			gh_text_putf(messages, "%s: syntax error\n", path);
		cfg_free(cfg);
		return gh_fail(err, GH_BAD_INPUT, "%s has mistakes", path);
	}
	*ret = cfg;
	return GH_OK;
}
