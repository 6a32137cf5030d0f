-- What this session has: temporary relations and functions, settings, prepared statements, cursors, channels, advisory locks.
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
SELECT 'lock', pg_catalog.concat_ws(' ', l.classid, l.objid) FROM pg_catalog.pg_locks l
 WHERE l.locktype = 'advisory' AND l.pid = pg_catalog.pg_backend_pid()
 ORDER BY 1, 2
