-- Of everybody's databases and of this one; not those that name what is not copied.
SELECT coalesce((SELECT d.datname::text FROM pg_catalog.pg_database d WHERE d.oid = s.setdatabase), ''),
  CASE s.setrole WHEN 0 THEN '' ELSE pg_catalog.pg_get_userbyid(s.setrole)::text END,
  (SELECT coalesce(pg_catalog.array_agg(x.c), '{}') FROM pg_catalog.unnest(s.setconfig) x(c)
    WHERE x.c !~ '^(session_preload_libraries|local_preload_libraries|default_tablespace|temp_tablespaces|default_table_access_method)=')::text
FROM pg_catalog.pg_db_role_setting s
WHERE s.setdatabase = 0
  OR s.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
