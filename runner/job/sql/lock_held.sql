-- The lock is held twice: this gives one up and takes it again, unless it was lost altogether.
SELECT CASE WHEN pg_catalog.pg_advisory_unlock($1::int8) THEN pg_catalog.pg_try_advisory_lock($1::int8) ELSE false END
