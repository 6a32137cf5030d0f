-- The session that keeps a reader away from a table of this database, who has held or waited for the longest.
SELECT pg_catalog.format('session %s (%s%s, %s)', l.pid, coalesce(nullif(a.usename::text, ''), 'no role'),
         CASE WHEN a.application_name <> '' THEN ', ' || a.application_name ELSE '' END,
         coalesce(a.state, 'what it does is hidden from this role: GRANT pg_monitor')),
       CASE WHEN l.granted THEN 'holds' ELSE 'waits for' END,
       l.relation::pg_catalog.regclass::text,
       coalesce((EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - a.xact_start) * 1000)::bigint, -1)
FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.relation >= 16384
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
  AND l.pid <> pg_catalog.pg_backend_pid()
ORDER BY l.granted DESC, a.xact_start NULLS LAST LIMIT 1
