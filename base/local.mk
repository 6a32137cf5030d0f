noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	base/arena.c base/arena.h \
	base/backup_name.c base/backup_name.h \
	base/ban.h \
	base/clock.c base/clock.h \
	base/conf.c base/conf.h \
	base/confine.c base/confine.h \
	base/copytext.c base/copytext.h \
	base/duration.c base/duration.h \
	base/err.c base/err.h \
	base/fault.c base/fault.h \
	base/folder.c base/folder.h \
	base/forecast.c base/forecast.h \
	base/hash.c base/hash.h \
	base/io.c base/io.h \
	base/marks.c base/marks.h \
	base/log.c base/log.h \
	base/mention.c base/mention.h \
	base/retention.c base/retention.h \
	base/scratch.c base/scratch.h \
	base/seal.c base/seal.h \
	base/seal_key.c \
	base/secret.c base/secret.h \
	base/spawn.c base/spawn.h \
	base/stamp.c base/stamp.h \
	base/sqlstate.c base/sqlstate.h \
	base/sum.c base/sum.h \
	base/text.c base/text.h \
	base/window.c base/window.h \
	base/window_time.c
# What every program that uses base/ links.
BASE_LIBS = libbase.a $(SODIUM_LIBS) $(CRYPTO_LIBS)

TEST_BASE_LIBS = $(BASE_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/base/test_arena
tests_base_test_arena_SOURCES = tests/base/test_arena.c
tests_base_test_arena_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_text
tests_base_test_text_SOURCES = tests/base/test_text.c
tests_base_test_text_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_mention
tests_base_test_mention_SOURCES = tests/base/test_mention.c
tests_base_test_mention_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_copytext
tests_base_test_copytext_SOURCES = tests/base/test_copytext.c
tests_base_test_copytext_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_clock
tests_base_test_clock_SOURCES = tests/base/test_clock.c
tests_base_test_clock_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_duration
tests_base_test_duration_SOURCES = tests/base/test_duration.c
tests_base_test_duration_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_hash
tests_base_test_hash_SOURCES = tests/base/test_hash.c
tests_base_test_hash_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_sum
tests_base_test_sum_SOURCES = tests/base/test_sum.c
tests_base_test_sum_LDADD = $(TEST_BASE_LIBS)
# It compiles base/fault.c with the points in, whatever this build has.
check_PROGRAMS += tests/base/test_fault
tests_base_test_fault_SOURCES = tests/base/test_fault.c
tests_base_test_fault_LDADD = $(TEST_BASE_LIBS)

check_PROGRAMS += tests/base/test_io
tests_base_test_io_SOURCES = tests/base/test_io.c
tests_base_test_io_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_spawn
tests_base_test_spawn_SOURCES = tests/base/test_spawn.c
tests_base_test_spawn_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_confine
tests_base_test_confine_SOURCES = tests/base/test_confine.c
tests_base_test_confine_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_confine_can
tests_base_test_confine_can_SOURCES = tests/base/test_confine_can.c
tests_base_test_confine_can_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_conf
tests_base_test_conf_SOURCES = tests/base/test_conf.c
tests_base_test_conf_LDADD = $(TEST_BASE_LIBS) $(CONFUSE_LIBS)
check_PROGRAMS += tests/base/test_folder
tests_base_test_folder_SOURCES = tests/base/test_folder.c
tests_base_test_folder_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_marks
tests_base_test_marks_SOURCES = tests/base/test_marks.c
tests_base_test_marks_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/base/test_forecast
tests_base_test_forecast_SOURCES = tests/base/test_forecast.c tests/support/kept.h
tests_base_test_forecast_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_retention
tests_base_test_retention_SOURCES = tests/base/test_retention.c tests/support/kept.h
tests_base_test_retention_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_retention_always
tests_base_test_retention_always_SOURCES = tests/base/test_retention_always.c tests/support/kept.h
tests_base_test_retention_always_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_scratch
tests_base_test_scratch_SOURCES = tests/base/test_scratch.c
tests_base_test_scratch_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_sqlstate
tests_base_test_sqlstate_SOURCES = tests/base/test_sqlstate.c
tests_base_test_sqlstate_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_window
tests_base_test_window_SOURCES = tests/base/test_window.c
tests_base_test_window_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_stamp
tests_base_test_stamp_SOURCES = tests/base/test_stamp.c
tests_base_test_stamp_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_seal
tests_base_test_seal_SOURCES = tests/base/test_seal.c
tests_base_test_seal_LDADD = $(TEST_BASE_LIBS)
check_PROGRAMS += tests/base/test_backup_name
tests_base_test_backup_name_SOURCES = tests/base/test_backup_name.c
tests_base_test_backup_name_LDADD = $(TEST_BASE_LIBS)
