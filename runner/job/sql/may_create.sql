SELECT n.nspname IS NOT NULL, coalesce(pg_catalog.has_schema_privilege(n.oid, 'CREATE'), false)
FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = $1
