-- A function or procedure named $1; $2: its owner's right is needed.
SELECT pg_catalog.format('SELECT current_user AS role, oid::regprocedure AS function, pg_get_userbyid(proowner) AS owner, has_function_privilege(oid, ''EXECUTE'') AS may_execute FROM pg_proc WHERE proname = %L', p.proname),
  CASE WHEN $2::bool THEN 'ownership' ELSE 'EXECUTE' END,
  CASE WHEN $2::bool THEN pg_catalog.format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, current_user)
    ELSE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO %I', p.oid::regprocedure, current_user) END
FROM pg_catalog.pg_proc p WHERE p.proname = $1
ORDER BY pg_catalog.pg_function_is_visible(p.oid) DESC LIMIT 1
