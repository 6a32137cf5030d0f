#include "base/ban.h"
#include "base/sum.h"
#include "base/text.h"
#include "migration/sqitch_plan.h"

#include <ctype.h>

/*
 * A URI as Perl's URI module normalises it: scheme and host in lower case, no port that is the scheme's own,
 * a path that is at least "/".  URI: lib/URI.pm, URI/_server.pm.
 */
static void
put_canonical(struct gh_text *t, const char *uri)
{
	size_t scheme = strcspn(uri, ":/?#"), i, host, port;
	const char *p;
	bool http, https;

	if (uri[scheme] != ':') {
		gh_text_put(t, uri);
		return;
	}
	for (i = 0; i < scheme; i++)
		gh_text_putc(t, (char)tolower((unsigned char)uri[i]));
	http = scheme == 4 && strncasecmp(uri, "http", 4) == 0;
	https = scheme == 5 && strncasecmp(uri, "https", 5) == 0;
	p = uri + scheme;
	if (strncmp(p, "://", 3) != 0 || (!http && !https)) {
		gh_text_put(t, p);
		return;
	}
	gh_text_put(t, "://");
	p += 3;
	host = strcspn(p, "/?#");
	for (port = host; port > 0 && isdigit((unsigned char)p[port - 1]); port--)
		continue;
	if (port == 0 || p[port - 1] != ':')
		port = host + 1;
	for (i = 0; i + 1 < port; i++)
		gh_text_putc(t, (char)tolower((unsigned char)p[i]));
	if (port <= host &&
	    !(host - port == (http ? 2 : 3) && memcmp(p + port, http ? "80" : "443", host - port) == 0) &&
	    host > port)
		gh_text_put_n(t, p + port - 1, host - port + 1);
	p += host;
	if (*p == '\0' || *p == '#')
		gh_text_putc(t, '/');
	gh_text_put(t, p);
}

static void
put_head(struct gh_text *t, const struct sqitch_plan *plan)
{
	gh_text_putf(t, "project %s\n", plan->project);
	if (plan->uri != NULL && plan->uri[0] != '\0') {
		gh_text_put(t, "uri ");
		put_canonical(t, plan->uri);
		gh_text_putc(t, '\n');
	}
}

static void
put_rest(struct gh_text *t, const struct sqitch_line *l)
{
	gh_text_putf(t, "planner %s <%s>\ndate %s", l->planner_name, l->planner_email, l->date);
}

static void
put_deps(struct gh_text *t, const struct sqitch_change *c, bool conflict)
{
	bool any = false;
	size_t i;

	for (i = 0; i < c->n_deps; i++) {
		if (c->deps[i].conflict != conflict)
			continue;
		if (!any)
			gh_text_put(t, conflict ? "\nconflicts" : "\nrequires");
		gh_text_putf(t, "\n  %c %s", conflict ? '-' : '+', c->deps[i].shown);
		any = true;
	}
}

static void
sum(const struct gh_text *info, const char *kind, char ret[41])
{
	char hex[GH_SUM_HEX_MAX];
	GH_TEXT t = { 0 };

	gh_text_putf(&t, "%s %zu", kind, info->len);
	gh_text_putc(&t, '\0');
	gh_text_put_n(&t, info->data, info->len);
	gh_sum_hex(GH_SUM_SHA1, t.data, t.len, hex);
	memcpy(ret, hex, 41);
}

void
sqitch_id_fill(struct sqitch_plan *plan, size_t i)
{
	struct sqitch_change *c = &plan->changes[i];
	GH_TEXT t = { 0 };
	size_t k;

	put_head(&t, plan);
	gh_text_putf(&t, "change %s\n", c->l.name);
	if (i > 0)
		gh_text_putf(&t, "parent %s\n", plan->changes[i - 1].l.id);
	put_rest(&t, &c->l);
	put_deps(&t, c, false);
	put_deps(&t, c, true);
	if (c->l.note[0] != '\0')
		gh_text_putf(&t, "\n\n%s", c->l.note);
	sum(&t, "change", c->l.id);
	for (k = c->first_tag; k < c->first_tag + c->n_tags; k++) {
		struct sqitch_tag *tag = &plan->tags[k];

		gh_text_clear(&t);
		put_head(&t, plan);
		gh_text_putf(&t, "tag @%s\nchange %s\n", tag->l.name, c->l.id);
		put_rest(&t, &tag->l);
		if (tag->l.note[0] != '\0')
			gh_text_putf(&t, "\n\n%s", tag->l.note);
		sum(&t, "tag", tag->l.id);
	}
}
