-- What this session has counted so far is known to all when this has ended; from version 15 on.
SELECT pg_catalog.pg_stat_force_next_flush()
