-- What this session has: temporary relations and functions, settings, prepared statements, cursors, channels, advisory
-- locks by their keys; $1 is the key of the run's own.
SELECT 'temporary' AS kind, c.relname::text AS name
  FROM pg_catalog.pg_class c
 WHERE c.relnamespace = pg_catalog.pg_my_temp_schema() AND c.relkind IN ('r', 'p', 'v', 'S', 'm', 'f')
UNION ALL
SELECT 'temporary', p.proname FROM pg_catalog.pg_proc p WHERE p.pronamespace = pg_catalog.pg_my_temp_schema()
UNION ALL
SELECT 'setting', s.name FROM pg_catalog.pg_settings s
 WHERE s.source = 'session' AND s.name NOT IN ('application_name', 'client_connection_check_interval')
UNION ALL
SELECT 'setting', 'role' WHERE CURRENT_USER <> SESSION_USER
UNION ALL
SELECT 'prepared', s.name FROM pg_catalog.pg_prepared_statements s
UNION ALL
SELECT 'cursor', s.name FROM pg_catalog.pg_cursors s WHERE s.name <> ''
UNION ALL
SELECT 'channel', s.name FROM pg_catalog.pg_listening_channels() AS s(name)
UNION ALL
SELECT 'lock', CASE WHEN l.objsubid <> 1 THEN pg_catalog.concat_ws(', ', l.classid, l.objid)
         WHEN k.key = $1::int8 THEN 'the run''s lock' ELSE k.key::text END
  FROM pg_catalog.pg_locks l, LATERAL (SELECT (l.classid::int8 << 32) | l.objid::int8) k(key)
 WHERE l.locktype = 'advisory' AND l.pid = pg_catalog.pg_backend_pid()
 ORDER BY 1, 2
