#include "base/ban.h"
#include "tests/support/elsewhere_rig.h"
#include "base/io.h"

#include <ftw.h>

int
elsewhere_rig_setup(void **state)
{
	struct elsewhere_rig *f = calloc(1, sizeof(*f));

	if (f == NULL || gh_memfd("journal", "", 0, &f->job.journal.fd, NULL) != GH_OK)
		return -1;
	f->job.arena = &f->arena;
	f->job.spec.target = "shop";
	f->job.spec.system_id = ELSEWHERE_SYSTEM;
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/gh-test-elsewhere-XXXXXX");
	if (mkdtemp(f->folder) == NULL)
		return -1;
	f->source = (struct wire_outside_source){ .name = "nightly",
		.kind = "command",
		.folder = f->folder,
		.pattern = "*.dump",
		.stanza = "main",
		.timeout_ms = 20000 };
	job_signals();
	*state = f;
	return 0;
}

static int
forget(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

int
elsewhere_rig_teardown(void **state)
{
	struct elsewhere_rig *f = *state;

	/* NOLINTNEXTLINE(concurrency-mt-unsafe): tests have one thread */
	(void)nftw(f->folder, forget, 8, FTW_DEPTH | FTW_PHYS);
	wire_journal_done(&f->job.journal);
	gh_arena_done(&f->arena);
	free(f);
	return 0;
}

const char *
elsewhere_rig_in(struct elsewhere_rig *f, const char *name)
{
	return gh_printf(&f->arena, "%s/%s", f->folder, name);
}

void
elsewhere_rig_afresh(struct elsewhere_rig *f)
{
	f->err = (struct gh_err){ 0 };
	f->list = (struct elsewhere_list){ .source = &f->source, .arena = &f->arena };
}

void
elsewhere_rig_says(const struct elsewhere_rig *f, const char *words)
{
	if (strstr(f->err.msg, words) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", words, f->err.msg);
}
