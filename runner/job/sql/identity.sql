SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
  d.datname::text, d.oid::int8, pg_catalog.current_setting('server_version'),
  pg_catalog.current_setting('server_version_num')::int8, current_user::text,
  pg_catalog.pg_is_in_recovery(), r.rolsuper, pg_catalog.pg_backend_pid()::int8,
  (SELECT pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
    FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid())
FROM pg_catalog.pg_database d, pg_catalog.pg_roles r
WHERE d.datname = pg_catalog.current_database() AND r.rolname = current_user
