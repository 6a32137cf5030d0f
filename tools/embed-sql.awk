# Makes C of SQL files.  Called as
#   awk -f embed-sql.awk statements SET NUMBER HEADER|SOURCE FILES...   one statement a file: enum SQL_NOUN_VERB, texts
#   awk -f embed-sql.awk steps SET FILES...                             schema steps in the order of their names
#   awk -f embed-sql.awk version FILES...                               the number of schema steps
# The result goes to standard output; generate only into the build folder.

function fail(text) {
	print "embed-sql.awk: " text > "/dev/stderr"
	failed = 1
	exit 1
}

# The file as C string literals, one a line; comments and empty lines are kept so that messages' lines fit.
function literals(file,    line, n, state) {
	n = 0
	while ((state = (getline line < file)) > 0) {
		gsub(/\\/, "\\\\\\\\", line)
		gsub(/"/, "\\\"", line)
		printf "\t\"%s\\n\"\n", line
		n++
	}
	close(file)
	if (state < 0 || n == 0)
		fail(file ": cannot be read or is empty")
}

function noun_verb(file) {
	sub(/^.*\//, "", file)
	sub(/\.sql$/, "", file)
	if (file !~ /^[a-z0-9]+(_[a-z0-9]+)*$/)
		fail(file ": not a statement's name")
	return file
}

function statements(set, number, form, first,    i) {
	print "/* Made by tools/embed-sql.awk. */"
	if (form == "HEADER") {
		printf "#ifndef GH_STORE_%s_GEN_H\n#define GH_STORE_%s_GEN_H\n\n", toupper(set), toupper(set)
		print "#include \"store/store.h\"\n"
		printf "enum sql_%s {\n", set
		for (i = first; i < ARGC; i++)
			printf "\tSQL_%s = (%d << STORE_SET_BITS) + %d,\n", toupper(noun_verb(ARGV[i])), number, i - first
		printf "};\n\nextern const struct store_set store_set_%s;\n\n#endif\n", set
		return
	}
	printf "#include \"base/ban.h\"\n#include \"store/%s.gen.h\"\n\n", set
	print "static const char *const names[] = {"
	for (i = first; i < ARGC; i++)
		printf "\t\"%s\",\n", noun_verb(ARGV[i])
	print "};\n\nstatic const char *const texts[] = {"
	for (i = first; i < ARGC; i++) {
		literals(ARGV[i])
		print "\t,"
	}
	printf "};\n\nconst struct store_set store_set_%s = { names, texts, sizeof(texts) / sizeof(texts[0]) };\n", set
}

function steps(set, first,    i, name) {
	print "/* Made by tools/embed-sql.awk. */"
	print "#include \"base/ban.h\"\n#include \"store/write.h\"\n"
	print "static const struct store_step_sql steps[] = {"
	for (i = first; i < ARGC; i++) {
		name = ARGV[i]
		sub(/^.*\//, "", name)
		if (substr(name, 1, 5) != sprintf("%04d_", i - first + 1))
			fail(name ": steps are numbered from 0001 without gaps")
		printf "\t{ \"%s\",\n", name
		literals(ARGV[i])
		print "\t},"
	}
	printf "};\n\nconst struct store_schema store_%s = { steps, sizeof(steps) / sizeof(steps[0]) };\n", set
}

BEGIN {
	if (ARGV[1] == "statements")
		statements(ARGV[2], ARGV[3], ARGV[4], 5)
	else if (ARGV[1] == "steps")
		steps(ARGV[2], 3)
	else if (ARGV[1] == "version")
		printf "/* Made by tools/embed-sql.awk. */\n#define STORE_SCHEMA_VERSION %d\n", ARGC - 2
	else
		fail("statements, steps or version?")
	# Without this awk would read its arguments as input.
	exit failed
}
