# sources, programs and tests of tests/support
check_LIBRARIES += libtestsupport.a
libtestsupport_a_SOURCES = \
	tests/support/fixture.c tests/support/fixture.h \
	tests/support/fixture_people.c \
	tests/support/fixture_projects.c \
	tests/support/fixture_rows.h tests/support/policy_sample.h \
	tests/support/fixture_runs.c

# For a test with a fixture; put the library under test before it.
TEST_STORE_LIBS = libtestsupport.a libstore_write.a libstore_read.a $(WIRE_LIBS) $(SQLITE_LIBS) $(CMOCKA_LIBS)

# A folder in memory, for tests of conventions, and one on disk.
check_LIBRARIES += libtestfolder.a
libtestfolder_a_SOURCES = \
	tests/support/disk_folder.c tests/support/disk_folder.h \
	tests/support/dump_journal.c tests/support/dump_journal.h \
	tests/support/memory_folder.c tests/support/memory_folder.h
