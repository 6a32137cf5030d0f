#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/hash.h"
#include "base/text.h"

#include <dirent.h>

#define ARGS 8

static char *
copied(const char *text)
{
	char *ret = strdup(text);

	if (ret == NULL)
		gh_bug("out of memory");
	return ret;
}

/* "-seed_inputs=FILE,FILE" of the kept inputs; NULL when there are none. */
static char *
seeds(const char *program)
{
	const char *name = strrchr(program, '/');
	char folder[PATH_MAX];
	const struct dirent *e;
	GH_TEXT t = { 0 };
	DIR *d;

	name = name == NULL ? program : name + 1;
	if (strncmp(name, "fuzz_", 5) == 0)
		name += 5;
	(void)snprintf(folder, sizeof(folder), "%s/%s", GH_FUZZ_CORPUS, name);
	d = opendir(folder);
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] != '.')
			gh_text_putf(&t, "%s%s/%s", t.len == 0 ? "-seed_inputs=" : ",", folder, e->d_name);
	}
	if (d != NULL)
		(void)closedir(d);
	return t.len == 0 ? NULL : copied(t.data);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char *args[ARGS];
	char text[64];
	int n = 0;

	gh_hash_start();
	if (*argc != 2 || (*argv)[1][strspn((*argv)[1], "0123456789")] != '\0')
		return 0;
	args[n++] = (*argv)[0];
	(void)snprintf(text, sizeof(text), "-max_total_time=%s", (*argv)[1]);
	args[n++] = copied(text);
	args[n++] = copied("-timeout=20");
	args[n++] = copied("-max_len=4096");
	args[n++] = copied("-verbosity=0");
	args[n] = seeds((*argv)[0]);
	if (args[n] != NULL)
		n++;
	*argc = n;
	*argv = args;
	return 0;
}
