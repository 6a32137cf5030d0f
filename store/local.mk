# sources, programs and tests of store
include store/sql.mk

# What everybody may link: reads only, no statement that writes is in it.
noinst_LIBRARIES += libstore_read.a
libstore_read_a_SOURCES = \
	store/backup.c store/backup.h store/backup_proof.c \
	store/batch.c store/batch.h \
	store/task.c store/task.h \
	store/evidence.c store/evidence.h \
	store/hook.c store/hook.h \
	store/gate.c store/gate.h \
	store/query.c store/query.h \
	store/guard.c store/guard.h \
	store/failure.c store/failure.h \
	store/incident.c store/incident.h \
	store/installation.c store/installation.h \
	store/ledger.c store/ledger.h \
	store/message.c store/message.h \
	store/outside.c store/outside.h store/outside_counts.c \
	store/migration.c store/migration.h \
	store/cell.c \
	store/finding.c store/finding.h \
	store/finding_read.c \
	store/person.c store/person.h \
	store/plan.c store/plan.h \
	store/loss.c store/loss.h \
	store/project.c store/project.h \
	store/rehearsal.c store/rehearsal.h \
	store/request.c store/request.h \
	store/run.c store/run.h \
	store/run_part.c \
	store/shelf.c store/shelf.h \
	store/side.c \
	store/behind.c store/behind.h \
	store/memo.c store/memo.h \
	store/standing.c store/standing.h \
	store/stmt.c \
	store/store.c store/store.h \
	store/target.c
nodist_libstore_read_a_SOURCES = store/read.gen.c store/read.gen.h store/version.gen.h

# The runner alone.
noinst_LIBRARIES += libstore_write.a
libstore_write_a_SOURCES = \
	store/answer.c \
	store/backup_write.c store/backup_write.h \
	store/shelf_write.c store/shelf_write.h \
	store/failure_write.c store/failure_write.h \
	store/batch_write.c store/batch_write.h \
	store/control_write.c store/control_write.h \
	store/hook_write.c store/hook_write.h \
	store/folder_write.c \
	store/guard_write.c store/guard_write.h \
	store/incident_write.c \
	store/ledger_write.c store/ledger_write.h \
	store/loss_write.c store/loss_write.h \
	store/message_write.c store/message_write.h \
	store/outside_write.c store/outside_write.h \
	store/person_write.c store/person_write.h \
	store/project_write.c store/project_write.h \
	store/rehearsal_write.c store/rehearsal_write.h \
	store/request_write.c store/request_write.h \
	store/run_part_write.c \
	store/task_write.c store/task_write.h \
	store/run_write.c store/run_write.h \
	store/schema.c \
	store/secrets.c store/secrets.h \
	store/standing_write.c store/standing_write.h \
	store/target_write.c \
	store/write.c store/write.h
nodist_libstore_write_a_SOURCES = store/write.gen.c store/write.gen.h store/secrets.gen.c store/secrets.gen.h \
	store/steps.gen.c store/secrets_steps.gen.c

STORE_READ_LIBS = libstore_read.a $(BASE_LIBS) $(SQLITE_LIBS)
STORE_WRITE_LIBS = libstore_write.a libstore_read.a $(BASE_LIBS) $(SQLITE_LIBS)

# Generated in the build folder only: one in the source folder would be found by every later build folder.
STORE_GEN = store/read.gen.c store/read.gen.h store/version.gen.h store/write.gen.c store/write.gen.h \
	store/secrets.gen.c store/secrets.gen.h store/steps.gen.c store/secrets_steps.gen.c
BUILT_SOURCES += $(STORE_GEN)
CLEANFILES += $(STORE_GEN)
EXTRA_DIST += tools/embed-sql.awk store/sql.mk $(STORE_READ_SQL) $(STORE_WRITE_SQL) $(STORE_SECRETS_SQL) \
	$(STORE_SCHEMA_SQL) $(STORE_SECRETS_SCHEMA_SQL)
$(libstore_read_a_OBJECTS): store/read.gen.h store/version.gen.h
$(libstore_write_a_OBJECTS): store/read.gen.h store/version.gen.h store/write.gen.h store/secrets.gen.h

store_embed = $(MKDIR_P) store && out=`pwd`/$@ && cd $(srcdir) && \
	{ LC_ALL=C $(AWK) -f tools/embed-sql.awk
store_keep = > $$out.tmp && mv $$out.tmp $$out || { rm -f $$out.tmp; exit 1; }; }

store/read.gen.h: $(STORE_READ_SQL) tools/embed-sql.awk store/sql.mk
	$(AM_V_GEN)$(store_embed) statements read 0 HEADER $(STORE_READ_SQL) $(store_keep)
store/read.gen.c: $(STORE_READ_SQL) tools/embed-sql.awk store/sql.mk
	$(AM_V_GEN)$(store_embed) statements read 0 SOURCE $(STORE_READ_SQL) $(store_keep)
store/write.gen.h: $(STORE_WRITE_SQL) tools/embed-sql.awk store/sql.mk
	$(AM_V_GEN)$(store_embed) statements write 1 HEADER $(STORE_WRITE_SQL) $(store_keep)
store/write.gen.c: $(STORE_WRITE_SQL) tools/embed-sql.awk store/sql.mk
	$(AM_V_GEN)$(store_embed) statements write 1 SOURCE $(STORE_WRITE_SQL) $(store_keep)
store/secrets.gen.h: $(STORE_SECRETS_SQL) tools/embed-sql.awk store/sql.mk
	$(AM_V_GEN)$(store_embed) statements secrets 2 HEADER $(STORE_SECRETS_SQL) $(store_keep)
store/secrets.gen.c: $(STORE_SECRETS_SQL) tools/embed-sql.awk store/sql.mk
	$(AM_V_GEN)$(store_embed) statements secrets 2 SOURCE $(STORE_SECRETS_SQL) $(store_keep)
store/version.gen.h: $(STORE_SCHEMA_SQL) tools/embed-sql.awk store/sql.mk
	$(AM_V_GEN)$(store_embed) version $(STORE_SCHEMA_SQL) $(store_keep)
store/steps.gen.c: $(STORE_SCHEMA_SQL) tools/embed-sql.awk store/sql.mk
	$(AM_V_GEN)$(store_embed) steps schema $(STORE_SCHEMA_SQL) $(store_keep)
store/secrets_steps.gen.c: $(STORE_SECRETS_SCHEMA_SQL) tools/embed-sql.awk store/sql.mk
	$(AM_V_GEN)$(store_embed) steps secrets_schema $(STORE_SECRETS_SCHEMA_SQL) $(store_keep)

STORE_TESTS = tests/store/test_behind tests/store/test_guard tests/store/test_memo tests/store/test_folder_write tests/store/test_finding tests/store/test_ledger tests/store/test_standing tests/store/test_standing_late tests/store/test_open tests/store/test_reads tests/store/test_schema \
	tests/store/test_sql tests/store/test_states tests/store/test_write
check_PROGRAMS += tests/store/test_installation
tests_store_test_installation_SOURCES = tests/store/test_installation.c
tests_store_test_installation_LDADD = $(TEST_STORE_LIBS)
check_PROGRAMS += tests/store/test_shelf
tests_store_test_shelf_SOURCES = tests/store/test_shelf.c
tests_store_test_shelf_LDADD = $(TEST_STORE_LIBS)
check_PROGRAMS += tests/store/test_outside
tests_store_test_outside_SOURCES = tests/store/test_outside.c
tests_store_test_outside_LDADD = $(TEST_STORE_LIBS)
check_PROGRAMS += tests/store/test_outside_counts
tests_store_test_outside_counts_SOURCES = tests/store/test_outside_counts.c
tests_store_test_outside_counts_LDADD = $(TEST_STORE_LIBS)
check_PROGRAMS += tests/store/test_failure
tests_store_test_failure_SOURCES = tests/store/test_failure.c
tests_store_test_failure_LDADD = $(TEST_STORE_LIBS)
check_PROGRAMS += $(STORE_TESTS)
tests_store_test_finding_SOURCES = tests/store/test_finding.c
tests_store_test_finding_LDADD = $(TEST_STORE_LIBS)
tests_store_test_standing_SOURCES = tests/store/test_standing.c
tests_store_test_standing_LDADD = $(TEST_STORE_LIBS)
tests_store_test_standing_late_SOURCES = tests/store/test_standing_late.c
tests_store_test_standing_late_LDADD = $(TEST_STORE_LIBS)
tests_store_test_ledger_SOURCES = tests/store/test_ledger.c
tests_store_test_ledger_LDADD = $(TEST_STORE_LIBS)
tests_store_test_open_SOURCES = tests/store/test_open.c
tests_store_test_open_LDADD = $(TEST_STORE_LIBS)
tests_store_test_reads_SOURCES = tests/store/test_reads.c
tests_store_test_reads_LDADD = $(TEST_STORE_LIBS)
tests_store_test_schema_SOURCES = tests/store/test_schema.c
tests_store_test_schema_LDADD = $(TEST_STORE_LIBS)
tests_store_test_sql_SOURCES = tests/store/test_sql.c
tests_store_test_sql_LDADD = $(TEST_STORE_LIBS)
tests_store_test_states_SOURCES = tests/store/test_states.c
tests_store_test_states_LDADD = $(TEST_STORE_LIBS)
tests_store_test_write_SOURCES = tests/store/test_write.c
tests_store_test_write_LDADD = $(TEST_STORE_LIBS)
$(tests_store_test_sql_OBJECTS) $(tests_store_test_open_OBJECTS): store/read.gen.h store/version.gen.h store/write.gen.h store/secrets.gen.h
tests_store_test_behind_SOURCES = tests/store/test_behind.c
tests_store_test_behind_LDADD = $(TEST_STORE_LIBS)
tests_store_test_folder_write_SOURCES = tests/store/test_folder_write.c
tests_store_test_folder_write_LDADD = $(TEST_STORE_LIBS)
tests_store_test_guard_SOURCES = tests/store/test_guard.c
tests_store_test_guard_LDADD = $(TEST_STORE_LIBS)
tests_store_test_memo_SOURCES = tests/store/test_memo.c
tests_store_test_memo_LDADD = $(TEST_STORE_LIBS)
check_PROGRAMS += tests/store/test_message
tests_store_test_message_SOURCES = tests/store/test_message.c
tests_store_test_message_LDADD = $(TEST_STORE_LIBS)
check_PROGRAMS += tests/store/test_project_write
tests_store_test_project_write_SOURCES = tests/store/test_project_write.c
tests_store_test_project_write_LDADD = $(TEST_STORE_LIBS)
check_PROGRAMS += tests/store/test_task
tests_store_test_task_SOURCES = tests/store/test_task.c
tests_store_test_task_LDADD = $(TEST_STORE_LIBS)
check_PROGRAMS += tests/store/test_rehearsal
tests_store_test_rehearsal_SOURCES = tests/store/test_rehearsal.c
tests_store_test_rehearsal_LDADD = $(TEST_STORE_LIBS)
