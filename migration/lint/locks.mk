# Sources of the rules in locks.def: sorted, one line a file.
LINT_LOCKS = \
	migration/lint/add_check.c \
	migration/lint/add_column_default.c \
	migration/lint/add_column_generated.c \
	migration/lint/add_column_not_null.c \
	migration/lint/add_column_sequence.c \
	migration/lint/add_exclusion.c \
	migration/lint/add_foreign_key.c \
	migration/lint/add_primary_key.c \
	migration/lint/add_unique.c \
	migration/lint/backfill_with_ddl.c \
	migration/lint/change_column_type.c \
	migration/lint/concurrently_in_transaction.c \
	migration/lint/concurrently_lock_timeout.c \
	migration/lint/drop_index_not_concurrent.c \
	migration/lint/if_not_exists_index.c \
	migration/lint/index_not_concurrent.c \
	migration/lint/lock_order.c \
	migration/lint/lock_table.c \
	migration/lint/no_lock_timeout.c \
	migration/lint/partition_lock.c \
	migration/lint/refresh_not_concurrent.c \
	migration/lint/reindex_not_concurrent.c \
	migration/lint/set_not_null.c \
	migration/lint/table_rewrite.c \
	migration/lint/transaction_nesting.c \
	migration/lint/trigger_lock.c \
	migration/lint/validate_with_not_valid.c
