SELECT CASE WHEN n.nspname IS NOT NULL THEN pg_catalog.has_schema_privilege(n.oid, 'CREATE')
  ELSE pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') END
FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = $1
