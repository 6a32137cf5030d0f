# Makes C string macros of .sql files, one statement a file: identity.sql becomes SQL_IDENTITY.
# Comment lines (--) are dropped.
BEGIN { print "/* Made by runner/job/embed.awk; do not edit. */" }
FNR == 1 {
	if (name != "") print ""
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.sql$/, "", name)
	printf "#define SQL_%s", toupper(name)
}
/^[ \t]*--/ { next }
/^[ \t]*$/ { next }
{
	gsub(/\\/, "\\\\\\\\")
	gsub(/"/, "\\\"")
	sub(/^[ \t]+/, "")
	printf " \\\n\t\"%s \"", $0
}
END { print "" }
