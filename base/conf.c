#include "base/ban.h"
#include "base/conf.h"
#include "base/io.h"

#define FILE_LIMIT ((size_t)1 << 20)

/* libConfuse's error callback has no user pointer: one parse at a time. */
static struct gh_text *collect;

GH_PRINTF(2, 0)
static void
message_add(cfg_t *cfg, const char *fmt, va_list ap)
{
	char text[512];

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	gh_text_putf(collect, "%s:%d: %s\n", cfg == NULL || cfg->filename == NULL ? "?" : cfg->filename,
	    cfg == NULL ? 0 : cfg->line, text);
}

/* After the text in quotes that begins at p. */
static char *
quoted_end(char *p)
{
	char quote = *p++;

	for (; *p != '\0' && *p != quote; p++)
		p += *p == '\\' && p[1] != '\0';
	return p + (*p != '\0');
}

/* After the comment that begins at p; p itself when none does.  Slashes begin one only where a token may. */
static char *
comment_end(char *p, bool start)
{
	char *end;

	if (*p == '#' || (start && p[0] == '/' && p[1] == '/'))
		return p + strcspn(p, "\n");
	if (!start || p[0] != '/' || p[1] != '*')
		return p;
	end = strstr(p + 2, "*/");
	return end == NULL ? p + strlen(p) : end + 2;
}

/*
 * libConfuse 3.3 counts the lines of comments wrongly, and all that follow them: comments become spaces, line
 * ends stay.
 */
static void
comments_blank(char *p)
{
	bool start = true;
	char *end;

	while (*p != '\0') {
		end = comment_end(p, start);
		for (; p < end; p++)
			*p = *p == '\n' ? '\n' : ' ';
		if (*p == '"' || *p == '\'') {
			p = quoted_end(p);
			start = true;
		} else if (*p != '\0' && comment_end(p, start) == p) {
			start = strchr(" \t\r\n={}(),+", *p) != NULL;
			p++;
		}
	}
}

/* The line of an opened bracket that nothing closes, 0 none: libConfuse takes the end of the file for one. */
static int
bracket_open(const char *p)
{
	int line = 1, depth = 0, opened = 0;
	char quote;

	for (; *p != '\0'; p++) {
		if (*p == '"' || *p == '\'') {
			for (quote = *p++; *p != '\0' && *p != quote; p++) {
				p += *p == '\\' && p[1] != '\0';
				line += *p == '\n';
			}
			if (*p == '\0')
				break;
		}
		line += *p == '\n';
		if (*p == '{' && depth++ == 0)
			opened = line;
		depth -= *p == '}';
	}
	return depth > 0 ? opened : 0;
}

static int
parse(cfg_t *cfg, const char *path, struct gh_text *text)
{
	FILE *in;
	int rc;

	if (text->len == 0)
		return CFG_SUCCESS;
	comments_blank(text->data);
	rc = bracket_open(text->data);
	if (rc != 0) {
		gh_text_putf(collect, "%s:%d: the bracket { of this line is not closed\n", path, rc);
		return CFG_PARSE_ERROR;
	}
	in = fmemopen(text->data, text->len, "r");
	cfg->filename = strdup(path);
	if (in == NULL || cfg->filename == NULL)
		gh_bug("out of memory");
	rc = cfg_parse_fp(cfg, in);
	(void)fclose(in);
	return rc;
}

enum gh_code
gh_conf_parse(const char *path, cfg_opt_t *opts, cfg_t **ret, struct gh_text *messages, struct gh_err *err)
{
	GH_TEXT text = { 0 };
	cfg_t *cfg;
	int rc;

	if (gh_file_read(path, FILE_LIMIT, &text, err) != GH_OK)
		return GH_BAD_INPUT;
	if (memchr(gh_text_str(&text), '\0', text.len) != NULL)
		return gh_fail(err, GH_BAD_INPUT, "%s is not a text file", path);
	cfg = cfg_init(opts, CFGF_NONE);
	if (cfg == NULL)
		return gh_fail_errno(err, GH_INTERNAL, "cannot prepare the configuration reader");
	collect = messages;
	(void)cfg_set_error_function(cfg, message_add);
	rc = parse(cfg, path, &text);
	collect = NULL;
	if (rc != CFG_SUCCESS) {
		if (messages->len == 0)
			gh_text_putf(messages, "%s: syntax error\n", path);
		cfg_free(cfg);
		return gh_fail(err, GH_BAD_INPUT, "%s has mistakes", path);
	}
	*ret = cfg;
	return GH_OK;
}
