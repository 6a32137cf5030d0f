#include "base/ban.h"
#include "runner/start.h"
#include "runner/plan_doc.h"
#include "base/log.h"
#include "runner/work.h"
#include "store/secrets.h"

struct folder {
	const char *path;
	mode_t mode, refused; /* bits that nobody may have set */
	gid_t gid;            /* -1: as it comes */
};

static enum gh_code
folder_make(const struct folder *f, struct gh_err *err)
{
	bool made = mkdir(f->path, f->mode & 0777) == 0;
	struct stat st;

	if (!made && errno != EEXIST)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create the folder %s", f->path);
	if (lstat(f->path, &st) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot look at %s", f->path);
	if (!S_ISDIR(st.st_mode))
		return gh_fail(err, GH_CONFLICT, "%s is not a folder", f->path);
	if ((st.st_mode & f->refused) != 0)
		return gh_fail(err, GH_CONFLICT, "others may write to (or read) %s, mode %04o: chmod %04o %s",
		    f->path, (unsigned)(st.st_mode & 07777), (unsigned)f->mode, f->path);
	if (f->gid == (gid_t)-1 && !made)
		return GH_OK;
	if (st.st_uid != geteuid())
		return gh_fail(err, GH_CONFLICT, "%s belongs to uid %u, not to this account (uid %u)",
		    f->path, (unsigned)st.st_uid, (unsigned)geteuid());
	if (f->gid != (gid_t)-1 && st.st_gid != f->gid && chown(f->path, (uid_t)-1, f->gid) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE,
		    "cannot give %s to group %u (this account must be in the web user's group)", f->path,
		    (unsigned)f->gid);
	if ((st.st_mode & 07777) != f->mode && chmod(f->path, f->mode) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot change the mode of %s", f->path);
	return GH_OK;
}

enum gh_code
start_folders(const struct config *c, struct gh_err *err)
{
	const struct folder folders[] = {
		{ c->data, 0755, S_IWOTH, (gid_t)-1 },
		{ c->socket, 0755, S_IWOTH, (gid_t)-1 },
		{ c->store, 02750, S_IWGRP | S_IRWXO, c->web_gid },
		{ c->secrets, 0700, S_IRWXG | S_IRWXO, (gid_t)-1 },
		{ c->jobs, 0700, S_IRWXG | S_IRWXO, (gid_t)-1 },
		{ c->backups, 0700, S_IRWXG | S_IRWXO, (gid_t)-1 },
	};
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		GH_TRY(folder_make(&folders[i], err));
	return GH_OK;
}

enum gh_code
start_runner(struct config *c, struct runner **ret, struct gh_err *err)
{
	struct runner *r = calloc(1, sizeof(*r));
	enum gh_code code;

	if (r == NULL) {
		config_free(c);
		return gh_fail(err, GH_INTERNAL, "out of memory");
	}
	r->config = c;
	r->own_uid = geteuid();
	r->store = calloc(1, sizeof(*r->store));
	r->secrets = calloc(1, sizeof(*r->secrets));
	if (r->store == NULL || r->secrets == NULL)
		code = gh_fail(err, GH_INTERNAL, "out of memory");
	else
		code = start_folders(c, err);
	if (code == GH_OK)
		code = store_open_write(r->store, c->store, err);
	if (code == GH_OK)
		code = store_secrets_open(r->secrets, c->secrets, err);
	if (code == GH_OK)
		code = store_installation_get(r->store, r->installation, err);
	if (code == GH_OK)
		code = loop_new(&r->loop, err);
	if (code != GH_OK) {
		start_runner_free(r);
		return code;
	}
	*ret = r;
	return GH_OK;
}

void
start_runner_free(struct runner *r)
{
	plan_doc_done(r);
	if (r->secrets != NULL)
		store_close(r->secrets);
	if (r->store != NULL)
		store_close(r->store);
	free(r->secrets);
	free(r->store);
	loop_free(r->loop);
	config_free(r->config);
	free(r);
}

/* One message a line, into the log. */
static void
log_lines(const char *event, const char *text)
{
	size_t len;

	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		gh_log_warn(event, "%.*s", (int)len, text);
	}
}

void
start_reread(struct runner *r)
{
	const struct config *old = r->config;
	struct config *new = NULL, *gone;
	GH_TEXT messages = { 0 };
	struct gh_err err = { 0 };

	if (config_read(old->path, old->env, &new, &messages, &err) != GH_OK) {
		log_lines("config.mistake", gh_text_str(&messages));
		gh_log_err("config.kept", &err);
		return;
	}
	log_lines("config.warning", gh_text_str(&messages));
	if (strcmp(new->data, old->data) != 0 || strcmp(new->socket, old->socket) != 0 ||
	    new->web_uid != old->web_uid) {
		gh_log_warn("config.kept",
		    "data, socket and web_user need a restart to change: the old configuration stays");
		config_free(new);
		return;
	}
	gone = r->config;
	r->config = new;
	work_config(r);
	config_free(gone);
	gh_log_info("config.read", "path=%s projects=%zu targets=%zu", r->config->path, r->config->n_projects,
	    r->config->n_targets);
}
