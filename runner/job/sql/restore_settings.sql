-- Settings of this database and of roles in it: name, the value where it has to be the session's first (a list, whose quotes
-- are kept so), the statement that gives them to the database $1, and what people call it.
SELECT c.name, CASE WHEN l.list THEN c.value END,
  CASE s.setrole WHEN 0 THEN pg_catalog.format('ALTER DATABASE %I', $1::text)
    ELSE pg_catalog.format('ALTER ROLE %I IN DATABASE %I', pg_catalog.pg_get_userbyid(s.setrole), $1::text) END
  || CASE WHEN l.list THEN pg_catalog.format(' SET %I FROM CURRENT', c.name)
    ELSE pg_catalog.format(' SET %I TO %L', c.name, c.value) END,
  CASE s.setrole WHEN 0 THEN c.name
    ELSE pg_catalog.format('%s of the role %I', c.name, pg_catalog.pg_get_userbyid(s.setrole)) END
FROM pg_catalog.pg_db_role_setting s, LATERAL pg_catalog.unnest(s.setconfig) WITH ORDINALITY x(c, at),
  LATERAL (SELECT pg_catalog.split_part(x.c, '=', 1) AS name,
    pg_catalog.substr(x.c, pg_catalog.strpos(x.c, '=') + 1) AS value) c,
  LATERAL (SELECT lower(c.name) IN ('local_preload_libraries', 'search_path', 'session_preload_libraries', 'temp_tablespaces')
    AS list) l
WHERE s.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
ORDER BY s.setrole, x.at
