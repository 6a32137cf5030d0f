#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/hash.h"
#include "base/text.h"

#include <dirent.h>

#define ARGS 8

const char *fuzz_part = "";

__attribute__((weak)) const char *
fuzz_part_name(size_t i)
{
	(void)i;
	return NULL;
}

__attribute__((weak)) void
fuzz_begin(void)
{
}

static char *
copied(const char *text)
{
	char *ret = strdup(text);

	if (ret == NULL)
		gh_bug("out of memory");
	return ret;
}

/* Of the inputs kept for one part the names begin with its own: "goose", "goose-latin". */
static bool
wanted(const char *file)
{
	size_t len = strlen(fuzz_part);

	return file[0] != '.' &&
	    (len == 0 || (strncmp(file, fuzz_part, len) == 0 && (file[len] == '\0' || file[len] == '-')));
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
		if (wanted(e->d_name))
			gh_text_putf(&t, "%s%s/%s", t.len == 0 ? "-seed_inputs=" : ",", folder, e->d_name);
	}
	if (d != NULL)
		(void)closedir(d);
	return t.len == 0 ? NULL : copied(t.data);
}

/* Takes --part=NAME out of the arguments; --parts prints the names and ends. */
static void
part_choose(int *argc, char **argv)
{
	size_t k = 0;
	int i;

	if (*argc == 2 && strcmp(argv[1], "--parts") == 0) {
		for (; fuzz_part_name(k) != NULL; k++)
			(void)puts(fuzz_part_name(k));
		/* libFuzzer has started no thread yet. NOLINTNEXTLINE(concurrency-mt-unsafe) */
		exit(0);
	}
	for (i = 1; i < *argc && strncmp(argv[i], "--part=", 7) != 0; i++)
		continue;
	if (i == *argc)
		return;
	fuzz_part = argv[i] + 7;
	while (fuzz_part_name(k) != NULL && strcmp(fuzz_part_name(k), fuzz_part) != 0)
		k++;
	if (fuzz_part_name(k) == NULL)
		gh_bug("there is no part \"%s\": --parts shows them", fuzz_part);
	for (; i < *argc; i++)
		argv[i] = argv[i + 1];
	(*argc)--;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char *args[ARGS];
	char text[64];
	int n = 0;

	gh_hash_start();
	part_choose(argc, *argv);
	fuzz_begin();
	if (*argc != 2 || (*argv)[1][strspn((*argv)[1], "0123456789")] != '\0')
		return 0;
	args[n++] = (*argv)[0];
	(void)snprintf(text, sizeof(text), "-max_total_time=%s", (*argv)[1]);
	args[n++] = copied(text);
	args[n++] = copied("-timeout=20");
	args[n++] = copied("-max_len=4096");
	args[n++] = copied("-verbosity=0");
	args[n++] = copied("-print_final_stats=1");
	args[n] = seeds((*argv)[0]);
	if (args[n] != NULL)
		n++;
	*argc = n;
	*argv = args;
	return 0;
}
