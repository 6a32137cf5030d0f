# The plan stands alone: the runner links only this.
noinst_LIBRARIES += libplan.a
libplan_a_SOURCES = \
	migration/plan.c migration/plan.h \
	migration/plan_read.c
PLAN_LIBS = libplan.a $(BASE_LIBS)

# Conventions: jobs and the CLI.
noinst_LIBRARIES += libmigration.a
libmigration_a_SOURCES = \
	migration/convention.c migration/convention.h \
	migration/convention_numbered.c \
	migration/convention_sections.c \
	migration/name.c migration/name.h
MIGRATION_LIBS = libmigration.a $(PLAN_LIBS)
