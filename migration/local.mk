# The plan and the look at a folder stand alone: of migration/ the runner links only this.
noinst_LIBRARIES += libplan.a
libplan_a_SOURCES = \
	migration/folder.c migration/folder.h \
	migration/plan.c migration/plan.h \
	migration/plan_read.c
PLAN_LIBS = libplan.a $(BASE_LIBS)

# Conventions: jobs and the CLI.
noinst_LIBRARIES += libmigration.a
libmigration_a_SOURCES = \
	migration/convention.c migration/convention.h \
	migration/convention_numbered.c \
	migration/convention_sections.c \
	migration/header.c migration/header.h \
	migration/name.c migration/name.h \
	migration/object.c migration/object.h
MIGRATION_LIBS = libmigration.a $(PLAN_LIBS)

# The SQL parser: only linked by what may die of it.
noinst_LIBRARIES += libsql.a
libsql_a_SOURCES = \
	migration/sql.h \
	migration/sql_alone.c \
	migration/sql_error.c \
	migration/sql_gone.c \
	migration/sql_kind.c \
	migration/sql_name.c migration/sql_name.h \
	migration/sql_node.h \
	migration/sql_object.c \
	migration/sql_read.c
SQL_LIBS = libsql.a $(PG_QUERY_LIBS) $(MIGRATION_LIBS)
