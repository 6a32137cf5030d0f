# The plan stands alone, with the header of a batched migration: of migration/ the runner links only this.
noinst_LIBRARIES += libplan.a
libplan_a_SOURCES = \
	migration/batch.c migration/batch.h migration/batch_words.c \
	migration/plan.c migration/plan.h \
	migration/plan_read.c \
	migration/policy.c migration/policy.h \
	migration/scan.c migration/scan.h
PLAN_LIBS = libplan.a $(BASE_LIBS)

# Conventions: jobs and the CLI.
noinst_LIBRARIES += libmigration.a
libmigration_a_SOURCES = \
	migration/convention.c migration/convention.h \
	migration/convention_atlas.c migration/atlas_scan.c migration/atlas_scan.h migration/atlas_status.c migration/atlas_status.h migration/atlas_sum.c migration/atlas_sum.h \
	migration/convention_dbmate.c \
	migration/convention_diesel.c \
	migration/convention_drizzle.c \
	migration/convention_flyway.c \
	migration/convention_golang_migrate.c \
	migration/convention_goose.c \
	migration/convention_graphile_migrate.c \
	migration/convention_hasura.c \
	migration/convention_liquibase.c migration/liquibase_expr.c migration/liquibase_line.c migration/liquibase_line.h migration/liquibase_parse.c migration/liquibase_parse.h migration/liquibase_split.c migration/liquibase_tracking.c migration/liquibase_tracking.h \
	migration/convention_morph.c \
	migration/convention_node_pg_migrate.c \
	migration/convention_numbered.c \
	migration/convention_postgrator.c \
	migration/convention_prisma.c \
	migration/convention_sections.c \
	migration/convention_sqitch.c \
	migration/convention_sql_migrate.c \
	migration/convention_sqlx.c \
	migration/convention_supabase.c \
	migration/convention_tern.c \
	migration/create.c migration/create.h \
	migration/detect.c \
	migration/directory.c migration/directory.h \
	migration/psql.c migration/psql.h \
	migration/query.c migration/query.h \
	migration/reading.c migration/reading.h \
	migration/status.c migration/status.h \
	migration/supabase_split.c migration/supabase_split.h \
	migration/status_row.c migration/status_row.h \
	migration/flyway_name.c migration/flyway_name.h \
	migration/flyway_status.c migration/flyway_status.h \
	migration/flyway_text.c migration/flyway_text.h \
	migration/found.c migration/found.h \
	migration/graphile_header.c migration/graphile_header.h \
	migration/foreign.c migration/foreign.h \
	migration/golang.c migration/golang.h \
	migration/goose.c migration/goose.h \
	migration/header.c migration/header.h \
	migration/lines.c migration/lines.h \
	migration/marker.c migration/marker.h \
	migration/name.c migration/name.h \
	migration/object.c migration/object.h \
	migration/pair.c migration/pair.h \
	migration/sqitch_conf.c migration/sqitch_conf.h \
	migration/sqitch_dep.c \
	migration/sqitch_id.c \
	migration/sqitch_plan.c migration/sqitch_plan.h \
	migration/sqitch_read.c migration/sqitch_read.h \
	migration/version.c migration/version.h
MIGRATION_LIBS = libmigration.a $(PLAN_LIBS) $(JANSSON_LIBS)
TEST_CONVENTION_LIBS = libtestfolder.a $(MIGRATION_LIBS) $(CMOCKA_LIBS)

# The SQL parser and lint: only linked by what may die of it.
include migration/lint/locks.mk
include migration/lint/habits.mk
noinst_LIBRARIES += libsql.a
libsql_a_SOURCES = \
	$(LINT_LOCKS) $(LINT_HABITS) \
	migration/lint/habits.def migration/lint/locks.def \
	migration/lint.c migration/lint.h \
	migration/lint_back.c migration/lint_back.h \
	migration/lint_column.c \
	migration/lint_habit.c migration/lint_habit.h \
	migration/lint_habit_name.c \
	migration/lint_habit_write.c \
	migration/lint_ignore.c migration/lint_ignore.h \
	migration/lint_look.c \
	migration/lint_loss.c migration/lint_loss.h \
	migration/lint_reading.c migration/lint_reading.h \
	migration/lint_rule.h \
	migration/lint_volatile.c \
	migration/lint_write.c \
	migration/sql.h \
	migration/sql_alone.c \
	migration/sql_body.c \
	migration/sql_child.c migration/sql_child.h \
	migration/sql_effect.c \
	migration/sql_error.c \
	migration/sql_group.c \
	migration/sql_gone.c \
	migration/sql_loss.c migration/sql_loss.h \
	migration/sql_kind.c \
	migration/sql_name.c migration/sql_name.h \
	migration/sql_newer.c \
	migration/sql_node.h \
	migration/sql_object.c \
	migration/sql_batch.c \
	migration/sql_read.c \
	migration/sql_reading.h \
	migration/sql_shape.c migration/sql_shape.h \
	migration/sql_shape_child.c migration/sql_shape_child.h \
	migration/sql_shape_read.c \
	migration/sql_statement.c \
	migration/sql_tokens.c \
	migration/sql_touch.c migration/sql_touch.h \
	migration/sql_touch_alter.c \
	migration/sql_touch_query.c \
	migration/sql_walk.c migration/sql_walk.h \
	migration/sql_wire.c migration/sql_wire.h
SQL_LIBS = libsql.a $(PG_QUERY_LIBS) $(MIGRATION_LIBS) $(WIRE_LIBS)

check_PROGRAMS += tests/migration/test_sql_shape
tests_migration_test_sql_shape_SOURCES = tests/migration/test_sql_shape.c
tests_migration_test_sql_shape_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_loss
tests_migration_test_sql_loss_SOURCES = tests/migration/test_sql_loss.c
tests_migration_test_sql_loss_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_shape_child
tests_migration_test_sql_shape_child_SOURCES = tests/migration/test_sql_shape_child.c
tests_migration_test_sql_shape_child_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_plan_restore
tests_migration_test_plan_restore_SOURCES = tests/migration/test_plan_restore.c tests/migration/plan_sample.h
tests_migration_test_plan_restore_LDADD = $(PLAN_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_plan
tests_migration_test_plan_SOURCES = tests/migration/test_plan.c tests/migration/plan_sample.h
tests_migration_test_plan_LDADD = $(PLAN_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_policy
tests_migration_test_policy_SOURCES = tests/migration/test_policy.c
tests_migration_test_policy_LDADD = $(PLAN_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_query
tests_migration_test_query_SOURCES = tests/migration/test_query.c
tests_migration_test_query_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention
tests_migration_test_convention_SOURCES = tests/migration/test_convention.c
tests_migration_test_convention_LDADD = $(MIGRATION_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_convention_atlas
tests_migration_test_convention_atlas_SOURCES = tests/migration/test_convention_atlas.c
tests_migration_test_convention_atlas_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_dbmate
tests_migration_test_convention_dbmate_SOURCES = tests/migration/test_convention_dbmate.c
tests_migration_test_convention_dbmate_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_diesel
tests_migration_test_convention_diesel_SOURCES = tests/migration/test_convention_diesel.c
tests_migration_test_convention_diesel_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_drizzle
tests_migration_test_convention_drizzle_SOURCES = tests/migration/test_convention_drizzle.c
tests_migration_test_convention_drizzle_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_flyway
tests_migration_test_convention_flyway_SOURCES = tests/migration/test_convention_flyway.c
tests_migration_test_convention_flyway_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_golang_migrate
tests_migration_test_convention_golang_migrate_SOURCES = tests/migration/test_convention_golang_migrate.c
tests_migration_test_convention_golang_migrate_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_goose
tests_migration_test_convention_goose_SOURCES = tests/migration/test_convention_goose.c
tests_migration_test_convention_goose_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_graphile_migrate
tests_migration_test_convention_graphile_migrate_SOURCES = tests/migration/test_convention_graphile_migrate.c
tests_migration_test_convention_graphile_migrate_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_hasura
tests_migration_test_convention_hasura_SOURCES = tests/migration/test_convention_hasura.c
tests_migration_test_convention_hasura_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_liquibase
tests_migration_test_convention_liquibase_SOURCES = tests/migration/test_convention_liquibase.c
tests_migration_test_convention_liquibase_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_morph
tests_migration_test_convention_morph_SOURCES = tests/migration/test_convention_morph.c
tests_migration_test_convention_morph_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_node_pg_migrate
tests_migration_test_convention_node_pg_migrate_SOURCES = tests/migration/test_convention_node_pg_migrate.c
tests_migration_test_convention_node_pg_migrate_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_numbered
tests_migration_test_convention_numbered_SOURCES = tests/migration/test_convention_numbered.c
tests_migration_test_convention_numbered_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_postgrator
tests_migration_test_convention_postgrator_SOURCES = tests/migration/test_convention_postgrator.c
tests_migration_test_convention_postgrator_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_prisma
tests_migration_test_convention_prisma_SOURCES = tests/migration/test_convention_prisma.c
tests_migration_test_convention_prisma_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_sections
tests_migration_test_convention_sections_SOURCES = tests/migration/test_convention_sections.c
tests_migration_test_convention_sections_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_sqitch
tests_migration_test_convention_sqitch_SOURCES = tests/migration/test_convention_sqitch.c
tests_migration_test_convention_sqitch_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_sql_migrate
tests_migration_test_convention_sql_migrate_SOURCES = tests/migration/test_convention_sql_migrate.c
tests_migration_test_convention_sql_migrate_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_sqlx
tests_migration_test_convention_sqlx_SOURCES = tests/migration/test_convention_sqlx.c
tests_migration_test_convention_sqlx_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_supabase
tests_migration_test_convention_supabase_SOURCES = tests/migration/test_convention_supabase.c
tests_migration_test_convention_supabase_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_convention_tern
tests_migration_test_convention_tern_SOURCES = tests/migration/test_convention_tern.c
tests_migration_test_convention_tern_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_status
tests_migration_test_status_SOURCES = tests/migration/test_status.c tests/migration/status_rig.h
tests_migration_test_status_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_status_row
tests_migration_test_status_row_SOURCES = tests/migration/test_status_row.c tests/migration/status_rig.h
tests_migration_test_status_row_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_detect
tests_migration_test_detect_SOURCES = tests/migration/test_detect.c
tests_migration_test_detect_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_reading
tests_migration_test_reading_SOURCES = tests/migration/test_reading.c
tests_migration_test_reading_LDADD = libtestfolder.a $(MIGRATION_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_supabase_split
tests_migration_test_supabase_split_SOURCES = tests/migration/test_supabase_split.c
tests_migration_test_supabase_split_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_flyway_name
tests_migration_test_flyway_name_SOURCES = tests/migration/test_flyway_name.c
tests_migration_test_flyway_name_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_flyway_text
tests_migration_test_flyway_text_SOURCES = tests/migration/test_flyway_text.c
tests_migration_test_flyway_text_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_flyway_status
tests_migration_test_flyway_status_SOURCES = tests/migration/test_flyway_status.c
tests_migration_test_flyway_status_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_directory
tests_migration_test_directory_SOURCES = tests/migration/test_directory.c
tests_migration_test_directory_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_psql
tests_migration_test_psql_SOURCES = tests/migration/test_psql.c
tests_migration_test_psql_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_header
tests_migration_test_header_SOURCES = tests/migration/test_header.c
tests_migration_test_header_LDADD = $(MIGRATION_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_lint
tests_migration_test_lint_SOURCES = tests/migration/test_lint.c $(LINT_RIG)
tests_migration_test_lint_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_lint_locks
tests_migration_test_lint_locks_SOURCES = tests/migration/test_lint_locks.c $(LINT_RIG)
tests_migration_test_lint_locks_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_lint_gone
tests_migration_test_lint_gone_SOURCES = tests/migration/test_lint_gone.c $(LINT_RIG)
tests_migration_test_lint_gone_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_lint_shape
tests_migration_test_lint_shape_SOURCES = tests/migration/test_lint_shape.c $(LINT_RIG)
tests_migration_test_lint_shape_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_lint_file
tests_migration_test_lint_file_SOURCES = tests/migration/test_lint_file.c $(LINT_RIG)
tests_migration_test_lint_file_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_lint_refused
tests_migration_test_lint_refused_SOURCES = tests/migration/test_lint_refused.c $(LINT_RIG)
tests_migration_test_lint_refused_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
LINT_RIG = tests/support/lint_rig.c tests/support/lint_rig.h
check_PROGRAMS += tests/migration/test_sql_newer
tests_migration_test_sql_newer_SOURCES = tests/migration/test_sql_newer.c
tests_migration_test_sql_newer_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_group
tests_migration_test_sql_group_SOURCES = tests/migration/test_sql_group.c
tests_migration_test_sql_group_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_body
tests_migration_test_sql_body_SOURCES = tests/migration/test_sql_body.c
tests_migration_test_sql_body_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_tokens
tests_migration_test_sql_tokens_SOURCES = tests/migration/test_sql_tokens.c
tests_migration_test_sql_tokens_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_effect
tests_migration_test_sql_effect_SOURCES = tests/migration/test_sql_effect.c
tests_migration_test_sql_effect_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_child
tests_migration_test_sql_child_SOURCES = tests/migration/test_sql_child.c
tests_migration_test_sql_child_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_touch_pg
tests_migration_test_sql_touch_pg_SOURCES = tests/migration/test_sql_touch_pg.c tests/migration/sql_touch_cases.h \
	tests/support/pg_cluster.c tests/support/pg_cluster.h
tests_migration_test_sql_touch_pg_LDADD = $(SQL_LIBS) $(PQ_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_wire
tests_migration_test_sql_wire_SOURCES = tests/migration/test_sql_wire.c
tests_migration_test_sql_wire_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_read
tests_migration_test_sql_read_SOURCES = tests/migration/test_sql_read.c
tests_migration_test_sql_read_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_error
tests_migration_test_sql_error_SOURCES = tests/migration/test_sql_error.c
tests_migration_test_sql_error_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_kind
tests_migration_test_sql_kind_SOURCES = tests/migration/test_sql_kind.c
tests_migration_test_sql_kind_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_sql_gone
tests_migration_test_sql_gone_SOURCES = tests/migration/test_sql_gone.c
tests_migration_test_sql_gone_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)

# The analyse job is here with what it stands on.
check_PROGRAMS += tests/runner/job/test_analyse
tests_runner_job_test_analyse_SOURCES = tests/runner/job/test_analyse.c
tests_runner_job_test_analyse_LDADD = libtestfolder.a $(JOB_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/runner/job/test_analyse_parser
tests_runner_job_test_analyse_parser_SOURCES = tests/runner/job/test_analyse_parser.c
tests_runner_job_test_analyse_parser_LDADD = $(JOB_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_found
tests_migration_test_found_SOURCES = tests/migration/test_found.c
tests_migration_test_found_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_lines
tests_migration_test_lines_SOURCES = tests/migration/test_lines.c
tests_migration_test_lines_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_goose
tests_migration_test_goose_SOURCES = tests/migration/test_goose.c
tests_migration_test_goose_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_marker
tests_migration_test_marker_SOURCES = tests/migration/test_marker.c
tests_migration_test_marker_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_version
tests_migration_test_version_SOURCES = tests/migration/test_version.c
tests_migration_test_version_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_create
tests_migration_test_create_SOURCES = tests/migration/test_create.c
tests_migration_test_create_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_pair
tests_migration_test_pair_SOURCES = tests/migration/test_pair.c
tests_migration_test_pair_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_golang
tests_migration_test_golang_SOURCES = tests/migration/test_golang.c
tests_migration_test_golang_LDADD = $(TEST_CONVENTION_LIBS)
check_PROGRAMS += tests/migration/test_batch
tests_migration_test_batch_SOURCES = tests/migration/test_batch.c
tests_migration_test_batch_LDADD = $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/migration/test_scan
tests_migration_test_scan_SOURCES = tests/migration/test_scan.c
tests_migration_test_scan_LDADD = $(TEST_CONVENTION_LIBS)
