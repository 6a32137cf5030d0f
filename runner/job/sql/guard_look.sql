-- $1: our backend.  A row each: who is in its way, who waits for it.  A time is -1 when we may not see it.
-- waitstart is not there before version 14.  A prepared transaction has no session (0): p is the oldest that holds what
-- we wait for.
WITH waiting AS MATERIALIZED (
  SELECT l.pid, l.locktype, l.mode, l.transactionid, (pg_catalog.to_jsonb(l) ->> 'waitstart')::timestamptz AS since,
    CASE WHEN l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
      THEN l.relation END AS relation
  FROM pg_catalog.pg_locks l WHERE NOT l.granted
), met AS (
  SELECT DISTINCT ON (b.pid) 1 AS role, b.pid, w.pid AS waiter, w.locktype, w.mode, w.relation, w.transactionid, w.since
  FROM waiting w CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) AS b(pid)
  WHERE w.pid = $1::int4
  UNION ALL
  SELECT DISTINCT ON (w.pid) 2, w.pid, w.pid, w.locktype, w.mode, w.relation, w.transactionid, w.since
  FROM waiting w WHERE w.pid <> $1::int4 AND $1::int4 = ANY (pg_catalog.pg_blocking_pids(w.pid))
), seen AS (
  SELECT m.role, m.pid, coalesce(a.usename, p.owner) AS usename, a.application_name,
    coalesce(a.query, 'PREPARE TRANSACTION ' || pg_catalog.quote_literal(p.gid)) AS query,
    CASE WHEN m.pid = 0 THEN 'prepared transaction'
      WHEN a.backend_type = 'autovacuum worker' OR (a.usesysid IS NULL AND a.pid IN
        (SELECT v.pid FROM pg_catalog.pg_stat_progress_vacuum v UNION ALL
         SELECT z.pid FROM pg_catalog.pg_stat_progress_analyze z)) THEN 'autovacuum'
      WHEN a.query = '<insufficient privilege>' THEN 'insufficient privilege'
      ELSE coalesce(a.state, '') END AS state,
    CASE m.role WHEN 1 THEN coalesce(a.xact_start, p.prepared) ELSE coalesce(m.since, a.query_start) END AS began, m.since,
    CASE m.locktype WHEN 'relation' THEN pg_catalog.upper(pg_catalog.regexp_replace(
        pg_catalog.regexp_replace(m.mode, 'Lock$', ''), '(?<=[a-z])(?=[A-Z])', ' ', 'g'))
      WHEN 'transactionid' THEN 'row' WHEN 'tuple' THEN 'row' WHEN 'virtualxid' THEN 'snapshot'
      ELSE m.locktype END AS mode,
    coalesce(m.relation, (SELECT t.relation FROM pg_catalog.pg_locks t
      WHERE t.pid = m.waiter AND t.locktype = 'tuple' AND t.granted AND m.locktype = 'transactionid' LIMIT 1)) AS relation
  FROM met m LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = m.pid
  LEFT JOIN LATERAL (SELECT x.owner, x.gid, x.prepared FROM pg_catalog.pg_prepared_xacts x
      JOIN pg_catalog.pg_locks o ON o.pid IS NULL AND o.granted AND o.transactionid = x.transaction
      JOIN pg_catalog.pg_locks h ON h.pid IS NULL AND h.granted AND h.virtualtransaction = o.virtualtransaction
      WHERE m.pid = 0 AND x.database = pg_catalog.current_database()
        AND (h.relation = m.relation OR h.transactionid = m.transactionid)
      ORDER BY x.prepared LIMIT 1) p ON true
)
SELECT s.role::text, s.pid::text, coalesce(s.usename::text, ''), coalesce(s.application_name, ''), s.state,
  pg_catalog.left(coalesce(s.query, ''), 2000),
  coalesce(pg_catalog.floor(extract(epoch FROM pg_catalog.clock_timestamp() - s.began) * 1000)::int8, -1)::text,
  coalesce(n.nspname || '.' || c.relname, ''), s.mode,
  coalesce(pg_catalog.floor(extract(epoch FROM pg_catalog.clock_timestamp() - s.since) * 1000)::int8, -1)::text
FROM seen s
LEFT JOIN pg_catalog.pg_class c ON c.oid = s.relation
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
ORDER BY s.role, s.began, s.pid
