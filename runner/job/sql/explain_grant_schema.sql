-- Schema $1: the query for who owns it and what the role may; what is missing of $2 ("CREATE", "USAGE"), the GRANT.
SELECT pg_catalog.format('SELECT current_user AS role, pg_get_userbyid(nspowner) AS owner, has_schema_privilege(oid, ''USAGE'') AS may_use, has_schema_privilege(oid, ''CREATE'') AS may_create FROM pg_namespace WHERE nspname = %L', n.nspname),
  need.what, pg_catalog.format('GRANT %s ON SCHEMA %I TO %I', need.what, n.nspname, current_user)
FROM pg_catalog.pg_namespace n
CROSS JOIN LATERAL (SELECT coalesce(nullif(pg_catalog.concat_ws(', ',
    CASE WHEN NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') THEN 'USAGE' END,
    CASE WHEN $2 = 'CREATE' AND NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE') THEN 'CREATE' END), ''), $2) AS what) need
WHERE n.nspname = $1
