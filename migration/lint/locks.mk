# Sources of the rules in locks.def: sorted, one line a file.
LINT_LOCKS = \
	migration/lint/add_unique.c \
	migration/lint/index_not_concurrent.c
