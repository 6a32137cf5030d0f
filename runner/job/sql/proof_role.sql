SELECT pg_catalog.format('CREATE ROLE %I SUPERUSER NOLOGIN', $1::text)
WHERE $1 !~ '^pg_' AND lower($1) NOT IN ('public', 'none', 'current_user', 'session_user', 'current_role')
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1)
