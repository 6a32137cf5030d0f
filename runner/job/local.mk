noinst_LIBRARIES += libjob.a
libjob_a_SOURCES = \
	runner/job/job.c runner/job/job.h \
	runner/job/say.c runner/job/say.h
JOB_LIBS = libjob.a $(WIRE_LIBS) $(PQ_LIBS) $(ZSTD_LIBS)
