-- NULL: unknown.  A server that was started since the session $2 may have given the number out again after a crash.
SELECT CASE WHEN $2 = '' OR $2 > pg_catalog.to_char(pg_catalog.pg_postmaster_start_time() AT TIME ZONE 'UTC',
    'YYYY-MM-DD HH24:MI:SS.US') THEN pg_catalog.pg_xact_status($1::pg_catalog.xid8) END
