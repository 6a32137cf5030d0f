-- $1: relations as statements name them, a line each.  Who else holds a lock on one, the oldest transaction first; its
-- age is -1 when we may not see it.
WITH touched AS (
  SELECT DISTINCT pg_catalog.to_regclass(name)::oid AS relation
  FROM pg_catalog.unnest(pg_catalog.string_to_array($1, pg_catalog.chr(10))) AS name
)
SELECT DISTINCT ON (a.xact_start, a.pid) n.nspname || '.' || c.relname, a.pid::text, coalesce(a.usename::text, ''),
  coalesce(a.application_name, ''),
  CASE WHEN a.backend_type = 'autovacuum worker' OR a.usesysid IS NULL THEN 'autovacuum'
    WHEN a.query = '<insufficient privilege>' THEN 'insufficient privilege' ELSE coalesce(a.state, '') END,
  coalesce(pg_catalog.floor(extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start) * 1000)::int8, -1)::text,
  pg_catalog.upper(pg_catalog.regexp_replace(
    pg_catalog.regexp_replace(l.mode, 'Lock$', ''), '(?<=[a-z])(?=[A-Z])', ' ', 'g'))
FROM touched t
JOIN pg_catalog.pg_locks l ON l.locktype = 'relation' AND l.granted AND l.relation = t.relation
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
JOIN pg_catalog.pg_class c ON c.oid = l.relation
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.pid <> pg_catalog.pg_backend_pid()
ORDER BY a.xact_start, a.pid, l.relation
LIMIT 20
