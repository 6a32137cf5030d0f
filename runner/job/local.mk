noinst_LIBRARIES += libjob.a
libjob_a_SOURCES = \
	runner/job/analyse.c runner/job/analyse.h \
	runner/job/analyse_file.c \
	runner/job/analyse_list.c \
	runner/job/analyse_parser.c \
	runner/job/job.c runner/job/job.h \
	runner/job/say.c runner/job/say.h
JOB_LIBS = libjob.a $(SQL_LIBS) $(WIRE_LIBS) $(PQ_LIBS) $(ZSTD_LIBS)
