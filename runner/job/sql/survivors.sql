-- Sessions of the run: by name (its guard has a word more), or the one that its journal names.  Of a session of
-- another role little more than pid, name and database is shown, the rest is NULL.
SELECT pid::text, usename = current_user
    OR pg_catalog.pg_has_role(current_user, usesysid, 'USAGE')
FROM pg_catalog.pg_stat_activity
WHERE pid <> pg_catalog.pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend'
  AND datname = pg_catalog.current_database()
  AND (application_name = $1 OR pg_catalog.starts_with(application_name, $1 || ' ') OR (pid = $2::int8
    AND pg_catalog.to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') = $3))
