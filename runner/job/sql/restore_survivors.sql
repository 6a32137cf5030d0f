-- Sessions of the run in any database: by name (a second one has a word more), or the one that its journal names; and
-- whether this role may end it.
SELECT a.pid::text, (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
  OR (NOT u.rolsuper AND (pg_catalog.pg_has_role(current_user, u.oid, 'USAGE')
    OR pg_catalog.pg_has_role(current_user, 'pg_signal_backend', 'USAGE')))
FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_roles u ON u.oid = a.usesysid
WHERE a.pid <> pg_catalog.pg_backend_pid()
  AND (a.application_name = $1 OR pg_catalog.starts_with(a.application_name, $1 || ' ') OR (a.pid = $2::int8
    AND pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') = $3))
