# Embeds templates/*.mustache: awk -v kind=h|c -f embed.awk FILE...
# Gives enum tpl_id (TPL_RUNS for runs.mustache) and the table template_sources[].
function base(path) { sub(/.*\//, "", path); sub(/\.mustache$/, "", path); return path }
function quote(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); gsub(/\?/, "\\?", s); return "\"" s "\\n\"" }
BEGIN {
	print "/* Made by cgi/embed.awk from templates/: do not edit. */"
	if (kind == "h") {
		print "#ifndef GH_CGI_TEMPLATES_GEN_H\n#define GH_CGI_TEMPLATES_GEN_H\n\nenum tpl_id {"
		for (i = 1; i < ARGC; i++)
			print "\tTPL_" toupper(base(ARGV[i])) ","
		print "\tTPL_COUNT,\n};\n\nstruct template_source {\n\tconst char *name, *file, *text;\n};"
		print "extern const struct template_source template_sources[TPL_COUNT];\n\n#endif"
		exit 0
	}
	print "#include \"base/ban.h\"\n#include \"cgi/templates.gen.h\"\n"
	print "const struct template_source template_sources[TPL_COUNT] = {"
	for (i = 1; i < ARGC; i++) {
		name = base(ARGV[i])
		printf "\t[TPL_%s] = { \"%s\", \"templates/%s.mustache\",\n", toupper(name), name, name
		n = 0
		while ((getline line < ARGV[i]) > 0) {
			print "\t\t" quote(line)
			n++
		}
		close(ARGV[i])
		print (n == 0 ? "\t\t\"\"" : "") " },"
	}
	print "};"
	exit 0
}
