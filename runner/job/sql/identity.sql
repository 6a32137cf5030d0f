-- A superuser is also who may become one by SET ROLE, or by RESET ROLE when the session began as one.
SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
  d.datname::text, d.oid::int8, pg_catalog.current_setting('server_version'),
  pg_catalog.current_setting('server_version_num')::int8, current_user::text,
  pg_catalog.pg_is_in_recovery(), EXISTS (SELECT 1 FROM pg_catalog.pg_roles s
    WHERE s.rolsuper AND pg_catalog.pg_has_role(session_user, s.oid, 'MEMBER')), pg_catalog.pg_backend_pid()::int8,
  (SELECT pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
    FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid())
FROM pg_catalog.pg_database d
WHERE d.datname = pg_catalog.current_database()
