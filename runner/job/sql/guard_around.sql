-- What goes on around a statement of the backend $1: others whose transaction, older than $2 ms, holds a lock on a
-- relation that it has locks on, the oldest first; then the replica that is farthest behind, when by more than $3 ms.  A
-- row each: its session (0: a replica), role, application or replica, state, milliseconds, relation, lock.
SELECT h.pid, h.usename, h.application_name, h.state, h.ms, n.nspname || '.' || c.relname,
  pg_catalog.upper(pg_catalog.regexp_replace(
    pg_catalog.regexp_replace(h.mode, 'Lock$', ''), '(?<=[a-z])(?=[A-Z])', ' ', 'g'))
FROM (
  SELECT DISTINCT ON (a.xact_start, a.pid) a.pid::text, coalesce(a.usename, '')::text AS usename,
    coalesce(a.application_name, '') AS application_name, coalesce(a.state, '') AS state, l.relation, l.mode, a.xact_start,
    pg_catalog.floor(extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start) * 1000)::int8::text AS ms
  FROM pg_catalog.pg_locks o
  JOIN pg_catalog.pg_locks l ON l.locktype = 'relation' AND l.granted AND l.database = o.database AND l.relation = o.relation
  JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
  WHERE o.pid = $1::int4 AND o.locktype = 'relation' AND o.relation >= 16384
    AND o.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
    AND l.pid <> $1::int4 AND l.pid <> pg_catalog.pg_backend_pid()
    AND a.xact_start < pg_catalog.clock_timestamp() - $2::int8 * interval '1 millisecond'
  ORDER BY a.xact_start, a.pid, l.relation
  LIMIT 20
) h
JOIN pg_catalog.pg_class c ON c.oid = h.relation
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
UNION ALL
SELECT * FROM (
  SELECT '0', '', coalesce(r.application_name, ''), coalesce(r.state, ''),
    pg_catalog.floor(extract(epoch FROM r.replay_lag) * 1000)::int8::text, '', ''
  FROM pg_catalog.pg_stat_replication r
  WHERE r.replay_lsn < pg_catalog.pg_current_wal_lsn() AND r.replay_lag > $3::int8 * interval '1 millisecond'
  ORDER BY r.replay_lag DESC LIMIT 1
) AS replica
