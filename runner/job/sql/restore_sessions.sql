-- Who else is in the database with the oid $1, and whether this role may end that session.  The server's own workers go by
-- themselves.
SELECT a.pid::text, a.usename::text, coalesce(a.application_name, ''),
  (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
    OR (NOT u.rolsuper AND (pg_catalog.pg_has_role(current_user, u.oid, 'USAGE')
      OR pg_catalog.pg_has_role(current_user, 'pg_signal_backend', 'USAGE')))
FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_roles u ON u.oid = a.usesysid
WHERE a.datid = $1::oid AND a.pid <> pg_catalog.pg_backend_pid()
ORDER BY a.backend_start
